"""Asking a source by hand, beside any schedule."""

from contextlib import closing

from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import Settings
from broadsheet.steps.discover import look


def entries_of(settings: Settings, source: Source) -> int:
    """How many entries the source has now. Raises ItemError if it can't be read."""
    from broadsheet.app.archives import open_archive
    from broadsheet.app.network import live_http

    if source.kind in (SourceKind.WARC, SourceKind.FOLDER):
        return len(open_archive(settings, source.url).addresses())
    with closing(live_http(settings)) as http:
        return look(http, source).entries
