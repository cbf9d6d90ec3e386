"""Asking a source by hand, beside any schedule."""

from contextlib import closing

from broadsheet.model.exchange import Purpose, Request, Response
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import Settings
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap


def response_of(settings: Settings, source: Source) -> Response:
    """What the source answers now. Raises ItemError."""
    from broadsheet.app import live_http

    with closing(live_http(settings)) as http:
        purpose = Purpose.FEED if source.kind is SourceKind.FEED else Purpose.SITEMAP
        return http.get(Request(source.url, purpose))


def entries_of(settings: Settings, source: Source) -> int:
    """How many entries the source has now. Raises ItemError if it can't be read."""
    from broadsheet.app import open_archive

    if source.kind is SourceKind.WARC:
        return len(open_archive(settings, source.url).addresses())
    response = response_of(settings, source)
    if source.kind is SourceKind.SITEMAP:
        sitemap = read_sitemap(response.body, url=response.final_url)
        return len(sitemap.entries) + len(sitemap.children)
    return len(read_feed(response.body, url=response.final_url, content_type=response.content_type).entries)
