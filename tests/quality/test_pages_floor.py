"""What extraction reaches on labelled pages. A floor may rise and never fall.

The texts of these pages are also what the choice of the text was learned from: by models that never saw a page's
publisher the same measures are lower by the amounts that docs/extraction.md names.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = {
    ("scrapinghub", "textF1"): 0.972,
    ("fundusEvaluation", "textF1"): 0.95,
    ("fundus", "textF1"): 0.975,
    ("trafilatura", "chunksF1"): 0.94,
    ("fundus", "title"): 0.80,
    ("trafilatura", "title"): 0.84,
    ("fundus", "day"): 0.98,
    ("fundus", "instant"): 0.98,
    ("trafilatura", "day"): 0.85,
    ("htmldateMediacloud", "day"): 0.89,
    ("fundus", "authors"): 0.81,
    ("trafilatura", "authors"): 0.66,
    ("fundus", "image"): 0.72,
}
CEILINGS = {("trafilatura", "falseAuthors"): 0.26}


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
