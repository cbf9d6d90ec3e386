"""What a poll costs, so that all sources together keep to their budget."""

from collections.abc import Sequence
from dataclasses import replace

from broadsheet.model.instants import from_iso, iso
from broadsheet.model.source import SourceState
from broadsheet.stages.sources.rhythm import PRICE, next_price
from broadsheet.steps.newsroom import Newsroom

_FACT = "price of a poll"
_SET_AFTER_HOURS = 1.0


def priced(room: Newsroom, due: Sequence[SourceState]) -> list[SourceState]:
    """The sources with the price at which their next poll is planned; it is set anew once an hour."""
    price = _price(room)
    return [replace(state, price=price) for state in due]


def _price(room: Newsroom) -> float:
    now = room.clock.now()
    price, _, since = (room.store.journal.fact(_FACT) or f"{PRICE} {iso(now)}").partition(" ")
    hours = (now - from_iso(since)).total_seconds() / 3600
    if 0 <= hours < _SET_AFTER_HOURS and room.store.journal.fact(_FACT):
        return float(price)
    planned = [s.interval_seconds for s in room.store.sources.all() if s.last_success and not s.retired]
    found = next_price(float(price), planned, room.settings.fetch.polls_per_day, hours)
    room.store.journal.keep_fact(_FACT, f"{found:.6g} {iso(now)}")
    return found
