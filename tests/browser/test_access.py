"""Every kind of page is accessible, by axe: WCAG 2.2 A and AA and axe's best practices, on phone, tablet and desk.

A picture of each page is kept in `artefacts/pages` (or below `BROADSHEET_ARTEFACTS`), to be looked at.
"""

from importlib import resources
from typing import TYPE_CHECKING

import pytest

from .conftest import ARTEFACTS, Paper

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCHEMES = {"light": RULES, "dark": {"type": "rule", "values": ["color-contrast"]}}
KINDS = {
    "front", "story", "story-single", "topic", "topic-older", "days", "day", "providers", "provider", "provider-older",
    "about", "corrections", "feeds", "sources", "404.html",
    "search", "newsletter", "letter",
}  # fmt: skip


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which a package brings along: nothing is fetched."""
    pytest.importorskip("axe_playwright_python")
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def test_every_kind_of_page_is_there(paper: Paper) -> None:
    assert paper.kinds.keys() >= KINDS


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_axe_finds_nothing(browser: "Browser", paper: Paper, axe: str, width: int) -> None:
    assert _look(browser, paper, axe, width, sorted(paper.kinds)) == {}


@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_from_right_to_left(browser: "Browser", arabic: Paper, axe: str, width: int) -> None:
    assert _look(browser, arabic, axe, width, ["front", "story", "topic", "provider", "sources"]) == {}


def _look(browser: "Browser", paper: Paper, axe: str, width: int, kinds: list[str]) -> dict[str, list[str]]:
    """What is wrong with each kind of page. In the dark only colours differ: there contrast is looked at again."""
    wrong: dict[str, list[str]] = {}
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    for kind in kinds:
        page.emulate_media(color_scheme="light")
        paper.open(page, paper.kinds[kind])
        page.evaluate(axe)
        for scheme in ("light", "dark") if page.get_attribute("html", "dir") == "ltr" else ("light",):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            name = f"{kind}-{width}-{scheme}-{page.get_attribute('html', 'dir')}.jpg"
            page.screenshot(path=ARTEFACTS / "pages" / name, full_page=True, type="jpeg", quality=70)
            if found := _violations(page, SCHEMES[scheme]):
                wrong[f"{kind}, {scheme}"] = found
    context.close()
    return wrong


def _violations(page: "Page", only: object) -> list[str]:
    found = page.evaluate("options => axe.run(options)", {"runOnly": only, "resultTypes": ["violations"]})
    assert len(found["passes"]) > 0
    return [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found["violations"]]
