"""A publication's own folder, after somebody with a hand in its repository has been at work."""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet.adapters.clocks import FixedClock
from broadsheet.adapters.git.repository import GitRepository
from broadsheet.errors import Rejected, SettingsError, StorageError
from broadsheet.model.failure import Failure
from broadsheet.stages.enrich.registry import read_organizations, read_topics
from broadsheet.stages.publish.story_files import emit_story, story_path
from broadsheet.stages.publish.story_reading import LARGEST, read_story
from worlds import EVENING, NOON, World, run_at, saltmere


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = saltmere(tmp_path / "paper")
    run_at(made.folder)
    return made


def story_files(world: World) -> list[Path]:
    return sorted((world.folder / "_stories").glob("*/*.json"))


def failed(world: World) -> list[Failure]:
    return [f for f in run_at(world.folder, NOON).failures if f.stage == "build"]


Change = Callable[[dict[str, Any]], object]
BAD: dict[str, Change] = {
    "an id that climbs": lambda s: s.update(id="../../x"),
    "the id of another": lambda s: s.update(id="0123456789ab"),
    "an id that is a list": lambda s: s.update(id=[1]),
    "moved to a path": lambda s: s.update(mergedInto="../x"),
    "a heat beyond numbers": lambda s: s.update(heat=10**400),
    "a heat of words": lambda s: s.update(heat="hot"),
    "a heat that is true": lambda s: s.update(heat=True),
    "no members": lambda s: s.update(members=[]),
    "members that are words": lambda s: s.update(members=["a", "b"]),
    "a title of half a pair": lambda s: s.update(title="\ud800"),
    "a title with a NUL": lambda s: s.update(title="a\0b"),
    "a title that is an object": lambda s: s.update(title={"html": "<b>"}),
    "a share that is no number": lambda s: s["members"][0].update(sharedText=float("nan")),
    "an excerpt that is a list": lambda s: s["members"][0].update(excerpt=["x"]),
    "a language that is a number": lambda s: s["members"][0].update(language=5),
    "a time without a zone": lambda s: s["members"][0].update(publishedDateTime="2026-11-20T08:00:00"),
    "a time before all time": lambda s: s["members"][0].update(publishedDateTime="0001-01-01T00:00:00+23:00"),
    "a receipt of words": lambda s: s["members"][0].update(receipt="x"),
    "a receipt without measure": lambda s: s["members"][0]["receipt"].update(similarity=float("inf")),
    "topics that are numbers": lambda s: s.update(topics=[1, 2]),
    "corrections without a record": lambda s: s.update(corrections=[{}]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_story_that_was_tampered_with_is_left_out_alone(world: World, name: str) -> None:
    bad, *good = story_files(world)
    row = json.loads(bad.read_bytes())
    BAD[name](row)
    bad.write_text(json.dumps(row))
    (failure,) = failed(world)
    assert failure.item == bad.relative_to(world.folder).as_posix()
    pages = {p.parent.name for p in (world.folder / "public" / "stories").glob("*/index.html")}
    assert pages >= {p.stem for p in good if json.loads(p.read_bytes())["published"]}


@pytest.mark.parametrize(
    "data",
    [b"", b"null", b"[]", b"5", b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe", b'{"id": ' + b"9" * 5_000 + b"}", b" " * (LARGEST + 1)],
    ids=lambda data: str(len(data)),
)  # fmt: skip
def test_what_is_no_story_is_refused(data: bytes) -> None:
    with pytest.raises(Rejected):
        read_story(data, path="_stories/ab/abcdef.json")


def test_a_story_comes_back_as_it_was_written(world: World) -> None:
    for file in story_files(world):
        path = file.relative_to(world.folder).as_posix()
        story = read_story(file.read_bytes(), path=path)
        assert emit_story(story) == file.read_bytes()  # type: ignore[arg-type]
        assert path == story_path(story.id)
        with pytest.raises(Rejected):
            read_story(emit_story(replace(story, id="x")), path=path)  # type: ignore[arg-type]


def test_links_lead_nothing_in(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.txt").write_text("the secret word is heron")
    (world.folder / "assets").mkdir()
    (world.folder / "assets" / "own.txt").write_text("mine")
    (world.folder / "assets" / "key.txt").symlink_to(secret / "key.txt")
    (world.folder / "assets" / "all").symlink_to(secret)
    (world.folder / "_news" / "2026-01-01-key.md").symlink_to(secret / "key.txt")
    (world.folder / "_stories" / "zz").mkdir()
    (world.folder / "_stories" / "zz" / "zz.json").symlink_to(secret / "key.txt")
    os.mkfifo(world.folder / "_news" / "2026-01-01-pipe.md")
    assert len(failed(world)) == 3
    public = world.folder / "public"
    assert (public / "assets" / "own.txt").read_text() == "mine"
    assert [p for p in public.rglob("*") if p.is_symlink() or (p.is_file() and b"heron" in p.read_bytes())] == []


def test_assets_that_are_a_link_are_none(world: World, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("the secret word is heron")
    (world.folder / "assets").symlink_to(tmp_path)
    run_at(world.folder, NOON)
    assert not list((world.folder / "public").rglob("key.txt"))


def corrected(world: World) -> None:
    """The publisher says something else, so that the record is to be written again."""
    text = (
        "The weir at Saltmere opened its salmon ladder on Friday. It cost nine million crowns, the council said.",
    ) * 2
    world.page("https://ledger.example/ladder", "Saltmere weir: ladder was dearer than thought", text, at=NOON)
    world.feed("https://ledger.example/feed.xml", {"https://ledger.example/ladder": "Saltmere weir: dearer"}, at=NOON)
    world.write()


def test_a_link_in_the_place_of_a_record_is_not_written_through(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("theirs")
    for record in (world.folder / "_news").glob("*.md"):
        record.unlink()
        record.symlink_to(outside)
    corrected(world)
    run_at(world.folder, EVENING)
    assert outside.read_text() == "theirs"


def test_a_folder_of_records_that_leads_away_stops_the_run_with_a_word(world: World, tmp_path: Path) -> None:
    (world.folder / "_news").rename(tmp_path / "elsewhere")
    before = {p.name: p.read_bytes() for p in (tmp_path / "elsewhere").iterdir()}
    (world.folder / "_news").symlink_to(tmp_path / "elsewhere")
    corrected(world)
    with pytest.raises(StorageError, match="leads out of the publication"):
        run_at(world.folder, EVENING)
    assert {p.name: p.read_bytes() for p in (tmp_path / "elsewhere").iterdir()} == before


def test_a_link_in_the_way_of_the_build_is_not_followed(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("theirs")
    public = world.folder / "public"
    (public / "feed.xml").unlink()
    (public / ".feed.xml.new").symlink_to(outside)
    run_at(world.folder, NOON)
    assert outside.read_text() == "theirs"
    assert not (public / "feed.xml").is_symlink()
    assert (public / "feed.xml").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize("made_up", ["../../etc", "a/b", "..", "-x", "", "x" * 300, "a\tb", "<b>"])
def test_ids_that_are_no_names_are_refused(tmp_path: Path, made_up: str) -> None:
    (tmp_path / "00-x.yaml").write_text(f"taxonomy: topic\n_id: {json.dumps(made_up)}\nname: X\n")
    (tmp_path / "x.md").write_text(
        f"---\ntaxonomy: organization\n_id: {json.dumps(made_up)}\nname: X\ndomain: x\n---\n"
    )
    with pytest.raises(SettingsError):
        read_topics(tmp_path)
    with pytest.raises(SettingsError):
        read_organizations(tmp_path)


def test_git_commits_here_whatever_the_environment_points_at(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "--quiet", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    (world.folder / "--output=x").write_text("a name like an option")
    (world.folder / ":(top)*").write_text("a name like a pattern")
    repository = GitRepository(world.folder, FixedClock(NOON))
    assert repository.commit(["--output=x", ":(top)*"], "--amend")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    said = subprocess.run(
        ["git", "show", "--name-only", "--format=%s"], cwd=world.folder, capture_output=True, text=True, check=True
    )
    assert said.stdout.split("\n") == ["--amend", "", "--output=x", ":(top)*", ""]
    assert not (other / "index").exists()
