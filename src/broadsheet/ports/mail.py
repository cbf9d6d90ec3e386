"""What the newsletter needs: who gets it, what became of each copy, and a server that takes mail."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from broadsheet.model.letter import Delivery, DeliveryState, Subscriber


class SubscriberTable(Protocol):
    """Who gets the letter, and which addresses never do."""

    def all(self) -> list[Subscriber]:
        """All of them, whatever their state, by the time of asking."""
        ...

    def by_id(self, subscriber: str) -> Subscriber | None:
        """The one with this id."""
        ...

    def by_address(self, address: str) -> Subscriber | None:
        """The one with this address, which is in the form of `canonical_address`."""
        ...

    def keep(self, subscribers: Sequence[Subscriber]) -> None:
        """This is what is known of them now, in one transaction."""
        ...

    def suppress(self, address: str, reason: str, at: datetime) -> None:
        """The address never gets mail again, also if somebody brings it in anew. Only its digest is kept."""
        ...

    def is_suppressed(self, address: str) -> bool:
        """Whether it never gets mail."""
        ...

    def release(self, address: str) -> bool:
        """The address may get mail again: its owner said so. False where it was not suppressed."""
        ...


class LetterTable(Protocol):
    """Letters that were made, the stories they told, and what became of each copy."""

    def keep(self, name: str, made: datetime, stories: Iterable[str]) -> None:
        """This letter was made and tells these stories; one of that name is replaced."""
        ...

    def told(self, besides: str = "") -> set[str]:
        """The ids of all stories that letters told, without those of the letter `besides`."""
        ...

    def names(self) -> list[str]:
        """The names of all letters that were made, sorted."""
        ...

    def forget(self, name: str) -> None:
        """The letter was never sent and never will be: its stories count as not told."""
        ...

    def is_begun(self, name: str) -> bool:
        """Whether a copy of it was ever given to a server, or about to be."""
        ...

    def finish(self, name: str, at: datetime) -> None:
        """Nobody is left who should get it."""
        ...

    def finished(self, name: str) -> datetime | None:
        """When it was finished."""
        ...

    def settle(self, letter: str, at: datetime) -> int:
        """What was left `SENDING` by a process that is gone becomes `UNKNOWN`. Returns how many."""
        ...

    def waiting(self, letter: str) -> Iterator[Subscriber]:
        """The confirmed subscribers whose copy was not given to a server yet, or not taken, by id."""
        ...

    def write(self, deliveries: Sequence[Delivery]) -> None:
        """What becomes of these copies, in one transaction that is on the disk when this returns."""
        ...

    def counts(self, letter: str) -> dict[DeliveryState, int]:
        """How many copies are in each state."""
        ...

    def deliveries(self, letter: str, state: DeliveryState) -> list[Delivery]:
        """The copies in this state, by subscriber."""
        ...

    def delivery(self, letter: str, subscriber: str) -> Delivery | None:
        """One copy."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mail server made of a message: `SENT`, `LATER` (certainly not taken), `REFUSED` (never to be) or
    `UNKNOWN` (it may have it). `said` is its answer, or what went wrong; `connected` is False where there was no
    server to speak to."""

    state: DeliveryState
    said: str = ""
    connected: bool = True


class Mailer(Protocol):
    """A server that takes mail. Not safe from several threads."""

    def send(self, sender: str, recipient: str, message: bytes, mark: str = "") -> Outcome:
        """Gives one message, CRLF at the ends of lines, to the server. `mark` comes back in a report on its failure, if
        the server can do that. Never raises for what a server does."""
        ...

    def close(self) -> None:
        """Ends the connection."""
        ...
