"""The pages: complete, linked, escaped, without scripts, the same for the same publication."""

import gzip
import random
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import html

from broadsheet.errors import Rejected
from broadsheet.model.images import Image
from broadsheet.model.publication import Publication, PublishedImage, Site
from broadsheet.model.record import RecordProvider, Related
from broadsheet.model.story import Story
from broadsheet.model.taxonomy import Organization
from broadsheet.stages.publish import site as site_package
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.site.cards import card_of
from broadsheet.stages.publish.site.edition import ENOUGH, enough, plan_front
from broadsheet.stages.publish.site.links import web_address
from broadsheet.stages.publish.site.views import Viewer
from broadsheet.stages.publish.site.words import words_for
from broadsheet.stages.publish.stories import stories_of, story_id

ROOTED = re.compile(r"^(?:\.\./|\./)+")
FEEDS = ("feed.xml", "atom.xml", "feed.json")


def pages_of(publication: Publication) -> dict[str, bytes]:
    return {file.path: file.body for file in files_of(publication)}


def parsed(body: bytes) -> html.HtmlElement:
    return html.document_fromstring(body.decode())


def with_story(publication: Publication, story: Story) -> Publication:
    return replace(publication, stories=(story, *publication.stories[1:]))


@pytest.fixture(scope="module")
def pages(publication: Publication) -> dict[str, bytes]:
    return pages_of(publication)


def test_every_story_topic_and_day_has_its_page(pages: dict[str, bytes], publication: Publication) -> None:
    wanted = {f"stories/{s.id}/index.html" for s in publication.stories}
    wanted |= {f"topics/{t}/index.html" for t in ("energy", "law", "work")}
    wanted |= {"index.html", "days/index.html", "days/2026-03-12/index.html", "404.html", "feeds/index.html"}
    wanted |= {"about/index.html", "corrections/index.html", "assets/broadsheet.css", "assets/fonts/OFL.txt"}
    assert wanted <= pages.keys()
    assert "topics/small-news/index.html" not in pages


@pytest.mark.parametrize("base", ["", "/paper"])
def test_every_link_leads_somewhere(publication: Publication, base: str) -> None:
    files = pages_of(replace(publication, site=replace(publication.site, base_path=base)))
    pictures = {path for picture in publication.pictures.values() for path, _ in picture.files}
    there = {*files, *pictures}
    ids = {path: set(parsed(body).xpath("//@id")) for path, body in files.items() if path.endswith(".html")}
    for path, body in files.items():
        if not path.endswith(".html"):
            continue
        sets = [s.split()[0] for value in parsed(body).xpath("//@srcset") for s in value.split(", ")]
        for link in [*parsed(body).xpath("//a/@href | //img/@src | //link[not(@rel='canonical')]/@href"), *sets]:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https"):
                continue
            if not parts.path:
                assert parts.fragment in ids[path], (path, link)
                continue
            assert parts.path.startswith(f"{base}/" if path == "404.html" else "."), (path, link)
            whole = urlsplit(urljoin(f"https://hours.example{base}/{path}", link)).path
            assert whole.startswith(f"{base}/"), (path, link)
            target = unquote(whole.removeprefix(f"{base}/"))
            target = f"{target}index.html" if target.endswith("/") or not target else target
            assert target in there or target.endswith(FEEDS) or target.startswith("api/"), (path, link)
            assert not parts.fragment or parts.fragment in ids[target], (path, link)


def test_pages_hold_to_the_strict_policy(pages: dict[str, bytes]) -> None:
    for path, body in pages.items():
        if path.endswith(".html"):
            page = parsed(body)
            scripts = [ROOTED.sub("", s) for s in page.xpath("//script/@src")]
            assert len(page.xpath("//script")) == len(scripts), path
            assert all(s.startswith("assets/search.js?v=") for s in scripts), path
            assert path == "search/index.html" or not scripts, path
            assert not page.xpath("//style | //iframe | //@style"), path
            assert page.xpath("//form/@action") == page.xpath("//form[@role='search']/@action"), path
            assert not page.xpath("//@*[starts-with(name(), 'on')]"), path
            assert page.xpath("//meta[@http-equiv='Content-Security-Policy']"), path
            assert len(page.xpath("//h1")) == 1, path
            assert len(page.xpath("//main")) == 1


def test_the_front_ranks_by_heat(pages: dict[str, bytes], publication: Publication) -> None:
    front = parsed(pages["index.html"])
    large = front.xpath("//article[contains(@class, 'story--l')]")
    hottest = max(publication.stories, key=lambda s: s.heat)
    assert [a.findtext(".//h3//bdi") for a in large] == [hottest.title]
    assert len(front.xpath("//article[contains(@class, 'story--m')]")) == 5
    assert front.xpath("string(//h1)") == "The Small Hours"
    assert "edition of 10:00 UTC" in front.text_content()


def test_nothing_hot_has_no_lead(publication: Publication) -> None:
    cool = replace(publication, stories=tuple(replace(s, heat=40) for s in publication.stories))
    front = parsed(pages_of(cool)["index.html"])
    assert not front.xpath("//article[contains(@class, 'story--l')]")
    assert len(front.xpath("//article[contains(@class, 'story--m')]")) == 6


def test_the_edition_takes_three_days_or_is_filled(publication: Publication) -> None:
    viewer = Viewer(publication)
    cards = [card_of(viewer.view(s)) for s in stories_of(publication)]
    assert list(enough(cards[:ENOUGH], cards)) == cards[:ENOUGH]
    assert list(enough(cards[: ENOUGH - 1], cards)) == cards
    assert plan_front(cards).stories == len(cards)


def test_a_story_page_shows_its_working(pages: dict[str, bytes], publication: Publication) -> None:
    story = publication.stories[1]
    page = parsed(pages[f"stories/{story.id}/index.html"])
    assert page.xpath("string(//h1)") == story.title
    points = [
        int(t.replace("−", "-")) for t in page.xpath("//table[contains(@class,'terms')]/tbody/tr/td[last()]/text()")
    ]
    assert sum(points) == story.heat
    assert len(page.xpath("//ol[@class='cov']/li")) == len(story.independent)
    assert len(page.xpath("//ul[@class='copies']/li")) == len(story.copies)
    assert len(page.xpath("//table[contains(@class, 'receipts')]/tbody/tr")) == len(story.members)
    assert page.xpath("string(//del)") == "Court asks the tram company"
    assert "It was first, by 20 minutes." in page.text_content()
    assert f"https://hours.example/stories/{story.id}/" in page.text_content()
    assert page.xpath("//link[@rel='canonical']/@href") == [f"https://hours.example/stories/{story.id}/"]


def test_a_sum_that_does_not_add_up_is_not_shown(publication: Publication) -> None:
    story = replace(publication.stories[0], heat=99)
    page = parsed(pages_of(with_story(publication, story))[f"stories/{story.id}/index.html"])
    assert not page.xpath("//table[contains(@class,'terms')]")


def test_heat_is_the_records_own_and_its_line_ends_at_the_edge(publication: Publication) -> None:
    story = replace(publication.stories[0], heat=237, heat_terms=(("quality", 242), ("age", -5)))
    page = parsed(pages_of(with_story(publication, story))[f"stories/{story.id}/index.html"])
    assert page.xpath("string(//a[@class='heat'])").split() == ["Heat", "237"]
    assert page.xpath("string(//header[contains(@class, 'lede')]/@data-h)") == "100"
    assert page.xpath("//table[contains(@class,'terms')]/tbody/tr/td[last()]/text()") == ["+242", "−5"]


def test_a_foreign_head_carries_its_language(publication: Publication) -> None:
    title = "مزارعو النخيل"
    first = publication.stories[0]
    member = replace(first.members[0], title=title, language="ar")
    story = replace(first, title=title, members=(member, *first.members[1:]))
    page = parsed(pages_of(with_story(publication, story))[f"stories/{story.id}/index.html"])
    assert page.xpath("//h1/bdi/@lang") == ["ar"]
    bad = replace(story, members=(replace(member, language='x" onload="'), *story.members[1:]))
    page = parsed(pages_of(with_story(publication, bad))[f"stories/{story.id}/index.html"])
    assert page.xpath("//h1/bdi/@lang") == []


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>"\' onmouseover="alert(3)'


def test_what_strangers_wrote_is_only_text(publication: Publication) -> None:
    first = publication.stories[1]
    member = replace(
        first.members[0],
        title=HOSTILE,
        url="javascript:alert(1)",
        provider_name=HOSTILE,
        excerpt=HOSTILE,
        adds=HOSTILE,
        receipt=replace(first.members[1].receipt, names=(HOSTILE,), terms={HOSTILE: 1.0}),
    )
    story = replace(
        first,
        title=HOSTILE,
        members=(member, *first.members[1:]),
        head_reasons=(HOSTILE,),
        heat_terms=((HOSTILE, first.heat),),
        corrections=tuple(replace(c, field=HOSTILE, before=HOSTILE, after=HOSTILE) for c in first.corrections),
    )
    hostile = replace(
        publication, stories=(publication.stories[0], story), site=Site(title=HOSTILE, description=HOSTILE)
    )
    for path, body in pages_of(hostile).items():
        if path.endswith(".html"):
            page = parsed(body)
            assert not page.xpath("//script[not(@src)] | //*[@onerror or @onmouseover] | //img[@src='x']"), path
            assert not [a for a in page.xpath("//a/@href") if urlsplit(a).scheme not in ("", "http", "https")], path


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=15, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_any_title_comes_through_as_it_is(title: str, name: str) -> None:
    publication = _one_story(title or "x", name)
    page = pages_of(publication)[f"stories/{publication.stories[0].id}/index.html"].decode()
    shown = re.search(r"<h1><bdi>(.*?)</bdi></h1>", page, re.DOTALL)
    assert shown
    assert "<" not in shown.group(1)


def _one_story(title: str, name: str) -> Publication:
    publication = _SAMPLE[0]
    first = publication.stories[0]
    member = replace(first.members[0], title=title, provider_name=name)
    story = replace(first, title=title, members=(member,))
    return replace(publication, stories=(story,), records=publication.records[:1], topics=())


_SAMPLE: list[Publication] = []


@pytest.fixture(autouse=True, scope="module")
def _sample(publication: Publication) -> None:
    _SAMPLE[:] = [publication]


def test_a_site_may_be_named_like_the_mark_of_its_frame(publication: Publication) -> None:
    odd = replace(publication, site=replace(publication.site, title="<\0> & <\0>", description="<\0><\0>"))
    page = pages_of(odd)[f"stories/{publication.stories[0].id}/index.html"].decode().replace("\0", "")
    (heading,) = html.document_fromstring(page).xpath("//h1")
    assert heading.text_content().strip() == publication.stories[0].title


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", " https://a.example", "https://a.example/\n", "//a.example", "mailto:a",
     "https:///nohost", "https://user@a.example/", "http://[::1", "https://a.example/<b>", "", "x" * 5000],
)  # fmt: skip
def test_addresses_that_are_no_links(url: str) -> None:
    assert web_address(url) is None


def test_addresses_that_are_links() -> None:
    for url in ("https://a.example/b?c=d&e=f#g", "HTTP://A.example", "https://müller.example/ä"):
        assert web_address(url) == url


@pytest.mark.parametrize("bad", ["../../etc", "a/b", "", ".hidden", "a..b", "a b", "x" * 300])
def test_ids_that_leave_their_folder_are_refused(publication: Publication, bad: str) -> None:
    story = replace(publication.stories[0], id=bad)
    with pytest.raises(Rejected, match="story id"):
        pages_of(with_story(publication, story))


def test_the_order_of_the_input_does_not_matter(publication: Publication, pages: dict[str, bytes]) -> None:
    records, stories = list(publication.records), list(publication.stories)
    random.Random(4).shuffle(records)
    random.Random(5).shuffle(stories)
    assert pages_of(replace(publication, records=tuple(records), stories=tuple(stories))) == pages


def test_a_new_report_touches_few_pages(publication: Publication, pages: dict[str, bytes]) -> None:
    first = publication.stories[0]
    late = first.head.published + timedelta(minutes=5)
    more = replace(first.members[0], record="", is_head=False, published=late, title="The wake, measured")
    changed = pages_of(with_story(publication, replace(first, members=(*first.members, more))))
    differ = {path for path in changed if changed[path] != pages.get(path)}
    assert len(differ) <= 20
    assert {path for path in differ if path.endswith(".html")} == {
        "index.html",
        f"stories/{first.id}/index.html",
        "topics/energy/index.html",
        f"days/{first.head.published:%Y-%m-%d}/index.html",
        f"providers/{more.provider_domain}/index.html",
    }


def test_the_archive_counts_closed_days_only(publication: Publication, pages: dict[str, bytes]) -> None:
    first = publication.stories[0]
    twin = replace(first, id="twin", members=tuple(replace(m, record=f"{m.record}-twin") for m in first.members))
    assert (
        pages_of(replace(publication, stories=(twin, *publication.stories)))["days/index.html"]
        == pages["days/index.html"]
    )
    said = parsed(pages["days/index.html"]).xpath("//ul[@class='daylist']/li//span/text()")
    assert said[0] == "still open"
    assert all(text[0].isdigit() for text in said[1:])


@pytest.mark.parametrize(("pictured", "beside"), [(True, 1), (False, 2)])
def test_a_short_lead_has_no_longer_column_beside_it(publication: Publication, pictured: bool, beside: int) -> None:
    stories = tuple(replace(s, members=s.members[:1], heat=90 - n) for n, s in enumerate(publication.stories[:6]))
    path = {stories[1].head.record}
    urls = {i.url for r in publication.records if r.path in path for i in r.record.images} if pictured else set()
    given = replace(publication, stories=stories, pictures={u: publication.pictures[u] for u in urls})
    viewer = Viewer(given)
    front = plan_front([card_of(viewer.view(s)) for s in stories])
    assert (front.lead is not None, len(front.beside), front.just_in_below) == (True, beside, True)


def test_older_pages_of_a_topic_stay_as_they_are(publication: Publication) -> None:
    template = publication.stories[0]
    many = [_copy_of(template, n) for n in range(130)]
    before = pages_of(replace(publication, records=(), stories=tuple(many[:126])))
    after = pages_of(replace(publication, records=(), stories=tuple(many)))
    older = [path for path in before if path.startswith("topics/energy/page/")]
    assert sorted(older) == [f"topics/energy/page/{n}/index.html" for n in (1, 2, 3, 4)]
    assert all(before[path] == after[path] for path in older)
    shown = [
        a for path in [*older, "topics/energy/index.html"] for a in parsed(after[path]).xpath("//main//h3/a/@href")
    ]
    assert len(shown) == len(set(shown)) == 130


def _copy_of(story: Story, n: int) -> Story:
    at = story.head.published - timedelta(days=200 - n)
    return replace(story, id=f"n{n:03}", members=(replace(story.head, published=at),))


def test_logos_are_shown_only_if_we_serve_them(publication: Publication, tmp_path: Path) -> None:
    logo = "/assets/images/organizations/kelp.example-50x50.png"
    kelp = Organization(id="kelp.example", name="The Kelp Ledger", domain="kelp.example", images=(Image(logo),))
    known = replace(publication, organizations={"kelp.example": kelp})
    assert b"kelp.example-50x50" not in pages_of(known)["index.html"]
    (tmp_path / "any").write_bytes(b"a picture")
    served = replace(known, files={logo.lstrip("/"): tmp_path / "any"})
    assert parsed(pages_of(served)["index.html"]).xpath(f"//span[@class='chip']/img/@src = '.{logo}'")
    cached = replace(known, pictures={logo: PublishedImage((("pictures/kelp-50.webp", 50),), 50, 50)})
    assert b"/pictures/kelp-50.webp" in pages_of(cached)["index.html"]


def test_an_empty_publication_has_a_site(publication: Publication) -> None:
    pages = pages_of(Publication(site=Site(title="Quiet"), topics=(), organizations={}, records=()))
    assert b"Nothing is published yet." in pages["index.html"]
    assert b"broadsheet run" in pages["index.html"]
    assert b"canonical" not in pages["index.html"]


def test_stories_come_from_the_heads_of_an_older_folder(publication: Publication) -> None:
    head = publication.records[0]
    related = Related("Another view", head.record.published_date_time, RecordProvider("Ferry Post", "ferry.example"))
    head = replace(head, record=replace(head.record, heat=103, related=(related,)))
    hidden = replace(publication.records[1], record=replace(publication.records[1].record, heat=-1, published=False))
    oldest = replace(publication.records[2], record=replace(publication.records[2].record, published=None, heat=None))
    stories = stories_of(replace(publication, records=(oldest, hidden, head), stories=()))
    assert [(s.id, s.heat, len(s.members)) for s in stories] == [
        (story_id(head.path), 103, 2),
        (story_id(oldest.path), 0, 1),
    ]
    assert stories[0].heat_terms == (("Quality of the head", 72), ("Related reports", 10), ("Attention", 21))


def test_every_word_is_there_and_used() -> None:
    folder, texts = Path(site_package.__file__).parent, words_for("en").texts
    spoken = (".py", ".html", ".mjml", ".txt")
    code = "".join(p.read_text() for p in sorted(folder.parent.rglob("*")) if p.suffix in spoken)
    named = set(re.findall(r"""\b(?:w|words)\(\s*["'](\w+)["'][,)]""", code))
    assert named <= texts.keys()
    quoted = set(re.findall(r"""["'](\w+)["']""", code))
    built = {key for key in texts if key.startswith(("field_", "about_", "part_", "state_", "trouble_", "letter_"))}
    assert texts.keys() - quoted - built == set()


def test_words_fall_back_to_english_and_say_so() -> None:
    assert (words_for("en-us").language, words_for("xx").language) == ("en-US", "en")
    assert words_for("en")("copies", n=1234) == "1,234 copies"


def test_every_page_weighs_less_than_100_kilobytes_before_pictures(pages: dict[str, bytes]) -> None:
    fonts = sum(len(body) for path, body in pages.items() if path.endswith(".woff2") and "-rare" not in path)
    style = len(gzip.compress(pages["assets/broadsheet.css"]))
    for path, body in pages.items():
        assert not path.endswith(".html") or fonts + style + len(gzip.compress(body)) < 100_000, path


def test_nothing_moves_when_a_picture_comes(pages: dict[str, bytes]) -> None:
    for path, body in pages.items():
        if path.endswith(".html"):
            images = parsed(body).xpath("//img")
            assert all(int(i.get("width")) > 0 and int(i.get("height")) > 0 for i in images), path
            assert all(i.get("alt") is not None for i in images), path
            assert all(i.get("sizes") for i in images if i.get("srcset")), path
            eager = [i for i in images if i.get("srcset") and i.get("loading") != "lazy"]
            assert len(eager) <= 1, path


def test_every_page_says_what_it_is(pages: dict[str, bytes]) -> None:
    seen: dict[str, str] = {}
    for path, body in pages.items():
        if not path.endswith(".html"):
            continue
        page = parsed(body)
        title, address = page.findtext(".//title"), page.xpath("//link[@rel='canonical']/@href")
        assert title not in seen, (path, seen.get(title or ""))
        seen[title or ""] = path
        shown = "" if path == "index.html" else path.removesuffix("index.html")
        assert address == ([] if path == "404.html" else [f"https://hours.example/{shown}"]), path
        assert address == page.xpath("//meta[@property='og:url']/@content"), path
        for name in ("og:title", "og:type", "og:site_name", "og:locale"):
            assert page.xpath(f"//meta[@property='{name}']/@content")[0], (path, name)
        assert path == "404.html" or page.xpath("//meta[@name='description']/@content")[0], path
        for image in page.xpath("//meta[@property='og:image']/@content"):
            assert image.startswith("https://hours.example/")
    assert parsed(pages["404.html"]).xpath("//meta[@name='robots']/@content") == ["noindex"]


@pytest.mark.parametrize(("count", "beside", "medium"), [(1, 0, 0), (2, 1, 0), (3, 2, 0), (4, 1, 2), (7, 1, 4)])
def test_small_editions_fill_their_rows(publication: Publication, count: int, beside: int, medium: int) -> None:
    viewer = Viewer(publication)
    views = [card_of(viewer.view(story)) for story in stories_of(publication)[:count]]
    front = plan_front(views)
    assert (len(front.beside), len(front.medium)) == (beside, medium)
    cool = plan_front([view._replace(heat=40) for view in views])
    assert (cool.lead, len(cool.medium)) == (None, min(count, 6))
    assert cool.opening == (3 if count == 3 else 2)
