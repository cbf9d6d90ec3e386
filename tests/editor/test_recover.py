"""A store that begins anew learns what is filed: paths, heads, stories, and which files are still ours."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from broadsheet.app.clocks import FixedClock
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.settings import read_settings
from broadsheet.steps.editorial import obey, read_placements
from broadsheet.steps.gather import gather
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.poll import poll
from broadsheet.steps.recover import held_from_files, recover
from editor.newsroom import BREAD, CLIMB, LADDER, Paper
from worlds import MORNING, NOON


@contextmanager
def newsroom(paper: Paper) -> Iterator[Newsroom]:
    with open_newsroom(read_settings(paper.folder), FixedClock(NOON), QuietProgress()) as room:
        yield room


def begin_anew(paper: Paper) -> None:
    shutil.rmtree(paper.folder / ".broadsheet")


def test_new_articles_are_told_the_story_that_they_had(paper: Paper) -> None:
    paper.run()
    stories = {record: story for story, records in paper.stories().items() for record in records}
    begin_anew(paper)
    with newsroom(paper) as room:
        report = RunReport()
        for step in (recover, poll, gather):
            step(room, report)
        new = room.store.articles.unassigned()
        paths = room.store.files.paths()
        assert {paths[article]: filed.story_id for article, filed in held_from_files(room, new).items()} == stories
        assert held_from_files(room, []) == {}


def test_the_engine_is_told_what_is_placed_also_what_joined_since(paper: Paper) -> None:
    paper.run()
    bread, ladder = paper.story_of(BREAD), paper.story_of(LADDER)
    folder = paper.folder / "_decisions"
    folder.mkdir()
    # As if the baker's report had come between the decision and the run: the decision does not name it.
    (folder / "one.yaml").write_text(
        f"what: merge\nat: 2026-11-20T09:00:00Z\nby: Ann\nstory: {bread}\ninto: {ladder}\n"
        f"members:\n  {ladder}: [https://ledger.example/ladder]\n",
        "utf-8",
    )
    with newsroom(paper) as room:
        for _ in range(2):
            obey(room, RunReport())
            paths = room.store.files.paths()
            placed = {paths[article]: story for article, story in read_placements(room).stories.items()}
            assert placed == {LADDER: ladder, BREAD: ladder}
        (folder / "one.yaml").unlink()
        obey(room, RunReport())
        assert read_placements(room).stories == {}
    paper.run(NOON)
    assert paper.story_of(BREAD) == bread


def test_our_files_are_written_again_and_a_persons_are_left(paper: Paper) -> None:
    paper.run()
    title = 'title: "Oldport bakery'
    edited = paper.folder / BREAD
    edited.write_text(edited.read_text("utf-8").replace(title, f"{title}, at last,"), "utf-8")
    committed = paper.folder / CLIMB
    committed.write_text(committed.read_text("utf-8").replace('title: "Salmon', 'title: "Ten salmon'), "utf-8")
    paper.git("-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", "mine", "--", CLIMB)
    begin_anew(paper)
    paper.edit("pin", CLIMB)
    report = paper.run(MORNING)
    assert report.stages["publish"].counts["kept as a person left them"] == 2
    assert "heat: -1" in (paper.folder / LADDER).read_text("utf-8")
    assert "at last" in edited.read_text("utf-8")
    assert "Ten salmon" in committed.read_text("utf-8")


def test_it_is_done_once(paper: Paper) -> None:
    assert "recover" in paper.run().stages
    assert "recover" not in paper.run(NOON).stages
