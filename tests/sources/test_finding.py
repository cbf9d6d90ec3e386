"""Finding what can be watched, over real HTTP: `sources discover` and `sources add`."""

import json
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet.app.network import live_http
from broadsheet.cli import broadsheet
from broadsheet.errors import GoneForGood
from broadsheet.model.source import SourceKind
from broadsheet.settings import Settings, read_settings
from broadsheet.steps.discover import discover
from worlds import make_publication

FEED = b"<rss version='2.0'><channel><title>The Local</title><item><link>https://ledger.example/1</link></item></channel></rss>"
MAP = b"<urlset><url><loc>https://ledger.example/1</loc></url></urlset>"
ARTICLES = "".join(
    f"<h2><a href='/2026/11/2{n}/a-long-slug-of-{n}'>The long news of day {n}</a></h2>" for n in range(3)
)
PLACES: dict[str, bytes] = {
    "/": b"<html><head><link rel=alternate type='application/rss+xml' href='/gone.xml'><link rel=alternate type='application/rss+xml' title=News href='/news.xml'></head>",
    "/news.xml": FEED,
    "/map.xml": MAP,
    "/list": f"<html><main>{ARTICLES}</main></html>".encode(),
    "/silent/": b"<html><p>Nothing here</html>",
    "/silent/rss.xml": FEED,
    "/deaf": b"<html><p>Nothing at all</html>",
    "/robots.txt": b"User-agent: *\nDisallow:\nsitemap: http://SITE/map.xml\nSitemap: /relative\nSitemap: http://SITE/news-map.xml\n",
    "/news-map.xml": MAP,
}


@pytest.fixture
def site() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PLACES.get(self.path, b"").replace(b"SITE", self.headers["Host"].encode())
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def settings(site: str, tmp_path: Path) -> Settings:
    folder = make_publication(tmp_path / "paper", "")
    toml = folder / "broadsheet.toml"
    said = toml.read_text("utf-8").replace('replay = ["world.warc.gz"]', f'allow = ["{site}"]\nhost_delay_seconds = 0')
    toml.write_text(said, "utf-8")
    return read_settings(folder)


def found(settings: Settings, url: str) -> list[tuple[str, SourceKind, str]]:
    with closing(live_http(settings)) as http:
        return [(f.source.url, f.source.kind, f.why) for f in discover(http, url)]


def test_what_is_found_where(site: str, settings: Settings) -> None:
    base = f"http://{site}"
    assert found(settings, base + "/") == [(f"{base}/news.xml", SourceKind.FEED, 'the page names it "News"')]
    assert found(settings, base + "/news.xml") == [(f"{base}/news.xml", SourceKind.FEED, "it is a feed itself")]
    assert found(settings, base + "/map.xml") == [(f"{base}/map.xml", SourceKind.SITEMAP, "it is a sitemap")]
    named = [(f"{base}/{name}.xml", SourceKind.SITEMAP, "robots.txt names it") for name in ("news-map", "map")]
    listing = (f"{base}/list", SourceKind.PAGE, "the page lists articles itself")
    assert found(settings, base + "/list") == [named[0], listing, named[1]]
    assert found(settings, base + "/silent/")[0][:2] == (f"{base}/silent/rss.xml", SourceKind.FEED)
    assert found(settings, base + "/deaf") == named
    with pytest.raises(GoneForGood):
        found(settings, base + "/nowhere")


def add(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(broadsheet, ["sources", "add", "-C", str(settings.folder), *arguments])


def test_a_home_page_is_added_by_its_feed(site: str, settings: Settings) -> None:
    said = add(settings, f"http://{site}/", "--tag", "local", "--official")
    assert said.exit_code == 0, said.output
    assert f'Took http://{site}/news.xml: the page names it "News"' in said.stderr
    assert "Added The Local (feed, 1 entries)" in said.stderr
    (source,) = read_settings(settings.folder).sources
    assert (source.url, source.name, source.tags, source.official) == (
        f"http://{site}/news.xml",
        "The Local",
        ("local",),
        True,
    )
    assert "is a source already" in str(add(settings, f"http://{site}/").exception)


def test_kinds_are_taken_at_their_word(site: str, settings: Settings) -> None:
    assert add(settings, f"http://{site}/list", "--kind", "page").exit_code == 0
    assert add(settings, f"http://{site}/map.xml", "--kind", "sitemap").exit_code == 0
    assert "not a feed" in str(add(settings, f"http://{site}/deaf", "--kind", "feed").exception)
    assert add(settings, f"http://{site}/deaf").exit_code == 0
    assert add(settings, f"http://{site}/deaf", "--unchecked").exit_code == 0
    assert [s.kind.value for s in read_settings(settings.folder).sources] == ["page", "sitemap", "sitemap", "feed"]


def test_platforms_are_not_listed_as_publishers(settings: Settings) -> None:
    assert add(settings, "https://www.reddit.com/r/weirs/.rss", "--unchecked").exit_code == 0
    assert not (settings.folder / "_data" / "organizations" / "reddit.com.md").exists()


def test_discover_refuses_what_is_not_public(site: str) -> None:
    said = CliRunner().invoke(broadsheet, ["sources", "discover", f"http://{site}/"])
    assert said.exit_code == 1
    assert said.stdout == ""
    assert json.dumps(site)[1:-1] in str(said.exception)
