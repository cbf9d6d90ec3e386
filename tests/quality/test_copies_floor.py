"""How well copies are told from what only looks like them, on cases that are made from real pages. A floor may rise
and never fall. Their texts are those that people established: cases of our own reading moved with every change of
extraction, and the floors with them. One report with a long quote, of eleven, is taken for a copy. Nothing was learned
from the pages; the second half was looked at only after the settings stood."""

from pathlib import Path

import pytest
from tests.quality.copy_cases import make_cases, read_sources
from tests.quality.copy_scores import Scores, score

LEAST = {
    "copy of a copy": 0.93,
    "excerpt only": 0.9,
    "head kept": 0.97,
    "middle cut": 0.97,
    "other markup": 0.98,
    "other title": 0.98,
    "sentences edited": 0.98,
    "surrounded": 0.98,
    "words edited": 0.97,
}
MOST = {
    "no copy: form": 0.0,
    "no copy: other figures": 0.17,
    "no copy: quotes": 0.1,
    "no copy: same notes": 0.02,
}


@pytest.fixture(scope="module", params=[0, 1], ids=["first half", "second half"])
def scores(shared: Path, request: pytest.FixtureRequest) -> Scores:
    return score(make_cases(read_sources(shared, half=request.param, every=1)))


def test_floor_of_pairs(scores: Scores) -> None:
    assert scores.f1 >= 0.98
    assert scores.precision >= 0.99
    assert scores.recall >= 0.97


def test_floor_of_each_kind(scores: Scores) -> None:
    assert {kind: share for kind, share in scores.found.items() if share < LEAST[kind]} == {}
    assert {kind: share for kind, share in scores.wrong.items() if share > MOST[kind]} == {}


def test_the_first_is_the_original(scores: Scores) -> None:
    assert scores.first_is_original >= 0.985
