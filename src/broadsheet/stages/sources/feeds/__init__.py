"""Feeds of every kind, read into one form: RSS, RDF, Atom, CDF, JSON Feed, with their many extensions."""

from broadsheet.errors import Rejected
from broadsheet.model.feed import Feed
from broadsheet.stages.sources.feeds.decoding import unpacked
from broadsheet.stages.sources.feeds.json_feed import read_json
from broadsheet.stages.sources.feeds.xml_feed import read_xml

__all__ = ["read_feed"]

_BLANK = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"


def read_feed(body: bytes, *, url: str | None = None, content_type: str = "") -> Feed:
    """The feed in `body` (gzip is unpacked), with HTML sanitised, links absolute and instants in UTC.

    `url` is where it was fetched, the last resort for relative links; `content_type` the HTTP header as sent. What is
    not well-formed is read as far as it can be understood; at most 10,000 entries, the first ones, are kept.
    Raises Rejected: empty, too large, or not a feed at all, and then the hint names the feeds that an HTML page links.
    """
    body = unpacked(body)
    if not body.strip(b"\0 \t\r\n"):
        raise Rejected("empty, no feed in it")
    read = read_json if body[:512].lstrip(_BLANK)[:1] in {b"{", b"["} else read_xml
    return read(body, url, content_type)
