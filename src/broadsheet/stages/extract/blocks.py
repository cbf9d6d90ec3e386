"""The body of a page as blocks of text: what a reader sees as a paragraph, a heading, a cell, an entry of a menu.

The tree is serialised and taken apart with one regular expression, which is several times faster than visiting its
nodes from Python. Inline elements vanish in their text; every other element opens a node and ends the running block.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser

_DROPPED = [
    "script", "style", "noscript", "svg", "template", "iframe", "select", "object", "head", "button", "textarea",
    "video", "audio", "canvas", "map", "datalist", "math", "xmp", "plaintext", "noembed", "noframes",
]  # fmt: skip
# What stands within sentences and is not seen: words for screen readers only, boxes that open under the pointer.
_HIDING_CLASSES = ["visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "u-visually-hidden"]
_BOX_CLASSES = ["tooltiptext", "tooltip-text", "tooltip-content", "popover-content", "rollover-block"]
_UNSEEN = ",".join(
    [f"span.{name}" for name in [*_HIDING_CLASSES, *_BOX_CLASSES]]
    + ['span[role="tooltip"]', 'span[style*="clip:rect("]', 'span[style*="clip: rect("]']
)
# Each of them has one of these: fewer words, because each is looked for in the whole page.
_UNSEEN_MARKS = ["visually", "sr-only", "screen-reader-text", "tooltip", "popover-content", "rollover-block", "rect("]
# The parser writes `<` and `>` as entities in attributes too, so the first `>` ends a tag.
_TAG = re.compile(r"<(/?+[a-zA-Z][^\s>/]*+|[!?])([^>]*+)>")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# Paragraphs in `nav` and `footer`, as a number and as a share: with more the page uses them for something else.
_FEW_ASIDE, _MAX_ASIDE = 3, 0.4
_MAX_BLOCKS, _COLUMNS = 12_000, 7

_INLINE = [
    "abbr",
    "acronym",
    "b",
    "bdi",
    "bdo",
    "big",
    "cite",
    "code",
    "data",
    "del",
    "dfn",
    "em",
    "font",
    "i",
    "ins",
    "kbd",
    "label",
    "mark",
    "nobr",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "time",
    "tt",
    "u",
    "var",
    "wbr",
    "o:p",
    "amp-fit-text",
]
_VOID = ["area", "base", "col", "embed", "input", "link", "meta", "param", "source", "track", "keygen"]
_SKIP, _LINK, _UNLINK, _BREAK, _RULE, _IMAGE, _BOLD = range(1, 8)
_KIND = (
    dict.fromkeys((*_INLINE, *(f"/{t}" for t in _INLINE), *_VOID, "!", "?"), _SKIP)
    | {"a": _LINK, "/a": _UNLINK, "br": _BREAK, "hr": _RULE, "img": _IMAGE, "amp-img": _SKIP, "/amp-img": _SKIP}
    | {"strong": _BOLD, "b": _BOLD}
)


@dataclass(slots=True)
class Blocks:
    """Columns, one entry a block (first group) and one entry a node (second group), both in the order of the page.

    The blocks below a node are `node_first[n]` up to, not including, `node_end[n]`. Node 0 is the page; elements
    without text are no nodes.
    """

    texts: list[str] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    link_chars: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    ruled: list[bool] = field(default_factory=list)

    tags: list[str] = field(default_factory=lambda: [""])
    attributes: list[str] = field(default_factory=lambda: [""])
    parents: list[int] = field(default_factory=lambda: [0])
    node_first: list[int] = field(default_factory=lambda: [0])
    node_end: list[int] = field(default_factory=lambda: [0])

    def __len__(self) -> int:
        return len(self.texts)


def read_blocks(tree: LexborHTMLParser) -> Blocks:
    """The blocks of the page. Takes scripts, forms and the like out of `tree`, so it comes after all other readers."""
    aside = len(tree.css("nav p, footer p"))
    is_main = aside > _FEW_ASIDE and aside > _MAX_ASIDE * len(tree.css("p"))
    tree.strip_tags(_DROPPED if is_main else [*_DROPPED, "nav", "footer"])
    html = tree.html or ""
    if any(mark in html for mark in _UNSEEN_MARKS) and (unseen := tree.css(_UNSEEN)):
        for node in unseen:
            node.decompose()
        html = tree.html or ""
    return split_blocks(html)


def split_blocks(html: str) -> Blocks:
    """The blocks of well-formed HTML, as the parser serialises it."""
    if "<!--" in html:
        html = _COMMENT.sub("", html)
    parts = _TAG.split(html)
    splitter = _Splitter()
    splitter.feed(zip(parts[1::3], parts[2::3], parts[3::3], strict=True))
    return splitter.finished()


class _Splitter:
    """Goes over the tags once; what happens at most tags stands in the loop itself, because calls cost.

    `stack` holds the open elements, `made` the nodes of the outermost of them: an element becomes a node with its
    first block, so that those without text cost nothing.
    """

    def __init__(self) -> None:
        self.blocks: list[tuple[str, int, int, int, int, bool, bool]] = []
        self.nodes: list[tuple[str, str, int, int]] = [("", "", 0, 0)]
        self.ends = [0]
        self.stack = [("", "")]
        self.made = [0]
        self.pieces: list[str] = []
        self.link_chars = self.links = self.images = self.last_break = 0
        self.bold = self.ruled = False

    def feed(self, tokens: Iterable[tuple[str, str, str]]) -> None:  # noqa: C901, PLR0912 (one loop, calls cost)
        """Tokens are (tag, attributes, the text that follows)."""
        pieces, stack, made, kind_of = self.pieces, self.stack, self.made, _KIND.get
        in_link = False
        for tag, attributes, text in tokens:
            kind = kind_of(tag)
            if kind is None:
                if pieces and self._end():
                    break
                if tag[0] != "/":
                    stack.append((tag, attributes))
                elif len(stack) > 1:
                    if len(stack) == len(made):
                        self.ends[made.pop()] = len(self.blocks)
                    stack.pop()
            elif kind == _LINK:
                in_link = True
                self.links += 1
            elif kind == _UNLINK:
                in_link = False
            elif kind != _SKIP:
                self._mark(kind)
            if text:
                if not text.isspace():
                    pieces.append(text)
                    if in_link:
                        self.link_chars += len(text)
                elif pieces:
                    pieces.append(" ")
                    self.last_break += self.last_break == len(pieces) - 1

    def finished(self) -> Blocks:
        """The blocks, after the last tag."""
        self._end()
        for node in self.made:
            self.ends[node] = len(self.blocks)
        blocks = zip(*self.blocks, strict=True) if self.blocks else [()] * _COLUMNS
        columns = [list(column) for column in (*blocks, *zip(*self.nodes, strict=True))]
        arguments: list[Any] = [*columns, self.ends]
        return Blocks(*arguments)

    def _mark(self, kind: int) -> None:
        """Elements that say something of the running block, or end it without being a node."""
        if kind == _BREAK:
            if self.pieces and self.last_break == len(self.pieces):
                self._end()
            self.pieces.append(" ")
            self.last_break = len(self.pieces)
        elif kind == _IMAGE:
            self.images += 1
        elif kind == _BOLD:
            self.bold = self.bold or not self.pieces
        else:
            self._end()
            self.ruled = True

    def _end(self) -> bool:
        """Ends the running block; True if there are as many as a page may have."""
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        if text:
            made = self.made
            if len(made) < len(self.stack):
                self._make_nodes()
            self.blocks.append(
                (
                    _unescaped(text) if "&" in text else text,
                    made[-1],
                    min(self.link_chars, len(text)),
                    self.links,
                    self.images,
                    self.bold,
                    self.ruled,
                )
            )
            self.images, self.ruled = 0, False
        self.link_chars, self.links, self.bold = 0, 0, False
        return len(self.blocks) > _MAX_BLOCKS

    def _make_nodes(self) -> None:
        """Nodes for the open elements that are none yet."""
        nodes, made, first = self.nodes, self.made, len(self.blocks)
        for tag, attributes in self.stack[len(made) :]:
            nodes.append((tag, attributes, made[-1], first))
            made.append(len(self.ends))
            self.ends.append(0)


def _unescaped(text: str) -> str:
    """What the parser escapes when it serialises, and nothing else."""
    return text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
