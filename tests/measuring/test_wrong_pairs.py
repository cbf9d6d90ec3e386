"""The draw of wrong pairs, and the table of what they are."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "wrong_pairs.py"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wrong_pairs", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["wrong_pairs"] = module
    spec.loader.exec_module(module)
    return module


def _files(folder: Path) -> list[str]:
    truth = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"}
    found = {"a": "1", "b": "2", "c": "1", "d": "1", "e": "2"}
    articles = [{"id": i, "title": f"Title {i}"} for i in truth]
    said = [{"id": i, "story": s, "receipt": {"similarity": 0.2, "runnerUp": "2"}} for i, s in found.items()]
    told = [{"id": i, "story": s} for i, s in truth.items()]
    paths = []
    for name, rows in (("small.jsonl", articles), ("truth.jsonl", told), ("found.jsonl", said)):
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        paths.append(str(folder / name))
    return paths


def _draw(folder: Path, *options: str) -> list[dict[str, object]]:
    command = [sys.executable, str(TOOL), "draw", *_files(folder), *options]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    return [json.loads(line) for line in said.stdout.splitlines()]


def test_all_wrong_pairs_are_counted(tmp_path: Path) -> None:
    counts = _draw(tmp_path)[0]
    assert counts["false"] == {"pairs": 3, "in the worst 1": 2, "in the worst 3": 3, "in the worst 10": 3}
    assert counts["missed"]["pairs"] == 1  # type: ignore[index]


def test_a_pair_is_shown_with_titles_and_receipts(tmp_path: Path) -> None:
    missed = _draw(tmp_path)[-1]
    assert missed["pair"] == "small-missed-1"
    assert missed["a"]["title"] == "Title a"  # type: ignore[index]
    assert missed["b"]["id"] == "b"  # type: ignore[index]
    assert missed["b"]["similarity"] == 0.2  # type: ignore[index]
    assert missed["one is runner-up of the other"]


def test_the_draw_is_the_same_with_the_same_seed(tmp_path: Path) -> None:
    assert _draw(tmp_path, "--seed", "3") == _draw(tmp_path, "--seed", "3")


def test_at_most_one_pair_of_a_first_article(tool: ModuleType) -> None:
    pairs = [(a, b) for a in "abc" for b in "wxyz"]
    drawn = tool.draw(pairs, 10, "1")
    assert sorted(a for a, _ in drawn) == ["a", "b", "c"]


def test_the_table_counts_kinds_by_set(tool: ModuleType) -> None:
    labels = {"s-false-1": "strands", "s-false-2": "strands", "t-missed-1": "plain"}
    lines = list(tool.table(labels))
    assert lines[0] == "| kind | s, false | t, missed | all |"
    assert lines[2] == f"| {tool.KINDS['strands']} | 2 |  | 2 |"
    assert lines[-1] == "| all | 2 | 1 | 3 |"


def test_labels_are_read_by_the_name_of_the_pair(tool: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('{"pair": "s-false-1", "articles": ["a", "b"], "kind": "plain"}\n', "utf-8")
    assert tool.read_labels([tmp_path / "labels.jsonl"]) == {"s-false-1": "plain"}


TRUTH = {"a": "x", "b": "x", "c": "y", "d": "y", "e": "z"}
FOUND = {"a": "1", "b": "2", "c": "1", "d": "1", "e": "2"}


def test_bcubed_is_that_of_the_definition(tool: ModuleType) -> None:
    precision = (1 / 3 + 1 / 2 + 2 / 3 + 2 / 3 + 1 / 2) / 5
    recall = (1 / 2 + 1 / 2 + 1 + 1 + 1) / 5
    assert tool.bcubed(TRUTH, FOUND) == pytest.approx(2 * precision * recall / (precision + recall))


def test_the_worst_group_is_parted_first(tool: ModuleType) -> None:
    once = tool.mended(TRUTH, FOUND, "false", 1)
    assert once["c"] == once["d"] != once["a"]
    assert once["b"] == once["e"]
    assert len(set(tool.mended(TRUTH, FOUND, "false", None).values())) == 4


def test_a_broken_story_is_joined_where_most_of_it_is(tool: ModuleType) -> None:
    joined = tool.mended({"a": "x", "b": "x", "c": "x"}, {"a": "1", "b": "2", "c": "2"}, "missed", 1)
    assert joined == {"a": "2", "b": "2", "c": "2"}


def test_what_kinds_gain_adds_up_to_what_all_groups_gain(tool: ModuleType) -> None:
    labels = {"s-false-1": "strands", "s-false-2": "steps", "s-missed-1": "plain"}
    sets = {"s": (TRUTH, FOUND)}
    rows = [line.split(" | ") for line in list(tool.gains(labels, sets))[2:]]
    gain = sum(
        tool.bcubed(TRUTH, tool.mended(TRUTH, FOUND, wrong, None)) - tool.bcubed(TRUTH, FOUND)
        for wrong in ("false", "missed")
    )
    assert [row[0] for row in rows] == [f"| {tool.KINDS[kind]}" for kind in ("strands", "steps", "plain")]
    assert sum(float(row[1]) for row in rows) == pytest.approx(gain, abs=0.002)


def test_the_worth_is_printed_from_files(tmp_path: Path) -> None:
    files = _files(tmp_path)
    (tmp_path / "labels.jsonl").write_text('{"pair": "truth-false-1", "articles": [], "kind": "plain"}\n', "utf-8")
    command = [sys.executable, str(TOOL), "mend", str(tmp_path / "labels.jsonl"), *files[1:]]
    said = subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()
    assert said[2].startswith("| truth | 0.6")
    assert said[-1].startswith("| the same event in the same words | 0.")


@pytest.mark.parametrize("labels", [{"s-false-1": "odd"}, {"s-1": "plain"}])
def test_a_label_that_is_none_is_refused(tool: ModuleType, labels: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="kind"):
        list(tool.table(labels))
