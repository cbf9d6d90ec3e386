"""Asking a WARC file."""

from datetime import datetime

from broadsheet.model.feed import Entry
from broadsheet.model.source import SourceState
from broadsheet.stages.sources.schedule import Poll, after_success
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.polling.outcome import Outcome, outcome


def ask_archive(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """An archive's pages are its items; `etag` keeps its fingerprint once all of it was read. Raises Rejected."""
    archive = room.archive(state.source.url)
    fingerprint = archive.fingerprint()
    if fingerprint == state.etag:
        return Outcome(after_success(state, now, Poll(etag=fingerprint)))
    entries = [Entry(url=address) for address in archive.addresses()]
    read = fingerprint if archive.is_complete() else None
    return outcome(room, state, now, Poll(etag=read, new_entries=len(entries)), entries)
