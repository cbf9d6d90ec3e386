"""A paper of our own invention, built and served, and one browser for all that look at it."""

import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw

from broadsheet.model.letter import FiledLetter
from broadsheet.model.publication import Publication, PublishedImage
from broadsheet.model.sponsor import Sponsor
from broadsheet.model.story import Story
from broadsheet.model.vitals import Finding, SourceHealth, Trouble
from broadsheet.stages.publish.build import build
from broadsheet.web.static import open_server
from chromium import chromium
from publish.conftest import NEWEST, PAPERS, a_publication

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ARTEFACTS = Path(os.environ.get("BROADSHEET_ARTEFACTS", Path(__file__).parents[2] / "artefacts"))
_KINDS = (
    (r"stories/[^/]+/", "story"),
    (r"topics/[^/]+/page/\d+/", "topic-older"),
    (r"topics/[^/]+/", "topic"),
    (r"days/\d[^/]*/", "day"),
    (r"newsletter/[^/]+/", "letter"),
    (r"providers/[^/]+/page/\d+/", "provider-older"),
    (r"providers/[^/]+/", "provider"),
)


@dataclass(frozen=True)
class Paper:
    """A built paper: its folder, where it is served, and one page of each kind by the kind's name."""

    folder: Path
    address: str
    kinds: dict[str, str]

    def open(self, page: "Page", path: str) -> None:
        """Loads a page with its fonts."""
        page.goto(self.address + path)
        page.evaluate("document.fonts.ready.then(() => true)")


@pytest.fixture(scope="session")
def browser() -> "Browser":
    return chromium()


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    yield from _served(tmp_path_factory.mktemp("paper"), _a_full_publication())


@pytest.fixture(scope="session")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    publication = _a_full_publication()
    yield from _served(
        tmp_path_factory.mktemp("arabic"), replace(publication, site=replace(publication.site, locale="ar"))
    )


@pytest.fixture(scope="session", params=("en", "de", "fr", "es", "ja", "ar"))
def mixed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """A paper in each of our languages, with heads and decks of several scripts on every page."""
    publication = _a_full_publication()
    stories = tuple(_elsewhere(story, *FOREIGN[n % 3]) for n, story in enumerate(publication.stories))
    given = replace(publication, stories=stories, site=replace(publication.site, locale=request.param))
    yield from _served(tmp_path_factory.mktemp(request.param), given)


FOREIGN = (
    ("pl", "Łódź sprzedaje ciepło z żółtych tramwajów"),
    ("ar", "العبّارة تعمل شهرًا"),
    ("ja", "島の渡し船が一か月走る"),
)


def _elsewhere(story: Story, language: str, title: str) -> Story:
    """The story with a head in another language, and an English name in it."""
    title = f"{title} (Ferry {story.id})"
    first, *others = story.members
    head = replace(first, title=title, language=language, excerpt=f"{title}: {first.excerpt}")
    return replace(story, title=title, members=(head, *others))


def _a_full_publication() -> Publication:
    """All kinds of pages: older pages of a topic and of a publisher, a story that moved, sources well and unwell."""
    given = a_publication()
    old = tuple(_older(given.stories[8], n) for n in range(90))
    return replace(
        given,
        stories=(*given.stories, *old),
        moved={"gone": given.stories[0].id},
        official=frozenset({"ridge.example"}),
        letters=tuple(_letter(n) for n in (1, 2)),
        subscribe="https://letters.hours.example/",
        sponsors=(Sponsor("kelp", "The Kelp Ledger", "Tide tables on paper, by post.", "https://kelp.example/tables"),),
        health=tuple(_health(n, name, domain) for n, (name, domain) in enumerate(PAPERS)),
    )


def _letter(n: int) -> FiledLetter:
    at = NEWEST - timedelta(days=n)
    html = "<table role=presentation><tr><td><h2>Ferry</h2><p>The island ferry ran for a month.</p></td></tr></table>"
    address = f"https://hours.example/newsletter/hours-{at:%Y-%m-%d}/"
    return FiledLetter(f"hours-{at:%Y-%m-%d}", f"The ferry, again, part {n}", "And a piano", at, address, html)


def _older(story: Story, n: int) -> Story:
    at = story.head.published - timedelta(days=8, hours=7 * n)
    member = replace(story.head, record=f"_news/old-{n}.md", published=at, title=f"{story.title}, part {n}")
    return replace(story, id=f"o{n:03}", title=member.title, members=(member,), heat=54, heat_terms=(("quality", 54),))


def _health(n: int, name: str, domain: str) -> SourceHealth:
    trouble = {1: Trouble.SLOW, 2: Trouble.NO_FEED}.get(n)
    return SourceHealth(
        name=name,
        url=f"https://{domain}/feed.xml",
        findings=(Finding(trouble, NEWEST - timedelta(hours=3)),) if trouble else (),
        every_seconds=3_600 * n or None,
        newest=NEWEST - timedelta(hours=n),
        paused=n == 3,
        asked=n != 4,
    )


def _served(folder: Path, publication: Publication) -> Iterator[Paper]:
    out = folder / "site"
    build(replace(publication, files=_pictures(folder / "drawn", publication.pictures.values())), out)
    server = open_server(out, port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Paper(out, f"http://127.0.0.1:{server.server_address[1]}/", _kinds(out))
    server.shutdown()
    thread.join()
    server.server_close()


def _pictures(folder: Path, pictures: "Iterator[PublishedImage] | object") -> dict[str, Path]:
    """A file for each picture that the paper shows, all of one drawing."""
    folder.mkdir()
    drawn: dict[int, Path] = {}
    for width in (480, 1200):
        image = Image.new("RGB", (width, width * 2 // 3), (204, 208, 200))
        draw = ImageDraw.Draw(image)
        for y in range(0, image.height, 12):
            draw.line((0, y, image.width, y + image.height // 9), fill=(60, 70, 74), width=5)
        draw.ellipse((width // 2, width // 8, width * 3 // 4, width * 3 // 8), fill=(184, 52, 26))
        drawn[width] = folder / f"{width}.webp"
        image.save(drawn[width], "WEBP", quality=60)
    return {path: drawn[width] for picture in pictures for path, width in picture.files}  # type: ignore[attr-defined]


def _kinds(folder: Path) -> dict[str, str]:
    """A page of each kind that the build made, whoever made it; of stories the one with the most to show."""
    found: dict[str, str] = {}
    for file in sorted(folder.rglob("*.html")):
        path = file.relative_to(folder).as_posix().removesuffix("index.html")
        kind = next((kind for form, kind in _KINDS if re.fullmatch(form, path)), path.strip("/").replace("/", "-"))
        if b'http-equiv="refresh"' not in file.read_bytes():
            found.setdefault(kind or "front", path)
    return found | {"story": "stories/s001/", "story-single": "stories/o000/", "provider": "providers/ridge.example/"}
