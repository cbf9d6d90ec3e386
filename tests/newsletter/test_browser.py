"""The letter, its pages and its readers' pages in a real browser: accessible, within the screen, in light and dark.

Pictures are kept in `artefacts/letters`, to be looked at.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from PIL import Image
from tests.browser.conftest import ARTEFACTS, browser  # noqa: F401 - a fixture
from tests.newsletter.conftest import AT, HTML, LEAVE, LETTER, MailServer, make_paper
from tests.newsletter.test_letter import letter_of
from tests.newsletter.test_readers import serving
from tests.publish.conftest import NEWEST, a_publication

from broadsheet.app.letters import letter_signer
from broadsheet.app.stores import open_store
from broadsheet.cli import broadsheet
from broadsheet.model.letter import Evergreen
from broadsheet.model.publication import Site
from broadsheet.model.sponsor import Sponsor
from broadsheet.stages.publish.build import build
from broadsheet.stages.publish.newsletter.choosing import Past, Plan, choose
from broadsheet.steps.subscribers import ask

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOLDER = ARTEFACTS / "letters"


@contextmanager
def page_of(browser: "Browser", width: int, scheme: str) -> Iterator["Page"]:  # noqa: F811 - the fixture
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def violations(page: "Page", name: str) -> list[str]:
    pytest.importorskip("axe_playwright_python")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", RULES)
    assert len(found["passes"]) > 0
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    told = [f"{v['id']}: {v['help']}: {[n['target'] for n in v['nodes'][:3]]}" for v in found["violations"]]
    return [*told, *(["wider than the screen"] if wide else [])]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_letter_can_be_read_by_everybody(browser: "Browser", tmp_path: Path, language: str) -> None:  # noqa: F811
    publication = a_publication(site=Site("The Small Hours", "https://hours.internal", locale=language))
    sponsor = (Sponsor("s", "Quay Rope Works", "Rope that remembers its length.", "https://rope.internal/"),)
    kept = (Evergreen("e", "How to read a tide table", "Ten minutes, and then for life.", "https://tide.internal/"),)
    issue = choose(publication, Past(NEWEST - timedelta(days=3)), Plan(), NEWEST, sponsor, kept)
    assert issue is not None
    file = tmp_path / "letter.html"
    file.write_text(letter_of(issue, publication).html, "utf-8")
    for width in (390, 720):
        for scheme in ("light", "dark"):
            with page_of(browser, width, scheme) as page:
                page.goto(file.as_uri())
                assert violations(page, f"letter-{language}-{width}-{scheme}") == []


@pytest.mark.parametrize("width", [390, 1440])
def test_its_pages_on_the_site_can(browser: "Browser", tmp_path: Path, width: int) -> None:  # noqa: F811
    publication = a_publication(site=Site("The Small Hours", "https://hours.internal"))
    issue = choose(publication, Past(NEWEST - timedelta(days=3)), Plan(), NEWEST)
    assert issue is not None
    letters = (LETTER, letter_of(issue, publication))
    build(replace(publication, letters=letters, subscribe="https://letters.internal/letter/subscribe"), tmp_path)
    for path in ("newsletter/", f"newsletter/{letters[1].name}/"):
        with page_of(browser, width, "light") as page:
            page.goto((tmp_path / path / "index.html").as_uri())
            assert violations(page, f"{path.strip('/').replace('/', '-')}-{width}") == []


def test_its_readers_pages_can(browser: "Browser", tmp_path: Path, smtp: MailServer) -> None:  # noqa: F811
    settings = make_paper(tmp_path, smtp.port)
    build(a_publication(), settings.out_folder)
    with open_store(settings) as store, serving(settings) as server:
        asked = ask(store, "inga@inbox.internal", "Inga", AT)
        assert asked is not None
        token = letter_signer(settings).leave_token(asked.id)
        for name, path in (("subscribe", "/letter/subscribe"), ("leave", f"/letter/leave?t={token}")):
            with page_of(browser, 390, "dark") as page:
                page.goto(server + path)
                assert violations(page, name) == []
        with page_of(browser, 390, "light") as page:
            page.goto(f"{server}/letter/leave?t={token}")
            page.get_by_role("button").click()
            page.get_by_text("You have left").wait_for()
        known = store.subscribers.by_id(asked.id)
        assert known is not None
        assert known.state.value == "left"


def test_a_picture_of_it_is_made_by_command(browser: "Browser", tmp_path: Path) -> None:  # noqa: F811
    """In a process of its own, since a browser is open in this one already."""
    import subprocess
    import sys

    make_paper(tmp_path, 1, replace(LETTER, html=HTML.replace(LEAVE, f"{LEAVE}?x")))
    picture = tmp_path / "letter.png"
    arguments = ["newsletter", "preview", "-C", str(tmp_path), "--picture", str(picture), "--width", "400"]
    call = "from broadsheet.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", call, *arguments], check=False, capture_output=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(picture) as opened:
        assert opened.width == 400
    assert CliRunner().invoke(broadsheet, ["newsletter", "preview", "--help"]).exit_code == 0
