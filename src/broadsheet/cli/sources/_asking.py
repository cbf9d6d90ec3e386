"""Asking a source by hand, beside any schedule."""

from contextlib import closing

from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import Settings


def response_of(settings: Settings, source: Source) -> Response:
    """What the source answers now. Raises ItemError."""
    from broadsheet.app import live_http

    with closing(live_http(settings)) as http:
        purpose = Purpose.FEED if source.kind is SourceKind.FEED else Purpose.SITEMAP
        return http.get(Request(source.url, purpose))
