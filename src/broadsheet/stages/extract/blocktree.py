"""Where each block stands: its node, the nodes around it, and blocks that stand in the same way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.blocks import Blocks
from broadsheet.stages.extract.blocktext import Column, Columns
from broadsheet.stages.extract.tokens import HIDDEN, IS_BODY, Named, Tokens

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
_SCORE_COLUMNS = ("depth", "names", "names_low", "names_high", "names_sum")
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
    depths, bits, own, low, high, faded, wider, _, group, path = _walk(blocks, tokens)
    node, up = np.array(blocks.nodes, np.int64), np.array(wider, np.int64)
    levels = (node, up[node], up[up[node]], up[up[up[node]]])
    places = Places(
        levels,
        np.array(group, np.int64)[node],
        np.array(path, np.int64)[node],
        np.array(blocks.node_first, np.int64),
        np.array(blocks.node_end, np.int64),
    )
    scores = np.array((depths, own, low, high, faded), np.float32)
    all_bits = np.array(bits, np.int64)
    bits_of = all_bits[node]
    columns: Columns = dict(zip(_SCORE_COLUMNS, scores[:, node], strict=True))
    columns["names_up1"], columns["names_up2"] = scores[1, levels[1]], scores[1, levels[2]]
    columns["hidden"] = ((bits_of & HIDDEN) > 0).astype(np.float32)
    columns["has_article_body"] = np.full(len(node), bool((all_bits & IS_BODY).any()), np.float32)
    columns |= zip(_BIT_COLUMNS, ((bits_of >> _SHIFTS) & 1).astype(np.float32), strict=True)
    tag_numbers = np.array([_TAG_NUMBERS.get(t, -1) for t in blocks.tags], np.int8)[node]
    columns |= zip(_TAG_COLUMNS, (tag_numbers == _NUMBERS).astype(np.float32), strict=True)
    return places, columns


# Of a node: depth, bits, its own score, the lowest, the highest and the fading sum of those around it, the next wider
# node, how many blocks it holds, its group and its path.
_State = tuple[int, int, float, float, float, float, int, int, int, int]


def _walk(blocks: Blocks, tokens: Tokens) -> list[tuple[float, ...]]:
    """The states of all nodes as columns, in one pass, parents before children; nodes without blocks are empty.

    This loop is a fifth of the time that the choice of the text takes.
    """
    nothing: _State = (0, 0, 0.0, 0.0, 0.0, 0.0, 0, len(blocks), 0, 0)
    states, of_element, bit_of = [nothing], tokens.of_element, _BITS.get
    groups: dict[tuple[int, str, str], int] = {}
    paths: dict[tuple[int, str, str], int] = {}
    nodes = zip(blocks.tags, blocks.attributes, blocks.parents, blocks.node_first, blocks.node_end, strict=True)
    for node, (tag, attributes, parent, first, end) in enumerate(nodes):
        if first == end or not node:
            states += [nothing] if node else []
            continue
        up, down, flags, name = of_element(attributes) if attributes else _NAMELESS
        depth, bits, _, low, high, faded, wider, size, _, path = states[parent]
        own = up + down
        states.append(
            (
                depth + 1,
                bits | flags | bit_of(tag, 0),
                own,
                down if down < low else low,
                up if up > high else high,
                own + 0.7 * faded,
                parent if size > end - first else wider,
                end - first,
                groups.setdefault((parent, tag, name), node),
                paths.setdefault((path, tag, name), node),
            )
        )
    return list(zip(*states, strict=True))


_NAMELESS: Named = (0.0, 0.0, 0, "")


def node_columns(places: Places, text: Columns, is_paragraph: Column) -> Columns:
    """What the node of a block and the wider ones around it hold."""
    chars, density = text["chars"], text["density"]
    good = np.where((chars >= _GOOD_CHARS) & (density < _GOOD_DENSITY), chars, 0).astype(np.float32)
    sums = {
        "chars": running(chars),
        "links": running(text["link_chars"]),
        "good": running(good),
        "paragraph": running(chars * is_paragraph),
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


def running(values: Column) -> NDArray[np.float64]:
    """The sums of the values before each place, from 0 to all of them."""
    sums = np.zeros(len(values) + 1)
    np.cumsum(values, dtype=np.float64, out=sums[1:])
    return sums


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
