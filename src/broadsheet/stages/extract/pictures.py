"""The pictures that a page shows, in one walk: in which editions each can be had, how large, and where it stands."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from broadsheet.stages.extract.address import absolute
from broadsheet.stages.extract.page import Page

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

Size = tuple[int, int]

MIN_SIDE, MAX_SIDE = 100, 10_000
_MAX_PICTURES, _MAX_EDITIONS, _LEVELS, _TINY = 80, 12, 9, 3
_TOPS = frozenset(["body", "html", "-document"])
_BAD_SCHEME = ("data:", "blob:", "javascript:", "about:")
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-image", "content")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_ADDRESSES = (*_SOURCES, *_SETS)
_IN_SET = re.compile(r"([^\s,]\S*[^\s,])(?:\s+(\d{1,5})w|\s+[\d.]+x)?\s*(?:,|$)")
_AWAY = re.compile(
    r"(?:^|[\s_-])(?:comments?|related|teasers?|sidebar|widgets?|footer|recommend\w*|popular|newsletter|promo|banner"
    r"|author|avatar|bio|byline|logo|menu|nav|share|social|ads?|advert\w*|sponsor\w*|more-\w+|most-\w+)(?=$|[\s_-])",
    re.I,
)
_ARTICLE = re.compile(r"article|story|post|entry|content|hero|lead|featured|main", re.I)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)(?:$|[?&])", re.I)


class Edition(NamedTuple):
    """One address of a picture; its sides in pixels where the page says them."""

    url: str
    size: Size | None
    width: int | None


@dataclass(eq=False)
class Shown:
    """A picture that the page shows. `raw` is what its element says of addresses, `node` where it is."""

    page: Page
    node: "LexborNode"
    raw: str
    attributes: Mapping[str, str | None]

    @cached_property
    def spelt(self) -> str:
        """`raw` in small letters and without escapes."""
        return unquote(self.raw).lower()

    @cached_property
    def editions(self) -> tuple[Edition, ...]:
        """Its addresses, each once."""
        return tuple(_editions(self))[:_MAX_EDITIONS]


def read_pictures(page: Page) -> tuple[Shown, ...]:
    """The pictures of the page in its order, without those that say a side has fewer than three digits."""
    found = []
    for node in page.tree.css("img, amp-img")[:_MAX_PICTURES]:
        attributes = node.attributes
        raw = " ".join([value for name in _ADDRESSES if (value := attributes.get(name))])
        if raw and not _is_tiny(attributes):
            found.append(Shown(page, node, raw, attributes))
    return tuple(found)


def _is_tiny(attributes: Mapping[str, str | None]) -> bool:
    sides = (attributes.get("width") or "", attributes.get("height") or "")
    return any(len(side) < _TINY and side.isascii() and side.isdigit() for side in sides)


def of_article(pictures: Iterable[Shown]) -> Iterator[Shown]:
    """Those that stand in the article: not beside it, not in a link to another page."""
    known: dict[int, bool | None] = {}
    return (shown for shown in pictures if _stands_in_article(shown.node, known))


def _stands_in_article(node: "LexborNode", known: dict[int, bool | None]) -> bool:
    """Whether something around it is of the article and nothing beside it. Pictures share what is around them, so
    each element is looked at once."""
    is_in = False
    current: LexborNode | None = node
    for _ in range(_LEVELS):
        if current is None or (tag := current.tag) in _TOPS:
            break
        name = current.mem_id
        if name not in known:
            known[name] = _standing(current, tag)
        here = known[name]
        if here is False:
            return False
        is_in = is_in or bool(here)
        current = current.parent
    return is_in


def _standing(node: "LexborNode", tag: str | None) -> bool | None:
    """True is in the article, False beside it, None neither."""
    if tag in {"aside", "nav", "footer"}:
        return False
    attributes = node.attrs
    if tag == "a" and not _PICTURE_FILE.search(attributes.get("href") or "#.jpg"):
        return False
    label = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    called = _called(label) if len(label) > 1 else None
    if called is False:
        return False
    is_in = tag in {"figure", "article", "main"} or "articleBody" in (attributes.get("itemprop") or "")
    return is_in or called


@lru_cache(maxsize=4096)
def _called(label: str) -> bool | None:
    """What the names of an element say; the same ones stand on many elements and pages."""
    return False if _AWAY.search(label) else bool(_ARTICLE.search(label)) or None


def _editions(shown: Shown) -> Iterator[Edition]:
    attributes, page = shown.attributes, shown.page
    sides = size_of(attributes.get("width"), attributes.get("height"))
    seen = set()
    for href, width in _addresses(shown.node, attributes):
        url = absolute(page, href) if not href.startswith(_BAD_SCHEME) else None
        if url and url not in seen and url != page.url:
            seen.add(url)
            yield Edition(url, _edition_size(url, width, sides), width)


def _addresses(node: "LexborNode", attributes: Mapping[str, str | None]) -> Iterator[tuple[str, int | None]]:
    for name in _SOURCES:
        if value := attributes.get(name):
            yield value, None
    sets = [attributes.get(name) for name in _SETS]
    parent = node.parent
    if parent is not None and parent.tag == "picture":
        sets += [source.attributes.get(name) for source in parent.css("source")[:4] for name in _SETS]
    for value in sets:
        for found in list(_IN_SET.finditer(value or ""))[:_MAX_EDITIONS]:
            yield found.group(1), int(found.group(2)) if found.group(2) else None


def _edition_size(url: str, width: int | None, shown: Size | None) -> Size | None:
    """What the address spells out; else the width of the set and the ratio in which it is shown."""
    spelt = size_in_url(url)
    if spelt or width is None:
        return spelt or (believable(shown) if width is None else None)
    return believable((width, round(width * shown[1] / shown[0]))) if shown else None


# --- Addresses ------------------------------------------------------------------------------------------------------

_INNER = re.compile(r"(?:^|[&?])(?:url|src|image|img)=(https?(?::|%3A)[^&]{5,1000})", re.I)
_PARTS = re.compile(r"[/._~,=:;!+*@%() ]+")
_COPY = re.compile(r"[-_]?(?:\d{2,4}x\d{2,4}|e\d{13}|scaled|rotated)$", re.I)
_DAY = re.compile(r"(?:19|20)\d{6}|\d{4}-\d\d-\d\d")
_MIN_MARK, _MIN_NUMBER = 8, 6
_PLAIN = frozenset(["original", "thumbnail", "facebook", "standard", "landscape", "portrait", "featured", "preview"])


@lru_cache(maxsize=1024)
def original_path(url: str) -> str:
    """The path of the picture, or of the original that a resizing service is told to fetch; empty if it is none."""
    try:
        parts = urlsplit(url)
        inner = _INNER.search(parts.query)
        return unquote(urlsplit(unquote(inner.group(1))).path if inner else parts.path)
    except ValueError:
        return ""


def marks_of(url: str) -> frozenset[str]:
    """The parts of an address by which a picture is known again: long names of files, and long numbers and hashes."""
    *folders, file = original_path(url).split("/")
    words = [_COPY.sub("", word) for word in _PARTS.split(file) if not _PICTURE_FILE.search(f".{word}")]
    marks = [w for w in words if len(w) >= (_MIN_NUMBER if w.isdigit() else _MIN_MARK)]
    for folder in folders:
        marks += [w for w in _PARTS.split(folder) if len(w) >= _MIN_MARK and sum(map(str.isdigit, w)) >= 4]
    return frozenset(m.lower() for m in marks if m.lower() not in _PLAIN and not _DAY.fullmatch(m))


def same_picture(url: str, pictures: tuple[Shown, ...]) -> Shown | None:
    """The first shown picture whose address has a mark of `url` that only few pictures of the page have."""
    for mark in sorted(marks_of(url), key=len, reverse=True):
        having = [shown for shown in pictures if mark in shown.spelt]
        if 0 < len(having) <= _RARE:
            return having[0]
    path = original_path(url)
    return next((s for s in pictures if path in s.raw), None) if len(path) > 1 else None


_RARE = 3


# --- Sizes ----------------------------------------------------------------------------------------------------------

_PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$")
_PAIR = re.compile(r"(?<![\d.:])(\d{2,4})(?:x|%2C|,|-h)(\d{2,4})(?![\d.:])", re.I)
_CLEAR = re.compile(
    r"(?:^|[/?&_.-])(?:(?:resize|fit|size|crop|dim)[=/-])?w?(\d{3,4})(?:x|%2C|,|-h|_h)(\d{3,4})(?=$|[/&?._!-])", re.I
)
_SIDES = re.compile(r"(?:^|[/,&?_-])w(?:idth)?[_=-]?(\d{2,4}),h(?:eight)?[_=-]?(\d{2,4})(?=$|[/,&])", re.I)
_RATIO = re.compile(r"(?<![\d.])(\d{1,3})[x:_-](\d{1,3})(?![\d.])")
_ONE_SIDE = re.compile(r"(?:^|[/?&,_-])(?:w|width|imwidth|16_9_)[=_-]?(\d{3,4})(?=$|[/&,?._-])", re.I)
_SIDE_NAMES = (("w", "h"), ("width", "height"))
_RATIOS = frozenset([(16, 9), (4, 3), (3, 2), (1, 1), (191, 100), (2, 1), (5, 4), (5, 3), (21, 9), (16, 10)])


def size_of(width: object, height: object) -> Size | None:
    """Both sides as numbers, whatever they are written as; None if one is none."""
    a, b = _pixels(width), _pixels(height)
    return (a, b) if a and b else None


def _pixels(value: object) -> int | None:
    if isinstance(value, dict):
        value = value.get("value") or value.get("@value") or value.get("name")
    found = _PIXELS.match(str(value)) if isinstance(value, str | int | float) else None
    return int(found.group(1)) if found else None


def believable(size: Size | None) -> Size | None:
    """The size, if it can be that of a picture that says something."""
    return size if size and all(MIN_SIDE <= side <= MAX_SIDE for side in size) else None


def size_in_url(url: str) -> Size | None:
    """A size that the address spells out, both sides of it: `1200x630`, `w=1200&h=630`, `16x9` with `width=1920`."""
    try:
        parts = urlsplit(url)
        if size := _size_in_query(parts.query):
            return size
    except ValueError:
        return None
    tail = unquote(f"{parts.path}?{parts.query}")
    if sides := _SIDES.search(tail):
        return believable((int(sides[1]), int(sides[2])))
    pairs = _PAIR.findall(tail)
    clear = _CLEAR.findall(tail) if len(pairs) != 1 else pairs
    if clear:
        return believable((int(clear[-1][0]), int(clear[-1][1])))
    return _size_by_ratio(tail)


def _size_in_query(query: str) -> Size | None:
    """Raises ValueError for a query of too many parameters."""
    small = query.lower()
    if "h=" not in small and "height=" not in small:
        return None
    said = {k.lower(): v for k, v in parse_qsl(query, max_num_fields=50)}
    return next((s for w, h in _SIDE_NAMES if (s := believable(size_of(said.get(w), said.get(h))))), None)


def _size_by_ratio(tail: str) -> Size | None:
    ratios = {(int(a), int(b)) for a, b in _RATIO.findall(tail)} & _RATIOS
    widths = set(_ONE_SIDE.findall(tail))
    if len(ratios) != 1 or len(widths) != 1:
        return None
    (across, down), width = ratios.pop(), int(widths.pop())
    return believable((width, round(width * down / across)))
