"""Asks every source that is due what it has, and keeps its items and the time of its next poll."""

from dataclasses import replace
from functools import partial

from broadsheet.errors import BroadsheetError, ItemError, RetryLater
from broadsheet.model.source import SourceKind, SourceState
from broadsheet.stages.fetch import publisher_of
from broadsheet.stages.sources.schedule import after_failure
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.polling.archive import ask_archive
from broadsheet.steps.polling.feed import ask_feed
from broadsheet.steps.polling.health import Memory, tell
from broadsheet.steps.polling.outcome import Outcome
from broadsheet.steps.polling.page import ask_page
from broadsheet.steps.polling.pricing import priced
from broadsheet.steps.polling.sitemap import ask_sitemap
from broadsheet.steps.ruling import at_the_door, reconsider
from broadsheet.steps.websub import keep_subscriptions, live_subscriptions, seldom_while_live

_READERS = {
    SourceKind.FEED: ask_feed,
    SourceKind.SITEMAP: ask_sitemap,
    SourceKind.PAGE: ask_page,
    SourceKind.FOLDER: ask_archive,
    SourceKind.WARC: ask_archive,
}


def poll(room: Newsroom, report: RunReport) -> None:
    """The first stage: sources to items."""
    with report.stage("poll") as counts:
        room.store.sources.keep(room.settings.sources, room.clock.now())
        reconsider(room)
        sources = {s.url: s for s in room.settings.sources}
        hubs: dict[str, tuple[str, str]] = {}
        live = live_subscriptions(room.store, room.clock.now())
        due = priced(room, sorted(room.store.sources.due(room.clock.now()), key=_in_trouble))
        memory = Memory(room)
        room.progress.begin("poll", len(due))
        for outcome in room.lanes.map(partial(_ask, room), due, lambda state: publisher_of(state.source.url)):
            counts["polled"] += 1
            counts["entries"] += len(outcome.items)
            counts["entries without address"] += outcome.unaddressed
            items = at_the_door(room.rules, outcome.items, sources[outcome.state.source.url])
            counts["entries ruled out"] += sum(item.refused is not None for item in items)
            if outcome.hub is not None:
                hubs[outcome.state.source.url] = outcome.hub
            told = replace(outcome.state, source=sources[outcome.state.source.url])  # with its tags
            state = seldom_while_live(told, live, room.clock.now())
            counts["new entries"] += room.store.sources.keep_poll(state, items)
            memory.note(outcome)
            if outcome.notes:
                room.store.notes.keep(outcome.state.source.url, outcome.notes)
            if outcome.error is not None:
                report.fail("poll", outcome.state.source.url, outcome.error)
            room.progress.advance()
        memory.flush()
        tell(room, report)
        counts["hubs asked"] = keep_subscriptions(room, hubs)
        room.progress.end(
            f"{counts['polled']} sources asked, {counts['failed']} failed, {counts['new entries']} new entries"
        )


def _in_trouble(state: SourceState) -> bool:
    """Who failed the last time comes last: most of them make us wait again."""
    return state.failures > 0


def _ask(room: Newsroom, state: SourceState) -> Outcome:
    """One poll; whatever goes wrong becomes the source's state and a line in the report."""
    now = room.clock.now()
    try:
        return _READERS[state.source.kind](room, state, now)
    except ItemError as error:
        return Outcome(after_failure(state, now, error), error=_without_frames(error))
    except BroadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - one source that trips a fault of ours must not stop the others
        return Outcome(after_failure(state, now, RetryLater(str(error))), error=_without_frames(error))


def _without_frames(error: Exception) -> Exception:
    """The frames of a traceback hold all that was read until then; nobody looks at them."""
    link: BaseException | None = error
    while link is not None and link.__traceback__ is not None:
        link.__traceback__ = None
        link = link.__cause__ or link.__context__
    return error
