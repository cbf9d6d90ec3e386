"""Sponsors by date and place: whose turn it is, that days that pass change little, and that hostile words stay words."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser
from tests.publish.conftest import NEWEST, a_publication
from tests.publish.outputs import with_titles
from tests.security.paper import unsafe

from broadsheet.model.publication import Publication
from broadsheet.model.sponsor import Place, Sponsor
from broadsheet.stages.publish.ads import ad_files
from broadsheet.stages.publish.build import build, files_of
from broadsheet.stages.publish.site.links import Links
from broadsheet.stages.publish.site.sponsors import Ad, Ads
from broadsheet.stages.publish.site.views import TopicLink

DAY = date(2026, 3, 12)
TERN = Sponsor("tern", "Tern Cycles", "Bicycles for headwinds.", "https://tern.example/")
GULL = Sponsor("gull", "Gull & Sons", "Nets, mended.", "https://gull.example/", image="assets/gull.png")
LINKS = Links("https://hours.example", "")


def ads(*sponsors: Sponsor, day: date | None = DAY, files: tuple[str, ...] = ()) -> Ads:
    return Ads(LINKS, sponsors, files, day)


def test_each_place_has_the_sponsor_whose_turn_it_is() -> None:
    shown = Counter(ads(TERN, GULL, day=DAY + timedelta(days=n)).front() for n in range(10))
    assert {(ad.name if ad else None): n for ad, n in shown.items()} == {"Tern Cycles": 5, "Gull & Sons": 5}


def test_a_sponsor_begins_and_ends_on_its_days() -> None:
    booked = replace(TERN, starts=DAY, ends=DAY + timedelta(days=1))
    shown = [ads(booked, day=DAY + timedelta(days=n)).front() for n in (-1, 0, 1, 2)]
    assert [ad is not None for ad in shown] == [False, True, True, False]


def test_a_sponsor_of_a_topic_stands_there_only() -> None:
    of_law = replace(TERN, topics=("law",))
    desk = ads(of_law)
    assert desk.front() is None
    assert desk.topic("energy") is None
    assert desk.topic("law") == Ad("Tern Cycles", "Bicycles for headwinds.", "https://tern.example/", None)
    assert desk.story(DAY, (TopicLink("Law", "topics/law/", "law"),)) == desk.topic("law")
    assert ads(of_law, replace(GULL, places=(Place.TOPIC,))).front() is None


def test_a_sponsor_stands_in_its_places_only() -> None:
    desk = ads(replace(TERN, places=(Place.STORY,)))
    assert (desk.front(), desk.topic("law"), desk.day(DAY)) == (None, None, None)
    assert desk.story(DAY, ()) is not None


def test_an_image_is_shown_where_the_site_has_it() -> None:
    assert [a.image for a in [ads(GULL).front()] if a] == [None]
    there = ads(GULL, files=("assets/gull.png",)).front()
    assert there
    assert there.image == LINKS.at("assets/gull.png")


def test_an_address_that_may_not_be_a_link_is_no_ad() -> None:
    for url in ("javascript:alert(1)", "//tern.example", "https://a b/"):
        assert ads(replace(TERN, url=url)).front() is None
        bad = a_publication(sponsors=(replace(TERN, url=url),), today=DAY)
        assert all(json.loads(f.body)["value"] == [] for f in ad_files(bad))


def test_the_day_is_told_or_that_of_the_newest_record() -> None:
    publication = a_publication()
    assert publication.day == NEWEST.date()
    assert replace(publication, today=DAY + timedelta(days=1)).day == DAY + timedelta(days=1)
    assert replace(publication, records=(), stories=()).day is None
    assert ads(TERN, day=None).front() is None


def test_pages_show_it_labelled_and_never_as_our_own_word() -> None:
    hostile = replace(TERN, name="<script>x</script>", text="'\"><img src=x onerror=y>")
    publication = a_publication(sponsors=(replace(hostile, url="https://tern.example/?a=1&b=2'"),), today=DAY)
    pages = {f.path: LexborHTMLParser(f.body.decode()) for f in files_of(publication) if f.path.endswith(".html")}
    story = publication.stories[0]
    for path in ("index.html", "topics/law/index.html", f"days/{DAY}/index.html", f"stories/{story.id}/index.html"):
        (notice,) = pages[path].css("aside.ad")
        assert notice.attributes["aria-label"] == "Sponsored"
        (link,) = notice.css("a")
        assert (link.attributes["href"], link.attributes["rel"]) == (
            "https://tern.example/?a=1&b=2'",
            "sponsored noopener",
        )
        assert [b.text() for b in notice.css("bdi")] == [hostile.name, hostile.text]
        assert {n.tag for n in notice.css("*")} == {"aside", "a", "span", "small", "b", "bdi"}
    for path in ("about/index.html", "corrections/index.html", "404.html"):
        assert pages[path].css("aside.ad") == []
    assert all(unsafe(tree) == [] for tree in pages.values())


def test_older_pages_of_a_topic_show_none() -> None:
    publication = with_titles([f"Report {n}" for n in range(130)], sponsors=(TERN,), today=DAY)
    pages = {f.path: f.body for f in files_of(publication) if f.path.startswith("topics/law/")}
    assert len(pages) > 1
    assert [path for path, body in pages.items() if b'class="ad"' in body] == ["topics/law/index.html"]


def test_the_api_has_a_file_for_each_place() -> None:
    late = replace(GULL, starts=DAY + timedelta(days=9))
    publication = a_publication(sponsors=(TERN, late, replace(GULL, id="x", topics=("law",), ends=DAY)), today=DAY)
    files = {f.path: json.loads(f.body) for f in ad_files(publication)}
    assert sorted(files) == [f"api/ads/{p}/index.json" for p in ("day", "front", "letter", "story", "topic")]
    front = files["api/ads/front/index.json"]
    assert sorted(s["id"] for s in front["value"]) == ["tern", "x"]
    assert {s["id"]: (s["topics"], s["endDate"]) for s in front["value"]} == {
        "tern": ([], None),
        "x": (["law"], "2026-03-12"),
    }
    assert list(ad_files(a_publication())) == []


def on(publication: Publication, out: Path) -> set[str]:
    """The files that a build changes."""
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    build(publication, out)
    after = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    changed = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
    return {p.relative_to(out).as_posix() for p in changed} - {".broadsheet-build.json"}


def test_within_a_day_nothing_changes_and_a_new_one_changes_few_pages(tmp_path: Path) -> None:
    out = tmp_path / "out"
    publication = a_publication(sponsors=(TERN, GULL), today=DAY)
    assert len(on(publication, out)) > 50
    assert on(publication, out) == set()
    changed = on(replace(publication, today=DAY + timedelta(days=1)), out)
    assert changed <= {
        "index.html",
        *(f"topics/{t}/index.html" for t in ("energy", "law", "work")),
        *(f"api/ads/{place}/index.json" for place in Place),
    }
    assert "api/ads/front/index.json" in changed
    assert on(replace(publication, today=DAY + timedelta(days=1)), out) == set()


def test_without_sponsors_a_day_changes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    on(a_publication(today=DAY), out)
    assert on(a_publication(today=datetime(2027, 1, 1, tzinfo=UTC).date()), out) == set()
