"""How the sources are, for people: the command, the page of the site, the JSON file."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from broadsheet.model.source import Source, SourceState
from broadsheet.model.vitals import SourceHealth, Vitals
from broadsheet.settings import Settings

if TYPE_CHECKING:  # the ports name the types of all stages, which printing does not need
    from broadsheet.ports import Store

_LEAST_TIMES = 4


def source_health(settings: Settings, store: "Store") -> tuple[SourceHealth, ...]:
    """One line a source, in the order of the settings."""
    states = {state.source.url: state for state in store.sources.all()}
    vitals = store.vitals.all()
    return tuple(_health(s, states.get(s.url, SourceState(s)), vitals.get(s.url, Vitals())) for s in settings.sources)


def told_to_readers(settings: Settings, health: Iterable[SourceHealth]) -> tuple[SourceHealth, ...]:
    """Without the sources that the settings call private."""
    private = {source.url for source in settings.sources if source.private}
    return tuple(one for one in health if one.url not in private)


def _health(source: Source, state: SourceState, vitals: Vitals) -> SourceHealth:
    times = state.rhythm.times
    return SourceHealth(
        url=source.url,
        name=source.name or source.url,
        findings=vitals.open,
        every_seconds=(times[-1] - times[0]) // (len(times) - 1) if len(times) >= _LEAST_TIMES else None,
        newest=datetime.fromtimestamp(times[-1], UTC) if times else None,
        paused=state.retired,
        asked=state.last_polled is not None,
    )
