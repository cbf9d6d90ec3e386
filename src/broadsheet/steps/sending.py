"""Sends a letter: to each who should get it once, also if the process is killed in the middle and started again.

Before a copy is given to the server it is written down as `SENDING`, and afterwards what became of it. A copy that is
still `SENDING` when the next process begins may have reached its reader or not: it is not sent again, and reported.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from broadsheet.errors import RetryLater, SettingsError, UsageError
from broadsheet.model.letter import Delivery, DeliveryState, FiledLetter, Subscriber
from broadsheet.ports import Clock, Mailer, Outcome, Progress, Store
from broadsheet.settings import Settings
from broadsheet.stages.publish.newsletter.blocks import blocks_of, text_of
from broadsheet.stages.publish.newsletter.bounces import is_for_good
from broadsheet.stages.publish.newsletter.checking import Allowed, check_letter, is_example
from broadsheet.stages.publish.newsletter.mail import (
    Composed,
    Mailbox,
    Outside,
    Reader,
    compose,
    read_mailbox,
    single,
)
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.stages.publish.site.links import links_of, web_address
from broadsheet.stages.publish.site.words import words_for
from broadsheet.stages.publish.slugs import slug
from broadsheet.steps.letters import CONFIRM, LEAVE
from broadsheet.steps.newsletter import leave_address, quotes_of
from broadsheet.steps.subscribers import failed

TRIES = 3
"""So many copies in a row that no server was there for end the sending; what is left is sent another time."""


@dataclass(frozen=True, slots=True)
class PostRoom:
    """What letters are sent with. `pause` waits so many seconds, `stopped` says whether somebody wants the sending to
    end after the copy that is under way."""

    settings: Settings
    store: Store
    clock: Clock
    mailer: Mailer
    signer: Signer
    progress: Progress
    pause: Callable[[float], None]
    stopped: Callable[[], bool]


def send_letter(room: PostRoom, letter: FiledLetter) -> Counter[str]:
    """Sends the letter to all who should have it and have not. How many copies are in each state afterwards. One that
    was finished stays so: who asked for the letter since then gets the next one.

    Raises UsageError where the letter or the settings are not fit for it, and RetryLater where no server is there; then
    the same call goes on where this one ended.
    """
    message = prepare(room.settings, room.store, letter)
    if room.store.letters.finished(letter.name) is not None:
        return Counter({state.value: n for state, n in room.store.letters.counts(letter.name).items()})
    now = room.clock.now()
    unknown = room.store.letters.settle(letter.name, now)
    waiting = sum(1 for _ in room.store.letters.waiting(letter.name))
    room.progress.begin("newsletter", waiting)
    try:
        _Round(room, letter.name, message).go()
    finally:
        counts = {state.value: n for state, n in room.store.letters.counts(letter.name).items()}
        told = ", ".join(f"{n} {state}" for state, n in sorted(counts.items())) or "nobody to send to"
        room.progress.end(f"{told}; {unknown} were under way when it was interrupted" if unknown else told)
    if not room.stopped() and not counts.get(DeliveryState.LATER.value):
        room.store.letters.finish(letter.name, room.clock.now())
    return Counter(counts)


def prepare(settings: Settings, store: Store, letter: FiledLetter) -> Composed:
    """The message in all but its reader, checked. Raises UsageError."""
    outside = outside_of(settings, letter)
    leave = leave_address(settings)
    if not settings.newsletter.imprint:
        raise _lacks(settings, "imprint", 'imprint = "The Paper, 4 Quay Row, Saltmere"')
    check_letter(letter, allowed_in(settings, store, letter.name))
    return compose(outside, letter.html, text_of(blocks_of(letter.html)), leave)


def allowed_in(settings: Settings, store: Store, name: str) -> Allowed:
    """What the letter of that name may hold."""
    return Allowed(leave_address(settings), links_of(settings.site).full(), *quotes_of(store, name))


def outside_of(settings: Settings, letter: FiledLetter) -> Outside:
    """What stands on the letter. Raises UsageError where the settings don't say who it is from, or where to leave."""
    sender, reply_to = sender_of(settings)
    public = settings.serve.public_url
    if not public.startswith("https://") or not public.isascii() or web_address(public) is None:
        hint = "Readers leave there, by one click: broadsheet serve answers them, behind a proxy that speaks https"
        raise SettingsError(f"{settings.file}: [serve] public_url, with https, is needed to send letters", hint=hint)
    name = slug(settings.site.title)[:60].strip("-") or "letter"
    return Outside(
        sender, letter.title, letter.published.astimezone(UTC), name, reply_to, web_address(letter.web_url) or ""
    )


def sender_of(settings: Settings) -> tuple[Mailbox, Mailbox | None]:
    """Who letters are from and where answers go. Raises UsageError."""
    wanted = settings.newsletter
    if not wanted.sender:
        raise _lacks(settings, "sender", 'sender = "The Paper <letter@paper.news>"')
    sender = read_mailbox(wanted.sender)
    if is_example(sender.address):
        raise UsageError(f"{settings.file}: [newsletter] sender: {sender.address} is an example, nobody's address")
    named = sender if sender.name else replace(sender, name=settings.site.title)
    return named, read_mailbox(wanted.reply_to) if wanted.reply_to else None


def _lacks(settings: Settings, key: str, example: str) -> SettingsError:
    return SettingsError(f"{settings.file}: [newsletter] {key} is needed to send letters", hint=f"As in {example}")


def reader_of(settings: Settings, signer: Signer, letter: str, subscriber: Subscriber) -> Reader:
    """The mailbox, the mark and the links of one reader."""
    leave = f"{settings.serve.public_url.rstrip('/')}{LEAVE}?t={signer.leave_token(subscriber.id)}"
    mark = signer.copy_mark(letter, subscriber.id)
    return Reader(Mailbox(subscriber.address, subscriber.name), mark, leave, leave)


class _Round:
    """One go through all who wait. What became of a copy and that the next one is begun are written as one."""

    def __init__(self, room: PostRoom, letter: str, message: Composed) -> None:
        self.room, self.letter, self.message = room, letter, message
        self.sender = sender_of(room.settings)[0].address
        self.ended: list[Delivery] = []
        self.nobody_there = 0
        per_minute = room.settings.mail.per_minute
        self.gap = 60 / per_minute if per_minute else 0.0

    def go(self) -> None:
        """All of them, or until somebody stops it. Raises RetryLater."""
        try:
            for subscriber in self.room.store.letters.waiting(self.letter):
                if self.room.stopped():
                    break
                self._one(subscriber)
        finally:
            self.room.store.letters.write(self.ended)
            self.ended = []

    def _one(self, subscriber: Subscriber) -> None:
        reader = reader_of(self.room.settings, self.room.signer, self.letter, subscriber)
        message = self.message.to(reader)
        self.room.store.letters.write([*self.ended, self._state(subscriber, DeliveryState.SENDING)])
        self.ended = []
        outcome = self.room.mailer.send(self.sender, subscriber.address, message, reader.mark)
        self.ended = [self._state(subscriber, outcome.state, outcome.said)]
        self._learn(subscriber, outcome)
        self.room.progress.advance()
        if self.gap:
            self.room.pause(self.gap)

    def _state(self, subscriber: Subscriber, state: DeliveryState, said: str = "") -> Delivery:
        return Delivery(self.letter, subscriber.id, state, self.room.clock.now(), said[:300])

    def _learn(self, subscriber: Subscriber, outcome: Outcome) -> None:
        if outcome.state is DeliveryState.REFUSED:
            now = self.room.clock.now()
            failed(self.room.store, subscriber, hard=is_for_good(outcome.said), said=outcome.said[:300], now=now)
        self.nobody_there = 0 if outcome.connected else self.nobody_there + 1
        if self.nobody_there >= TRIES:
            hint = "Nobody gets it twice: send it again when the server is there"
            raise RetryLater(f"the mail server takes nothing: {outcome.said}", hint=hint)


def send_question(settings: Settings, mailer: Mailer, signer: Signer, subscriber: Subscriber, now: datetime) -> Outcome:
    """Asks somebody whether they want the letter. Raises UsageError where the settings are not fit for it."""
    sender, reply_to = sender_of(settings)
    words, title = words_for(settings.site.locale), settings.site.title
    token = signer.confirm_token(subscriber.id, subscriber.asked)
    link = f"{settings.serve.public_url.rstrip('/')}{CONFIRM}?t={token}"
    text = f"{words('letter_confirm_note', title=title)}\n\n{link}\n\n{title}\n{settings.newsletter.imprint}".strip()
    outside = Outside(sender, words("letter_confirm_subject", title=title), now, "letter", reply_to)
    mark = signer.copy_mark("question", subscriber.id)
    message = single(Mailbox(subscriber.address, subscriber.name), outside, text + "\n", mark)
    return mailer.send(sender.address, subscriber.address, message, mark)
