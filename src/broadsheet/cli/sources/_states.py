"""What the store knows of the publication's sources."""

from broadsheet.model.source import SourceState
from broadsheet.settings import Settings


def states_of(settings: Settings) -> list[SourceState]:
    """What is known of each source, in the order of the settings; nothing yet of one that no run has seen."""
    from broadsheet.app.state import has_store
    from broadsheet.app.stores import look_into_store

    known: dict[str, SourceState] = {}
    if has_store(settings):
        with look_into_store(settings) as store:
            known = {state.source.url: state for state in store.sources.all()}
    return [known.get(source.url, SourceState(source)) for source in settings.sources]
