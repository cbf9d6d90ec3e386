"""The next run obeys, whatever its age; a rebuild from nothing obeys too; and every address goes on leading somewhere."""

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from editor.newsroom import BREAD, CLIMB, LADDER, Paper
from worlds import MORNING, NOON

LATER = MORNING + timedelta(days=60)
"""When no engine looks at these stories any more."""


def quiet(paper: Paper) -> None:
    """A run that finds nothing new changes nothing, once what became of the sources in the meantime is told."""
    before = _but_health(paper.tree())
    assert not paper.run(LATER + timedelta(hours=1)).stages["obey"].counts["moved"]
    assert _but_health(paper.tree()) == before
    before = paper.tree()
    report = paper.run(LATER + timedelta(hours=2))
    assert not report.changed
    assert not report.stages["obey"].counts["moved"]
    assert paper.tree() == before


def test_a_merge_takes_effect_at_the_next_run_and_the_old_address_leads_on(paper: Paper) -> None:
    paper.run()
    bread, ladder = paper.story_of(BREAD), paper.story_of(LADDER)
    paper.edit("merge", bread, ladder, "--why", "Both are of the river", "--by", "Ann")
    report = paper.run(LATER)
    assert report.stages["obey"].counts["moved"] == 1
    assert paper.stories() == {ladder: [LADDER, BREAD, CLIMB]}
    assert paper.filed()[bread] == {"id": bread, "mergedInto": ladder}
    assert (paper.leads(bread), paper.leads(ladder)) == (ladder, ladder)
    page = (paper.folder / "public" / "stories" / bread / "index.html").read_text("utf-8")
    assert f'<link rel="canonical" href="http://localhost:8000/stories/{ladder}/">' in page
    assert "<script" not in page
    receipts = {m["record"]: m["receipt"] for m in paper.filed()[ladder]["members"]}  # type: ignore[attr-defined]
    assert receipts[BREAD]["decision"].endswith(next((paper.folder / "_decisions").glob("*.yaml")).stem)
    assert paper.git("log", "-1", "--format=%s").strip() == "2 stories, 2 articles, 1 editor's decision"
    assert not paper.git("status", "--porcelain", "_decisions", "_news", "_stories")
    quiet(paper)


def test_a_split_is_a_new_story_and_its_undoing_leads_its_address_back(paper: Paper) -> None:
    paper.run()
    story = paper.story_of(LADDER)
    new = str(paper.edit("split", story, CLIMB)["into"])
    paper.run(NOON)
    assert paper.stories() == {story: [LADDER], new: [CLIMB], paper.story_of(BREAD): [BREAD]}
    assert (paper.leads(story), paper.leads(new)) == (story, new)
    quiet(paper)
    paper.edit("undo", "split")
    paper.run(LATER)
    assert paper.stories()[story] == [LADDER, CLIMB]
    assert paper.leads(new) == story
    quiet(paper)


def test_the_address_of_a_story_that_moved_follows_its_head(paper: Paper) -> None:
    paper.run()
    story, bread = paper.story_of(LADDER), paper.story_of(BREAD)
    paper.edit("merge", bread, story)
    paper.run(LATER)
    new = str(paper.edit("split", story, BREAD)["into"])
    paper.run(LATER)
    assert paper.leads(bread) == new
    paper.edit("move", BREAD, story)
    paper.run(LATER)
    assert (paper.leads(bread), paper.leads(new)) == (story, story)
    quiet(paper)


def test_a_pinned_head_is_the_head_and_an_unpinned_one_need_not_be(paper: Paper) -> None:
    paper.run()
    story = paper.story_of(LADDER)
    paper.edit("pin", CLIMB)
    paper.run(LATER)
    assert paper.stories()[story] == [CLIMB, LADDER]
    assert any("editor" in reason for reason in paper.filed()[story]["headReasons"])  # type: ignore[attr-defined]
    assert "heat: -1" in (paper.folder / LADDER).read_text("utf-8")
    quiet(paper)
    paper.edit("unpin", story)
    paper.run(LATER)
    assert paper.stories()[story] == [LADDER, CLIMB]
    quiet(paper)


def _but_health(tree: Mapping[str, bytes]) -> dict[str, bytes]:
    """How the sources are lies in the store alone, which forgets it with everything else."""
    told = {"public/sources/index.html", "public/api/sources/health.json"}
    return {path: body for path, body in tree.items() if path not in told}


def test_a_rebuild_from_nothing_ends_where_it_was(paper: Paper) -> None:
    paper.run()
    paper.edit("merge", BREAD, LADDER)
    paper.edit("pin", CLIMB)
    paper.run(NOON)
    paper.edit("split", LADDER, LADDER)
    paper.run(NOON)
    before, commits = _but_health(paper.tree()), paper.git("rev-list", "--count", "HEAD")
    shutil.rmtree(paper.folder / ".broadsheet")
    report = paper.run(NOON)
    assert _but_health(paper.tree()) == before
    assert paper.git("rev-list", "--count", "HEAD") == commits
    assert report.stages["recover"].counts["records"] == 3
    quiet(paper)


def test_decisions_alone_rebuild_the_same_stories_and_addresses(paper: Paper) -> None:
    paper.run()
    bread = paper.story_of(BREAD)
    paper.edit("merge", BREAD, LADDER)
    paper.edit("pin", CLIMB)
    paper.run(NOON)
    stories, before = paper.stories(), paper.tree()
    for folder in (".broadsheet", "_news", "_stories", "public", ".git"):
        shutil.rmtree(paper.folder / folder)
    paper.run(NOON)
    assert paper.stories() == stories
    assert {p for p in before if "pictures" not in p} == {p for p in paper.tree() if "pictures" not in p}
    assert paper.leads(bread) == paper.story_of(LADDER)


def test_a_fresh_clone_goes_on_with_the_same_files(paper: Paper, tmp_path: Path) -> None:
    paper.run()
    paper.edit("merge", BREAD, LADDER)
    paper.run(NOON)
    paper.git("add", "--all", "--force", "broadsheet.toml", "_data", "world.warc.gz")
    paper.git("-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", "settings")
    paper.git("clone", "--quiet", str(paper.folder), str(tmp_path / "clone"))
    clone = Paper(paper.world)
    clone.folder = tmp_path / "clone"
    clone.run(NOON)
    kept = ("_news", "_stories", "_decisions")
    assert {p: b for p, b in clone.tree().items() if p.startswith(kept)} == {
        p: b for p, b in paper.tree().items() if p.startswith(kept)
    }
    clone.edit("pin", CLIMB)
    report = clone.run(LATER)
    assert not report.stages["publish"].counts["kept as a person left them"]
    assert clone.stories()[clone.story_of(CLIMB)][0] == CLIMB


def test_written_by_hand_a_decision_is_completed_and_a_bad_one_stops_no_other(paper: Paper) -> None:
    paper.run()
    story, bread = paper.story_of(LADDER), paper.story_of(BREAD)
    folder = paper.folder / "_decisions"
    folder.mkdir()
    head = "at: 2026-11-20T09:00:00Z\nby: Ann\n"
    (folder / "one.yaml").write_text(f"# Ann's\nwhat: merge\n{head}story: {bread}\ninto: {story}", "utf-8")
    (folder / "two.yaml").write_text(f"what: pin\n{head}articles: {CLIMB}\n", "utf-8")
    (folder / "bad.yaml").write_text(f"what: merge\n{head}story: {bread}\n", "utf-8")
    (folder / "unknown.yaml").write_text(f"what: merge\n{head}story: nobody\ninto: {story}\n", "utf-8")
    (folder / "record.yaml").write_text(f"what: pin\n{head}articles: _news/2026-01-01-none.md\n", "utf-8")
    report = paper.run(LATER)
    told = {f.item: f.reason for f in report.failures if f.stage == "obey"}
    assert told["_decisions/bad.yaml"].startswith("_decisions/bad.yaml:1: into is missing")
    assert "no story has the id nobody" in told["_decisions/unknown.yaml"]
    assert "2026-01-01-none.md: no such file" in told["_decisions/record.yaml"]
    assert paper.stories()[story][0] == CLIMB
    assert paper.leads(bread) == story
    text = (folder / "one.yaml").read_text("utf-8")
    assert text.startswith("# Ann's\nwhat: merge\n")
    assert f'members:\n  "{bread}":\n    - "https://gazette.example/bread"\n' in text
    assert "4 editor's decisions" in paper.git("log", "-1", "--format=%s")
    quiet(paper)


def test_a_decision_whose_file_is_taken_away_no_longer_holds(paper: Paper) -> None:
    paper.run()
    before = paper.stories()
    made = paper.edit("merge", BREAD, LADDER)
    paper.run(LATER)
    (paper.folder / str(made["file"])).unlink()
    paper.run(LATER)
    assert paper.stories() == before


def test_a_story_whose_heat_falls_keeps_its_page_and_leaves_the_lists(paper: Paper) -> None:
    paper.run()
    bread = paper.story_of(BREAD)
    toml = paper.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8").replace("threshold = 20", "threshold = 90"), "utf-8")
    paper.run(LATER)
    assert paper.leads(bread) == bread
    assert paper.filed()[bread]["reachable"] is True
    front = (paper.folder / "public" / "index.html").read_text("utf-8")
    assert "rye" not in front
    assert "ladder" in front
    quiet(paper)


def test_what_a_person_took_back_is_not_reachable(paper: Paper) -> None:
    paper.run()
    story = paper.story_of(LADDER)
    record = paper.folder / LADDER
    record.write_text(record.read_text("utf-8").replace("published: true", "published: false"), "utf-8")
    toml = paper.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8").replace("threshold = 20", "threshold = 200"), "utf-8")
    paper.run(LATER)
    assert not (paper.folder / "public" / "stories" / story).exists()
