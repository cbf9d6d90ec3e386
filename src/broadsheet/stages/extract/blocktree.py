"""Where each block stands: its node, the nodes around it, and blocks that stand in the same way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.stages.extract.blocks import Blocks
from broadsheet.stages.extract.blocktext import Column, Columns
from broadsheet.stages.extract.tokens import HIDDEN, IS_BODY, Named, Tokens

Index = NDArray[np.int64]

# The elements around a block that trees ask for.
_AROUND = ("main", "aside", "header", "li", "table", "figure", "figcaption")
_BITS = {tag: 1 << number for number, tag in enumerate(_AROUND)}
_BIT_COLUMNS = ("hidden", *(f"in_{tag}" for tag in _AROUND))
_MASKS = np.array([HIDDEN, *_BITS.values()], np.int64)[:, None]
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
    states, chain_of = _walk(blocks, tokens)
    tags, bits, path, *numbers = zip(*states, strict=True)
    node = np.array(blocks.nodes, np.int64)
    chains = np.array(chain_of, np.int64)
    parents, first, end = (np.array(c, np.int64) for c in (blocks.parents, blocks.node_first, blocks.node_end))
    up = _wider(parents, end - first)
    wider = up[node]
    widest = up[wider]
    chain, paths = chains[node], np.array(path, np.int64)[chains]
    _, group = np.unique(parents[node] * len(chains) + paths[node], return_inverse=True)
    places = Places((node, wider, widest, up[widest]), group, paths[node], first, end)
    scores = np.array(numbers, np.float32)
    bits_of = np.array(bits, np.int64)
    columns: Columns = dict(zip(_SCORE_COLUMNS, scores[:, chain], strict=True))
    columns["names_up1"], columns["names_up2"] = scores[1, chains[wider]], scores[1, chains[widest]]
    columns["has_article_body"] = np.full(len(node), bool((bits_of & IS_BODY).any()), np.float32)
    columns |= zip(_BIT_COLUMNS, ((bits_of[chain] & _MASKS) > 0).astype(np.float32), strict=True)
    tag_numbers = np.array(tags, np.int8)[chain]
    columns |= zip(_TAG_COLUMNS, (tag_numbers == _NUMBERS).astype(np.float32), strict=True)
    return places, columns


def _wider(parents: Index, sizes: Index) -> Index:
    """For each node the next one above it that holds more blocks; the page is above itself."""
    top = np.where(sizes == sizes[parents], parents, np.arange(len(parents)))
    while (higher := top[top]).tobytes() != top.tobytes():
        top = higher
    return parents[top]


# Of a chain: the number of its tag, bits, its path, depth, its own score, the lowest, the highest and the fading sum
# of those around it.
_State = tuple[int, int, int, int, float, float, float, float]


def _walk(blocks: Blocks, tokens: Tokens) -> tuple[list[_State], list[int]]:
    """The states of all chains, and the chain of each node.

    Elements that say the same of themselves, below elements that do, are one chain: entries of a list mostly are.
    """
    states: list[_State] = [(-1, 0, 0, 0, 0.0, 0.0, 0.0, 0.0)]
    chain_of, chains = [0], dict[tuple[int, str, str], int]()
    paths: dict[tuple[int, str, str], int] = {}
    of_element, bit_of, tag_number = tokens.of_element, _BITS.get, _TAG_NUMBERS.get
    nodes = zip(blocks.tags, blocks.attributes, blocks.parents, strict=True)
    next(nodes)
    for tag, attributes, parent in nodes:
        above = chain_of[parent]
        chain = chains.setdefault((above, tag, attributes), len(states))
        chain_of.append(chain)
        if chain < len(states):
            continue
        up, down, flags, name = of_element(attributes) if attributes else _NAMELESS
        _, bits, path, depth, _, low, high, faded = states[above]
        own = up + down
        states.append(
            (
                tag_number(tag, -1),
                bits | flags | bit_of(tag, 0),
                paths.setdefault((path, tag, name), chain),
                depth + 1,
                own,
                down if down < low else low,
                up if up > high else high,
                own + 0.7 * faded,
            )
        )
    return states, chain_of


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
