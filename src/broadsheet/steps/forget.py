"""Forgets what a store need not hold for years: what feeds said of items of which no article came, long ago, and the
files of pictures that nobody shows."""

from datetime import timedelta

from broadsheet.model.instants import from_iso, iso
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.pictures import prune_pictures

AFTER = timedelta(days=60)
"""Longer than any rule looks back (a month)."""
_EVERY = timedelta(days=1)
_LAST = "entries forgotten"


def forget(room: Newsroom, report: RunReport) -> None:
    """Once a day. By what an item is known (its address, its marks, its fingerprint) stays, so that a source that goes
    on listing it brings nothing anew; what the feed said of it goes, which is nearly all of its room."""
    now = room.clock.now()
    last = room.store.journal.fact(_LAST)
    if last and from_iso(last) + _EVERY > now:
        return
    with report.stage("forget") as counts:
        counts["entries"] = room.store.items.forget_words(now - AFTER)
        counts["files of pictures"] = prune_pictures(room)
    room.store.journal.keep_fact(_LAST, iso(now) or "")
