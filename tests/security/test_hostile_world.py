"""A whole run among servers that mean harm: each is bounded and reported, and the honest ones get through."""

import gzip
import io
import json
import sqlite3
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from signal import SIGALRM, alarm, signal

import pytest
from PIL import Image
from tests.security.paper import HOST, address, filler, git, hostile_paper, html_files, records, unsafe

from broadsheet.app.clocks import FixedClock
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.errors import Rejected
from broadsheet.model.exchange import Response
from broadsheet.settings import read_settings
from broadsheet.stages.publish.pictures import render_picture
from broadsheet.steps.newsroom import RunReport, peak_memory_mb
from broadsheet.steps.poll import poll
from worlds import EVENING, MORNING, NOON, World, run_at, saltmere

SITEMAP = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"


@contextmanager
def ends(seconds: int = 120) -> Iterator[None]:
    """A guard against hanging, not a measure of speed."""

    def stop(*_: object) -> None:
        raise AssertionError("it did not end")

    before = signal(SIGALRM, stop)
    alarm(seconds)
    try:
        yield
    finally:
        alarm(0)
        signal(SIGALRM, before)


def watch(world: World, url: str, kind: str = "feed") -> None:
    toml = world.folder / "broadsheet.toml"
    toml.write_text(f'{toml.read_text()}\n[[sources]]\nurl = "{url}"\nkind = "{kind}"\n')


def hostile_page(extra: str, at: int = 0) -> str:
    return f"<html><head><title>Weir number {at} is looked at</title>{extra}</head><body>{filler(at)}</body></html>"


PAGES: dict[str, Callable[[], str]] = {
    "huge": lambda: "<html><title>Weir of many words</title>" + "<p>" + "word " * 4_000_000,
    "deep": lambda: "<html><title>Weir of many boxes</title>" + "<div>" * 50_000 + "text",
    "long title": lambda: hostile_page("").replace("Weir", "Weir " * 200_000),
    "many authors": lambda: hostile_page("".join(f"<meta name=author content='Ada {n} Love'>" for n in range(10_000))),
    "many authors in JSON": lambda: hostile_page(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Weir has many pens","author":'
        + json.dumps([{"name": f"Ada {n} Love"} for n in range(10_000)])
        + "</script>"
    ),
    "halves of characters": lambda: hostile_page(
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Weir \\ud800 is \\u0000 half",'
        '"url":"https://ledger.example/\\udfff/x","image":"https://ledger.example/\\ud800.png","inLanguage":"\\ud800",'
        '"author":{"name":"Ada \\ud800 Love"},"publisher":{"name":"L \\ud800"},"datePublished":"2026\\ud800"}</script>'
    ),
    "canonical at the metadata": lambda: hostile_page("<link rel=canonical href='http://169.254.169.254/latest/x'>"),
    "picture at the metadata": lambda: hostile_page("<meta property=og:image content='http://169.254.169.254/a.png'>"),
}  # fmt: skip


def test_hostile_pages_are_articles_or_failures_and_no_more(tmp_path: Path) -> None:
    world = hostile_paper(tmp_path / "paper", [f"Weir of {name}" for name in PAGES])
    for number, page in enumerate(PAGES.values()):
        world.say(address(number), page(), at=NOON)
    world.write()
    before = peak_memory_mb()
    with ends():
        report = run_at(world.folder, NOON)
    assert peak_memory_mb() - before < 1_000
    found = records(world.folder)
    assert len(found) + report.stages["gather"].counts["duplicates"] == len(PAGES)  # some have one text
    assert len(found) >= 6
    assert all(len(r["title"]) <= 2_000 and len(r.get("excerpt", "")) <= 2_000 for r in found.values())
    assert all(r[key].startswith(HOST) for r in found.values() for key in ("webUrl", "originalUrl"))
    assert [bad for _, tree in html_files(world.folder / "public") for bad in unsafe(tree)] == []
    assert {f.item for f in report.failures} <= {address(0), "http://169.254.169.254/a.png"}
    git(world.folder, "fsck", "--strict")


def bomb(*, layers: int) -> bytes:
    body = b"\0" * 300_000_000
    for _ in range(layers):
        body = gzip.compress(body, 9)
    return body


ENTITIES = "<!DOCTYPE r [<!ENTITY a 'lollollol'>" + "".join(
    f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(10)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE r [<!ENTITY f SYSTEM 'file:///etc/hostname'><!ENTITY % p SYSTEM 'http://127.0.0.1:1/x'>%p;]>"
ITEM = "<item><title>{0}</title><link>https://bad.example/{0}</link></item>"
FEEDS: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "entities": (lambda: f"{ENTITIES}<rss><channel><title>&k;</title>{ITEM.format('&k;')}</channel></rss>", "feed"),
    "files": (lambda: f"{OUTSIDE}<rss><channel>{ITEM.format('&f;')}</channel></rss>", "feed"),
    "included": (
        lambda: "<rss xmlns:xi='http://www.w3.org/2001/XInclude'><channel><item><title>"
        "<xi:include href='file:///etc/hostname' parse='text'/></title><link>https://bad.example/i</link></item></channel></rss>",
        "feed",
    ),
    "packed": (lambda: bomb(layers=1), "feed"),
    "packed twice": (lambda: bomb(layers=2), "feed"),
    "deep": (lambda: "<rss><channel>" + "<item>" * 100_000, "feed"),
    "deep json": (lambda: '{"version":"https://jsonfeed.org/version/1.1","items":' + "[" * 100_000, "feed"),
    "itself": (lambda: f"<sitemapindex {SITEMAP}><sitemap><loc>https://bad.example/itself</loc></sitemap></sitemapindex>", "sitemap"),
    "children": (
        lambda: f"<sitemapindex {SITEMAP}>"
        + "".join(f"<sitemap><loc>https://bad.example/map{n}</loc></sitemap>" for n in range(50_000))
        + "</sitemapindex>",
        "sitemap",
    ),
    "inner children": (
        lambda: f"<sitemapindex {SITEMAP}><sitemap><loc>http://127.0.0.1:8080/x</loc></sitemap>"
        "<sitemap><loc>file:///etc/passwd</loc></sitemap></sitemapindex>",
        "sitemap",
    ),
}  # fmt: skip


def test_hostile_sources_keep_nobody_else_from_being_heard(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    for name, (body, kind) in FEEDS.items():
        url = f"https://bad.example/{name.replace(' ', '-')}"
        world.say(url, body(), "application/xml")
        watch(world, url, kind)
    watch(world, "https://bad.example/around")
    world.captures.append(redirect("https://bad.example/around", "https://bad.example/again", world))
    world.captures.append(redirect("https://bad.example/again", "https://bad.example/around", world))
    world.write()
    before = peak_memory_mb()
    with ends():
        report = run_at(world.folder)
    assert peak_memory_mb() - before < 800
    failed = {f.item.rsplit("/", 1)[-1] for f in report.failures if f.stage == "poll"}
    assert failed >= {"packed", "packed-twice", "deep-json", "around"}
    assert {u for u in records(world.folder) if "bad.example" not in u} == {
        "https://ledger.example/ladder", "https://courier.example/ladder", "https://gazette.example/bread",
    }  # fmt: skip
    hostname = Path("/etc/hostname").read_text().strip() if Path("/etc/hostname").exists() else "no such"
    said = json.dumps([r["title"] for r in records(world.folder).values()])
    assert hostname not in said
    assert "lollollollol" not in said


def redirect(url: str, to: str, world: World) -> Response:
    return replace(world.captures[0], url=url, final_url=url, status=301, body=b"", headers={"location": to})


def polled(world: World) -> RunReport:
    """The first stage alone."""
    report = RunReport()
    with open_newsroom(read_settings(world.folder), FixedClock(MORNING), QuietProgress()) as room:
        poll(room, report)
    return report


def test_a_feed_without_end_is_read_so_far(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    items = "".join(
        f"<item><title>Weir {n}</title><link>https://many.example/{n}</link></item>" for n in range(100_000)
    )
    world.say("https://many.example/feed", f"<rss><channel>{items}</channel></rss>", "application/xml")
    watch(world, "https://many.example/feed")
    world.write()
    with ends():
        assert polled(world).counted("poll", "entries") == 3_003


def test_a_large_sitemap_of_sitemaps_gives_its_newest(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    children = "".join(f"<sitemap><loc>https://many.example/map{n}</loc></sitemap>" for n in range(8))
    world.say("https://many.example/map", f"<sitemapindex {SITEMAP}>{children}</sitemapindex>", "application/xml")
    for n in range(8):
        pages = "".join(f"<url><loc>https://many.example/{n}/{m}</loc></url>" for m in range(20_000))
        newest = f"<url><loc>https://many.example/new{n}</loc><lastmod>2026-11-20T07:00:00Z</lastmod></url>"
        world.say(f"https://many.example/map{n}", f"<urlset {SITEMAP}>{pages}{newest}</urlset>", "application/xml")
    watch(world, "https://many.example/map", "sitemap")
    world.write()
    before = peak_memory_mb()
    with ends():
        assert polled(world).counted("poll", "entries") == 3_003
    assert peak_memory_mb() - before < 800
    with closing(sqlite3.connect(world.folder / ".broadsheet" / "state.sqlite")) as store:
        kept = {url for (url,) in store.execute("SELECT url FROM items")}
    assert kept >= {f"https://many.example/new{n}" for n in range(8)}


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def gif(frames: int) -> bytes:
    out = io.BytesIO()
    pictures = [Image.new("P", (400, 300), n % 250) for n in range(frames)]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:])
    return out.getvalue()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((800, 600), 90).save(out, "JPEG")
    return out.getvalue()


PICTURES: dict[str, Callable[[], bytes]] = {
    "forty thousand": lambda: png(40_000, 40_000),
    "beyond all": lambda: png(2**31 - 1, 2**31 - 1),
    "few bytes of many": lambda: png(6_000, 6_000),
    "cut off": lambda: jpeg()[:3_000],
    "drawn": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)' width='900' height='900'/>",
    "drawn and packed": lambda: gzip.compress(b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 900 900\n(/etc/passwd) run",
    "a page": lambda: b"<html><script>alert(1)</script>",
    "nothing": lambda: b"",
}


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_no_picture_is_refused(name: str) -> None:
    with ends(), pytest.raises(Rejected):
        render_picture(PICTURES[name]())


def test_of_many_frames_the_first_is_shown() -> None:
    with ends():
        shown, files = render_picture(gif(300))
    assert set(files) == set(shown.paths)


def test_a_picture_that_is_none_leaves_its_story_without(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    world.say("https://ledger.example/ladder.png", png(40_000, 40_000), "image/png", at=NOON)
    world.write()
    report = run_at(world.folder, NOON)
    assert [f.item for f in report.failures if f.stage == "publish"] == ["https://ledger.example/ladder.png"]
    assert not list((world.folder / "public").rglob("*.webp"))


def test_a_feed_that_calls_its_entries_by_other_names_at_every_poll(tmp_path: Path) -> None:
    """The address is the identity, and what a publisher appends to it to follow readers is none."""
    world = saltmere(tmp_path / "paper")
    for at, mark in ((NOON, "1"), (EVENING, "2")):
        link = f"https://ledger.example/ladder?utm_source={mark}"
        item = f"<item><title>Saltmere weir</title><link>{link}</link><guid>{mark}</guid></item>"
        world.say("https://ledger.example/feed.xml", f"<rss><channel>{item}</channel></rss>", "application/xml", at=at)
    world.write()
    for at in (NOON, EVENING):
        run_at(world.folder, at)
    assert len([u for u in records(world.folder) if u.startswith(f"{HOST}/ladder")]) == 1


def test_a_damaged_archive_gives_what_can_be_read(tmp_path: Path) -> None:
    world = saltmere(tmp_path / "paper")
    archive = world.folder / "world.warc.gz"
    whole = archive.read_bytes()
    liar = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/\r\nWARC-Date: 2026-11-20T07:00:00Z\r\nContent-Length: 99999999999\r\n\r\n"
    archive.write_bytes(whole + gzip.compress(b"\0" * 200_000_000) + gzip.compress(liar) + whole[:500])
    with ends():
        report: RunReport = run_at(world.folder)
    assert report.counted("gather", "articles") == 3
