"""Asking a page that lists articles."""

from datetime import datetime

from broadsheet.model.source import SourceState
from broadsheet.stages.sources.article_links import article_links
from broadsheet.steps.newsroom import Newsroom
from broadsheet.steps.polling.outcome import Outcome, outcome, poll_of


def ask_page(room: Newsroom, state: SourceState, now: datetime) -> Outcome:
    """One poll of a listing page, as robots.txt allows it. Raises ItemError."""
    response = room.pages.fetch(state.source.url)
    entries = article_links(response.body, url=response.final_url, content_type=response.content_type)
    return outcome(room, state, now, poll_of(response, entries), entries)
