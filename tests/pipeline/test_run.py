"""The way through: sources to a publication, on a replayed world, with the real store, git and file system."""

import hashlib
import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.app.clocks import FixedClock, SystemClock
from broadsheet.app.newsroom import open_newsroom
from broadsheet.app.publications import read_publication
from broadsheet.cli._progress import QuietProgress
from broadsheet.errors import AlreadyRunning, SettingsError
from broadsheet.model.story import Assignment, Receipt
from broadsheet.settings import read_settings
from worlds import EVENING, MORNING, NOON, OPENING, PLAIN, World, run_at


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, encoding="utf-8").stdout


def tree(folder: Path) -> dict[str, str]:
    """Every file of the publication but the store's, with its hash and its time."""
    files = (p for p in folder.rglob("*") if p.is_file() and not {".git", ".broadsheet"} & set(p.parts))
    return {
        str(p.relative_to(folder)): f"{hashlib.sha256(p.read_bytes()).hexdigest()} {p.stat().st_mtime_ns}"
        for p in files
    }


def stories(folder: Path) -> list[dict[str, object]]:
    return [json.loads(p.read_bytes()) for p in sorted(folder.glob("_stories/*/*.json"))]


def test_from_sources_to_a_publication(world: World) -> None:
    report = run_at(world.folder)
    assert report.stages["poll"].counts["polled"] == 4
    assert report.stages["gather"].counts["articles"] == 3
    assert [(f.stage, f.item) for f in report.failures] == [("poll", "https://broken.example/feed.xml")]
    records = sorted(p.name for p in (world.folder / "_news").glob("*.md"))
    assert records == [
        "2026-11-20-oldport-bakery-wins-the-prize-for-rye.md",
        "2026-11-20-salmon-climb-the-saltmere-weir-again.md",
        "2026-11-20-saltmere-weir-opens-its-salmon-ladder.md",
    ]
    (story,) = stories(world.folder)
    assert [m["providerName"] for m in story["members"]] == ["The Ledger", "The Courier"]  # type: ignore[attr-defined]
    head = (world.folder / "_news" / records[2]).read_text("utf-8")
    assert "quality: 94\nheat: 104\npublished: true\n" in head
    assert "isCached: true" in head
    other = (world.folder / "_news" / records[1]).read_text("utf-8")
    assert "heat: -1\npublished: false\n" in other
    public = world.folder / "public"
    assert "Saltmere weir opens its salmon ladder" in (public / "index.html").read_text("utf-8")
    assert json.loads((public / "api/news/index.json").read_bytes())["value"][0]["heat"] == 104
    assert list((public / "pictures").rglob("*.webp"))


def test_commits_say_what_changed(world: World) -> None:
    run_at(world.folder)
    assert git(world.folder, "log", "--format=%s").splitlines() == ["1 story, 3 articles"]
    assert "_news" not in git(world.folder, "status", "--porcelain")


def test_the_second_run_changes_no_file_and_makes_no_commit(world: World) -> None:
    run_at(world.folder)
    run_at(world.folder, NOON)  # by now the broken source is named on the page on sources
    before = tree(world.folder)
    for at in (NOON, EVENING):
        report = run_at(world.folder, at)
        assert not report.changed
    assert tree(world.folder) == before
    assert git(world.folder, "rev-list", "--count", "HEAD").strip() == "1"


def test_a_correction_is_told(world: World) -> None:
    run_at(world.folder)
    title = "Saltmere weir opens its salmon ladder, cost corrected"
    paragraphs = (OPENING.replace("4.2 million", "2.4 million"), *PLAIN["ledger.example"][1:])
    world.page("https://ledger.example/ladder", title, paragraphs, at=NOON)
    world.feed("https://ledger.example/feed.xml", {"https://ledger.example/ladder": title}, at=NOON)
    world.write()
    report = run_at(world.folder, EVENING)
    assert report.stages["gather"].counts["corrections"] == 1
    (story,) = stories(world.folder)
    corrected = {c["field"]: (c["before"], c["after"]) for c in story["corrections"]}  # type: ignore[attr-defined]
    assert "4.2 million" in corrected["text"][0]
    assert "2.4 million" in corrected["text"][1]
    assert corrected["title"][1] == title
    assert len(list((world.folder / "_news").glob("*.md"))) == 3
    assert "1 correction" in git(world.folder, "log", "-1", "--format=%s")


def test_a_press_release_printed_by_others_counts_once(world: World) -> None:
    for domain in ("mirror.example", "echo.example"):
        world.page(
            f"https://{domain}/release", "Saltmere weir opens its salmon ladder today", PLAIN["ledger.example"], NOON
        )
        world.feed(
            f"https://{domain}/feed", {f"https://{domain}/release": "Saltmere weir opens its ladder today"}, NOON
        )
    world.write()
    toml = world.folder / "broadsheet.toml"
    more = "".join(f'\n[[sources]]\nurl = "https://{d}/feed"\n' for d in ("mirror.example", "echo.example"))
    toml.write_text(toml.read_text("utf-8") + more, "utf-8")
    run_at(world.folder, EVENING)
    (story,) = stories(world.folder)
    copies = [m["providerDomain"] for m in story["members"] if m["copyOf"]]  # type: ignore[attr-defined]
    assert sorted(copies) == ["echo.example", "mirror.example"]
    assert story["heat"] == 104


def test_a_rule_that_changes_is_applied_to_what_is_there(world: World) -> None:
    run_at(world.folder)
    topic = world.folder / "_data" / "topics" / "01-fish.yaml"
    topic.write_text(topic.read_text("utf-8").replace("- salmon", "- ladder"), "utf-8")
    run_at(world.folder, NOON)
    assert stories(world.folder)[0]["topics"] == ["Weirs", "Fish"]
    lost = (world.folder / "_news" / "2026-11-20-salmon-climb-the-saltmere-weir-again.md").read_text("utf-8")
    assert "  - Fish" not in lost


def test_a_persons_edit_survives_the_next_run(world: World) -> None:
    run_at(world.folder)
    path = world.folder / "_news" / "2026-11-20-saltmere-weir-opens-its-salmon-ladder.md"
    path.write_text(path.read_text("utf-8").replace('title: "Saltmere weir', 'title: "At last: Saltmere weir'), "utf-8")
    topic = world.folder / "_data" / "topics" / "01-fish.yaml"
    topic.write_text(topic.read_text("utf-8").replace("- salmon", "- ladder"), "utf-8")
    report = run_at(world.folder, NOON)
    assert report.stages["publish"].counts["kept as a person left them"] == 1
    assert "At last" in path.read_text("utf-8")
    shown = json.loads((world.folder / "public/api/news/index.json").read_bytes())
    assert shown["value"][0]["title"].startswith("At last")
    assert "At last: Saltmere weir" in (world.folder / "public" / "index.html").read_text("utf-8")


def test_one_at_a_time(world: World) -> None:
    settings = read_settings(world.folder)
    with open_newsroom(settings, SystemClock(), QuietProgress()), pytest.raises(AlreadyRunning) as caught:
        run_at(world.folder)
    assert caught.value.exit_code == 2
    assert run_at(world.folder).stages["gather"].counts["articles"] == 3


def test_an_unreadable_topic_file_stops_before_anything_is_done(world: World) -> None:
    (world.folder / "_data" / "topics" / "02-bad.yaml").write_text("taxonomy: topic\n_id: [\n", "utf-8")
    with pytest.raises(SettingsError, match=r"02-bad\.yaml:\d"):
        run_at(world.folder)
    assert not (world.folder / "_news").exists()


def test_a_record_that_can_not_be_read_is_left_out_and_told(world: World) -> None:
    run_at(world.folder)
    (world.folder / "_news" / "2026-11-01-broken.md").write_text("---\ntitle: [\n---\n\n", "utf-8")
    publication, failures = read_publication(read_settings(world.folder))
    assert len(publication.records) == 3
    assert [f.item for f in failures] == ["_news/2026-11-01-broken.md"]
    assert run_at(world.folder, NOON).failures[-1].item == "_news/2026-11-01-broken.md"


def test_a_fresh_clone_builds_the_same_pages(world: World, tmp_path: Path) -> None:
    from broadsheet.app.printing import print_publication

    run_at(world.folder)
    git(world.folder, "add", "--all")
    git(world.folder, "-c", "user.name=A", "-c", "user.email=a@b", "commit", "--quiet", "-m", "settings")
    git(tmp_path, "clone", "--quiet", str(world.folder), "clone")
    print_publication(read_settings(tmp_path / "clone"), tmp_path / "built")
    ours, theirs = _json_files(world.folder / "public" / "api"), _json_files(tmp_path / "built" / "api")
    assert ours.pop("sources/health.json")  # how the sources are is known where they are asked, and nowhere else
    told, known = json.loads(ours.pop("index.json")), json.loads(theirs.pop("index.json"))
    assert {key for key in told if told[key] != known[key]} == {"sources"}
    assert ours == theirs


def _json_files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.json")}


def test_an_old_entry_is_passed_over_and_a_page_that_is_gone_is_no_article(world: World) -> None:
    links = {
        "https://courier.example/gone": "A weir that is gone",
        "https://courier.example/wall": "A weir behind a wall",
    }
    world.feed("https://courier.example/feed.xml", links, at=NOON)
    world.say("https://courier.example/gone", "", status=404, at=NOON)
    world.say("https://courier.example/wall", "", status=403, at=NOON)
    world.feed(
        "https://ledger.example/feed.xml", {"https://ledger.example/old": "An old weir"}, at=NOON - timedelta(days=90)
    )
    world.write()
    report = run_at(world.folder, EVENING)
    names = {p.name for p in (world.folder / "_news").glob("*.md")}
    assert "2026-11-20-a-weir-behind-a-wall.md" in names
    assert not any("gone" in n or "old-weir" in n for n in names)
    assert {f.item for f in report.failures} >= set(links)


def test_an_archive_is_a_source_and_gives_its_pages_as_the_clock_reaches_them(world: World) -> None:
    early = World(world.folder)
    early.page("https://county.example/notice-1", "Notice: the weir at Saltmere is closed", PLAIN["gazette.example"])
    early.page("https://county.example/notice-2", "Notice: the weir is open again", PLAIN["courier.example"], at=NOON)
    early.write("notices.warc.gz")
    toml = world.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[[sources]]\nurl = "notices.warc.gz"\nkind = "warc"\n', "utf-8")
    run_at(world.folder, MORNING)
    names = {p.name for p in (world.folder / "_news").glob("*notice*")}
    assert names == {"2026-11-20-notice-the-weir-at-saltmere-is-closed.md"}
    run_at(world.folder, EVENING + timedelta(days=1))
    assert len(list((world.folder / "_news").glob("*notice*"))) == 2
    assert not run_at(world.folder, EVENING + timedelta(days=3)).changed


def test_an_archive_that_is_not_there_is_a_failure_of_its_source(world: World) -> None:
    toml = world.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[[sources]]\nurl = "nowhere.warc.gz"\nkind = "warc"\n', "utf-8")
    assert "nowhere.warc.gz" in {f.item for f in run_at(world.folder).failures}


def test_a_copy_stays_a_copy_when_its_original_has_left_the_window(world: World) -> None:
    world.page(
        "https://mirror.example/release", "Saltmere weir opens its salmon ladder today", PLAIN["ledger.example"], NOON
    )
    world.feed(
        "https://mirror.example/feed", {"https://mirror.example/release": "Saltmere weir opens its ladder"}, NOON
    )
    later = MORNING + timedelta(days=4, hours=2)
    world.page("https://gazette.example/oven", "A new oven door for Oldport", PLAIN["gazette.example"], later)
    world.feed("https://mirror.example/feed", {"https://gazette.example/oven": "A new oven door for Oldport"}, later)
    world.write()
    toml = world.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[[sources]]\nurl = "https://mirror.example/feed"\n', "utf-8")
    run_at(world.folder, EVENING)
    (before,) = stories(world.folder)
    assert [m["providerDomain"] for m in before["members"] if m["copyOf"]] == ["mirror.example"]  # type: ignore[attr-defined]
    run_at(world.folder, later + timedelta(hours=1))
    assert before in stories(world.folder)


def test_the_address_of_a_story_that_was_merged_leads_to_the_other(world: World) -> None:
    run_at(world.folder)
    ((old,), ids) = stories(world.folder), {p.stem for p in world.folder.glob("_stories/*/*.json")}
    with open_newsroom(read_settings(world.folder), FixedClock(NOON), QuietProgress()) as room:
        articles = room.store.stories.members(ids)[str(old["id"])]
        room.store.stories.assign([Assignment(a.id, "0123456789ab", Receipt()) for a in articles])
    run_at(world.folder, NOON)
    moved = world.folder / "public" / "stories" / str(old["id"]) / "index.html"
    assert 'content="0; url=../../stories/0123456789ab/"' in moved.read_text("utf-8")
    assert (world.folder / "public" / "stories" / "0123456789ab" / "index.html").is_file()
    assert not run_at(world.folder, EVENING).changed


def test_a_record_that_a_person_took_from_the_readers_is_gone_from_the_site(world: World) -> None:
    run_at(world.folder)
    path = world.folder / "_news" / "2026-11-20-saltmere-weir-opens-its-salmon-ladder.md"
    path.write_text(path.read_text("utf-8").replace("published: true", "published: false"), "utf-8")
    run_at(world.folder, NOON)
    assert "Saltmere weir" not in (world.folder / "public" / "index.html").read_text("utf-8")
    assert not list((world.folder / "public" / "stories").rglob("*.html"))


def test_where_git_refuses_readers_get_the_site_and_the_next_run_commits(world: World) -> None:
    git(world.folder, "init", "--quiet")
    (world.folder / ".git" / "index.lock").touch()
    report = run_at(world.folder)
    assert ("publish", "git") in {(f.stage, f.item) for f in report.failures}
    assert "Saltmere weir" in (world.folder / "public" / "index.html").read_text("utf-8")
    (world.folder / ".git" / "index.lock").unlink()
    assert run_at(world.folder, NOON).counted("publish", "commits") == 1
    assert git(world.folder, "log", "--format=%s").splitlines() == ["1 story, 3 articles"]
