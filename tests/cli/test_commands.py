"""The commands around the main job, as a person would use them one after the other."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet.cli import broadsheet
from broadsheet.errors import UsageError
from broadsheet.settings import read_settings
from worlds import MORNING, World, run_at, saltmere


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = saltmere(tmp_path / "paper")
    run_at(made.folder, MORNING)
    return made


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(broadsheet, [str(a) for a in arguments])


def rows(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_explain_tells_every_term(world: World) -> None:
    name = "_news/2026-11-20-saltmere-weir-opens-its-salmon-ladder.md"
    for wanted in (name, name.split("/")[1], "https://ledger.example/ladder"):
        (said,) = rows(call("explain", wanted, "-C", world.folder))
        assert said["path"] == name
        assert said["quality"]["total"] == 94  # type: ignore[index]
        assert said["heat"]["total"] == 104  # type: ignore[index]
        assert said["topics"] == [{"name": "Weirs", "keywords": ["weir"]}, {"name": "Fish", "keywords": ["salmon"]}]
        assert said["head"] == name
        assert said["headReasons"]
        assert len(said["members"]) == 2  # type: ignore[arg-type]


def test_explain_says_when_there_is_no_such_record(world: World) -> None:
    result = call("explain", "https://nobody.example/", "-C", world.folder)
    assert isinstance(result.exception, UsageError)


def test_doctor_finds_what_is_wrong(world: World) -> None:
    healthy = call("doctor", "-C", world.folder)
    assert healthy.exit_code == 0
    assert {row["weight"] for row in rows(healthy)} == {"ok", "warning"}
    (world.folder / "_news" / "2026-11-01-broken.md").write_text("---\ntitle: [\n---\n\n")
    (world.folder / "_news" / "2026-11-20-saltmere-weir-opens-its-salmon-ladder.md").unlink()
    sick = call("doctor", "-C", world.folder)
    assert sick.exit_code == 1
    found = " ".join(str(row["found"]) for row in rows(sick) if row["weight"] == "error")
    assert "2026-11-01-broken.md" in found
    assert "is not there" in found


def test_doctor_on_a_damaged_store(world: World) -> None:
    (world.folder / ".broadsheet" / "state.sqlite").write_bytes(b"no database at all" * 1000)
    sick = call("doctor", "-C", world.folder)
    assert sick.exit_code == 1
    assert any("move it away" in str(row["advice"]).lower() for row in rows(sick))


def test_sources_and_their_health(world: World) -> None:
    listed = {row["source"]: row for row in rows(call("sources", "list", "-C", world.folder))}
    assert listed["https://ledger.example/feed.xml"]["state"] == "healthy"
    assert str(listed["https://broken.example/feed.xml"]["state"]).startswith("failing")


def test_opml_out_and_in(world: World, tmp_path: Path) -> None:
    opml = call("sources", "export", "-C", world.folder).stdout
    assert 'xmlUrl="https://ledger.example/feed.xml"' in opml
    (tmp_path / "list.opml").write_text(opml, "utf-8")
    assert call("new", "Another Paper", tmp_path / "other").exit_code == 0
    assert call("sources", "import", tmp_path / "list.opml", "-C", tmp_path / "other").exit_code == 0
    settings = read_settings(tmp_path / "other")
    assert len(settings.sources) == 3
    assert call("sources", "import", tmp_path / "list.opml", "-C", tmp_path / "other").exit_code == 0
    assert read_settings(tmp_path / "other") == settings


def test_a_new_publication_is_sound(tmp_path: Path) -> None:
    folder = tmp_path / "tide"
    assert call("new", 'Tide "Every" Day: 潮', folder).exit_code == 0
    assert read_settings(folder).site.title == 'Tide "Every" Day: 潮'
    assert (folder / ".git").is_dir()
    assert call("doctor", "-C", folder).exit_code == 0
    assert call("build", "-C", folder).exit_code == 0
    assert isinstance(call("new", "Again", folder).exception, UsageError)


def test_adding_a_source_that_can_not_be_reached_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "tide"
    call("new", "Tide", folder)
    before = (folder / "broadsheet.toml").read_text("utf-8")
    assert call("sources", "add", "http://127.0.0.1:9/feed", "-C", folder).exit_code != 0
    assert (folder / "broadsheet.toml").read_text("utf-8") == before
    assert (
        call("sources", "add", "https://a.example/feed", "--name", 'The "A"', "--unchecked", "-C", folder).exit_code
        == 0
    )
    (source,) = read_settings(folder).sources
    assert source.name == 'The "A"'
    assert (folder / "_data" / "organizations" / "a.example.md").is_file()


def test_a_new_publication_keeps_what_a_person_ignores(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("drafts/\npublic/\n", "utf-8")
    assert call("new", "Tide", tmp_path).exit_code == 0
    assert (tmp_path / ".gitignore").read_text("utf-8").splitlines() == [
        "drafts/",
        "public/",
        ".broadsheet/",
        ".public.twin/",
    ]


@pytest.mark.parametrize("title", ["", " ", "\x1b[31mTide", "\udcff"])
def test_a_title_that_can_not_be_shown(tmp_path: Path, title: str) -> None:
    assert isinstance(call("new", title, tmp_path / "tide").exception, UsageError)
    assert not (tmp_path / "tide").exists()
