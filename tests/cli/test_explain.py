"""`broadsheet explain`: by story and record, on a terminal and in a pipe, and every receipt decided again."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet.cli import broadsheet
from broadsheet.errors import UsageError
from broadsheet.model.story import DecidedBy, Receipt
from broadsheet.steps.explain import ExplainedMember
from broadsheet.steps.receipt_words import why
from worlds import EVENING, MORNING, World, run_at, saltmere

RECORD = "_news/2026-11-20-saltmere-weir-opens-its-salmon-ladder.md"
SCORED = Receipt(
    similarity=0.5,
    threshold=0.08,
    runner_up="77c1d0",
    runner_up_similarity=0.1,
    names=("saltmere", "weir"),
    numbers=("19",),
    terms={"background": -0.2, "meaning": 0.5, "words": 0.2},
    decided_by=DecidedBy.SCORE,
    together=3,
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = saltmere(tmp_path / "paper")
    run_at(made.folder, MORNING)
    return made


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(broadsheet, [str(a) for a in arguments])


def story_of(world: World) -> Path:
    return next(p for p in world.folder.glob("_stories/*/*.json") if RECORD in p.read_text("utf-8"))


def test_a_story_is_explained_by_its_head(world: World) -> None:
    of_record = call("explain", RECORD, "-C", world.folder).stdout
    story = story_of(world).stem
    for wanted in (story, story[:5], f"http://localhost:8000/stories/{story}/"):
        assert call("explain", wanted, "-C", world.folder).stdout == of_record
    said = json.loads(of_record)
    assert said["story"] == story
    for member in said["members"]:
        assert {"decidedBy", "together", "similarity", "threshold", "runnerUp", "terms"} <= member["receipt"].keys()
        assert member["holds"] is True


def test_the_head_is_chosen_again_from_the_points_of_all(world: World) -> None:
    said = json.loads(call("explain", RECORD, "-C", world.folder).stdout)
    receipt = said["headReceipt"]
    assert len(receipt["standings"]) == len(said["members"])
    assert all(s["points"] == sum(t["points"] for t in s["terms"]) for s in receipt["standings"])
    assert receipt["head"] == receipt["standings"][0]["id"]
    shutil.rmtree(world.folder / ".broadsheet")
    assert json.loads(call("explain", RECORD, "-C", world.folder).stdout)["headReceipt"] is None


def test_what_is_not_there_is_said(world: World) -> None:
    for wanted in ("ffffffffffff", "https://nobody.example/"):
        assert isinstance(call("explain", wanted, "-C", world.folder).exception, UsageError)
    assert isinstance(call("explain", "-C", world.folder).exception, UsageError)


def test_an_editors_decision_is_told(world: World) -> None:
    story = story_of(world).stem
    assert call("story", "pin", RECORD, "-C", world.folder, "--by", "Ida", "--why", "Clearer").exit_code == 0
    run_at(world.folder, EVENING)
    (line,) = json.loads(call("explain", story, "-C", world.folder).stdout)["decisions"]
    assert "Ida: pin" in line
    assert "Clearer" in line


def test_every_receipt_is_decided_again(world: World) -> None:
    result = call("explain", "--check", "-C", world.folder)
    said = json.loads(result.stdout)
    assert result.exit_code == 0
    assert said["receipts"] == said["hold"] >= 2


def test_a_receipt_that_does_not_hold_is_named(world: World) -> None:
    file = story_of(world)
    story = json.loads(file.read_text("utf-8"))
    story["members"][1]["receipt"] |= {"decidedBy": "score", "similarity": 0.01, "threshold": 0.08, "terms": {}}
    file.write_text(json.dumps(story), "utf-8")
    for arguments in (("--check",), ("--check", story["id"])):
        result = call("explain", *arguments, "-C", world.folder)
        wrong, counted = map(json.loads, result.stdout.splitlines())
        assert result.exit_code == 1
        assert (wrong["story"], wrong["record"]) == (story["id"], story["members"][1]["record"])
        assert counted["hold"] == counted["receipts"] - 1


def told(receipt: Receipt, **more: str) -> list[str]:
    return list(why(ExplainedMember("A title", "The Ledger", "", receipt, **more)))  # type: ignore[arg-type]


def test_a_score_is_told_with_its_sum() -> None:
    said = told(SCORED, runner_up_title="Another ladder")
    assert said[0] == "It scored 0.500, 0.420 above the 0.080 that it takes."
    parts = [float(value) for value in re.findall(r"[+-]\d\.\d{3}", said[1])]
    assert sum(parts) == pytest.approx(0.5)
    assert said[2] == "It was decided together with 2 others that tell the same."
    assert said[3] == "The next best story, 77c1d0 (“Another ladder”), stood at 0.100, 0.400 behind."
    assert said[4:] == ["It shares the words saltmere, weir.", "It shares the figure 19."]


@pytest.mark.parametrize(
    ("receipt", "said"),
    [(Receipt(decided_by=DecidedBy.EDITOR, decision="merge-5d01c2"), "An editor put it here (merge-5d01c2)"),
     (Receipt(0.9, 0.55, decided_by=DecidedBy.COPY), "It repeats the report of another publisher"),
     (Receipt(decided_by=DecidedBy.SAME_WORDS), "It has the very words of another report"),
     (Receipt(threshold=0.08, runner_up="77c1d0", runner_up_similarity=0.05), "No story was near enough when it came"),
     (Receipt(threshold=0.08), "No story was near enough when it came")],
)  # fmt: skip
def test_what_decided_comes_first(receipt: Receipt, said: str) -> None:
    assert told(receipt)[0].startswith(said)
    assert "do not bear out" not in " ".join(told(receipt))


def test_figures_that_do_not_hold_are_admitted() -> None:
    wrong = Receipt(0.05, 0.08, decided_by=DecidedBy.SCORE)
    assert told(wrong)[-1] == "These figures do not bear out the decision."
