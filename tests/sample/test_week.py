"""The bundled sample week: whole, varied as promised, and just what its sources give."""

import io
import json
import shutil
import subprocess
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image

from broadsheet.errors import Rejected
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Response
from broadsheet.settings import read_settings
from broadsheet.stages.enrich.registry import read_organizations, read_topics
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.sources.sitemaps import read_sitemap

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "src/broadsheet/sample"
TOOLS = ROOT / "tools/sample_week"
MONDAY, SUNDAY_NIGHT = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
MEGABYTE = 1_000_000

Captures = Mapping[str, Sequence[Response]]

REAL_NAMES = (
    "Orbital Marine", "Nova Innovation", "Minesto", "SIMEC", "MeyGen", "Sabella", "Verdant Power", "CorPower",
    "Carnegie", "EDF", "Siemens", "General Electric", "Hitachi", "Toshiba", "Kawasaki", "Kyushu Electric", "Toyota",
    "Google", "Microsoft", "Amazon", "Apple", "BBC", "Reuters", "Guardian", "Bloomberg", "Financial Times", "Lloyd",
    "Pentland", "Swansea", "Severn", "Rance", "Sihwa", "Shell", "Equinor", "Ørsted", "Vattenfall", "Iberdrola",
    "National Grid", "Crown Estate", "Ofgem", "Netflix", "Tesla",
)  # fmt: skip


@pytest.fixture(scope="module")
def captures() -> Captures:
    """Every recorded answer, the gazette's archive included, by address, in the order of time."""
    found: dict[str, list[Response]] = defaultdict(list)
    for path in (SAMPLE / "week.warc.gz", *sorted((SAMPLE / "publication/archive").glob("*.warc.gz"))):
        for response in read_responses(path, _complain):
            found[response.url].append(response)
    return found


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str | None]]:
    return [json.loads(line) for line in (TOOLS / "truth.jsonl").read_text("utf-8").splitlines()]


def _complain(url: str, reason: str) -> None:
    raise AssertionError(f"{url}: {reason}")


def _kind(captures: Captures, prefix: str) -> dict[str, Sequence[Response]]:
    return {url: found for url, found in captures.items() if found[0].content_type.startswith(prefix)}


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _text(captures: Captures, ending: str, which: int = 0) -> str:
    (url,) = (url for url in captures if url.endswith(ending))
    return captures[url][which].body.decode()


def test_there_are_enough_articles_of_enough_publishers_in_every_story(captures: Captures, truth: list) -> None:
    pages = [row for row in truth if row["url"] in captures and captures[row["url"]][0].status == 200]
    stories = Counter(row["story"] for row in pages)
    assert len(pages) >= 80
    assert len({_host(row["url"]) for row in pages}) == 14
    assert sum(1 for size in stories.values() if size >= 3) >= 15


def test_everything_happens_in_the_week_and_on_invented_domains(captures: Captures) -> None:
    assert all(_host(url).endswith(".example") for url in captures)
    assert all(MONDAY <= r.fetched_at < SUNDAY_NIGHT for found in captures.values() for r in found)


def test_the_whole_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 6 * MEGABYTE


def test_the_publication_reads(captures: Captures) -> None:
    settings = read_settings(SAMPLE / "publication")
    topics = read_topics(SAMPLE / "publication/_data/topics")
    organizations = read_organizations(SAMPLE / "publication/_data/organizations")
    assert 15 <= len(settings.sources) <= 16
    assert {source.kind for source in settings.sources} == {"feed", "sitemap", "warc"}
    assert [topic.is_site for topic in topics].count(True) == 1
    assert 7 <= len(topics) <= 9
    assert set(organizations) <= {_host(url) for url in captures}
    for organization in organizations.values():
        for image in organization.images:
            with Image.open(SAMPLE / "publication" / image.url.lstrip("/")) as logo:
                assert logo.size == (image.width, image.height)


def test_every_source_was_recorded(captures: Captures) -> None:
    for source in read_settings(SAMPLE / "publication").sources:
        if source.kind == "warc":
            assert (SAMPLE / "publication" / source.url).is_file()
        else:
            assert source.url in captures
            assert f"https://{_host(source.url)}/robots.txt" in captures


def test_every_feed_parses_and_grows_but_for_the_broken_one(captures: Captures) -> None:
    broken = set()
    for source in read_settings(SAMPLE / "publication").sources:
        for response in captures.get(source.url, ()):
            if source.kind == "warc" or response.status != 200:
                continue
            try:
                entries = _entries(response)
            except Rejected:
                broken.add(_host(source.url))
            else:
                assert all(entry.url and entry.title for entry in entries)
                assert response.headers["etag"]
        if _host(source.url) not in broken and source.kind != "warc" and len(captures[source.url]) > 2:
            first, last = captures[source.url][0], [r for r in captures[source.url] if r.status == 200][-1]
            assert len(_entries(last)) > len(_entries(first))
    assert broken == {"pontoonpress.example"}


def _entries(response: Response) -> Sequence:
    if b"<urlset" in response.body[:400]:
        return read_sitemap(response.body, url=response.url).entries
    return read_feed(response.body, url=response.url, content_type=response.content_type).entries


def test_every_form_of_feed_is_there(captures: Captures) -> None:
    for prefix in ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/xml"):
        assert _kind(captures, prefix)


def test_every_picture_decodes_and_is_light(captures: Captures) -> None:
    drawings = _kind(captures, "image/webp")
    assert len({url.rsplit("/", 1)[1].rsplit("-", 1)[0] for url in drawings}) >= 20
    for found in [*drawings.values(), *_kind(captures, "image/png").values()]:
        for response in found:
            with Image.open(io.BytesIO(response.body)) as image:
                image.load()
                assert image.width >= 50
            assert len(response.body) <= 120_000


def test_a_press_release_is_copied_by_four_publishers(captures: Captures, truth: list) -> None:
    copies = [row for row in truth if row["copyOf"]]
    assert len({_host(row["url"]) for row in copies}) == 4
    assert len({row["copyOf"] for row in copies}) == 1
    quote = "Today it is the price of certainty. You can set your watch by it"
    for url in [copies[0]["copyOf"], *(row["url"] for row in copies)]:
        assert quote in captures[url][0].body.decode()


def test_a_story_grows_over_several_days(captures: Captures, truth: list) -> None:
    days = {captures[row["url"]][0].fetched_at.date() for row in truth if row["story"] == "petrel-blade"}
    assert len(days) >= 3


def test_one_company_has_two_stories_on_one_day(captures: Captures, truth: list) -> None:
    for story in ("halyard-pension", "halyard-rescue"):
        urls = [row["url"] for row in truth if row["story"] == story]
        assert len(urls) >= 3
        assert captures[urls[0]][0].fetched_at.day == 19
        assert all("Halyard" in captures[url][0].body.decode() for url in urls)


def test_a_correction_changes_page_and_feed(captures: Captures) -> None:
    before, after = _text(captures, "/sarn-wall-closed/"), _text(captures, "/sarn-wall-closed/", 1)
    assert "9.4 million tonnes of stone" in before
    assert "4.9 million tonnes of stone" in after
    assert "article:modified_time" in after
    feed = captures["https://currentsweekly.example/atom.xml"]
    updates = {e.updated for r in feed for e in _entries(r) if e.url and e.url.endswith("/sarn-wall-closed/")}
    assert len(updates) == 2


def test_there_are_videos_in_a_player_without_cookies(captures: Captures) -> None:
    for body in (found[0].body.decode() for url, found in captures.items() if "/watch/" in url):
        assert 'content="video.other"' in body
        assert '"VideoObject"' in body
        assert "https://www.youtube-nocookie.com/embed/" in body


def test_one_story_is_told_in_german_and_in_japanese_too(truth: list) -> None:
    for story in ("auction-six", "kuramine-start"):
        assert any("minatokeizai" in (row["url"] or "") for row in truth if row["story"] == story)
    assert any("kuestenanzeiger" in (row["url"] or "") for row in truth if row["story"] == "kuramine-start")


def test_two_pages_have_a_wrong_date_and_the_feed_the_true_one(captures: Captures) -> None:
    assert "1970-01-01" in _text(captures, "test-log-forty-seven.html")
    assert "2062-11-21" in _text(captures, "/week-ahead-moon")
    (entry,) = (
        e
        for e in _entries(captures["https://seabedandsurface.example/articles.atom"][-1])
        if e.url and "forty-seven" in e.url
    )
    assert entry.published == datetime(2026, 11, 21, 8, 20, tzinfo=UTC)


def test_one_publisher_shares_the_same_card_everywhere(captures: Captures) -> None:
    card = "https://gridbulletin.example/static/share-card.png"
    pages = [found[0].body.decode() for url, found in captures.items() if "gridbulletin.example/bulletin/" in url]
    assert card in captures
    assert len(pages) >= 4
    assert all(f'og:image" content="{card}"' in page for page in pages)


def test_servers_fail_as_servers_do(captures: Captures) -> None:
    statuses = {url: [r.status for r in found] for url, found in captures.items()}
    assert 503 in statuses["https://gridbulletin.example/feed"]
    assert statuses["https://gridbulletin.example/feed"][-1] == 200
    assert statuses["https://ledgerandkeel.example/rss.xml"][-1] == 301
    assert captures["https://ledgerandkeel.example/rss.xml"][-1].headers["location"] in captures
    assert [url for url, seen in statuses.items() if seen == [404]] == [
        "https://harbourgazette.example/news/second-barge-report"
    ]


def test_one_article_is_closed_to_robots(captures: Captures) -> None:
    assert "Disallow: /members/" in captures["https://birdsandbrine.example/robots.txt"][0].body.decode()
    assert any("birdsandbrine.example/members/" in url for url in captures)


def test_articles_are_listed_twice_and_under_tracking_parameters(captures: Captures) -> None:
    feeds = [captures[f"https://coastwire.example/rss/{name}.xml"][-1] for name in ("energy", "top")]
    energy, top = ({e.url for e in _entries(feed)} for feed in feeds)
    assert all("utm_source=" in url for url in top)
    assert energy & {url.partition("?")[0] for url in top}


def test_no_page_names_a_real_company() -> None:
    for path in sorted((TOOLS / "stories").glob("*.md")):
        words = f" {' '.join(path.read_text('utf-8').split())} "
        assert [name for name in REAL_NAMES if f" {name} " in words] == [], path.name


def test_no_two_paragraphs_are_the_same() -> None:
    texts = [path.read_text("utf-8") for path in sorted((TOOLS / "stories").glob("*.md"))]
    paragraphs = Counter(part for text in texts for part in text.split("\n\n") if len(part) > 60)
    assert [part for part, times in paragraphs.items() if times > 1] == []


def test_the_sources_give_the_committed_files(tmp_path: Path, captures: Captures) -> None:
    shutil.copyfile(SAMPLE / "week.warc.gz", tmp_path / "week.warc.gz")
    command = [sys.executable, str(TOOLS / "make.py"), str(tmp_path), "--truth", str(tmp_path / "truth.jsonl")]
    subprocess.run(command, check=True, capture_output=True)
    for path in sorted((SAMPLE / "publication").rglob("*")):
        if path.suffix in {".toml", ".yaml", ".md"}:
            assert (tmp_path / path.relative_to(SAMPLE)).read_bytes() == path.read_bytes()
    again = list(read_responses(tmp_path / "week.warc.gz"))
    assert [_row(r) for r in again] == [_row(r) for r in read_responses(SAMPLE / "week.warc.gz")]
    assert (tmp_path / "truth.jsonl").read_bytes() == (TOOLS / "truth.jsonl").read_bytes()


def _row(response: Response) -> tuple[object, ...]:
    """What must be the same; a logo's bytes may differ with the version of the drawing library."""
    logo = response.content_type == "image/png"
    etag = None if logo else response.headers.get("etag")
    return (response.url, response.fetched_at, response.status, etag, None if logo else response.body)


def test_publishers_are_described_once_each() -> None:
    tables = tomllib.loads((TOOLS / "publishers.toml").read_text("utf-8"))
    assert len({table["domain"] for table in tables.values()}) == len(tables) == 15
