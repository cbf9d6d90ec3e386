"""Asking a feed."""

from dataclasses import replace
from datetime import datetime

from broadsheet.errors import Rejected
from broadsheet.model.exchange import Purpose, Response
from broadsheet.model.feed import Feed
from broadsheet.model.source import SourceState
from broadsheet.stages.sources.aggregators import is_hit_list, read_hits, unwrapped
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.looks import instead_of_feed
from broadsheet.stages.sources.schedule import after_success
from broadsheet.stages.sources.websub import hub_of
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.polling.large import in_turn
from broadsheet.steps.polling.outcome import Outcome, outcome, poll_of, request_of, seen, with_language


def ask_feed(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """One poll of a feed. Raises ItemError."""
    response = room.http.get(request_of(state, Purpose.FEED))
    if response.not_modified:
        return Outcome(after_success(state, now, poll_of(response)), seen=seen(response))
    with in_turn(response.body):
        feed = _read(response)
        poll = poll_of(response, feed.entries, feed)
        found = outcome(room, state, now, poll, with_language(feed))
    return replace(found, hub=hub_of(response, feed, state.source.url), seen=seen(response, feed.entries, feed.title))


def _read(response: Response) -> Feed:
    if is_hit_list(response.final_url):
        return read_hits(response.body)
    try:
        feed = read_feed(response.body, url=response.final_url, content_type=response.content_type)
    except Rejected as error:
        raise instead_of_feed(error, response.body) from error
    return unwrapped(feed, response.final_url)
