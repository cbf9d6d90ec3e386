"""How well stories are told apart on labelled sets, in the streaming form and with one setting. A floor may rise and
never fall."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FLOORS = {"uci2014": 0.85, "groundnews2025": 0.84, "allsides_lab": 0.73}
MEAN_FLOOR = 0.81


@pytest.fixture(scope="module")
def scores(shared: Path) -> dict[str, float]:
    return {name: _score(shared, name) for name in FLOORS}


def _score(shared: Path, name: str) -> float:
    folder = shared / "data" / "stories"
    command = [sys.executable, "-m", "broadsheet", "stories", str(folder / f"{name}.jsonl.gz")]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    scorer = [sys.executable, str(shared / "tools" / "score_stories.py"), str(folder / f"{name}.truth.jsonl.gz")]
    scored = subprocess.run(scorer, input=run.stdout, stdout=subprocess.PIPE, check=True)
    return float(json.loads(scored.stdout)["bcubedF1"])


@pytest.mark.parametrize("name", FLOORS)
def test_floor(scores: dict[str, float], name: str) -> None:
    assert scores[name] >= FLOORS[name]


def test_floor_of_the_mean(scores: dict[str, float]) -> None:
    assert sum(scores.values()) / len(scores) >= MEAN_FLOOR
