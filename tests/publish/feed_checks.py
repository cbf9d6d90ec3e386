"""What the specifications ask of feeds, as lists of what is wrong: RSS 2.0, Atom (RFC 4287, 5005), JSON Feed 1.1.

Written from the specifications and on lxml alone, so that our own writer and reader can't agree on something false.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from lxml import etree

ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
XML = "http://www.w3.org/XML/1998/namespace"
XHTML = "http://www.w3.org/1999/xhtml"
RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?[0-9]{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} "
    r"[0-2][0-9]:[0-5][0-9](?::[0-5][0-9])? (?:GMT|UT|[+-][0-9]{4})"
)
RFC3339 = re.compile(
    r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](?:\.[0-9]+)?(?:Z|[+-][0-2][0-9]:[0-5][0-9])"
)
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&.+^_-]+/[A-Za-z0-9!#$&.+^_-]+")
CHANNEL = {
    *("title", "link", "description", "language", "copyright", "managingEditor", "webMaster", "pubDate"),
    *("lastBuildDate", "category", "generator", "docs", "cloud", "ttl", "image", "rating", "textInput", "skipHours"),
    *("skipDays", "item"),
}
ITEM = {
    *("title", "link", "description", "author", "category", "comments", "enclosure", "guid", "pubDate", "source"),
}
FEED = {
    *("author", "category", "contributor", "generator", "icon", "id", "link", "logo", "rights", "subtitle", "title"),
    *("updated", "entry"),
}
ENTRY = {
    *("author", "category", "content", "contributor", "id", "link", "published", "rights", "source", "summary"),
    *("title", "updated"),
}
MANY = {"author", "category", "contributor", "link", "entry"}

Wrong = Iterator[str]


def is_web(address: str | None) -> bool:
    """A whole http(s) address without blanks."""
    parts = urlsplit(address or "")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", address or "")


def is_iri(address: str | None) -> bool:
    """A whole address or a name such as `urn:x:y`."""
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:\S+", address or ""))


def parsed(body: bytes) -> etree._Element:
    """The root; ValueError where it isn't well-formed UTF-8 XML."""
    body.decode("utf-8")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not XML: {error}") from error
    if root.getroottree().docinfo.doctype:
        raise ValueError("has a document type")
    return root


def text_of(parent: etree._Element, tag: str) -> str:
    """The text of a child, empty where there is none."""
    return (parent.findtext(tag) or "").strip()


def wrong_rss(body: bytes) -> list[str]:
    """By https://www.rssboard.org/rss-specification: what must be there, once, and in which form."""
    root = parsed(body)
    if root.tag != "rss" or root.get("version") != "2.0" or [c.tag for c in root] != ["channel"]:
        return ["not RSS 2.0 with one channel"]
    return list(_wrong_channel(root[0]))


def _wrong_channel(channel: etree._Element) -> Wrong:
    yield from (f"channel without {tag}" for tag in ("title", "link", "description") if not text_of(channel, tag))
    yield from _wrong_children(channel, CHANNEL, {"item", "category"})
    if not is_iri(text_of(channel, "link")):
        yield "channel: link is no address"
    if (language := channel.findtext("language")) is not None and not LANGUAGE.fullmatch(language):
        yield f"language {language!r}"
    yield from _wrong_dates(channel, ("pubDate", "lastBuildDate"))
    selves = [e for e in channel.findall(f"{{{ATOM}}}link") if e.get("rel") == "self"]
    if len(selves) != 1 or selves[0].get("type") != "application/rss+xml":
        yield "no link to itself, or several"
    items = channel.findall("item")
    guids = Counter(text_of(item, "guid") for item in items)
    yield from (f"{n} items have the guid {guid!r}" for guid, n in guids.items() if n > 1)
    for item in items:
        yield from _wrong_item(item)


def _wrong_item(item: etree._Element) -> Wrong:
    if not text_of(item, "title") and not text_of(item, "description"):
        yield "item without title and description"
    yield from _wrong_children(item, ITEM, {"category"})
    yield from _wrong_dates(item, ("pubDate",))
    guid = item.find("guid")
    if guid is None or not text_of(item, "guid"):
        yield "item without guid"
    elif guid.get("isPermaLink", "true") == "true" and not is_web(guid.text):
        yield f"guid {guid.text!r} is no address, and no word says so"
    elif guid.get("isPermaLink", "true") not in ("true", "false"):
        yield "isPermaLink is neither true nor false"
    if item.find("link") is not None and not is_iri(text_of(item, "link")):
        yield f"item: link {text_of(item, 'link')!r}"
    if (author := item.findtext("author")) is not None and "@" not in author:
        yield "author is no address of mail"
    for enclosure in item.findall("enclosure"):
        whole = is_web(enclosure.get("url")) and (enclosure.get("length") or "").isdecimal()
        if not whole or not MEDIA_TYPE.fullmatch(enclosure.get("type") or ""):
            yield "enclosure without url, length or type"


def _wrong_children(parent: etree._Element, known: Iterable[str], many: Iterable[str]) -> Wrong:
    tags = Counter(str(child.tag) for child in parent if not str(child.tag).startswith("{"))
    yield from (f"{parent.tag}: no such element as {tag}" for tag in tags.keys() - set(known))
    yield from (f"{parent.tag}: {n} times {tag}" for tag, n in tags.items() if n > 1 and tag not in many)
    for child in parent:
        if child.tag not in ("item", "image", "textInput", "skipHours", "skipDays") and len(child):
            yield f"{child.tag}: elements inside"


def _wrong_dates(parent: etree._Element, tags: Iterable[str]) -> Wrong:
    for tag in tags:
        said = parent.findtext(tag)
        if said is not None and not (RFC822.fullmatch(said) and _is_that_weekday(said)):
            yield f"{tag} {said!r} is not of RFC 822"


def _is_that_weekday(said: str) -> bool:
    name, comma, _ = said.partition(", ")
    return not comma or parsedate_to_datetime(said).strftime("%a") == name


def wrong_atom(body: bytes) -> list[str]:
    """By the MUSTs of RFC 4287, and of RFC 5005 where the document is a part of an archive."""
    root = parsed(body)
    if root.tag != f"{{{ATOM}}}feed":
        return ["not an Atom feed"]
    return list(_wrong_feed(root))


def _own(parent: etree._Element) -> list[tuple[str, etree._Element]]:
    start = f"{{{ATOM}}}"
    return [(str(child.tag).removeprefix(start), child) for child in parent if str(child.tag).startswith(start)]


def _wrong_feed(feed: etree._Element) -> Wrong:
    yield from _wrong_atom_children(feed, FEED, ("id", "title", "updated"))
    entries = feed.findall(f"{{{ATOM}}}entry")
    if feed.find(f"{{{ATOM}}}author") is None:
        yield from ("neither feed nor entry has an author" for e in entries if e.find(f"{{{ATOM}}}author") is None)
    ids = Counter(e.findtext(f"{{{ATOM}}}id") for e in entries)
    yield from (f"{n} entries have the id {one!r}" for one, n in ids.items() if n > 1)
    if sum(link.get("rel") == "self" for link in feed.findall(f"{{{ATOM}}}link")) != 1:
        yield "feed without a link to itself, or with several"
    yield from (f"an element without a namespace: {c.tag}" for c in feed if not str(c.tag).startswith("{"))
    for entry in entries:
        yield from _wrong_entry(entry)


def _wrong_entry(entry: etree._Element) -> Wrong:
    yield from _wrong_atom_children(entry, ENTRY, ("id", "title", "updated"))
    content = entry.find(f"{{{ATOM}}}content")
    alternates = [e for e in entry.findall(f"{{{ATOM}}}link") if e.get("rel", "alternate") == "alternate"]
    if content is None and not alternates:
        yield "entry with neither content nor a link to it"
    if content is not None and content.get("src") and entry.find(f"{{{ATOM}}}summary") is None:
        yield "entry whose content is elsewhere, without a summary"
    published, updated = (entry.findtext(f"{{{ATOM}}}{tag}") for tag in ("published", "updated"))
    if published and updated and _rfc3339(updated) < _rfc3339(published):
        yield f"updated {updated} before it was published, {published}"


def _wrong_atom_children(parent: etree._Element, known: set[str], once: tuple[str, ...]) -> Wrong:
    children = _own(parent)
    counts = Counter(tag for tag, _ in children)
    where = str(parent.tag).rpartition("}")[2]
    yield from (f"{where}: no such element as {tag}" for tag in counts.keys() - known)
    yield from (f"{where}: {counts[tag]} times {tag}" for tag in known - MANY if counts[tag] > 1)
    yield from (f"{where}: no {tag}" for tag in once if not counts[tag])
    kinds = Counter(
        (c.get("type"), c.get("hreflang")) for t, c in children if t == "link" and _relation(c) == "alternate"
    )
    yield from (f"{where}: {n} alternate links of {kind}" for kind, n in kinds.items() if n > 1)
    for tag, child in children:
        yield from (f"{where} {tag}: {what}" for what in _CHECKS.get(tag, _nothing)(child))


def _relation(link: etree._Element) -> str:
    return link.get("rel", "alternate")


def _nothing(_: etree._Element) -> Wrong:
    return iter(())


def _wrong_id(element: etree._Element) -> Wrong:
    if not is_iri(element.text):
        yield f"{element.text!r} is no IRI"


def _wrong_link(element: etree._Element) -> Wrong:
    if not element.get("href") or re.search(r"\s", element.get("href") or ""):
        yield "no href"
    if element.get("type") and not MEDIA_TYPE.fullmatch(element.get("type") or ""):
        yield f"type {element.get('type')!r}"
    if element.text and element.text.strip():
        yield "text inside"


def _wrong_date(element: etree._Element) -> Wrong:
    if not RFC3339.fullmatch(element.text or ""):
        yield f"{element.text!r} is not of RFC 3339"
    else:
        _rfc3339(element.text or "")


def _rfc3339(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _wrong_person(element: etree._Element) -> Wrong:
    counts = Counter(tag for tag, _ in _own(element))
    if counts["name"] != 1 or not (element.findtext(f"{{{ATOM}}}name") or "").strip():
        yield "not one name"
    if counts["uri"] > 1 or counts["email"] > 1 or counts.keys() - {"name", "uri", "email"}:
        yield "more than name, uri, email"


def _wrong_text(element: etree._Element) -> Wrong:
    kind = element.get("type", "text")
    if kind not in ("text", "html", "xhtml"):
        yield f"type {kind!r}"
    if kind in ("text", "html") and len(element):
        yield "elements inside"
    if kind == "xhtml" and [c.tag for c in element] != [f"{{{XHTML}}}div"]:
        yield "not one div"


def _wrong_category(element: etree._Element) -> Wrong:
    if not element.get("term"):
        yield "no term"
    if element.get("scheme") and not is_iri(element.get("scheme")):
        yield "scheme is no IRI"


_CHECKS: Mapping[str, Callable[[etree._Element], Wrong]] = {
    **dict.fromkeys(("id", "icon", "logo"), _wrong_id),
    **dict.fromkeys(("author", "contributor"), _wrong_person),
    **dict.fromkeys(("title", "subtitle", "summary", "rights"), _wrong_text),
    **dict.fromkeys(("updated", "published"), _wrong_date),
    "link": _wrong_link,
    "category": _wrong_category,
}

_WEB = {"type": "string", "pattern": r"^https?://\S+$"}
_REFERENCE = {"type": "string", "pattern": r"^\S+$"}
_WORDS = {"type": "string"}
_WHEN = {"type": "string", "pattern": f"^{RFC3339.pattern}$"}
_PEOPLE = {
    "type": "array",
    "items": {"type": "object", "minProperties": 1, "properties": {"name": {"type": "string"}, "url": _WEB}},
}
JSON_FEED: Mapping[str, Any] = {
    "type": "object",
    "required": ["version", "title", "items"],
    "propertyNames": {"anyOf": [{"pattern": "^_"}, {"enum": [
        "version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url", "icon", "favicon",
        "authors", "language", "expired", "hubs", "items",
    ]}]},
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": {"type": "string", "minLength": 1},
        **dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), _REFERENCE),
        "language": {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"},
        "authors": _PEOPLE,
        "expired": {"type": "boolean"},
        "hubs": {"type": "array", "items": {"type": "object", "required": ["type", "url"]}},
        "items": {"type": "array", "items": {
            "type": "object",
            "required": ["id"],
            "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
            "propertyNames": {"anyOf": [{"pattern": "^_"}, {"enum": [
                "id", "url", "external_url", "title", "content_html", "content_text", "summary", "image",
                "banner_image", "date_published", "date_modified", "authors", "tags", "language", "attachments",
            ]}]},
            "properties": {
                "id": {"type": "string", "minLength": 1},
                **dict.fromkeys(("url", "external_url", "image", "banner_image"), _REFERENCE),
                **dict.fromkeys(("title", "content_html", "content_text", "summary"), _WORDS),
                **dict.fromkeys(("date_published", "date_modified"), _WHEN),
                "authors": _PEOPLE,
                "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
                "language": {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"},
                "attachments": {"type": "array", "items": {"type": "object", "required": ["url", "mime_type"]}},
            },
        }},
    },
}  # fmt: skip
"""https://www.jsonfeed.org/version/1.1/ as a schema."""


def wrong_json_feed(body: bytes) -> list[str]:
    """By JSON Feed 1.1; and ids must be unique."""
    feed = json.loads(body)
    found = [f"{e.json_path}: {e.message}"[:300] for e in Draft202012Validator(JSON_FEED).iter_errors(feed)]
    ids = Counter(item.get("id") for item in feed.get("items") or () if isinstance(item, dict))
    return found + [f"{n} items have the id {one!r}" for one, n in ids.items() if n > 1]


def links(feed: etree._Element, relation: str) -> list[str]:
    """The addresses that the feed gives for a relation."""
    return [e.get("href") or "" for e in feed.findall(f"{{{ATOM}}}link") if _relation(e) == relation]


def archive_chain(files: Mapping[str, bytes], start: str, root: str) -> list[tuple[str, etree._Element]]:
    """The feed at path `start` and all archive documents behind it, by their links of RFC 5005, newest first.

    `root` is where the site is served. AssertionError where the chain is broken, runs in a ring, or where a document
    of it isn't marked as an archive or doesn't lead back.
    """
    chain = [(start, parsed(files[start]))]
    assert chain[0][1].find(f"{{{HISTORY}}}archive") is None, "the feed that changes is no archive"
    while before := links(chain[-1][1], "prev-archive"):
        later = chain[-1][0]
        assert len(before) == 1, later
        path = before[0].removeprefix(root)
        assert path in files, f"{later} leads to {before[0]}, which isn't there"
        assert path not in dict(chain), f"the chain runs in a ring at {path}"
        older = parsed(files[path])
        assert older.find(f"{{{HISTORY}}}archive") is not None, f"{path} isn't marked as an archive"
        assert [c.removeprefix(root) for c in links(older, "current")] == [start], path
        after = [n.removeprefix(root) for n in links(older, "next-archive")]
        assert after == ([later] if len(chain) > 1 else []) or after == [], f"{path} doesn't lead back to {later}"
        chain.append((path, older))
    return chain


def entry_ids(feed: etree._Element) -> list[str]:
    """The ids of its entries, in their order."""
    return [e.findtext(f"{{{ATOM}}}id") or "" for e in feed.findall(f"{{{ATOM}}}entry")]
