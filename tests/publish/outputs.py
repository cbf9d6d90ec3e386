"""Publications to hold every output to its specification with, and the checks of all files of one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser
from tests.publish.conftest import NEWEST, PAPERS, a_publication, a_record
from tests.publish.documents import wrong_with_all
from tests.publish.feed_checks import wrong_atom, wrong_json_feed, wrong_rss
from tests.publish.index_checks import wrong_google_news, wrong_opml, wrong_robots, wrong_sitemaps
from tests.security.paper import unsafe

from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord
from broadsheet.model.source import Source
from broadsheet.model.sponsor import Sponsor
from broadsheet.model.story import Member, Receipt, Story
from broadsheet.stages.publish.build import build

ROOT = "https://hours.example/"


def files_of(publication: Publication, out: Path) -> dict[str, bytes]:
    """Builds it; every file by its path, without the build's own."""
    build(publication, out)
    files = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    return {path: body for path, body in files.items() if not path.startswith(".")}


def wrong_with_files(files: Mapping[str, bytes], newest: datetime, *, google: bool = True) -> list[str]:
    """What is wrong with any file of a publication, empty where nothing is."""
    wrong = [f"{path}: {what}" for path, body in files.items() for what in _wrong_with(path, body)]
    wrong += [f"sitemaps: {what}" for what in wrong_sitemaps(files)]
    wrong += wrong_google_news(files["news-sitemap.xml"], newest) if google else []
    return wrong + wrong_with_all(files)


def _wrong_with(path: str, body: bytes) -> list[str]:
    name = path.rpartition("/")[2]
    if name.endswith(".html"):
        return unsafe(LexborHTMLParser(body.decode("utf-8")))
    check = {
        "feed.xml": wrong_rss,
        "atom.xml": wrong_atom,
        "feed.json": wrong_json_feed,
        "sources.opml": wrong_opml,
        "robots.txt": wrong_robots,
    }.get(name)
    return check(body) if check else []


def with_titles(titles: list[str], **changes: object) -> Publication:
    """A publication with a story of each title, all said in titles, excerpts and names of publishers."""
    pairs = [_told(at, title) for at, title in enumerate(titles)]
    stories, records = tuple(story for story, _ in pairs), tuple(record for _, record in pairs)
    return a_publication(**({"stories": stories, "records": records} | changes))


def _told(at: int, title: str) -> tuple[Story, FiledRecord]:
    paper = PAPERS[at % 8]
    filed = a_record(at, title, paper, NEWEST - timedelta(minutes=17 * at), excerpt=title, topics=("Small News", "Law"))
    member = Member(
        record=filed.path,
        title=title,
        url=filed.record.web_url or "",
        provider_name=title or paper[0],
        provider_domain=paper[1],
        published=filed.record.published_date_time,
        receipt=Receipt(names=(title,)),
        excerpt=title,
        is_head=True,
        adds=title or None,
    )
    terms = ((title or "Quality", 70),)
    return Story(f"w{at:04}", title, 70, True, (member,), ("Small News", "Law"), terms), filed


def publications() -> dict[str, Publication]:
    """Publications of every kind, by name."""
    plain = a_publication(sources=(Source("https://kelp.example/feed.xml", tags=("coast",)),))
    arabic = Site("ساعات", "https://hours.example", locale="ar", description="أخبار")
    below = Site("Small & <Late>", "https://hours.example", "/tide/late", locale="fr-ca")
    return {
        "plain": plain,
        "sponsored": replace(
            plain, sponsors=(Sponsor("t", "Tern <b>", "Bicycles & more", "https://tern.example/?a=1&b=2"),)
        ),
        "arabic": replace(plain, site=arabic),
        "in a folder": replace(plain, site=below, ai_crawlers=False),
        "empty": replace(plain, records=(), stories=(), sources=()),
        "from records": replace(plain, stories=()),
        "large": with_titles([f"Report {n} from the reservoir" for n in range(230)]),
    }
