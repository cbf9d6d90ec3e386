"""How pages read in a browser: light, still, alone, without scripts, on paper, enlarged, by keyboard."""

import gzip
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from .conftest import ARTEFACTS, Paper

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response, Route

pytestmark = pytest.mark.browser
KINDS = ("front", "story", "story-single", "topic", "day", "provider", "providers", "about", "sources", "404.html")
BUDGET = 100_000  # bytes before pictures, as they are sent: text with gzip, fonts as they are
STILL = 0.002  # a shift that nobody sees: a word of the menu that our letters make a pixel wider
WATCH = """
window.moved = 0; window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) {
    window.moved += entry.value;
    window.shifts.push(...entry.sources.map(s => s.node && s.node.nodeName + '.' + (s.node.className || '')));
  }
}).observe({type: 'layout-shift', buffered: true});
"""


@pytest.fixture
def page(browser: "Browser") -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def sent(response: "Response") -> int:
    """The bytes that a server with gzip sends for it; pictures are not counted."""
    kind = response.request.resource_type
    if kind == "image":
        return 0
    body = response.body()
    return len(body) if kind == "font" else len(gzip.compress(body, 9))


@pytest.mark.parametrize("width", [390, 1440])
def test_pages_are_light_alone_and_silent(browser: "Browser", paper: Paper, width: int) -> None:
    for kind in KINDS:
        context = browser.new_context(viewport={"width": width, "height": 900})
        page = context.new_page()
        said: list[str] = []
        got: list[Response] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.on("requestfailed", lambda request, said=said: said.append(request.url))
        page.on("response", lambda response, got=got: got.append(response))
        paper.open(page, paper.kinds[kind])
        page.wait_for_load_state("networkidle")
        hosts = {urlsplit(response.url).netloc for response in got}
        assert said == [], kind
        assert hosts == {urlsplit(paper.address).netloc}, kind
        assert {r.status for r in got} <= {200, 304}, kind
        assert sum(sent(response) for response in got) < BUDGET, kind
        assert context.cookies() == []
        context.close()


def test_pages_of_all_languages_and_of_mixed_scripts_are_light(page: "Page", mixed: Paper) -> None:
    got: list[Response] = []
    page.on("response", lambda response: got.extend([response]))
    weights = {}
    for kind, path in mixed.kinds.items():
        got.clear()
        page.context.clear_cookies()
        page.goto("about:blank")
        mixed.open(page, path)
        page.wait_for_load_state("networkidle")
        weights[kind] = sum(map(sent, got))
        fetched = [r.url for r in got if r.request.resource_type == "font"]
        assert len(fetched) == page.evaluate(USED), (kind, fetched)
    assert max(weights.values()) < BUDGET, weights


USED = "[...document.fonts].filter(face => face.status === 'loaded' && !face.family.includes('Before')).length"
"""Faces that letters of the page asked for: one that comes by a preload only is not among them."""


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_moves_while_fonts_and_pictures_come_late(browser: "Browser", paper: Paper, width: int) -> None:
    held: list[Route] = []
    waits = True

    def late(route: "Route") -> None:
        held.append(route) if waits else route.continue_()

    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.route(re.compile(r"\.(webp|woff2)$"), late)
    for kind in ("front", "story", "topic", "provider"):
        held, waits = [], True
        page.goto(paper.address + paper.kinds[kind], wait_until="domcontentloaded")
        page.wait_for_timeout(200)
        assert held
        waits = False
        for route in held:
            route.continue_()
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => done(true))))")
        assert page.evaluate("window.moved") < STILL, (kind, page.evaluate("window.shifts"))
    context.close()


def test_without_scripts_everything_is_there(browser: "Browser", paper: Paper) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.goto(paper.address)
    page.locator("article.story--l h3 a").click()
    assert page.locator("h1").is_visible()
    fold = page.locator("details.fold--phone").first
    hidden = fold.locator("ol, table").first
    assert not hidden.is_visible()
    fold.locator("summary").first.click()
    assert hidden.is_visible()
    context.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrow_or_enlarged_page_is_whole(page: "Page", paper: Paper, kind: str) -> None:
    page.set_viewport_size({"width": 320, "height": 700})
    paper.open(page, paper.kinds[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.evaluate(CUT_OFF) == []
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.evaluate(SPACED)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert page.evaluate(CUT_OFF) == []


SPACED = """() => { for (const e of document.querySelectorAll('*')) {
  e.style.letterSpacing = '.12em'; e.style.wordSpacing = '.16em'; e.style.lineHeight = '1.5';
  if (e.nodeName === 'P') e.style.marginBlockEnd = '2em'; } }"""
"""What WCAG 1.4.12 lets a reader do."""
CUT_OFF = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(e => {
  const style = getComputedStyle(e);
  return style.overflow !== 'visible' && style.display !== 'inline' && !e.closest('.vh, svg, thead') &&
    e.checkVisibility() && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1);
}).map(e => e.outerHTML.slice(0, 120))"""


def test_the_keyboard_goes_through_a_page_in_its_order(page: "Page", paper: Paper) -> None:
    for kind in ("front", "story"):
        paper.open(page, paper.kinds[kind])
        assert page.evaluate("document.querySelectorAll('[tabindex]:not([tabindex=\"-1\"])').length") == 0
        wanted = page.evaluate(STOPS)
        assert len(wanted) > 30
        seen = []
        for _ in wanted:
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            assert at["ring"] >= 2, at
            assert at["inside"], at
            seen.append(at["name"])
        assert seen == wanted


STOPS = """() => [...document.querySelectorAll('a[href], summary, button, input, select, textarea')]
  .filter(e => e.tabIndex >= 0 && e.checkVisibility({contentVisibilityAuto: true}) && !e.closest('[aria-hidden=true]'))
  .map(e => e.nodeName + ' ' + (e.getAttribute('href') || e.textContent || e.name))"""
FOCUS = """() => { const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
  return {name: e.nodeName + ' ' + (e.getAttribute('href') || e.textContent || e.name),
    ring: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
    inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight}; }"""


def test_on_paper_all_is_open_and_nothing_is_left_of_the_screen(page: "Page", paper: Paper) -> None:
    paper.open(page, paper.kinds["story"])
    page.emulate_media(media="print")
    (ARTEFACTS / "pages").mkdir(parents=True, exist_ok=True)
    assert page.locator("nav.topics").is_hidden()
    copies = page.locator("ul.copies li")
    assert copies.count() > 0
    assert all(copy.is_visible() for copy in copies.all())
    shown = "e => getComputedStyle(e, '::after').content"
    assert "https://" in page.locator(".cov h3 a").first.evaluate(shown)
    assert page.pdf(path=ARTEFACTS / "pages" / "story.pdf").startswith(b"%PDF")


def test_forced_colours_keep_the_bars(page: "Page", paper: Paper) -> None:
    page.emulate_media(forced_colors="active")
    paper.open(page, paper.kinds["front"])
    page.screenshot(path=ARTEFACTS / "pages" / "front-forced.jpg", type="jpeg")
    assert page.evaluate("getComputedStyle(document.querySelector('.tally i')).backgroundImage") != "none"
    inked = "getComputedStyle(document.querySelector('article.story--l'), '::after')"
    assert page.evaluate(f"{inked}.backgroundColor") != "rgba(0, 0, 0, 0)"


def test_who_wants_no_motion_gets_none(page: "Page", paper: Paper) -> None:
    page.emulate_media(reduced_motion="reduce")
    paper.open(page, paper.kinds["story"])
    moving = "[...document.querySelectorAll('*')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0)"
    assert page.evaluate(f"{moving}.length + document.getAnimations().length") == 0


def test_languages_are_named(page: "Page", arabic: Paper) -> None:
    arabic.open(page, "stories/s002/")
    assert page.get_attribute("html", "lang") == "ar"
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    left, right = page.evaluate("[...document.querySelectorAll('.told > *')].map(e => e.getBoundingClientRect().left)")
    assert left != right
    german = page.locator("h3 a[hreflang='de']")
    assert german.count() == page.locator("h3 bdi[lang='de']").count() > 0
