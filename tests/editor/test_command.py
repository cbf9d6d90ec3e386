"""`broadsheet story`: says what will happen, takes any name of a story or record, and helps where it can't."""

import json
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.app.publications import read_publication
from broadsheet.errors import UsageError
from broadsheet.model.editorial import What
from broadsheet.settings import read_settings
from broadsheet.stages.publish.decisions import decision_path, emit_decision
from broadsheet.steps.decision_words import decisions_about
from broadsheet.steps.desk import Desk, Pen
from broadsheet.steps.editorial import read_decisions
from editor.newsroom import BREAD, CLIMB, LADDER, Paper
from worlds import NOON

PAGE = "https://courier.example/ladder"


def desk_of(paper: Paper) -> Desk:
    publication, _ = read_publication(read_settings(paper.folder))
    return Desk(publication, read_decisions(paper.folder)[0])


def test_a_story_and_a_record_are_found_by_whatever_a_person_has_at_hand(paper: Paper) -> None:
    paper.run()
    desk, story = desk_of(paper), paper.story_of(CLIMB)
    named = (
        story,
        story[:5],
        f"http://localhost:8000/stories/{story}/",
        f"_stories/{story[:2]}/{story}.json",
        CLIMB,
        CLIMB.removeprefix("_news/"),
        PAGE,
        "https://www.courier.example/ladder/?utm_source=mail",
    )
    assert {desk.story(name) for name in named} == {story}
    assert {desk.record(name).path for name in named[4:]} == {CLIMB}


def test_it_says_in_words_what_will_happen_and_in_a_pipe_what_was_written(paper: Paper) -> None:
    paper.run()
    bread, ladder = paper.story_of(BREAD), paper.story_of(LADDER)
    said = paper.call("merge", BREAD, PAGE, "--by", "Ann", "--why", "Both are of\nthe river")
    row = json.loads(said.stdout)
    assert (row["what"], row["story"], row["into"], row["by"]) == ("merge", bread, ladder, "Ann")
    assert row["why"] == "Both are of the river"
    assert (paper.folder / row["file"]).is_file()
    assert f"The story {bread} (Oldport bakery wins the prize for rye; 1 report) goes into {ladder} (" in said.stderr
    assert f"The address of {bread} leads there." in said.stderr
    assert "next run" in said.stderr


def test_what_no_run_has_seen_yet_holds_for_the_next_decision(paper: Paper) -> None:
    paper.run()
    paper.edit("merge", BREAD, LADDER)
    assert "both are the story" in str(paper.call("merge", BREAD, CLIMB).exception)
    assert [f.path for f in desk_of(paper).stories[paper.story_of(LADDER)]] == [LADDER, BREAD, CLIMB]
    new = paper.edit("split", LADDER, BREAD)["into"]
    assert desk_of(paper).story(BREAD) == new
    names = [json.loads(line)["what"] for line in paper.call("log").stdout.splitlines()]
    assert names == ["merge", "split"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("merge", "ffff", LADDER), "no story has the id or the address ffff"),
        (("merge", "", LADDER), "no story has the id"),
        (("merge", "_news/none.md", LADDER), "no record has the path or the address _news/none.md"),
        (("merge", LADDER, CLIMB), "both are the story"),
        (("split", LADDER, BREAD), "is not in the story"),
        (("split", LADDER, LADDER, CLIMB), "all the records that the story has"),
        (("move", LADDER, CLIMB), "is in the story"),
        (("unpin", LADDER), "has no pinned head"),
        (("undo", "merge"), "no decision is named merge. broadsheet story log lists them"),
    ],
)
def test_what_can_not_be_is_told(paper: Paper, words: tuple[str, ...], told: str) -> None:
    paper.run()
    error = paper.call(*words).exception
    assert isinstance(error, UsageError)
    assert told in str(error)
    assert not (paper.folder / "_decisions").exists()


def test_the_log_tells_of_what_is_undone_and_of_files_that_can_not_be_read(paper: Paper) -> None:
    paper.run()
    made = paper.edit("pin", CLIMB, "--by", "Ann")
    paper.edit("undo", str(made["decision"]), "--by", "Ben")
    assert "undone already" in str(paper.call("undo", str(made["decision"])).exception)
    (paper.folder / "_decisions" / "bad.yaml").write_text("what: no\n", "utf-8")
    said = paper.call("log")
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    assert [(r.get("what"), r.get("undone")) for r in rows] == [("pin", True), ("undo", False), (None, None)]
    assert "none of merge" in rows[2]["error"]
    assert said.exit_code == 1
    (line,) = decisions_about(desk_of(paper), paper.story_of(CLIMB))
    assert "Ann: pin “Salmon climb the Saltmere weir again” as the head of its story (undone by Ben" in line


def test_of_a_story_the_log_tells_what_concerned_it_also_before_it_ended(paper: Paper) -> None:
    paper.run()
    bread, ladder = paper.story_of(BREAD), paper.story_of(LADDER)
    paper.edit("merge", BREAD, LADDER, "--why", "One prize")
    paper.run(NOON)
    rows = [json.loads(line) for line in paper.call("log", bread).stdout.splitlines()]
    assert [r["story"] for r in rows] == [ladder]
    assert f"merge {bread} (Oldport bakery wins the prize for rye) into {ladder}" in rows[0]["says"]
    assert ": One prize" in rows[0]["says"]


def test_decisions_in_one_second_hold_in_the_order_in_which_they_were_made(paper: Paper) -> None:
    paper.run()
    now = datetime(2026, 11, 22, tzinfo=UTC)
    first = Pen(desk_of(paper), "Ann", "", now).pin(CLIMB)
    (paper.folder / "_decisions").mkdir()
    (paper.folder / decision_path(first.name)).write_text(emit_decision(first), "utf-8")
    second = Pen(desk_of(paper), "Ann", "", now).unpin(CLIMB)
    assert (second.what, second.at) == (What.UNPIN, now + timedelta(seconds=1))


def test_git_merges_what_two_editors_decided_on_two_branches(paper: Paper) -> None:
    paper.run()

    def commit(message: str) -> None:
        paper.git("add", "_decisions")
        paper.git("-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", message)

    paper.git("checkout", "--quiet", "-b", "ann")
    paper.edit("merge", BREAD, LADDER, "--by", "Ann")
    commit("Ann's")
    paper.git("checkout", "--quiet", "main")
    paper.edit("pin", CLIMB, "--by", "Ben")
    commit("Ben's")
    merged = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@b.example", "merge", "--quiet", "--no-edit", "ann"],
        cwd=paper.folder,
        check=False,
    )
    assert merged.returncode == 0
    paper.run(NOON)
    (records,) = paper.stories().values()
    assert records[0] == CLIMB
    assert set(records) == {CLIMB, BREAD, LADDER}
