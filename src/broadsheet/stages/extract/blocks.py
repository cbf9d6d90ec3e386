"""The body of a page as blocks of text: what a reader sees as a paragraph, a heading, a cell, an entry of a menu.

The tree is serialised and taken apart with one regular expression, which is several times faster than visiting its
nodes from Python. Inline elements vanish in their text; every other element opens a node and ends the running block.
"""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

# What is taken out before the text is read; the second group is so rare that it is looked for only among the tags.
_COMMON = [
    "script", "style", "noscript", "svg", "template", "iframe", "select", "head", "button", "textarea", "video",
]  # fmt: skip
_RARE = frozenset(["object", "audio", "canvas", "map", "datalist", "math", "xmp", "plaintext", "noembed", "noframes"])
_ASIDE = ["nav", "footer"]
# What stands within sentences and is not seen: words for screen readers only, boxes that open under the pointer.
_UNSEEN_CLASSES = (
    "visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "u-visually-hidden",
    "tooltiptext", "tooltip-text", "tooltip-content", "popover-content", "rollover-block",
)  # fmt: skip
_UNSEEN = re.compile(
    rf' class="(?:[^"]*\s)?(?:{"|".join(_UNSEEN_CLASSES)})(?:\s[^"]*)?"| role="tooltip"| style="[^"]*clip: ?rect\('
)
# Each of them has one of these, which are looked for much faster.
_UNSEEN_MARKS = ("visually", "sr-only", "screen-reader-text", "tooltip", "popover-content", "rollover-block", "rect(")
# The parser writes `<` and `>` as entities in attributes too, so the first `>` ends a tag.
_TAG = re.compile(r"<(/?+[a-zA-Z][^\s>/]*+|[!?])([^>]*+)>")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
# Paragraphs in `nav` and `footer`, as a number and as a share: with more the page uses them for something else.
_FEW_ASIDE, _MAX_ASIDE = 3, 0.4
_MAX_BLOCKS = 12_000

_INLINE = [
    "abbr", "acronym", "amp-img", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
    "ins", "kbd", "label", "mark", "nobr", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "o:p", "amp-fit-text",
]  # fmt: skip
_VOID = ["area", "base", "col", "embed", "img", "input", "link", "meta", "param", "source", "track", "keygen"]
_SKIP, _LINK, _UNLINK, _BREAK, _RULE = range(1, 6)
_KIND = dict.fromkeys((*_INLINE, *(f"/{t}" for t in _INLINE), *_VOID, "!", "?"), _SKIP) | {
    "a": _LINK, "/a": _UNLINK, "br": _BREAK, "hr": _RULE,
}  # fmt: skip


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
    tree.strip_tags(_COMMON if is_main else [*_COMMON, *_ASIDE])
    parts = _tokens(tree.html or "")
    if unwanted := _RARE.intersection(parts[1::3]):
        tree.strip_tags([*unwanted])
        parts = _tokens(tree.html or "")
    return _Splitter().split(_seen(parts))


def split_blocks(html: str) -> Blocks:
    """The blocks of well-formed HTML, as the parser serialises it."""
    return _Splitter().split(_tokens(html))


def _tokens(html: str) -> list[str]:
    """What stands before the first tag, then of each tag: its name, its attributes, the text that follows."""
    return _TAG.split(_COMMENT.sub("", html) if "<!--" in html else html)


def _seen(parts: list[str]) -> list[str]:
    """The tokens without those spans that are not seen, and what is in them."""
    spans = {attributes for tag, attributes in zip(parts[1::3], parts[2::3], strict=True) if tag == "span"}
    named = " ".join(spans)
    unseen = {s for s in spans if _UNSEEN.search(s)} if any(mark in named for mark in _UNSEEN_MARKS) else None
    if not unseen:
        return parts
    kept, around, depth = list[str](), parts[:1], 0
    for tag, attributes, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        if depth:
            depth += (tag == "span") - (tag == "/span")
            around += [] if depth else [text]
        elif attributes in unseen and tag == "span":
            depth = 1
        else:
            kept += ("".join(around), tag, attributes)
            around = [text]
    return [*kept, "".join(around)]


class _Splitter:
    """Goes over the tags once; what happens at most tags stands in the loop itself, because calls cost.

    `stack` holds the open elements, `made` the nodes of the outermost of them: an element becomes a node with its
    first block, so that those without text cost nothing.
    """

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.raw: list[str] = []
        self.stack = [("", "")]
        self.made = [0]
        self.pieces: list[str] = []
        self.link_chars = self.links = self.last_break = 0

    def split(self, parts: list[str]) -> Blocks:
        """The blocks of what `_tokens` made of a page."""
        self._feed(parts[1::3], parts[2::3], parts[3::3])
        self._end()
        blocks, ends = self.blocks, self.blocks.node_end
        for node in self.made:
            ends[node] = len(self.raw)
        folded = [t if t.isprintable() and "  " not in t else " ".join(t.split()) for t in map(str.strip, self.raw)]
        blocks.link_chars = [*map(min, blocks.link_chars, map(len, folded))]
        blocks.texts = [_unescaped(text) if "&" in text else text for text in folded]
        return blocks

    def _feed(self, tags: list[str], attributes: list[str], texts: list[str]) -> None:  # noqa: C901, PLR0912 (one loop)
        pieces, stack, made, ends = self.pieces, self.stack, self.made, self.blocks.node_end
        in_link = False
        for kind, tag, named, text in zip(map(_KIND.get, tags), tags, attributes, texts, strict=True):
            if kind is None:
                if pieces and self._end():
                    break
                if tag[0] != "/":
                    stack.append((tag, named))
                elif len(stack) > 1:
                    if len(stack) == len(made):
                        ends[made.pop()] = len(self.raw)
                    stack.pop()
            elif kind != _SKIP:
                if kind == _LINK:
                    in_link = True
                    self.links += 1
                elif kind == _UNLINK:
                    in_link = False
                else:
                    self._break(kind)
            if text:
                if not text.isspace():
                    pieces.append(text)
                    if in_link:
                        self.link_chars += len(text)
                elif pieces:
                    pieces.append(" ")
                    self.last_break += self.last_break == len(pieces) - 1

    def _break(self, kind: int) -> None:
        """A second break ends the block, and so does a rule."""
        if kind == _RULE or (self.pieces and self.last_break == len(self.pieces)):
            self._end()
        if kind == _BREAK:
            self.pieces.append(" ")
            self.last_break = len(self.pieces)

    def _end(self) -> bool:
        """Ends the running block; True if there are as many as a page may have."""
        raw = "".join(self.pieces)
        self.pieces.clear()
        if raw and not raw.isspace():
            made, blocks = self.made, self.blocks
            if len(made) < len(self.stack):
                self._make_nodes()
            self.raw.append(raw)
            blocks.nodes.append(made[-1])
            blocks.link_chars.append(self.link_chars)
            blocks.links.append(self.links)
        self.link_chars = self.links = 0
        return len(self.raw) > _MAX_BLOCKS

    def _make_nodes(self) -> None:
        """Nodes for the open elements that are none yet."""
        blocks, made, first = self.blocks, self.made, len(self.raw)
        for tag, attributes in self.stack[len(made) :]:
            blocks.parents.append(made[-1])
            made.append(len(blocks.tags))
            blocks.tags.append(tag)
            blocks.attributes.append(attributes)
            blocks.node_first.append(first)
            blocks.node_end.append(0)


def _unescaped(text: str) -> str:
    """What the parser escapes when it serialises, and nothing else."""
    return text.replace("&nbsp;", "\xa0").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
