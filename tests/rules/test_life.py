"""Rules in a publication's life: at the door, on pages, tried before they hold, and taken back."""

import json
from pathlib import Path

from click.testing import CliRunner

from broadsheet.app.stores import open_store
from broadsheet.cli import broadsheet
from broadsheet.settings import read_settings
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.steps.ruling import rehearse
from worlds import MORNING, NOON, OPENING, World, make_publication, run_at

SOURCE = '\n[[sources]]\nurl = "https://ledger.example/feed.xml"\ntags = ["coast"]\n'
DROP = '\n[[rules]]\nname = "no bread"\naction = "exclude"\nwords = ["bread"]\n'
MUTE = '\n[[rules]]\nname = "hush"\naction = "mute"\nwhere = ["text"]\nwords = ["seals"]\n'
TITLES = {
    "https://ledger.example/a": "The weir opens its ladder to the salmon",
    "https://ledger.example/b": "Bread of the county is judged in Oldport",
    "https://ledger.example/c": "Anglers of the harbour worry about their catch",
}


def paper(folder: Path, rules: str) -> World:
    world = World(make_publication(folder, SOURCE + rules))
    world.feed("https://ledger.example/feed.xml", TITLES)
    for n, (url, title) in enumerate(TITLES.items()):
        told = "The seals will follow, they say." if n == 2 else "The council meets on Monday."
        world.page(url, title, (f"{OPENING} Part {n}.", told))
    world.write()
    return world


def rewrite(world: World, rules: str) -> None:
    make_publication(world.folder, SOURCE + rules)


def test_rules_hold_and_can_be_taken_back(tmp_path: Path) -> None:
    world = paper(tmp_path / "paper", DROP + MUTE)
    report = run_at(world.folder)
    assert report.stages["poll"].counts["entries ruled out"] == 1
    assert report.stages["gather"].counts["pages fetched"] == 2
    assert report.stages["gather"].counts["muted articles"] == 1
    settings = read_settings(world.folder)
    with open_store(settings) as store:
        (dropped,) = store.items.dropped(MORNING)
        assert dropped.refused == "rule: no bread"
        (muted,) = store.articles.muted()
        assert (muted.muted, muted.tags) == ("rule: hush", ("coast",))
    assert len(list((world.folder / "_news").glob("*.md"))) == 1
    rewrite(world, "")
    again = run_at(world.folder, NOON)
    assert again.stages["gather"].counts["articles"] == 1
    assert len(list((world.folder / "_news").glob("*.md"))) == 3


def test_rules_are_tried_before_they_hold(tmp_path: Path) -> None:
    world = paper(tmp_path / "paper", DROP)
    run_at(world.folder)
    draft = tmp_path / "draft.toml"
    draft.write_text(MUTE, "utf-8")
    settings = read_settings(world.folder)
    before = {p: p.read_bytes() for p in (world.folder / "_news").glob("*")}
    with open_store(settings) as store:
        rows = {
            r.url: (r.before, r.after)
            for r in rehearse(RuleBook(), store, settings.sources, (MORNING.replace(hour=0), NOON))
        }
    assert rows == {
        "https://ledger.example/a": ("published", "published"),
        "https://ledger.example/b": ("dropped", "let in"),
        "https://ledger.example/c": ("published", "published"),
    }
    said = CliRunner().invoke(
        broadsheet, ["rules", "test", "-C", str(world.folder), "--file", str(draft), "--days", "3660"]
    )
    assert said.exit_code == 0, said.output
    lines = {row["url"]: row for row in map(json.loads, said.stdout.splitlines())}
    assert lines["https://ledger.example/c"]["after"] == "muted"
    assert lines["https://ledger.example/c"]["decidedBy"] == "hush"
    assert lines["https://ledger.example/b"]["before"] == "dropped"
    assert "https://ledger.example/a" not in lines
    assert {p: p.read_bytes() for p in (world.folder / "_news").glob("*")} == before
    listed = CliRunner().invoke(broadsheet, ["rules", "list", "-C", str(world.folder)])
    assert json.loads(listed.stdout)["words"] == ["bread"]


def test_a_tag_that_is_a_topic_gives_it(tmp_path: Path) -> None:
    tag = '\n[[rules]]\naction = "tag"\nwords = ["anglers"]\ntags = ["fish"]\n'
    world = paper(tmp_path / "paper", tag)
    run_at(world.folder)
    (record,) = (world.folder / "_news").glob("*anglers*.md")
    assert "- Fish\n" in record.read_text("utf-8")


def test_a_rule_for_one_source_does_not_keep_out_what_another_brings(tmp_path: Path) -> None:
    second = '\n[[sources]]\nurl = "https://ledger.example/harbour.xml"\ntags = ["harbour"]\n'
    rule = '\n[[rules]]\naction = "exclude"\nsource = ["coast"]\n'
    world = paper(tmp_path / "paper", second + rule)
    only = dict(list(TITLES.items())[:1])
    world.feed("https://ledger.example/harbour.xml", only)
    world.write()
    for at in (MORNING, NOON):
        run_at(world.folder, at)
    with open_store(read_settings(world.folder)) as store:
        (kept,) = store.articles.between(MORNING.replace(hour=0), NOON)
    assert (kept.article.url, kept.tags) == ("https://ledger.example/a", ("harbour", "coast"))


def test_without_rules_there_is_a_word_on_how_to_write_one(tmp_path: Path) -> None:
    world = paper(tmp_path / "paper", "")
    said = CliRunner().invoke(broadsheet, ["rules", "test", "-C", str(world.folder)])
    assert "docs/rules.md" in str(said.exception)
