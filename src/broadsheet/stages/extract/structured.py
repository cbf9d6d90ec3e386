"""JSON-LD of a page, read leniently: arrays, `@graph`, references by `@id`, and JSON that is not quite JSON."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

Node = Mapping[str, Any]

_MAX_SCRIPT = 1_000_000
_MAX_NODES = 800
_ARTICLES = (
    "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle", "backgroundnewsarticle",
    "reviewnewsarticle", "askpublicnewsarticle", "satiricalarticle", "liveblogposting", "blogposting", "article",
    "techarticle", "scholarlyarticle", "advertisercontentarticle", "report", "socialmediaposting", "review",
    "discussionforumposting", "newsvideoobject", "recipe",
)  # fmt: skip
_VIDEOS = ("videoobject", "newsvideoobject")
_PAGES = ("webpage", "itempage", "creativework", "mediaobject")
_SITES = ("website", "newsmediaorganization")
# What hangs below these is about other pages, or what other people said.
_ELSEWHERE = frozenset(
    [
        "itemlistelement",
        "comment",
        "comments",
        "review",
        "reviews",
        "mentions",
        "citation",
        "isbasedon",
        "relatedlink",
        "breadcrumb",
        "hasoffercatalog",
        "potentialaction",
        "significantlink",
        "suggestedanswer",
        "liveblogupdate",
    ]
)


@dataclass(frozen=True)
class Linked:
    """What the JSON-LD of a page says about it: `article` is the node about this page, empty where there is none."""

    article: Node = field(default_factory=dict)
    video: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    site_names: tuple[str, ...] = ()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def first(self, *keys: str) -> str:
        """The text of the first of `keys` that the article has, else the video, else the page."""
        for node in (self.article, self.video if not self.article else {}, self.page):
            for key in keys:
                if text := text_of(node.get(key)):
                    return text
        return ""

    def resolve(self, value: object) -> object:
        """A bare reference `{"@id": ...}` becomes the node that it points to."""
        if isinstance(value, dict) and len(value) <= 2 and "name" not in value:
            return self.by_id.get(str(value.get("@id")), value)
        return value


def read_linked(scripts: Iterable[str], url: str) -> Linked:
    """All JSON-LD of a page; never raises."""
    nodes: list[Node] = []
    for script in scripts:
        for value in _parse(script[:_MAX_SCRIPT]):
            nodes.extend(_walk(value, _MAX_NODES - len(nodes)))
    by_id: dict[str, Node] = {}
    for node in nodes:
        if (name := node.get("@id")) and len(node) > len(by_id.get(str(name), {})):
            by_id[str(name)] = node
    article = _best(nodes, _ARTICLES, url)
    publisher = article.get("publisher")
    named = [by_id.get(str(publisher.get("@id")), publisher) if isinstance(publisher, dict) else publisher]
    named += [n for n in nodes if kinds(n) & set(_SITES)]
    names = tuple(dict.fromkeys(name for n in named if (name := text_of(n))))
    return Linked(article, _best(nodes, _VIDEOS, url), _best(nodes, _PAGES, url), names[:6], by_id)


def kinds(node: Node) -> set[str]:
    """The `@type` of a node, lower case, without the vocabulary's address."""
    types = node.get("@type")
    values = types if isinstance(types, list) else [types]
    return {v.rsplit("/", 1)[-1].lower() for v in values if isinstance(v, str)}


def text_of(value: object) -> str:
    """A value as one line of text: of an object its name, of a list the first that has one."""
    for item in value[:20] if isinstance(value, list) else [value]:
        plain = _named(item) if isinstance(item, dict) else item
        if isinstance(plain, bool) or not isinstance(plain, str | int | float):
            continue
        if text := " ".join(html.unescape(str(plain)).split()):
            return text
    return ""


def _named(item: Node) -> object:
    return next((item[k] for k in ("name", "@value", "headline", "url") if isinstance(item.get(k), str)), None)


def _best(nodes: list[Node], types: tuple[str, ...], url: str) -> Node:
    """The node of one of `types` that is about the page at `url`; else the first."""
    fitting = [n for n in nodes if kinds(n) & set(types)]
    here = _place(url)
    for node in fitting:
        addresses = (node.get("url"), node.get("@id"), node.get("mainEntityOfPage"))
        if any(_place(_address(a)) == here for a in addresses if a) and len(node) > 4:
            return node
    return max(fitting, key=lambda n: bool(n.get("headline") or n.get("datePublished")), default={})


def _address(value: object) -> str:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value if isinstance(value, str) else ""


def _place(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    return (host, parts.path.rstrip("/").lower()) if host and len(parts.path) > 1 else None


def _walk(value: object, limit: int) -> Iterator[Node]:
    """All objects with a type, outer before inner, in the order of the page; not what is about other pages."""
    stack = [value]
    while stack and limit > 0:
        item = stack.pop()
        if isinstance(item, list):
            stack.extend(reversed(item[:200]))
        elif isinstance(item, dict):
            limit -= 1
            if "@type" in item or "@id" in item:
                yield item
            inner = [v for k, v in item.items() if k.lower() not in _ELSEWHERE and isinstance(v, dict | list)]
            stack.extend(reversed(inner[:100]))


# --- JSON that is not quite JSON ------------------------------------------------------------------------------------

_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*.{0,20}?\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$", re.S)
_TRAILING_COMMA = re.compile(r",(\s*+[}\]])")
_MISSING_COMMA = re.compile(r"([}\]\"])([ \t\r]*+\n\s*+)(\"[\w@]{1,60}\"\s*+:)")
_BAD_ESCAPE = re.compile(r"\\(?![\"\\/bfnrtu])")
_PAIR = re.compile(
    r'"(@type|headline|name|datePublished|dateModified|description|isAccessibleForFree|inLanguage|thumbnailUrl|articleBody)"'
    r'\s*:\s*"((?:[^"\\]|\\.){1,100000})"'
)
_DECODER = json.JSONDecoder(strict=False)
_HALF_NAMED = re.compile(r"\\u[dD][89a-fA-F]")


def _parse(script: str) -> list[object]:
    """The values in a script: as JSON, as mended JSON, or as the pairs that can still be made out."""
    text = script.strip()
    with suppress(ValueError, RecursionError):  # what is not JSON may become it
        return _several(text)
    with suppress(ValueError, RecursionError):  # and otherwise be read in part
        return _several(_mended(text))
    return _pairs(text)


def _several(text: str) -> list[object]:
    """Some pages write several objects one after the other into one script."""
    values: list[object] = []
    at = 0
    while at < len(text) and len(values) < 50:
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return _whole(values) if _HALF_NAMED.search(text) else values


def _whole(values: list[object]) -> list[object]:
    """JSON can name halves of surrogate pairs, which no file, database or address can hold: `?` in their place."""
    encoded = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    return cast("list[object]", json.loads(encoded))


def _mended(text: str) -> str:
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip()
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    text = _BAD_ESCAPE.sub(r"\\\\", text)
    return _MISSING_COMMA.sub(r"\1,\2\3", _TRAILING_COMMA.sub(r"\1", text))


def _pairs(text: str) -> list[object]:
    """The last resort: the first value of each well-known key, if the text speaks of an article at all."""
    node: dict[str, object] = {}
    for key, value in _PAIR.findall(text):
        if key == "@type" and value.lower() in _ARTICLES:
            node["@type"] = value
        elif key not in {"@type", "name"}:
            node.setdefault(key, value.replace('\\"', '"').replace("\\/", "/").replace("\\n", " "))
    return [node] if "@type" in node else []
