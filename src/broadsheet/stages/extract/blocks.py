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
    aside = len(tree.css("nav p, footer p"))
    is_main = aside > _FEW_ASIDE and aside > _MAX_ASIDE * len(tree.css("p"))
    tree.strip_tags(_DROPPED if is_main else [*_DROPPED, "nav", "footer"])
    return split_blocks(tree.html or "")


def split_blocks(html: str) -> Blocks:  # noqa: C901, PLR0912, PLR0915 - calls would double its time
    """The blocks of well-formed HTML, as the parser serialises it."""
    if "<!--" in html:
        html = _COMMENT.sub("", html)
    blocks = Blocks()
    tags, attributes, parents = blocks.tags, blocks.attributes, blocks.parents
    node_first, node_end = blocks.node_first, blocks.node_end
    kind_of = _KIND.get
    stack, node = [0], 0
    pieces: list[str] = []
    in_link = bold = ruled = False
    link_chars = links = images = last_break = 0

    def end() -> None:
        nonlocal link_chars, links, bold, images, ruled
        text = " ".join("".join(pieces).split())
        pieces.clear()
        if text:
            blocks.texts.append(entities.unescape(text) if "&" in text else text)
            blocks.nodes.append(node)
            blocks.link_chars.append(min(link_chars, len(text)))
            blocks.links.append(links)
            blocks.images.append(images)
            blocks.bold.append(bold)
            blocks.ruled.append(ruled)
            images, ruled = 0, False
        link_chars, links, bold = 0, 0, False

    for tag, attrs, text in _TOKEN.findall(html):
        kind = kind_of(tag)
        if kind is None:
            if pieces:
                end()
            if tag[0] != "/":
                parents.append(node)
                node = len(tags)
                tags.append(tag)
                attributes.append(attrs)
                node_first.append(len(blocks.texts))
                node_end.append(0)
                stack.append(node)
            elif len(stack) > 1:
                node_end[stack.pop()] = len(blocks.texts)
                node = stack[-1]
            if len(tags) > _MAX_NODES or len(blocks.texts) > _MAX_BLOCKS:
                break
        elif kind == _LINK:
            in_link = True
            links += 1
        elif kind == _UNLINK:
            in_link = False
        elif kind == _BREAK:
            if last_break == len(pieces) and pieces:
                end()
            pieces.append(" ")
            last_break = len(pieces)
        elif kind == _IMAGE:
            images += 1
        elif kind == _BOLD:
            bold = bold or len(pieces) == 0
        elif kind == _RULE:
            end()
            ruled = True
        if text:
            if text.isspace():
                if pieces:
                    pieces.append(" ")
                    last_break += last_break == len(pieces) - 1
            else:
                pieces.append(text)
                if in_link:
                    link_chars += len(text)
    end()
    for open_node in stack:
        node_end[open_node] = len(blocks.texts)
    return blocks
