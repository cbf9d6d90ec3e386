"""A reader opens the front page in a real browser, goes to a story, and nothing is refused or missing."""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord, Record, RecordProvider
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.build import build
from broadsheet.web.static import open_server

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
ARTEFACTS = Path(__file__).parents[2] / "artefacts"
HEADS = ("The bus that waits for its last passenger", "A river is given a lawyer", "Snow, measured by ear")


def a_publication() -> Publication:
    newest = datetime(2026, 2, 3, 9, 30, tzinfo=UTC)
    records = tuple(_record(title, newest - timedelta(hours=n), 96 - n) for n, title in enumerate(HEADS * 6))
    topics = (Topic("town", "Town"), Topic("roads", "Roads", 1, parent="Town"))
    return Publication(Site("Town Every Day", locale="en"), topics, {}, records)


def _record(title: str, published: datetime, heat: int) -> FiledRecord:
    url = f"https://bell.example/{heat}"
    record = Record(
        title=title,
        published_date_time=published,
        original_url=url,
        provider=RecordProvider("The Bell", "bell.example"),
        topics=("Town", "Roads"),
        excerpt="What was decided, who asked for it, and what it is going to cost.",
        web_url=url,
        quality=heat,
        heat=heat,
        published=True,
    )
    return FiledRecord(f"_news/{published:%Y-%m-%d}-{heat}.md", record)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    out = tmp_path_factory.mktemp("site")
    build(a_publication(), out)
    server = open_server(out, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator["sync_api.Browser"]:
    if CHROMIUM is None:
        pytest.skip("no Chromium here; tools/ensure_browser.py says how to get one")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


def test_from_the_front_page_to_a_story(browser: "sync_api.Browser", address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(address)
    assert page.inner_text("h1") == "Town Every Day"
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "front-page.png", full_page=True)
    page.click("article.story--l h3 a")
    assert page.inner_text("h1") == HEADS[0]
    assert page.get_attribute("a.btn--ink", "href") == "https://bell.example/96"
    page.screenshot(path=ARTEFACTS / "story.png", full_page=True)
    assert complaints == []
    page.close()


@pytest.mark.parametrize("path", ["", "topics/roads/", "days/", "about/", "feeds/", "nowhere/"])
@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_no_page_scrolls_sideways(browser: "sync_api.Browser", address: str, path: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
