"""What goes into a letter and how it reads."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from tests.newsletter.conftest import AT, HTML, LEAVE, LETTER
from tests.publish.conftest import NEWEST, a_publication

from broadsheet.errors import Rejected, SettingsError, UsageError
from broadsheet.model.letter import Evergreen, FiledLetter
from broadsheet.model.publication import Publication, PublishedImage, Site
from broadsheet.model.sponsor import Place, Sponsor
from broadsheet.stages.enrich.notices import read_evergreens, read_sponsors
from broadsheet.stages.publish.newsletter.blocks import blocks_of, text_of
from broadsheet.stages.publish.newsletter.checking import Allowed, check_letter, problems_of
from broadsheet.stages.publish.newsletter.choosing import Issue, Past, Plan, choose
from broadsheet.stages.publish.newsletter.filing import emit_letter, letter_name, read_letter
from broadsheet.stages.publish.newsletter.pages import letter_files
from broadsheet.stages.publish.newsletter.past import past_of
from broadsheet.stages.publish.newsletter.rendering import Frame, LetterPicture, quoted_texts, render
from broadsheet.stages.publish.newsletter.wording import preheader, shortened, subject
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.words import LANGUAGES, words_for

MAY = Allowed(LEAVE, "https://paper.internal/")
SITE = Site("The Small Hours", "https://hours.internal")
PAPER = a_publication(site=SITE)
DAY = timedelta(days=1)


def issue_of(plan: Plan | None = None, publication: Publication = PAPER, **past: object) -> Issue:
    made = choose(publication, Past(**({"since": NEWEST - 5 * DAY} | past)), plan or Plan(), NEWEST)  # type: ignore[arg-type]
    assert made is not None
    return made


def letter_of(issue: Issue, publication: Publication = PAPER) -> FiledLetter:
    name = letter_name(publication.site, issue.at)
    web = f"https://hours.internal/newsletter/{name}/"
    html = render(publication.site, issue, Frame(web, LEAVE, "The Small Hours, 4 Quay Row"))
    words = words_for(publication.site.locale)
    return FiledLetter(name, subject(issue), preheader(issue, words), issue.at, web, html, topics=("Small News",))


def test_the_hottest_come_first_and_the_rest_in_lines() -> None:
    issue = issue_of(Plan(full=3, also=4, per_topic=0))
    heats = [v.heat for v in issue.stories]
    assert heats == sorted(heats, reverse=True)
    assert (len(issue.full), len(issue.also)) == (3, 4)
    assert issue.new == len(issue.stories) + issue.left


def test_a_topic_has_its_share_of_the_full_stories_only() -> None:
    issue = issue_of(Plan(full=6, also=60, per_topic=2))
    kickers = [v.kicker.id for v in issue.full if v.kicker]
    assert max(kickers.count(k) for k in kickers) == 2
    hottest = issue_of(Plan(full=30, per_topic=0)).full
    left_out = [v.story.id for v in hottest if v.story.id not in {f.story.id for f in issue.full}]
    assert [v.story.id for v in issue.also][: len(left_out)] == left_out


def test_only_what_was_first_seen_since_the_last_letter() -> None:
    issue = issue_of(Plan(full=30), since=NEWEST - DAY)
    assert {v.story.id for v in issue.full} == {
        s.id for s in PAPER.stories if min(m.published for m in s.members) >= NEWEST - DAY
    }
    seen_late = {"s020": NEWEST - timedelta(hours=1)}
    assert "s020" in {
        v.story.id for v in issue_of(Plan(full=30, per_topic=0), since=NEWEST - DAY, first_seen=seen_late).full
    }


def test_a_story_that_readers_could_not_see_before_is_new_when_they_can() -> None:
    ids = {s.id for s in PAPER.stories}
    young = next(s.id for s in PAPER.stories if NEWEST - 2 * DAY <= s.members[0].published < NEWEST - DAY)
    issue = issue_of(Plan(full=30, per_topic=0), since=NEWEST - DAY, shown=frozenset(ids - {young}))
    assert young in {v.story.id for v in issue.full}
    issue = issue_of(Plan(full=30, per_topic=0), since=NEWEST - DAY, shown=frozenset(ids))
    assert young not in {v.story.id for v in issue.full}


def test_too_little_is_no_letter() -> None:
    assert choose(PAPER, Past(NEWEST + DAY), Plan(), NEWEST + 2 * DAY) is None
    assert choose(PAPER, Past(NEWEST - 5 * DAY), Plan(fewest=50), NEWEST) is None


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(1, 5), st.integers(0, 4), st.data())
@settings(max_examples=40)
def test_no_story_is_ever_told_twice(hours: list[int], full: int, also: int, data: st.DataObject) -> None:
    """Known from the filed letters alone, whatever merges between them."""
    at, letters, told = NEWEST - timedelta(days=4), [], []
    publication = PAPER
    for step in hours:
        at += timedelta(hours=step)
        seen = tuple(s for s in PAPER.stories if s.members[0].published <= at and s.id not in publication.moved)
        publication = replace(publication, stories=seen)
        past = past_of(publication, letters, at - 2 * DAY, shown=frozenset())
        issue = choose(publication, past, Plan(full, also), at)
        if issue is None:
            continue
        ids = [v.story.id for v in issue.stories]
        told += ids
        html = render(SITE, issue, Frame("https://hours.internal/newsletter/x/", LEAVE))
        letters.append(FiledLetter(f"x-{len(letters)}", "t", "e", at, "https://hours.internal/newsletter/x/", html))
        if data.draw(st.booleans()) and len(seen) > 1:
            gone, into = data.draw(st.sampled_from(ids)), data.draw(st.sampled_from([s.id for s in seen]))
            if gone != into and into not in publication.moved:
                publication = replace(publication, moved={**publication.moved, gone: into})
                told.append(into) if into not in told else None
    assert len(told) == len(set(told))


def test_a_story_that_took_over_a_told_one_is_told() -> None:
    first = issue_of().full[0].story.id
    other = issue_of().full[1].story.id
    merged = replace(PAPER, stories=tuple(s for s in PAPER.stories if s.id != first), moved={first: other})
    assert other not in {v.story.id for v in issue_of(Plan(full=30), merged, told=frozenset({first})).stories}


def test_a_told_head_is_not_told_under_another_id() -> None:
    first = issue_of().full[0]
    renamed = tuple(replace(s, id="new-one") if s.id == first.story.id else s for s in PAPER.stories)
    issue = issue_of(Plan(full=30), replace(PAPER, stories=renamed), addresses={first.head.url or "": NEWEST})
    assert "new-one" not in {v.story.id for v in issue.stories}


def test_corrections_since_the_last_letter_go_in_once() -> None:
    at = next(c.at for s in PAPER.stories for c in s.corrections)
    assert [c.correction.at for _, c in issue_of(since=at - DAY).corrections] == [at]
    assert issue_of(since=at).corrections == ()


def test_a_sponsor_stands_on_its_days_for_its_topics_one_after_the_other() -> None:
    today = NEWEST.date()
    sponsors = [
        Sponsor("a", "A", "a", "https://a.internal"),
        Sponsor("b", "B", "b", "https://b.internal", places=(Place.LETTER,)),
        Sponsor("over", "O", "o", "https://o.internal", ends=today - DAY),
        Sponsor("front", "F", "f", "https://f.internal", places=(Place.FRONT,)),
        Sponsor("other", "T", "t", "https://t.internal", topics=("no-such",)),
    ]

    def chosen(at: datetime) -> str:
        issue = choose(PAPER, Past(NEWEST - 5 * DAY), Plan(), at, sponsors)
        assert issue is not None
        assert issue.sponsor is not None
        return issue.sponsor.id

    assert {chosen(NEWEST), chosen(NEWEST + DAY)} == {"a", "b"}


def test_what_stays_worth_reading_takes_turns() -> None:
    kept = [Evergreen(n, n, "", f"https://{n}.internal/") for n in ("a", "b", "c")]
    kept.append(Evergreen("over", "over", "", "https://over.internal/", ends=date(2020, 1, 1)))
    past = Past(
        NEWEST - 5 * DAY, addresses={"https://a.internal/": NEWEST - 3 * DAY, "https://b.internal/": NEWEST - 4 * DAY}
    )
    issue = choose(PAPER, past, Plan(evergreen=5), NEWEST, (), kept)
    assert issue is not None
    assert [e.id for e in issue.evergreen] == ["c", "b", "a"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_reads_in_every_language_and_holds_no_placeholder(language: str) -> None:
    publication = a_publication(site=replace(SITE, locale=language))
    at, kept = NEWEST, [Evergreen("a", "A tide table", "Ten minutes.", "https://tide.internal/")]
    sponsor = [Sponsor("s", "Rope & Co", "Rope that <remembers>", "https://rope.internal/?a=1&b=2")]
    issue = choose(publication, Past(NEWEST - 5 * DAY, number=3), Plan(), at, sponsor, kept)
    assert issue is not None
    letter = letter_of(issue, publication)
    links = {v.head.url for v in issue.stories if v.head.url} | {
        "https://tide.internal/",
        "https://rope.internal/?a=1&b=2",
    }
    may = Allowed(LEAVE, "https://hours.internal/", quoted_texts(issue, publication.site), links)
    assert list(problems_of(letter, may)) == []
    page = LexborHTMLParser(letter.html)
    assert page.css_first("html").attributes["dir"] == words_for(language).direction
    assert page.css_first("link, script, iframe, img, form, svg, object") is None
    for view in issue.stories:
        assert view.title in page.text()
    for said in ("Rope that <remembers>", "A tide table", "4 Quay Row"):
        assert said in text_of(blocks_of(letter.html))


def test_links_are_what_they_say_and_none_is_rewritten() -> None:
    issue = issue_of()
    links = {a.attributes["href"] for a in LexborHTMLParser(letter_of(issue).html).css("a")}
    stories = {
        f"https://hours.internal/stories/{v.story.id}/" for v in (*issue.stories, *(v for v, _ in issue.corrections))
    }
    heads = {v.head.url for v in issue.full}
    web = letter_of(issue).web_url
    assert links - {"https://hours.internal/"} == stories | heads | {LEAVE, web}


def test_the_only_picture_is_a_jpeg_of_our_own() -> None:
    picture = LetterPicture("https://hours.internal/pictures/1.jpg", 'A "barrage" & a storm')
    html = render(SITE, issue_of(), Frame("https://hours.internal/newsletter/x/", LEAVE, picture=picture))
    images = LexborHTMLParser(html).css("img")
    assert [(i.attributes["src"], i.attributes["alt"]) for i in images] == [(picture.url, picture.alt)]


def test_the_same_content_gives_the_same_letter() -> None:
    assert letter_of(issue_of()) == letter_of(issue_of())


def test_subject_and_preheader_come_from_the_stories() -> None:
    issue = issue_of()
    assert subject(issue) == issue.full[0].title
    assert issue.full[1].title in preheader(issue, words_for("en"))
    assert preheader(issue, words_for("en")).startswith(f"{issue.new} stories from {issue.reports} reports.")


@given(st.text(max_size=300), st.integers(2, 100))
def test_a_shortened_text_is_its_beginning(text: str, most: int) -> None:
    short = shortened(text, most)
    assert len(short) <= most
    assert "\n" not in short
    assert shortened(short, most) == short


def test_the_text_part_has_everything_in_order() -> None:
    text = text_of(blocks_of(HTML))
    assert text == (
        "Weir Every Day\n\nThursday. On the web\nhttps://paper.internal/newsletter/weir-2026-03-12/\n\n"
        "Weir opens its salmon ladder\nhttps://paper.internal/stories/4t7k/\n\nTwo years late & over its budget.\n\n"
        f"You asked for this. Leave in one step\n{LEAVE}\n"
    )


@given(st.text(max_size=400).map(lambda t: f"<div><p>{t}<table><tr><td>{t}<h2>{t}<a href='{t}'>x"))
def test_any_html_has_blocks_and_text(html: str) -> None:
    assert isinstance(text_of(blocks_of(html)), str)


def test_html_that_is_deep_ends() -> None:
    text_of(blocks_of("<div>" * 50_000 + "x"))
    text_of(blocks_of("<a href=x><b><table><tr><td>" * 20_000 + "x"))


def test_a_filed_letter_comes_back_as_it_was() -> None:
    for letter in (
        LETTER,
        letter_of(issue_of()),
        replace(LETTER, title='Says: "a" \\ b', secured="AAAA;BBBB", topics=()),
    ):
        assert read_letter(emit_letter(letter), path=letter.path) == letter


def test_letters_of_the_origin_come_back_byte_for_byte(shared: Path) -> None:
    files = sorted((shared / "data/origin").glob("*/_newsletters/*.html"))
    assert files
    for file in files:
        assert emit_letter(read_letter(file.read_bytes(), path=str(file))) == file.read_bytes()
        assert past_of(PAPER, [read_letter(file.read_bytes(), path=str(file))], AT).addresses


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"---\ntitle: \"x\"\n", b"---\ntitle: [a]\n---\n", b"---\n- a\n---\n", b"---\ntitle: \"x\"\nevil: 1\n---\n", b"\xff\xfe", b"---\n" + b"a: &x [*x]\n" + b"---\n", b"---\ntitle: a\nexcerpt: b\npublishedDateTime: soon\nwebUrl: c\n---\n"],
)  # fmt: skip
def test_a_file_that_is_no_letter_is_refused_with_its_name(body: bytes) -> None:
    with pytest.raises(Rejected, match="_newsletters/x-2026-03-12"):
        read_letter(body, path="_newsletters/x-2026-03-12.html")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_letter_or_refused(body: bytes) -> None:
    try:
        read_letter(b"---\n" + body, path="_newsletters/x-2026-03-12.html")
    except Rejected:
        return


WRONG = [
    ("Two years late", "{{ story.title }}"), ("Two years late", "Dear {name},"), ("Two years late", "*|FNAME|*"),
    ("Two years late", "%(name)s"), ("Two years late", "None"), ("Two years late", "undefined"), ("Two years late", "NaN"),
    ("Two years late", "Lorem ipsum"), ("Two years late", "TODO: say more"), ("Two years late", "[insert sponsor here]"),
    ("Two years late", "write to press@example.com"), ("Two years late", "zslot12z"), ("Two years late", "<b>${total}</b>"),
    ("Two years late", "&lt;Undefined object at 0x7f>"), ("https://paper.internal/stories/4t7k/", ""),
    ("https://paper.internal/stories/4t7k/", "#"), ("https://paper.internal/stories/4t7k/", "https://example.com/x"),
    ("https://paper.internal/stories/4t7k/", "http://localhost:8000/x"), ("https://paper.internal/stories/4t7k/", "javascript:x"),
    ("https://paper.internal/stories/4t7k/", "https://paper.internal/None/"), (LEAVE, "https://paper.internal/other"),
    ("<h2>", "<p>"), ("<h2>", '<img src="https://evil.internal/pixel.gif"><h2>'), ("<h2>", "<script src=x></script><h2>"),
    ("<h2>", "<link rel=stylesheet href=https://fonts.internal/a><h2>"), ("<h2>", "<h2 style='background:url(x)'>"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong"), WRONG)
def test_no_placeholder_passes(right: str, wrong: str) -> None:
    html = HTML.replace(right, wrong)
    html = html.replace("h1>", "p>") if wrong == "<p>" else html
    with pytest.raises(UsageError, match="is not fit to be sent"):
        check_letter(replace(LETTER, html=html), MAY)


@pytest.mark.parametrize("title", ["", "{{ subject }}", "Untitled", "None"])
def test_no_placeholder_passes_in_the_subject(title: str) -> None:
    with pytest.raises(UsageError, match="the subject"):
        check_letter(replace(LETTER, title=title), MAY)


def test_a_good_letter_passes_and_others_may_be_quoted_with_anything() -> None:
    check_letter(LETTER, MAY)
    quoted = "undefined behaviour explained: {{ x }} and None"
    html = HTML.replace("Weir opens its salmon ladder", quoted).replace(
        "https://paper.internal/stories/4t7k/", "https://press.example/a"
    )
    check_letter(
        replace(LETTER, html=html, title=quoted), replace(MAY, texts={quoted}, addresses={"https://press.example/a"})
    )


def test_pages_of_letters_change_only_with_letters() -> None:
    theme = Theme(SITE, links_of(SITE), ())
    letter = letter_of(issue_of())
    before = {f.path: f.body for f in letter_files(theme, replace(PAPER, letters=(LETTER,)))}
    after = {f.path: f.body for f in letter_files(theme, replace(PAPER, letters=(LETTER, letter)))}
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {
        "newsletter/index.html",
        f"newsletter/{letter.name}/index.html",
        "api/newsletters/index.json",
        "api/newsletters/page/1/index.json",
    }
    assert list(letter_files(theme, PAPER)) == []
    assert "Leave in one step" not in after["newsletter/weir-2026-03-12/index.html"].decode() or "closing" not in HTML


def test_a_letters_page_shows_its_picture_from_our_own_house() -> None:
    theme = Theme(SITE, links_of(SITE), ())
    picture = PublishedImage((("pictures/1-480.webp", 480),), 480, 320, "A weir", "pictures/1.jpg")
    html = HTML.replace(
        "<h2>", '<img src="https://hours.internal/pictures/1.jpg"><img src="https://evil.internal/p.gif"><h2>', 1
    )
    publication = replace(PAPER, letters=(replace(LETTER, html=html),), pictures={"x": picture})
    page = next(f.body.decode() for f in letter_files(theme, publication) if f.path.endswith("12/index.html"))
    assert [i.attributes["src"] for i in LexborHTMLParser(page).css("main img")] == ["../../pictures/1.jpg"]


def test_notices_are_read_strictly(tmp_path: Path) -> None:
    (tmp_path / "rope.yml").write_text(
        "taxonomy: sponsor\n_id: rope\nname: Rope & Co\ntext: Rope\nurl: https://rope.internal/\n"
        "startDate: 2026-03-01\nendDate: 2026-03-31\nplaces:\n  - letter\n",
        "utf-8",
    )
    (sponsor,) = read_sponsors(tmp_path)
    assert (sponsor.stands(Place.LETTER, date(2026, 3, 31)), sponsor.stands(Place.LETTER, date(2026, 4, 1))) == (
        True,
        False,
    )
    assert not sponsor.stands(Place.FRONT, date(2026, 3, 5))
    with pytest.raises(SettingsError, match=r"rope\.yml:3: name: not a key"):
        read_evergreens(tmp_path)
    for key, value, said in (
        ("url", "javascript:1", "url"),
        ("places", "[moon]", "places"),
        ("endDate", "soon", "endDate"),
        ("endDate", "2026-02-01", "before"),
        ("image", "../x", "image"),
    ):
        text = (tmp_path / "rope.yml").read_text("utf-8")
        lines = [line for line in text.splitlines() if not line.startswith((f"{key}:", "places", "  -"))]
        (tmp_path / "bad").mkdir(exist_ok=True)
        (tmp_path / "bad" / "x.yml").write_text("\n".join([*lines, f"{key}: {value}"]), "utf-8")
        with pytest.raises(SettingsError, match=said):
            read_sponsors(tmp_path / "bad")


def test_the_name_has_the_day_of_the_zone() -> None:
    at = datetime(2026, 3, 12, 23, 30, tzinfo=UTC)
    assert letter_name(SITE, at) == "the-small-hours-2026-03-12"
    assert (
        letter_name(SITE, at.astimezone(__import__("zoneinfo").ZoneInfo("Asia/Tokyo"))) == "the-small-hours-2026-03-13"
    )
