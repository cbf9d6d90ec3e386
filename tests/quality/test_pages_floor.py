"""What extraction reaches on labelled pages. A floor may rise and never fall.

The texts of these pages are also what the choice of the text was learned from. What models reach that never saw a
page's publisher stands beside the floors of the texts; `python -m tools.maintext --only validate` measures it.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = {
    ("scrapinghub", "textF1"): 0.98,  # publishers never seen: .967
    ("fundusEvaluation", "textF1"): 0.975,  # .953
    ("fundus", "textF1"): 0.98,  # .969
    ("trafilatura", "chunksF1"): 0.945,  # .934
    ("fundus", "title"): 0.95,
    ("trafilatura", "title"): 0.87,
    ("fundus", "day"): 0.985,
    ("fundus", "instant"): 0.985,
    ("trafilatura", "day"): 0.885,
    ("htmldateMediacloud", "day"): 0.93,
    ("fundus", "authors"): 0.94,
    ("trafilatura", "authors"): 0.74,
    ("fundus", "image"): 0.85,
    ("fundus", "sized"): 0.85,
    ("trafilatura", "sized"): 0.63,
    ("htmldateMediacloud", "sized"): 0.67,
}
CEILINGS = {("trafilatura", "falseAuthors"): 0.255}


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, dict[str, float]]:
    folder = shared / "data" / "pages"
    command = [sys.executable, "-m", "broadsheet", "extract", str(folder / "pages.warc.gz")]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    scorer = [sys.executable, str(shared / "tools" / "score_pages.py"), str(folder / "pages.truth.jsonl.gz")]
    scored = subprocess.run(scorer, input=run.stdout, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(scored.stdout))


def test_every_page_comes_out(scores: dict[str, dict[str, float]]) -> None:
    assert scores["missing"] == 0


@pytest.mark.parametrize(("source", "measure"), FLOORS)
def test_floor(scores: dict[str, dict[str, float]], source: str, measure: str) -> None:
    assert scores[source][measure] >= FLOORS[source, measure]


@pytest.mark.parametrize(("source", "measure"), CEILINGS)
def test_ceiling(scores: dict[str, dict[str, float]], source: str, measure: str) -> None:
    assert scores[source][measure] <= CEILINGS[source, measure]
