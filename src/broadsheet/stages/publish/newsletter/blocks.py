"""What an HTML mail says, block by block: its text part, its page on the site and the check all read the same."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.formats.nesting import words
from broadsheet.stages.publish.site.links import web_address

_BLOCKS = words(
    "address article aside blockquote body center dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li "
    "main nav ol p pre section table tbody td tfoot th thead tr ul"
)
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile("[\t\n\r ]+")
_UNSEEN = frozenset(("head", "script", "style", "title", "template", "noscript"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one block that share a link: `href` is its address as it is written, None where there is none."""

    text: str
    href: str | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`h1` to `h6`), a paragraph (`p`) or a picture (`img`, with `src` and `alt`). `part` is `opening`,
    `closing`, or between them `kicker` for the line above a headline, else empty."""

    kind: str
    runs: tuple[Run, ...] = ()
    src: str = ""
    alt: str = ""
    part: str = ""

    @property
    def text(self) -> str:
        """All its letters."""
        return clean("".join(run.text for run in self.runs))


def clean(text: str) -> str:
    """The text with its blanks as single ones, and without what no HTML can hold."""
    return _SPACES.sub(" ", _UNSHOWN.sub("\ufffd", text)).strip()


def blocks_of(html: str) -> tuple[Block, ...]:
    """The blocks of an HTML mail in their order, without what readers don't see."""
    body = LexborHTMLParser(html).body
    reader = _Reader()
    if body is not None:
        reader.read(body, _At())
        reader.close(_At())
    return tuple(reader.blocks)


def links_of_html(html: str) -> Iterator[str]:
    """The addresses that the mail links to."""
    for node in LexborHTMLParser(html).css("a[href], area[href]"):
        yield (node.attributes.get("href") or "").strip()


def text_of(blocks: Sequence[Block]) -> str:
    """The mail as plain text: a block a paragraph, its addresses on lines of their own below it."""
    paragraphs = []
    for block in blocks:
        text = block.alt if block.kind == "img" else block.text
        addresses = dict.fromkeys(run.href for run in block.runs if run.href and web_address(run.href))
        if text:
            paragraphs.append("\n".join([text, *addresses]))
    return "\n\n".join(paragraphs) + "\n"


class _At(NamedTuple):
    """What holds at one place of the tree."""

    kind: str = "p"
    href: str | None = None
    strong: bool = False
    part: str = ""
    depth: int = 0


class _Reader:
    """Walks the tree; text gathers in `_runs` until a block begins or ends."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._runs: list[Run] = []

    def read(self, node: LexborNode, at: _At) -> None:
        """All that is below the node. Deeper than 200 elements nothing is read."""
        for child in node.iter(include_text=True):
            tag = child.tag or ""
            if tag == "-text":
                self._runs.append(Run(child.text(deep=False) or "", at.href, at.strong))
            elif tag not in _UNSEEN and at.depth < DEEPEST and not _is_hidden(child):
                self._element(child, tag, at._replace(depth=at.depth + 1))

    def _element(self, node: LexborNode, tag: str, at: _At) -> None:
        if tag == "br":
            self._runs.append(Run(" "))
        elif tag == "img":
            self.close(at)
            said = node.attributes
            self.blocks.append(Block("img", (), said.get("src") or "", said.get("alt") or "", at.part))
        elif tag in _BLOCKS:
            self._block(node, tag, at)
        elif tag == "a":
            self.read(node, at._replace(href=(node.attributes.get("href") or "").strip() or None))
        else:
            self.read(node, at._replace(strong=at.strong or tag in ("b", "strong")))

    def _block(self, node: LexborNode, tag: str, at: _At) -> None:
        """A cell of a row that has only letters goes on where the one before it ended."""
        in_line = tag in ("td", "th") and _is_line(node.parent)
        if not in_line or not self._is_begun():
            self.close(at)
        else:
            self._runs.append(Run(" · "))
        inner = at._replace(kind=tag if tag in _HEADINGS else at.kind, part=_part_of(node) or at.part)
        self.read(node, inner)
        if not in_line:
            self.close(inner)

    def _is_begun(self) -> bool:
        return any(run.text.strip() for run in self._runs)

    def close(self, at: _At) -> None:
        """Ends the block that is being gathered; one without letters is none."""
        block = Block(at.kind, _joined(self._runs), part=at.part)
        self._runs = []
        if block.text.strip():
            self.blocks.append(block)


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Neighbours of one kind as one, with single blanks."""
    found: list[Run] = []
    for run in runs:
        text = _SPACES.sub(" ", run.text)
        if found and (found[-1].href, found[-1].strong) == (run.href, run.strong):
            found[-1] = Run(found[-1].text + text, run.href, run.strong)
        elif text:
            found.append(Run(text, run.href, run.strong))
    return tuple(found)


def _is_hidden(node: LexborNode) -> bool:
    style = (node.attributes.get("style") or "").replace(" ", "").lower()
    return "display:none" in style or "hidden" in node.attributes


def _is_line(row: LexborNode | None) -> bool:
    """Whether a table's row has nothing in its cells but letters."""
    return row is not None and row.tag == "tr" and row.css_first("p, h1, h2, h3, table, div, img, li") is None


def _part_of(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    return next((part for part in ("opening", "closing", "kicker") if part in classes), "")
