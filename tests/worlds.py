"""A small world of invented publishers, recorded in a WARC, and a publication that watches it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image

from broadsheet.adapters.clocks import FixedClock
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.formats.warc import WarcWriter
from broadsheet.model.exchange import Response
from broadsheet.pipeline import run_once
from broadsheet.settings import read_settings
from broadsheet.steps.newsroom import RunReport

MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVENING = datetime(2026, 11, 20, 20, tzinfo=UTC)

SETTINGS = """\
title = "Weir Every Day"
url = "http://localhost:8000"

[publish]
threshold = 70
official = ["weirworks.example"]

[fetch]
contact = "desk@weir.example"
replay = ["world.warc.gz"]
threads = 4
"""

TOPICS = {
    "00-weirs.yaml": "taxonomy: topic\n_id: weirs\nname: Weirs\nkeywords:\n  - weir\nservices:\n  news: /api/news/\n",
    "01-fish.yaml": (
        "taxonomy: topic\n_id: fish\nname: Fish\nparent: Weirs\nkeywords:\n  - salmon\nservices:\n  news: /api/news/fish/\n"
    ),
}

OPENING = (
    "The weir at Saltmere opened its new salmon ladder on Friday morning, two years late and 4.2 million crowns over its "
    "budget. Harbour master Inga Rolle cut the rope at seven, while the tide was still running out."
)
PLAIN = {
    "ledger.example": (
        OPENING,
        "Forty people watched from the quay. The ladder has nineteen steps of stone, and a window through which visitors "
        "count the fish. The first salmon was seen at half past eight, according to the harbour office.",
    ),
    "courier.example": (
        "After two years of waiting, salmon can climb the Saltmere weir again. The ladder of nineteen steps was opened by "
        "Inga Rolle, who runs the harbour, and it cost 4.2 million crowns more than was planned.",
        "Anglers are divided. Some fear that the seals will follow, others have already bought their licence for the "
        "spring. The council wants to publish the count of fish every Monday.",
    ),
    "gazette.example": (
        "A bakery in Oldport has won the county's prize for the best rye bread, the fourth time in ten years. The jury "
        "praised the crust.",
        "The baker, who starts at two in the morning, said that she would spend the money on a new oven door.",
    ),
}


@dataclass
class World:
    """What the publishers' servers say, and since when."""

    folder: Path
    captures: list[Response] = field(default_factory=list)

    def say(
        self, url: str, body: str | bytes, kind: str = "text/html", at: datetime = MORNING, status: int = 200
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.captures.append(Response(url, url, status, data, at, {"content-type": f"{kind}; charset=utf-8"}))

    def page(self, url: str, title: str, paragraphs: tuple[str, ...], at: datetime = MORNING, extra: str = "") -> None:
        text = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
        self.say(
            url,
            f"<!doctype html><html lang=en><head><title>{escape(title)}</title>{extra}</head><body>"
            f"<nav><a href=/>Home</a></nav><article><h1>{escape(title)}</h1>{text}</article>"
            "<footer>All rights reserved</footer></body></html>",
            at=at,
        )

    def feed(self, url: str, entries: Mapping[str, str], at: datetime = MORNING) -> None:
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(link)}</guid>"
            f"<description>{escape(title)}, in a sentence.</description>"
            f"<pubDate>{at:%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
            for link, title in entries.items()
        )
        self.say(url, f"<rss version='2.0'><channel><title>T</title>{items}</channel></rss>", "application/rss+xml", at)

    def write(self, name: str = "world.warc.gz") -> None:
        with WarcWriter(self.folder / name) as warc:
            for capture in self.captures:
                warc.write(capture)


def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (640, 400), (30, 90, 110)).save(buffer, "PNG")
    return buffer.getvalue()


def make_publication(folder: Path, sources: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "broadsheet.toml").write_text(SETTINGS + sources, "utf-8")
    for name, text in TOPICS.items():
        path = folder / "_data" / "topics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for domain in PLAIN:
        path = folder / "_data" / "organizations" / f"{domain}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        name = domain.split(".")[0].title()
        path.write_text(
            f"---\ntaxonomy: organization\n_id: {domain}\nname: The {name}\ndomain: {domain}\n---\n", "utf-8"
        )
    return folder


SOURCES = """
[[sources]]
url = "https://ledger.example/feed.xml"

[[sources]]
url = "https://courier.example/feed.xml"

[[sources]]
url = "https://gazette.example/sitemap.xml"
kind = "sitemap"

[[sources]]
url = "https://broken.example/feed.xml"
"""


def saltmere(folder: Path) -> World:
    """Three publishers: two of them report one event, the third something else; a fourth feed can't be read."""
    made = World(make_publication(folder, SOURCES))
    image = '<meta property="og:image" content="https://ledger.example/ladder.png">'
    made.page(
        "https://ledger.example/ladder", "Saltmere weir opens its salmon ladder", PLAIN["ledger.example"], extra=image
    )
    made.page("https://courier.example/ladder", "Salmon climb the Saltmere weir again", PLAIN["courier.example"])
    made.page("https://gazette.example/bread", "Oldport bakery wins the prize for rye", PLAIN["gazette.example"])
    made.say("https://ledger.example/ladder.png", picture(), "image/png")
    made.feed(
        "https://ledger.example/feed.xml", {"https://ledger.example/ladder": "Saltmere weir opens its salmon ladder"}
    )
    made.feed(
        "https://courier.example/feed.xml", {"https://courier.example/ladder": "Salmon climb the Saltmere weir again"}
    )
    made.say(
        "https://gazette.example/sitemap.xml",
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://gazette.example/bread</loc>"
        "<lastmod>2026-11-20T07:00:00Z</lastmod></url></urlset>",
        "application/xml",
    )
    made.say("https://broken.example/feed.xml", "<html><body>Sorry, we are being mended.</body></html>")
    made.write()
    return made


def run_at(folder: Path, at: datetime = MORNING) -> RunReport:
    """One round of the publication in `folder` with the clock at `at`."""
    with open_newsroom(read_settings(folder), FixedClock(at), QuietProgress()) as room:
        return run_once(room)
