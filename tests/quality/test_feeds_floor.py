"""What must hold on real feeds and on the conformance suites. Floors may rise, never fall."""

import gzip
import html
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from broadsheet.formats.instants import parse_instant
from broadsheet.model.feed import Feed
from broadsheet.model.instants import iso
from broadsheet.stages.sources.feeds import read_feed

# What the titles of the files in other encodings say, by the number of the file.
SAID = {
    "15": {"“é”"}, "17": {"新闻"}, "18": {"日本"}, "19": {"日本語"}, "20": {"新聞"}, "21": {"новости"},
}  # fmt: skip


@pytest.fixture(scope="module")
def feeds(shared: Path) -> Path:
    return shared / "data" / "feeds"


def test_conformance(feeds: Path, shared: Path) -> None:
    files = sorted(str(path) for path in (feeds / "conformance/xml").iterdir())
    read = subprocess.run([sys.executable, "-m", "broadsheet", "feed", *files], capture_output=True, check=False)
    assert read.returncode in {0, 1}
    scorer = [sys.executable, str(shared / "tools/score_feeds.py"), str(feeds / "conformance/expectations.jsonl")]
    score = json.loads(subprocess.run(scorer, input=read.stdout, capture_output=True, check=True).stdout)
    assert score["missing"] == 0
    assert score["all"]["met"] >= 0.94
    assert score["withoutSanitize"]["met"] >= 0.955


def test_real_feeds_say_what_other_parsers_agree_on(feeds: Path) -> None:
    met: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for line in (feeds / "real-consensus.jsonl").read_text().splitlines():
        row = json.loads(line)
        feed = read_feed(gzip.decompress((feeds / row["file"]).read_bytes()))
        assert len(feed.entries) == row["n"]
        for number, expected in enumerate(row["entries"]):
            said = _said(feed, number)
            for key, value in expected.items():
                if value is not None:
                    asked[key] += 1
                    met[key] += _plain(value) in said[key]
    for key in ("title", "link", "id", "date"):
        assert met[key] >= 0.99 * asked[key], key


def _said(feed: Feed, number: int) -> dict[str, set[str]]:
    entry = feed.entries[number]
    dates = {_plain(iso(entry.published)), _plain(iso(entry.updated))}
    return {"title": {_plain(entry.title)}, "link": {_plain(entry.url)}, "id": {_plain(entry.id)}, "date": dates}


def _plain(value: object) -> str:
    text = html.unescape(html.unescape(str(value)))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text)).strip().rstrip("/")


def test_every_date_with_a_known_answer(feeds: Path) -> None:
    for line in (feeds / "date-vectors.jsonl").read_text().splitlines():
        row = json.loads(line)
        found = parse_instant(row["input"])
        assert found is not None, row["input"]
        assert row["unix"] in {None, int(found.timestamp() // 1)}, row["input"]


def test_dates_that_two_other_readers_agree_on(feeds: Path) -> None:
    for line in (feeds / "date-strings.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["feedparser"] is not None and row["feedparser"] == row["dateutil"]:
            found = parse_instant(row["input"])
            assert found is not None, row["input"]
            assert int(found.timestamp() // 1) == int(row["feedparser"]), row["input"]


@pytest.fixture(scope="module")
def hostile(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run(
        [sys.executable, str(shared / "tools/make_hostile_feeds.py"), str(folder)], check=True, capture_output=True
    )
    return folder


def test_hostile_feeds_end_and_betray_nothing(hostile: Path) -> None:
    files = [str(hostile / row["file"]) for row in json.loads((hostile / "manifest.json").read_text())]
    limited = ["-m", "broadsheet", "feed", *files]
    read = subprocess.run([sys.executable, *limited], capture_output=True, check=False, timeout=60)
    rows = [json.loads(line) for line in read.stdout.splitlines()]
    assert [row["source"] for row in rows] == files
    assert b"CANARY" not in read.stdout + read.stderr
    assert read.returncode == 1


def test_every_charset_is_read_whatever_is_declared(hostile: Path) -> None:
    wrong = []
    for path in sorted(hostile.glob("*")):
        if path.name[:2].isdigit() and 8 <= int(path.name[:2]) <= 22:
            entries = read_feed(path.read_bytes()).entries
            title = entries[3].title or ""
            if len(entries) != 20 or title.removeprefix("Item 3 ") not in SAID.get(path.name[:2], {"é"}):
                wrong.append((path.name, title))
    assert not wrong
