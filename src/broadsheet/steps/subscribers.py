"""Who gets the letter: asked, confirmed by their own answer, left, or stopped because mail to them comes back."""

import csv
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from broadsheet.errors import Rejected
from broadsheet.formats.instants import parse_instant
from broadsheet.model.instants import iso
from broadsheet.model.letter import Subscriber, SubscriberState
from broadsheet.ports import Store
from broadsheet.stages.publish.newsletter.mail import canonical_address

ASK_AGAIN = timedelta(hours=24)
"""So often at most an address is sent the question whether it wants the letter."""
SOFT_AT_MOST = 5
SOFT_WITHIN = timedelta(days=30)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one line of an import: the address, and why it was not taken; no reason where it was."""

    address: str
    reason: str = ""


def ask(store: Store, said: str, name: str, now: datetime) -> Subscriber | None:
    """Somebody asks for the letter at an address. The subscriber who is to be sent the question, None where nobody is:
    who gets the letter already, was asked within a day, or may never get mail. Raises Rejected for no address."""
    address = canonical_address(said)
    known = store.subscribers.by_address(address)
    if store.subscribers.is_suppressed(address) or (known and known.state is SubscriberState.CONFIRMED):
        return None
    if known and known.state is SubscriberState.PENDING and now - known.asked < ASK_AGAIN:
        return None
    fresh = known or Subscriber(secrets.token_hex(12), address, SubscriberState.PENDING, now)
    kept_name = " ".join(name.split())[:LONGEST_NAME]
    asked = replace(
        fresh, state=SubscriberState.PENDING, asked=now.replace(microsecond=0), name=kept_name, ended=None, reason=""
    )
    store.subscribers.keep([asked])
    return asked


def confirm(store: Store, subscriber: str, asked: datetime, now: datetime) -> bool:
    """The answer to the question that was asked then. False where it is not open any more, as after leaving."""
    known = store.subscribers.by_id(subscriber)
    if known is None or known.asked != asked or store.subscribers.is_suppressed(known.address):
        return False
    if known.state is SubscriberState.PENDING:
        store.subscribers.keep([replace(known, state=SubscriberState.CONFIRMED, confirmed=now, soft=0, soft_at=None)])
        return True
    return known.state is SubscriberState.CONFIRMED


def leave(store: Store, subscriber: str, now: datetime, reason: str = "left") -> bool:
    """No letter any more; also if it is asked for twice. False where nobody has this id."""
    known = store.subscribers.by_id(subscriber)
    if known is None:
        return False
    if known.state in (SubscriberState.PENDING, SubscriberState.CONFIRMED):
        store.subscribers.keep([replace(known, state=SubscriberState.LEFT, ended=now, reason=reason)])
    return True


def suppress(store: Store, said: str, reason: str, now: datetime) -> Subscriber | None:
    """The address never gets mail again; the subscriber it belongs to. Raises Rejected for no address."""
    address = canonical_address(said)
    store.subscribers.suppress(address, reason, now)
    known = store.subscribers.by_address(address)
    if known is not None:
        store.subscribers.keep([replace(known, state=SubscriberState.BOUNCED, ended=now, reason=reason)])
    return known


def failed(store: Store, subscriber: Subscriber, *, hard: bool, said: str, now: datetime) -> bool:
    """Mail to the subscriber came back. True if that was the last: for good, or so many times in a month."""
    recent = subscriber.soft_at is not None and now - subscriber.soft_at <= SOFT_WITHIN
    soft = (subscriber.soft if recent else 0) + 1
    if hard or soft >= SOFT_AT_MOST:
        suppress(store, subscriber.address, said, now)
        return True
    store.subscribers.keep([replace(subscriber, soft=soft, soft_at=now, reason=said)])
    return False


def bring_in(store: Store, lines: Iterable[str], consented: datetime | None, now: datetime) -> Iterator[Brought]:
    """Takes subscribers over from elsewhere: CSV with `address` (or `email`), `name` and `confirmed` named in its first
    line, or an address a line. Each needs the instant of its consent, its own or `consented`, since nobody is written
    to who did not ask. Who left, or may never get mail, stays out."""
    rows = _rows(lines)
    for row in rows:
        said = row.get("address") or row.get("email") or ""
        try:
            yield _bring(
                store, said, row.get("name") or "", parse_instant(row.get("confirmed") or "") or consented, now
            )
        except Rejected as error:
            yield Brought(said[:120], error.message)


def _bring(store: Store, said: str, name: str, confirmed: datetime | None, now: datetime) -> Brought:
    address = canonical_address(said.removeprefix("'"))
    known = store.subscribers.by_address(address)
    if store.subscribers.is_suppressed(address):
        return Brought(address, "must never get mail: it came back, or its owner said so")
    if known is not None and known.state in (SubscriberState.LEFT, SubscriberState.CONFIRMED):
        return Brought(address, "left before" if known.state is SubscriberState.LEFT else "gets the letter already")
    if confirmed is None:
        return Brought(address, "nobody says when its owner consented")
    fresh = known or Subscriber(secrets.token_hex(12), address, SubscriberState.PENDING, confirmed)
    shown = " ".join(name.removeprefix("'").split())[:LONGEST_NAME]
    state = SubscriberState.CONFIRMED
    store.subscribers.keep([replace(fresh, state=state, name=shown, confirmed=min(confirmed.astimezone(UTC), now))])
    return Brought(address)


def _rows(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Rows by lower-case name of column; where the first line names none, each line is an address."""
    reader = csv.reader(lines)
    first = next(reader, [])
    names = [cell.strip().lower().removeprefix("\ufeff") for cell in first]
    if not {"address", "email"} & set(names):
        names = ["address"]
        yield from ([{"address": first[0]}] if first and first[0].strip() else [])
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield dict(zip(names, (cell.strip() for cell in cells), strict=False))


def csv_rows(subscribers: Iterable[Subscriber]) -> Iterator[list[str]]:
    """All that is known of subscribers as rows of CSV, the first the names. What a spreadsheet would run is quoted."""
    yield ["address", "name", "state", "asked", "confirmed", "ended", "reason"]
    for one in subscribers:
        times = [iso(at) or "" for at in (one.asked, one.confirmed, one.ended)]
        yield [_cell(text) for text in (one.address, one.name, one.state.value, *times, one.reason)]


def _cell(text: str) -> str:
    """OWASP's advice on formulas in CSV: a quote before what a spreadsheet would take for one."""
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") and text else text
