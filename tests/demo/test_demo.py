"""The sample week from end to end: what must be in it is found, and running it on changes nothing."""

import hashlib
import json
import sqlite3
import subprocess
from collections import Counter, defaultdict
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest

from broadsheet.stages.publish.records.reader import read_record
from worlds import run_at

FLOOR = 0.9  # may only rise
TRUTH = Path(__file__).parents[2] / "tools" / "sample_week" / "truth.jsonl"
END = datetime(2026, 11, 22, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def intended() -> dict[str, tuple[str, str | None]]:
    """Address to the story that we meant, and the address that it is a copy of."""
    rows = (json.loads(line) for line in TRUTH.read_text("utf-8").splitlines())
    return {row["url"]: (row["story"], row["copyOf"]) for row in rows}


@pytest.fixture(scope="module")
def found(demo: Path) -> dict[str, tuple[str, str | None]]:
    """The same, as the run found it."""
    with sqlite3.connect(demo / ".broadsheet" / "state.sqlite") as store:
        rows = store.execute("SELECT id, document, story_id, copy_of FROM articles").fetchall()
    address = {row[0]: json.loads(row[1])["url"] for row in rows}
    return {address[row[0]]: (row[2], address.get(row[3])) for row in rows}


def stories(demo: Path) -> list[dict[str, object]]:
    return [json.loads(p.read_bytes()) for p in sorted(demo.glob("_stories/*/*.json"))]


def test_the_week_is_whole(demo: Path, found: dict[str, tuple[str, str | None]]) -> None:
    records = {p.name: read_record(p.read_bytes(), path=p.name) for p in (demo / "_news").glob("*.md")}
    assert len(records) >= 80
    assert len({r.provider.domain for r in records.values()}) >= 14
    assert sum(bool(s["published"]) for s in stories(demo)) >= 15
    assert len(found) == len(records)
    assert any(r.type == "video" for r in records.values())
    assert (
        subprocess.run(
            ["git", "status", "--porcelain", "_news", "_stories"], check=True, cwd=demo, capture_output=True
        ).stdout
        == b""
    )


def test_failures_are_told(demo: Path) -> None:
    said = (demo.parent / "demo-said.txt").read_text("utf-8")
    assert "not a feed" in said
    assert "HTTP 503" in said
    assert "robots.txt" in said
    assert "HTTP 404" in said


def test_the_press_release_is_one_report_with_four_copies(
    demo: Path, intended: dict[str, tuple[str, str | None]], found: dict[str, tuple[str, str | None]]
) -> None:
    meant = {(url, original) for url, (_, original) in intended.items() if original and url in found}
    seen = {(url, original) for url, (_, original) in found.items() if original}
    assert len(meant) >= 4
    assert seen == meant


def test_stories_are_told_apart(
    intended: dict[str, tuple[str, str | None]], found: dict[str, tuple[str, str | None]]
) -> None:
    """B-cubed F1 over the week. Everything in it is of one narrow subject, which is what makes it hard."""
    urls = [u for u in found if u in intended]
    true, mine = {u: intended[u][0] for u in urls}, {u: found[u][0] for u in urls}
    both = Counter((true[u], mine[u]) for u in urls)
    precision = sum(n * n / Counter(mine.values())[k[1]] for k, n in both.items()) / len(urls)
    recall = sum(n * n / Counter(true.values())[k[0]] for k, n in both.items()) / len(urls)
    assert 2 * precision * recall / (precision + recall) >= FLOOR


def test_two_stories_of_one_company_on_one_day_stay_apart(
    intended: dict[str, tuple[str, str | None]], found: dict[str, tuple[str, str | None]]
) -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for url, (story, _) in found.items():
        if url in intended:
            held[intended[url][0]].add(story)
    for one, other in combinations(("petrel-blade", "halyard-pension", "halyard-rescue"), 2):
        assert not held[one] & held[other], (one, other)


def test_a_story_grows_over_three_days(demo: Path) -> None:
    days = [{str(m["publishedDateTime"])[:10] for m in s["members"]} for s in stories(demo)]  # type: ignore[attr-defined]
    assert max(map(len, days)) >= 3


def test_a_correction_is_on_the_corrections_page(demo: Path) -> None:
    assert [s for s in stories(demo) if s["corrections"]]
    page = (demo / "public" / "corrections" / "index.html").read_text("utf-8")
    assert "Currents Weekly" in page


def test_a_wrong_date_and_a_share_card_are_seen_through(demo: Path) -> None:
    for path in (demo / "_news").glob("*.md"):
        record = read_record(path.read_bytes(), path=path.name)
        assert datetime(2026, 11, 1, tzinfo=UTC) < record.published_date_time <= END, path.name
    images = Counter(
        i.url for p in (demo / "_news").glob("*.md") for i in read_record(p.read_bytes(), path=p.name).images
    )
    assert max(images.values()) < 4


def test_run_again_it_changes_nothing(demo: Path) -> None:
    def tree() -> dict[str, str]:
        kept = (p for root in ("_news", "_stories", "public") for p in (demo / root).rglob("*") if p.is_file())
        return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in kept}

    before = tree()
    report = run_at(demo, END)
    assert not report.changed
    assert report.counted("publish", "commits") == 0
    assert tree() == before
