"""The main text of a page, chosen from its blocks by the learned model in `weights.npz`.

Two stages of trees give each block the probability that it is article text: the first looks at the block and its
surroundings, the second also at what the first thought of them. Then the set of blocks is chosen whose expected F1
is highest.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from broadsheet.formats.markup import plain_text
from broadsheet.stages.extract.blocks import Blocks
from broadsheet.stages.extract.blocktext import Column, Hints
from broadsheet.stages.extract.features import first_features, matrix, second_features
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page
from broadsheet.stages.extract.tokens import Tokens
from broadsheet.stages.extract.trees import Trees

_LOWEST, _HIGHEST = 0.35, 0.6
_BREAKS = re.compile(r"\n+|</p>|<br\s*/?>", re.I)
_MAX_BODY = 200_000
_TITLE_CHARS, _REPEAT_CHARS, _OWN_CHARS = 300, 40, 400


class Chosen(NamedTuple):
    """The text, paragraphs parted by an empty line, and the F1 that the model expects of it (0 to 1)."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Model:
    """What `make train` learns."""

    tokens: Tokens
    first: Trees
    second: Trees

    def probabilities(self, blocks: Blocks, hints: Hints) -> Column:
        """For each block the probability that it is article text."""
        places, columns = first_features(blocks, hints, self.tokens)
        likely = self.first.probabilities(matrix(columns, self.first.names))
        columns |= second_features(places, columns, likely)
        return self.second.probabilities(matrix(columns, self.second.names))


_LITTLE, _MUCH_MORE = 300, 3


def find_text(page: Page, blocks: Blocks, hints: Hints) -> Found[str] | None:
    """The main text: from the blocks, or JSON-LD `articleBody` where the blocks hold next to nothing.

    Pages that scripts build in the reader's browser often carry their text nowhere else.
    """
    text = choose_text(blocks, hints).text
    body = page.linked.article.get("articleBody")
    if len(text) < _LITTLE and isinstance(body, str) and len(body) > max(_LITTLE, _MUCH_MORE * len(text)):
        paragraphs = (plain_text(line) for line in _BREAKS.split(body[:_MAX_BODY]))
        return Found("\n\n".join(p for p in paragraphs if p), "json-ld articleBody")
    return Found(text, "blocks") if text else None


def choose_text(blocks: Blocks, hints: Hints) -> Chosen:
    """The main text of a page."""
    if not len(blocks):
        return Chosen("", 0.0)
    probabilities = load_model().probabilities(blocks, hints)
    keep, confidence = choose_blocks(blocks, hints, probabilities)
    return Chosen("\n\n".join(kept_texts(blocks, keep, hints)), confidence)


def choose_blocks(blocks: Blocks, hints: Hints, probabilities: Column) -> tuple[NDArray[np.bool_], float]:
    """Which blocks are kept, and the F1 that is expected of them."""
    keep, confidence = decide(probabilities, block_words(blocks))
    end = next_article(blocks, keep, hints)
    keep[end:] = False
    return keep, confidence


def next_article(blocks: Blocks, keep: NDArray[np.bool_], hints: Hints) -> int:
    """The block at which a page without end goes on with another article, else how many blocks there are.

    That article has a heading of the first order of its own, below the element that holds the title and the text.
    """
    headings = [number for number, node in enumerate(blocks.nodes) if blocks.tags[node] == "h1"]
    if len(headings) < 2:
        return len(blocks)
    title = hints.title.casefold()
    own = next((number for number in headings if blocks.texts[number].casefold() == title), headings[0])
    article = _article_around(blocks, own)
    first, end = blocks.node_first[article], blocks.node_end[article]
    held = sum(len(blocks.texts[number]) for number in np.flatnonzero(keep[first:end]) + first)
    if not article or held < _OWN_CHARS:
        return len(blocks)
    later = (n for n in headings if n >= end and blocks.texts[n] != blocks.texts[own])
    return next((number for number in later if _article_around(blocks, number)), len(blocks))


def _article_around(blocks: Blocks, number: int) -> int:
    """The narrowest `article` element around a block, 0 where there is none."""
    node = blocks.nodes[number]
    while node and blocks.tags[node] != "article":
        node = blocks.parents[node]
    return node


def block_words(blocks: Blocks) -> Column:
    """How many words each block has, roughly."""
    return np.array([t.count(" ") + 1 + len(t) / 40 for t in blocks.texts], np.float32)


def decide(probabilities: Column, words: Column) -> tuple[NDArray[np.bool_], float]:
    """The set of blocks with the highest expected F1, and that F1."""
    order = np.argsort(-probabilities)
    gain = np.cumsum((probabilities * words)[order])
    score = 2 * gain / (np.cumsum(words[order]) + gain[-1])
    best = int(np.argmax(score))
    threshold = min(max(float(probabilities[order[best]]), _LOWEST), _HIGHEST)
    return probabilities >= threshold, float(score[best])


def kept_texts(blocks: Blocks, keep: NDArray[np.bool_], hints: Hints) -> list[str]:
    """The texts of the kept blocks, without the title, and without long ones said twice."""
    title = hints.title.casefold()
    numbers = np.flatnonzero(keep).tolist()
    headings = [number for number in numbers if blocks.tags[blocks.nodes[number]] == "h1"]
    kept: dict[str, str] = {}
    for number in numbers:
        text = blocks.texts[number]
        is_title = len(text) < _TITLE_CHARS and (text.casefold() == title or headings == [number])
        if not is_title:
            kept.setdefault(text if len(text) >= _REPEAT_CHARS else f"{number} {text}", text)
    return list(kept.values())


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model that ships with the package."""
    with files(__package__).joinpath("weights.npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        stages = [
            Trees(
                tuple(arrays[f"{stage}_names"].tolist()),
                arrays[f"{stage}_features"].astype(np.int64),
                arrays[f"{stage}_borders"],
                arrays[f"{stage}_leaves"].astype(np.float32),
                float(arrays[f"{stage}_bias"]),
            )
            for stage in ("first", "second")
        ]
        tokens = Tokens(
            *(
                dict(zip(arrays[f"{kind}_tokens"].tolist(), arrays[f"{kind}_odds"].astype(float).tolist(), strict=True))
                for kind in ("attribute", "text")
            )
        )
    return Model(tokens, stages[0], stages[1])
