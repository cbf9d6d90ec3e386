"""A reader opens the front page in a real browser, goes to a story, and nothing is refused or missing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.web.static import open_server
from chromium import chromium

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.browser

ARTEFACTS = Path(__file__).parents[2] / "artefacts"


@pytest.fixture(scope="module")
def address(demo: Path) -> Iterator[str]:
    server = open_server(demo / "public", port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> "sync_api.Browser":
    return chromium()


def test_from_the_front_page_to_a_story(browser: "sync_api.Browser", address: str) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(address)
    assert page.inner_text("h1") == "The Tide Table"
    assert page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).length") == 0
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / "front-page.png", full_page=True)
    head = page.inner_text("article.story--l h3")
    page.click("article.story--l h3 a")
    assert page.inner_text("h1") == head
    assert str(page.get_attribute("a.btn--ink", "href")).startswith("https://")
    page.screenshot(path=ARTEFACTS / "story.png", full_page=True)
    assert complaints == []
    page.close()


PAGES = ["", "topics/turbines/", "days/", "days/2026-11-20/", "about/", "corrections/", "feeds/", "nowhere/"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways(browser: "sync_api.Browser", address: str, path: str) -> None:
    page = browser.new_page()
    for width in (320, 390, 820, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_front_page_opens_from_a_folder_too(browser: "sync_api.Browser", demo: Path) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.goto((demo / "public" / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith(
        ("Newsreader", '"Newsreader')
    )
    page.close()


def test_nothing_moves_while_a_page_loads(browser: "sync_api.Browser", address: str) -> None:
    watch = "window.moved=0;new PerformanceObserver(l=>{for(const e of l.getEntries())window.moved+=e.value})"
    for width in (390, 1440):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.add_init_script(f"{watch}.observe({{type:'layout-shift',buffered:true}})")
        for path in ("", "topics/turbines/", "days/2026-11-20/"):
            page.goto(address + path, wait_until="networkidle")
            assert page.evaluate("window.moved") < 0.1  # what Core Web Vitals call good
        page.close()


def test_the_keyboard_gets_past_the_head_of_a_page(browser: "sync_api.Browser", address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.close()
