"""The body of a page as blocks of text: what a reader sees as a paragraph, a heading, a cell, an entry of a menu.

The tree is serialised and taken apart with one regular expression, which is several times faster than visiting its
nodes from Python. Inline elements vanish in their text; every other element opens a node and ends the running block.
"""

import html as entities
import re
from dataclasses import dataclass, field

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
_TOKEN = re.compile(r'<(/?[a-zA-Z][^\s>/]*)([^">]*+(?:"[^"]*+"[^">]*+)*+)>([^<]*)')
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# Paragraphs in `nav` and `footer`, as a number and as a share: with more the page uses them for something else.
_FEW_ASIDE, _MAX_ASIDE = 3, 0.4
_MAX_BLOCKS, _MAX_NODES = 12_000, 60_000

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
    dict.fromkeys((*_INLINE, *(f"/{t}" for t in _INLINE), *_VOID), _SKIP)
    | {"a": _LINK, "/a": _UNLINK, "br": _BREAK, "hr": _RULE, "img": _IMAGE, "amp-img": _SKIP, "/amp-img": _SKIP}
    | {"strong": _BOLD, "b": _BOLD}
)


@dataclass(slots=True)
class Blocks:
    """Columns, one entry a block (first group) and one entry a node (second group), both in the order of the page.

    The blocks below a node are `node_first[n]` up to, not including, `node_end[n]`. Node 0 is the page.
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
    for unseen in tree.css(_UNSEEN):
        unseen.decompose()
    aside = len(tree.css("nav p, footer p"))
    is_main = aside > _FEW_ASIDE and aside > _MAX_ASIDE * len(tree.css("p"))
    tree.strip_tags(_DROPPED if is_main else [*_DROPPED, "nav", "footer"])
    return split_blocks(tree.html or "")


def split_blocks(html: str) -> Blocks:
    """The blocks of well-formed HTML, as the parser serialises it."""
    if "<!--" in html:
        html = _COMMENT.sub("", html)
    splitter = _Splitter()
    splitter.feed(_TOKEN.findall(html))
    return splitter.finished()


class _Splitter:
    """Goes over the tokens once; what happens at most tokens stands in the loop itself, because calls cost."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.stack = [0]
        self.pieces: list[str] = []
        self.link_chars = self.links = self.images = self.last_break = 0
        self.in_link = self.bold = self.ruled = False

    def feed(self, tokens: list[tuple[str, str, str]]) -> None:
        """Tokens are (tag, attributes, the text that follows)."""
        pieces, kind_of = self.pieces, _KIND.get
        for tag, attributes, text in tokens:
            kind = kind_of(tag)
            if kind is None:
                if pieces:
                    self._end()
                if tag[0] != "/":
                    self._open(tag, attributes)
                else:
                    self._close()
                if self._is_full():
                    break
            elif kind != _SKIP:
                self._mark(kind)
            if text:
                if not text.isspace():
                    pieces.append(text)
                    self.link_chars += len(text) if self.in_link else 0
                elif pieces:
                    pieces.append(" ")
                    self.last_break += self.last_break == len(pieces) - 1

    def finished(self) -> Blocks:
        """The blocks, after the last token."""
        self._end()
        for node in self.stack:
            self.blocks.node_end[node] = len(self.blocks.texts)
        return self.blocks

    def _is_full(self) -> bool:
        return len(self.blocks.tags) > _MAX_NODES or len(self.blocks.texts) > _MAX_BLOCKS

    def _open(self, tag: str, attributes: str) -> None:
        blocks = self.blocks
        blocks.parents.append(self.stack[-1])
        self.stack.append(len(blocks.tags))
        blocks.tags.append(tag)
        blocks.attributes.append(attributes)
        blocks.node_first.append(len(blocks.texts))
        blocks.node_end.append(0)

    def _close(self) -> None:
        if len(self.stack) > 1:
            self.blocks.node_end[self.stack.pop()] = len(self.blocks.texts)

    def _mark(self, kind: int) -> None:
        """Elements that say something of the running block, or end it without being a node."""
        if kind == _LINK:
            self.in_link = True
            self.links += 1
        elif kind == _UNLINK:
            self.in_link = False
        elif kind == _BREAK:
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

    def _end(self) -> None:
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        if text:
            blocks = self.blocks
            blocks.texts.append(entities.unescape(text) if "&" in text else text)
            blocks.nodes.append(self.stack[-1])
            blocks.link_chars.append(min(self.link_chars, len(text)))
            blocks.links.append(self.links)
            blocks.images.append(self.images)
            blocks.bold.append(self.bold)
            blocks.ruled.append(self.ruled)
            self.images, self.ruled = 0, False
        self.link_chars, self.links, self.bold = 0, 0, False
