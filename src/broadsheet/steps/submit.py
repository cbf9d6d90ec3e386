"""Takes in addresses that a person hands over: each becomes an item, as if a source had listed it."""

from collections.abc import Iterable
from datetime import datetime

from broadsheet.model.feed import Entry
from broadsheet.model.source import Source
from broadsheet.ports import Store
from broadsheet.stages.sources.feeds.links import absolute, web_address
from broadsheet.steps.polling.outcome import items_of

SUBMITTED = Source("submitted", name="Submitted by hand")
"""Stands for whoever handed the address over; it is not watched."""


def submit(store: Store, addresses: Iterable[str], now: datetime) -> list[dict[str, object]]:
    """What came of each address: `taken`, `known`, or `refused` for what is no http(s) address."""
    return [_submit_one(store, address.strip(), now) for address in addresses if address.strip()]


def _submit_one(store: Store, address: str, now: datetime) -> dict[str, object]:
    found = absolute(web_address(address))
    if found is None:
        return {"url": address[:500], "state": "refused", "error": "not an http(s) address"}
    items, _ = items_of([Entry(url=found)], SUBMITTED.url, now)
    new = store.sources.take(SUBMITTED, items)
    return {"url": items[0].url, "state": "taken" if new else "known"}
