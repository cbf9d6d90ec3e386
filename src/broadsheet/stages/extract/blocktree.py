"""Where each block stands: its node, the nodes around it, and blocks that stand in the same way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.blocks import Blocks
from broadsheet.stages.extract.blocktext import Column, Columns
from broadsheet.stages.extract.tokens import Tokens, names_of

Index = NDArray[np.int64]

_BITS = {
    tag: 1 << n
    for n, tag in enumerate(
        [
            "article",
            "main",
            "aside",
            "nav",
            "footer",
            "header",
            "li",
            "table",
            "form",
            "figure",
            "blockquote",
            "figcaption",
            "section",
            "p",
            "details",
        ]
    )
}
_BIT_COLUMNS = tuple(f"in_{tag}" for tag in _BITS)
_SHIFTS = np.arange(len(_BITS))[:, None]
_HIDDEN, _BODY = 1 << 20, 1 << 21
_TAGS = ("p", "h1", "h2", "h3", "h4", "li", "div", "td", "figcaption", "blockquote")
_TAG_COLUMNS = tuple(f"is_{tag}" for tag in _TAGS)
_TAG_NUMBERS = {tag: number for number, tag in enumerate(_TAGS)}
_NUMBERS = np.arange(len(_TAGS), dtype=np.int8)[:, None]
_LEVEL_COLUMNS = [
    [f"node{level}_{what}" for what in ("chars", "density", "blocks", "good", "paragraph", "mean")]
    for level in range(4)
]
_GOOD_CHARS, _GOOD_DENSITY = 80, 0.4


@dataclass(frozen=True, slots=True)
class Places:
    """For each block its node and the three next wider ones (nodes that hold more blocks), and two groups.

    `group` numbers the blocks with the same parent, tag and class, `path` those with the same tags and classes all
    the way up. `first` and `end` are the ranges of blocks of every node.
    """

    levels: tuple[Index, Index, Index, Index]
    group: Index
    path: Index
    first: Index
    end: Index


def place_blocks(blocks: Blocks, tokens: Tokens) -> tuple[Places, Columns]:
    """The places of all blocks and the columns that tags and attributes give."""
    walk = _Walk(blocks, tokens)
    node = np.array(blocks.nodes, np.int64)
    wider = np.array(walk.wider, np.int64)
    levels = (node, wider[node], wider[wider[node]], wider[wider[wider[node]]])
    group, path = np.array(walk.group, np.int64)[node], np.array(walk.path, np.int64)[node]
    places = Places(levels, group, path, np.array(blocks.node_first, np.int64), np.array(blocks.node_end, np.int64))
    own = np.array(walk.own, np.float32)
    bits = np.array(walk.bits, np.int64)[node]
    columns: Columns = {
        "depth": np.array(walk.depth, np.float32)[node],
        "names": own[node],
        "names_up1": own[levels[1]],
        "names_up2": own[levels[2]],
        "names_low": np.array(walk.low, np.float32)[node],
        "names_high": np.array(walk.high, np.float32)[node],
        "names_sum": np.array(walk.decayed, np.float32)[node],
        "hidden": ((bits & _HIDDEN) > 0).astype(np.float32),
        "in_article_body": ((bits & _BODY) > 0).astype(np.float32),
        "has_article_body": np.full(len(node), walk.has_body, np.float32),
    }
    columns |= zip(_BIT_COLUMNS, ((bits >> _SHIFTS) & 1).astype(np.float32), strict=True)
    tag_numbers = np.array([_TAG_NUMBERS.get(t, -1) for t in blocks.tags], np.int8)[node]
    columns |= zip(_TAG_COLUMNS, (tag_numbers == _NUMBERS).astype(np.float32), strict=True)
    return places, columns


class _Walk:
    """One pass over the nodes, parents before children; nodes without blocks are passed over."""

    def __init__(self, blocks: Blocks, tokens: Tokens) -> None:
        count = len(blocks.tags)
        self.wider, self.depth, self.bits, self.group, self.path = ([0] * count for _ in range(5))
        self.own, self.low, self.high, self.decayed = ([0.0] * count for _ in range(4))
        self.has_body = False
        self._known: dict[str, _Named] = {"": (0.0, 0.0, 0, "")}
        self._tokens = tokens
        self._enter_all(blocks)

    def _enter_all(self, blocks: Blocks) -> None:
        """Written with local names: this loop is a third of the time that the choice of the text takes."""
        first, end, parents, known = blocks.node_first, blocks.node_end, blocks.parents, self._known
        wider, depth, bits, low, high = self.wider, self.depth, self.bits, self.low, self.high
        groups: dict[tuple[int, str, str], int] = {}
        paths: dict[tuple[int, str, str], int] = {}
        for node, (tag, attributes) in enumerate(zip(blocks.tags, blocks.attributes, strict=True)):
            size = end[node] - first[node]
            if not size or not node:
                continue
            parent = parents[node]
            named = known.get(attributes) or self._read(attributes)
            up, down, flags, name = named
            wider[node] = parent if end[parent] - first[parent] > size else wider[parent]
            depth[node] = depth[parent] + 1
            self.own[node] = own = up + down
            low[node] = down if down < low[parent] else low[parent]
            high[node] = up if up > high[parent] else high[parent]
            self.decayed[node] = own + 0.7 * self.decayed[parent]
            bits[node] = bits[parent] | flags | _BITS.get(tag, 0)
            self.group[node] = groups.setdefault((parent, tag, name), node)
            self.path[node] = paths.setdefault((self.path[parent], tag, name), node)

    def _read(self, attributes: str) -> "_Named":
        """What an element's attributes say."""
        names, hidden, is_body = names_of(attributes)
        high = low = 0.0
        if names:
            scores = [self._tokens.of_name(name) for name in names]
            high, low = max(score[0] for score in scores), min(score[1] for score in scores)
        self.has_body = self.has_body or is_body
        named = (high, low, _HIDDEN * hidden | _BODY * is_body, names[0] if names else "")
        self._known[attributes] = named
        return named


_Named = tuple[float, float, int, str]  # highest and lowest score of the names, flags, first name


def node_columns(places: Places, text: Columns, is_paragraph: Column) -> Columns:
    """What the node of a block and the wider ones around it hold."""
    chars, density = text["chars"], text["density"]
    good = np.where((chars >= _GOOD_CHARS) & (density < _GOOD_DENSITY), chars, 0).astype(np.float32)
    sums = {
        "chars": _running(chars),
        "links": _running(text["link_chars"]),
        "good": _running(good),
        "paragraph": _running(chars * is_paragraph),
    }
    whole_good = max(float(good.sum()), 1.0)
    within = {name: run[places.end] - run[places.first] for name, run in sums.items()}
    count = places.end - places.first
    size = np.maximum(within["chars"], 1)
    table = np.stack(
        [
            np.log1p(within["chars"]),
            within["links"] / size,
            np.log1p(count),
            within["good"] / whole_good,
            within["paragraph"] / size,
            within["chars"] / np.maximum(count, 1),
        ]
    ).astype(np.float32)
    columns: Columns = {"good": good}
    for names, node in zip(_LEVEL_COLUMNS, places.levels, strict=True):
        columns |= zip(names, table[:, node], strict=True)
    return columns | _container_columns(places, sums["good"], whole_good, len(chars))


def _running(values: Column) -> NDArray[np.float64]:
    return np.concatenate(([0.0], np.cumsum(values, dtype=np.float64)))


def _container_columns(places: Places, good: NDArray[np.float64], whole: float, count: int) -> Columns:
    """Whether a block is in the narrowest node that holds most of the page's good text."""
    index = np.arange(count)
    held = (good[places.end] - good[places.first]) / whole
    columns: Columns = {}
    for name, least in (("most", 0.6), ("third", 0.35)):
        fitting = np.flatnonzero(held >= least)
        best = fitting[np.argmin((places.end - places.first)[fitting])] if len(fitting) else 0
        inside = (index >= places.first[best]) & (index < places.end[best])
        columns[f"in_{name}"] = inside.astype(np.float32)
        columns[f"{name}_share"] = np.full(count, held[best], np.float32)
        columns[f"{name}_size"] = np.full(count, (places.end[best] - places.first[best]) / max(count, 1), np.float32)
    return columns


def group_columns(places: Places, text: Columns) -> Columns:
    """What the blocks that stand in the same way have in common."""
    columns: Columns = {}
    page = max(float(text["chars"].sum()), 1.0)
    for name, key in (("group", places.group), ("path", places.path)):
        count = np.bincount(key)[key].astype(np.float32)
        chars = np.bincount(key, text["chars"])[key].astype(np.float32)
        links = np.bincount(key, text["link_chars"])[key].astype(np.float32)
        columns[f"{name}_count"] = np.log1p(count)
        columns[f"{name}_share"] = chars / page
        columns[f"{name}_mean"] = chars / count
        columns[f"{name}_density"] = (links / np.maximum(chars, 1)).astype(np.float32, copy=False)
    return columns
