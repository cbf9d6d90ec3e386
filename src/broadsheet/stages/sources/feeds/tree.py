"""From bytes to the root of a feed: first the fast way that takes only well-formed XML, then the patient one."""

import re

from lxml import etree

from broadsheet.errors import Rejected
from broadsheet.formats.markup import plain_text
from broadsheet.stages.sources.feeds.decoding import is_plain_utf8, text_of_feed
from broadsheet.stages.sources.feeds.names import Names
from broadsheet.stages.sources.feeds.patient import parse_patiently

_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]*>")
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|<\?(?:[^?]++|\?(?!>))*+\?>|<!--(?:[^-]++|-(?!->))*+-->)*+")
_EMPTY_DOCTYPE = re.compile(rb"<!DOCTYPE[^<>\[\]]*+>", re.IGNORECASE)
_START = re.compile(rb"<[A-Za-z_]")
_MOST_TAGS = 1_200_000
_PAGE = re.compile(r"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_LINK = re.compile(r"<link\b([^<>]{0,1000})>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)", re.IGNORECASE)


def parse_tree(body: bytes, content_type: str, roots: frozenset[str], what: str = "feed") -> etree._Element:
    """The element that is one of `roots` (by our names), as near to the top as can be. Raises Rejected, naming what
    was found instead; `what` is the word for what was wanted."""
    text: str | None = None
    strict = body
    if not is_plain_utf8(body, content_type):
        text = text_of_feed(body, content_type)
        strict = _DECLARATION.sub("", text.strip(), count=1).encode("utf-8", "replace")
    root = _strictly(strict)
    found = None if root is None else _find(root, roots)
    if found is None:
        text = text_of_feed(body, content_type) if text is None else text
        found = _find(parse_patiently(text), roots)
    if found is None:
        raise _refusal(text or "", what)
    return found


def _strictly(body: bytes) -> etree._Element | None:
    """None if it isn't well-formed, has a document type (no DTD of a stranger reaches the parser), or would make a tree
    of hundreds of megabytes."""
    plain = _without_doctype(body)
    if plain is None or plain.count(b"<") > _MOST_TAGS:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        return etree.fromstring(plain, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _without_doctype(body: bytes) -> bytes | None:
    """The document from its first markup on, without a document type that declares nothing; None if there is anything
    else before the root. Behind the start of the root a parser takes no document type any more."""
    body = body.strip()
    begin = _PROLOG.match(body)
    at = begin.end() if begin else 0
    empty = _EMPTY_DOCTYPE.match(body, at)
    if empty:
        body = body[:at] + body[empty.end() :]
        begin = _PROLOG.match(body)
        at = begin.end() if begin else 0
    return body if _START.match(body, at) else None


def _find(root: etree._Element, roots: frozenset[str]) -> etree._Element | None:
    """The first element of such a name, looked for three levels deep."""
    names, level = Names(), [root]
    for _ in range(4):
        for element in level:
            if names[element.tag].removeprefix("?:") in roots:
                return element
        level = [child for element in level for child in element][:10_000]
    return None


def _refusal(text: str, what: str) -> Rejected:
    if not text.strip("\0 \t\r\n"):
        return Rejected(f"empty, no {what} in it")
    if not _PAGE.search(text[:100_000]):
        return Rejected(f"not a {what}: no element that one begins with")
    title = _TITLE.search(text[:200_000])
    named = f' titled "{plain_text(title[1])}"' if title and title[1].strip() else ""
    links = [_HREF.search(link) for link in _LINK.findall(text[:500_000]) if _FEED_TYPE.search(link)]
    addresses = ", ".join(plain_text(link[1]) for link in links[:5] if link)
    return Rejected(
        f"an HTML page{named}, not a {what}", hint=f"It names these feeds: {addresses}" if addresses else ""
    )
