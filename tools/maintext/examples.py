"""Labelled pages to learn from: for every block of a page the share of it that is article text."""

import gzip
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from broadsheet.errors import Rejected
from broadsheet.formats.urls import registrable_domain
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Response
from broadsheet.stages.extract.article import hints_of
from broadsheet.stages.extract.blocks import Blocks, read_blocks
from broadsheet.stages.extract.blocktext import Hints
from broadsheet.stages.extract.page import read_page
from broadsheet.stages.extract.title import find_title

WORD = re.compile(r"\w+")
Texts = list[tuple[str, float, str]]  # what others say is the text: who, how much it is trusted, what it says
TAUGHT = 0.35  # how much a page that other extractors read weighs, beside 1 for one whose text is written down
_SHORTENED, _TITLE = 0.5, 0.3
_DOUBTED = 0.25  # what a block counts on which the other extractors are of two minds, beside 1 where they agree
_MARKED = {"with": 0.95, "without": 0.05}
_SITE = re.compile(r"\w+::([\w-]+(?:\.[\w-]+)*?\.[a-z]{2,4})\b")


@dataclass
class Example:
    """A page with a label (the share of a block that is article text) and a weight for each of its blocks."""

    url: str
    publisher: str
    blocks: Blocks
    hints: Hints
    labels: np.ndarray
    weights: np.ndarray
    importance: float
    is_copy: bool = False


def read_truths(path: Path) -> dict[str, dict[str, Any]]:
    """The lines of a truth file by URL."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return {row["url"]: row for row in map(json.loads, lines)}


def read_examples(warc: Path, truths: Mapping[str, dict[str, Any]], taught: Mapping[str, Texts]) -> list[Example]:
    """All pages of the archive that have blocks; those that nobody said anything about have no importance."""
    found = (
        _example(response, truths.get(response.url, {}), taught.get(response.url, []))
        for response in read_responses(warc)
    )
    return [example for example in found if example]


def _example(response: Response, truth: Mapping[str, Any], texts: Texts) -> Example | None:
    try:
        page = read_page(response)
    except Rejected:
        return None
    title = find_title(page)
    hints = hints_of(page, title.value if title else "")
    blocks = read_blocks(page.tree)
    if not len(blocks):
        return None
    labels, importance = label(blocks, truth, texts)
    weights = np.log2(np.array([len(WORD.findall(text)) for text in blocks.texts]) + 1.5)
    if importance < 1:
        weights *= _DOUBTED + (1 - _DOUBTED) * np.abs(2 * labels - 1)
    titles = titles_among(blocks, hints)
    labels[titles], weights[titles] = 0.0, _TITLE * weights[titles]
    return Example(response.url, publisher_of(response.url), blocks, hints, labels, weights, importance)


def titles_among(blocks: Blocks, hints: Hints) -> list[int]:
    """The blocks that are never kept, because they are the title: their words often stand in the text as well."""
    headings = [number for number, node in enumerate(blocks.nodes) if blocks.tags[node] == "h1"]
    title = hints.title.casefold()
    equal = [number for number, text in enumerate(blocks.texts) if text.casefold() == title]
    return equal + headings if len(headings) == 1 else equal


def publisher_of(url: str) -> str:
    """The registrable domain; of names that are no addresses (`kind::site.com-page.html`) the site they begin with."""
    if "://" in url:
        return registrable_domain(url)
    name = _SITE.match(url)
    return registrable_domain(f"https://{name.group(1)}/") if name else url


# --- labels ---------------------------------------------------------------------------------------------------------


def label(blocks: Blocks, truth: Mapping[str, Any], texts: Texts) -> tuple[np.ndarray, float]:
    """The labels, and how much they are to be trusted."""
    if truth.get("text"):
        return covered(blocks, truth["text"]), 1.0
    if not texts:
        return np.zeros(len(blocks)), 0.0
    trust = sum(weight for _, weight, _ in texts)
    mean = sum(weight * covered(blocks, text) for _, weight, text in texts) / trust
    labels = np.clip((mean - 0.2) / 0.55, 0, 1)
    squeezed = [" ".join(text.split()) for text in blocks.texts]
    for key, value in _MARKED.items():
        for marked in truth.get(key, []):
            needle = " ".join(marked.split())
            labels[[needle in text for text in squeezed]] = value
    return labels, TAUGHT


def covered(blocks: Blocks, text: str) -> np.ndarray:
    """The share of each block's words that stand in `text`, in runs of four; short blocks all or nothing."""
    truth = WORD.findall(text)
    grams = {tuple(truth[i : i + 4]) for i in range(len(truth) - 3)}
    lines = {" ".join(WORD.findall(line)) for line in text.split("\n")}
    words = [WORD.findall(t) for t in blocks.texts]
    stream = [word for block in words for word in block]
    hit = np.zeros(len(stream) + 1, bool)
    for i in range(len(stream) - 3):
        if tuple(stream[i : i + 4]) in grams:
            hit[i : i + 4] = True
    shares, at = [], 0
    for block in words:
        share = float(hit[at : at + len(block)].mean()) if block else 0.0
        at += len(block)
        if len(block) < 4:
            is_line = " ".join(block) in lines
            share = float(share == 1.0 or (is_line and (share > 0 or len(block) > 1)))
        shares.append(share)
    return np.array(shares)


# --- copies ---------------------------------------------------------------------------------------------------------


def shortened(example: Example, random: np.random.Generator) -> Example | None:
    """A copy whose article ends after a few paragraphs, so that long comment threads never look like the article."""
    long = [i for i, t in enumerate(example.blocks.texts) if example.labels[i] > 0.7 and len(t) > 80]
    if len(long) < 4:
        return None
    last = long[int(random.integers(0, min(6, len(long) - 2)))]
    keep = np.array([i <= last or y < 0.5 for i, y in enumerate(example.labels)])
    return replace(
        example,
        blocks=part_of(example.blocks, keep),
        labels=example.labels[keep],
        weights=example.weights[keep],
        importance=_SHORTENED * example.importance,
        is_copy=True,
        hints=replace(example.hints, body=""),
    )


def part_of(blocks: Blocks, keep: np.ndarray) -> Blocks:
    """The same page with some of its blocks only, and only the nodes that hold one."""
    place = np.concatenate(([0], np.cumsum(keep)))
    first, end = place[blocks.node_first], place[blocks.node_end]
    holds = end > first
    holds[0] = True
    number = np.cumsum(holds) - 1

    def pick(column: list[Any], which: np.ndarray = keep) -> list[Any]:
        return [value for value, kept in zip(column, which, strict=True) if kept]

    return replace(
        blocks,
        texts=pick(blocks.texts),
        nodes=number[pick(blocks.nodes)].tolist(),
        link_chars=pick(blocks.link_chars),
        links=pick(blocks.links),
        tags=pick(blocks.tags, holds),
        attributes=pick(blocks.attributes, holds),
        parents=number[pick(blocks.parents, holds)].tolist(),
        node_first=first[holds].tolist(),
        node_end=end[holds].tolist(),
    )
