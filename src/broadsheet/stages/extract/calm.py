"""Markup without what would take a parser quadratic time.

Parsers of HTML are linear on honest pages and quadratic on dishonest ones: thousands of nested elements, formatting
elements left open before thousands of paragraphs, thousands of attributes on one element, of options in a list, or of
`html` elements whose attributes are all merged into one. `calm` takes those apart before the parser sees them. Whether
there is reason to is decided by the places of `<` and the two letters after it, for all tags at once.
"""

import re

import numpy as np
from numpy.typing import NDArray

_FORMATTING = re.compile(rb"<(/?)(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s>/])", re.I)
_FORMATTING_TAG = re.compile(rb"</?(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?:\s[^<>]*)?>", re.I)
_OPTION_TAG = re.compile(rb"</?(?:option|optgroup)(?:\s[^<>]*)?>", re.I)
_ROOT_TAG = re.compile(rb"<(?:html|body)(?:\s[^<>]*)?>", re.I)
_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>")
_NAME = re.compile(rb"<[a-zA-Z][^\s/>]*+")
_ATTRIBUTE = re.compile(rb"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?""")
_VOID = frozenset(
    [b"area", b"base", b"br", b"col", b"embed", b"hr", b"img", b"input", b"link", b"meta", b"param", b"source", b"wbr"]
)
_MAX_TAGS = 150_000
_FEW_TAGS, _MANY_TAGS, _MAX_OPEN_FORMATS, _MAX_DEPTH = 300, 8000, 300, 400
_LONG, _MAX_ATTRIBUTES = 900, 300
_MAX_OPTIONS, _MAX_ROOTS = 3000, 20


def calm(markup: bytes) -> bytes:
    """The same markup where it is honest; else without what would take a parser quadratic time."""
    at = _tags(markup)
    if len(at) > _MAX_TAGS:
        markup = markup[: at[_MAX_TAGS]]
        at = _tags(markup)
    if len(at) > _FEW_TAGS:
        calmer = _fewer_tags(markup, at)
        if calmer is not markup:
            markup, at = calmer, _tags(calmer)
    long = at[np.diff(at, append=len(markup)) > _LONG]
    return _few_attributes(markup, long.tolist())


def _tags(markup: bytes) -> NDArray[np.int64]:
    return np.flatnonzero(np.frombuffer(markup, np.uint8)[:-3] == ord("<"))


def _fewer_tags(markup: bytes, at: NDArray[np.int64]) -> bytes:
    """Without formatting elements, options, roots or depth, where there are far too many of them."""
    characters = np.frombuffer(markup, np.uint8)
    lower = np.uint8(32)
    first, second = characters[at + 1] | lower, characters[at + 2] | lower
    # Roughly, by two letters; where that is too much, exactly.
    opened = np.count_nonzero(_FORMATS[first, second])
    if opened > _MAX_OPEN_FORMATS:
        closing = at[first == ord("/")]
        opened -= np.count_nonzero(_FORMATS[characters[closing + 2] | lower, characters[closing + 3] | lower])
    if opened > _MAX_OPEN_FORMATS:
        marks = _FORMATTING.findall(markup)
        if len(marks) - 2 * marks.count(b"/") > _MAX_OPEN_FORMATS:
            markup = _FORMATTING_TAG.sub(b"", markup)
    if _count(first, second, b"op") > _MAX_OPTIONS:
        markup = _OPTION_TAG.sub(b"", markup)
    if _count(first, second, b"ht") + _count(first, second, b"bo") > _MAX_ROOTS:
        root = _ROOT_TAG.search(markup)
        end = root.end() if root else 0
        markup = markup[:end] + _ROOT_TAG.sub(b"", markup[end:])
    return _shallow(markup) if len(at) > _MANY_TAGS else markup


def _count(first: NDArray[np.uint8], second: NDArray[np.uint8], letters: bytes) -> int:
    return int(np.count_nonzero((first == letters[0]) & (second == letters[1])))


def _formats() -> NDArray[np.bool_]:
    """Which two characters after `<`, the bit of lower case set, may begin a formatting element."""
    table = np.zeros((256, 256), np.bool_)
    for letter in b"abisu":
        table[letter, [c | 32 for c in b" \t\n\f\r>/"]] = True
    for letters in (b"bi", b"co", b"em", b"fo", b"no", b"sm", b"st", b"tt"):
        table[letters[0], letters[1]] = True
    return table


_FORMATS = _formats()


def _shallow(markup: bytes) -> bytes:
    """Without the elements that lie deeper than `_MAX_DEPTH`, counted roughly; what stands in them stays."""
    depth = 0

    def keep(found: re.Match[bytes]) -> bytes:
        nonlocal depth
        closing, name = found.groups()
        if name.lower() in _VOID:
            return found.group()
        if closing:
            depth = max(0, depth - 1)
            return found.group() if depth < _MAX_DEPTH else b""
        depth += 1
        return found.group() if depth <= _MAX_DEPTH else b""

    return _TAG.sub(keep, markup)


def _few_attributes(markup: bytes, starts: list[int]) -> bytes:
    """Looking for an attribute of the same name makes an element with many attributes quadratic.

    `starts` are the places of the tags that are long enough to have many.
    """
    kept, done, end = [], 0, 0
    for start in starts:
        name = _NAME.match(markup, start) if start >= end and not _ends_soon(markup, start) else None
        if name is None:
            continue
        end, count = _attributes(markup, name.end())
        if count > _MAX_ATTRIBUTES:
            kept += [markup[done:start], name.group() + b">"]
            done = end
    return b"".join([*kept, markup[done:]]) if kept else markup


def _ends_soon(markup: bytes, start: int) -> bool:
    """Whether a `>` that is probably not in quotes ends the tag: it is the text after it that is long."""
    end = markup.find(b">", start, start + _LONG)
    return end >= 0 and not (markup.count(b'"', start, end) % 2 or markup.count(b"'", start, end) % 2)


def _attributes(markup: bytes, at: int) -> tuple[int, int]:
    """Where the tag ends whose name ends at `at`, and how many attributes it has; no more are counted than needed."""
    count = 0
    while count <= _MAX_ATTRIBUTES and (found := _ATTRIBUTE.match(markup, at)):
        at = found.end()
        count += 1
    end = markup.find(b">", at)
    return (end + 1 if end >= 0 else len(markup)), count
