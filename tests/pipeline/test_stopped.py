"""A page that takes for ever, in a run: it is refused and told, its feed's words take its place, the others are read."""

from pathlib import Path

from worlds import MORNING, PLAIN, run_at, saltmere

RULES = 'hosts = ["ledger.example"]\n[[rule]]\ntitle = { at = ["css h1"], only = \'^(b|bb)+$\' }\n'


def test_the_others_go_on(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    url = "https://ledger.example/slow"
    world.page(url, "b" * 90 + "!", PLAIN["ledger.example"])
    world.feed("https://ledger.example/feed.xml", {url: "The weir is slow today"})
    world.write()
    rules = world.folder / "_data" / "publishers" / "ledger.toml"
    rules.parent.mkdir()
    rules.write_text(RULES, "utf-8")

    report = run_at(world.folder, MORNING)
    counts = report.stages["gather"].counts
    assert counts["pages stopped"] == 1
    assert {f.item: f.reason for f in report.failures}[url] == "took more than 1 s of the processor and was stopped"
    assert counts["articles from the feed alone"] == 1
    titles = "".join(p.read_text("utf-8") for p in (world.folder / "_news").glob("*.md"))
    assert "Salmon climb the Saltmere weir again" in titles
    assert "The weir is slow today" in titles
