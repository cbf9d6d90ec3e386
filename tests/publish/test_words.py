"""The site's languages: each has every word with the same placeholders, its own plurals and its own dates."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from lxml import html

from broadsheet.model.publication import Publication
from broadsheet.model.story import DecidedBy, Receipt, Story
from broadsheet.model.vitals import Finding, SourceHealth, Trouble
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.site.words import LANGUAGES, Calendar, Text, plural, words_for

FORMS = {"ar": {"zero", "one", "two", "few", "many", "other"}, "ja": {"other"}}
EXACT = {"zero", "one", "two"}  # "two reports" is one word in Arabic: these forms may do without the number
ENGLISH = words_for("en").texts


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def forms_of(text: Text) -> dict[str, str]:
    return {"other": text} if isinstance(text, str) else dict(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word_with_the_same_placeholders(language: str) -> None:
    texts = words_for(language).texts
    assert texts.keys() == ENGLISH.keys()
    for key, text in texts.items():
        wanted = placeholders(forms_of(ENGLISH[key])["other"])
        assert isinstance(text, str) == isinstance(ENGLISH[key], str), key
        for form, said in forms_of(text).items():
            assert said.strip() == said != "", key
            assert isinstance(text, str) or form in FORMS.get(language, {"one", "other"}), (key, form)
            missing = wanted - placeholders(said)
            assert placeholders(said) <= wanted, (key, form)
            assert missing <= ({"n"} if form in EXACT else set()) or key == "copies_begin", (key, form)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_leaves_an_english_sentence(language: str) -> None:
    texts = words_for(language).texts
    same = {key for key, text in texts.items() if text == ENGLISH[key] and " " in forms_of(text)["other"]}
    assert language == "en" or same <= {"topic_page", "page_n", "points_n"}  # French has the same words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_calendar_is_whole(language: str) -> None:
    calendar = words_for(language).calendar
    for names, count in ((calendar.weekdays, 7), (calendar.weekdays_short, 7), (calendar.months, 12)):
        assert len(names) == len(set(names)) == count
    assert len(calendar.months_short) == 12
    values = {"weekday": "w", "day": 1, "month": "m", "year": 2, "date": "d", "time": "t"}
    for field in fields(Calendar):
        value = getattr(calendar, field.name)
        assert isinstance(value, tuple) or value.format(**values)


@pytest.mark.parametrize(
    ("language", "day", "brief", "moment", "month"),
    [
        ("en", "Sunday 1 March 2026", "Sun 1 Mar", "1 Mar, 06:14", "March 2026"),
        ("de", "Sonntag, 1. März 2026", "So, 1. März", "1. März, 06:14", "März 2026"),
        ("fr", "dimanche 1 mars 2026", "dim. 1 mars", "1 mars, 06:14", "mars 2026"),
        ("es", "domingo, 1 de marzo de 2026", "dom, 1 mar", "1 mar, 06:14", "marzo de 2026"),
        ("ja", "2026年3月1日日曜日", "3月1日（日）", "3月1日 06:14", "2026年3月"),
        ("ar", "الأحد 1 مارس 2026", "الأحد 1 مارس", "1 مارس، 06:14", "مارس 2026"),
    ],
)
def test_days_are_written_as_the_language_writes_them(
    language: str, day: str, brief: str, moment: str, month: str
) -> None:
    words, first = words_for(language), date(2026, 3, 1)
    assert (words.day(first), words.day_short(first), words.month(first)) == (day, brief, month)
    assert words.instant(datetime(2026, 3, 1, 6, 14, tzinfo=UTC), today=date(2026, 3, 2)) == moment
    assert words.instant(datetime(2026, 3, 1, 6, 14, tzinfo=UTC), today=first) == "06:14"


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("en", 0, "0 stories"), ("en", 1, "1 story"), ("en", 1234, "1,234 stories"),
        ("de", 1, "1 Geschichte"), ("de", 1234, "1.234 Geschichten"),
        ("fr", 0, "0 sujet"), ("fr", 2, "2 sujets"), ("fr", 1234, "1\u00a0234 sujets"),
        ("es", 1, "1 noticia"), ("es", 7, "7 noticias"),
        ("ja", 1, "1件の話題"), ("ja", 12, "12件の話題"),
        ("ar", 0, "لا أخبار"), ("ar", 1, "خبر واحد"), ("ar", 2, "خبران"), ("ar", 3, "3 أخبار"), ("ar", 10, "10 أخبار"),
        ("ar", 11, "11 خبرًا"), ("ar", 99, "99 خبرًا"), ("ar", 100, "100 خبر"), ("ar", 103, "103 أخبار"),
    ],
)  # fmt: skip
def test_numbers_take_the_right_form(language: str, n: int, said: str) -> None:
    assert words_for(language)("stories", n=n) == said


def test_plurals_follow_the_language_whatever_the_region() -> None:
    assert [plural("ar-EG", n) for n in (0, 1, 2, 6, 26, 102)] == ["zero", "one", "two", "few", "many", "other"]
    assert plural("fr-CA", 0) == "one"
    assert plural("xx", 0) == "other"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_speaks_its_language(publication: Publication, language: str) -> None:
    site = replace(publication.site, locale=language)
    pages = {f.path: f.body for f in files_of(replace(publication, site=site)) if f.path.endswith(".html")}
    words = words_for(language)
    for path, body in pages.items():
        page = html.document_fromstring(body.decode())
        assert page.xpath("/html/@lang") == [language], path
        assert page.xpath("/html/@dir") == ["rtl" if language == "ar" else "ltr"], path
        assert not re.search(r"\{\w+\}", page.text_content()), path
    assert words("just_in") in pages["index.html"].decode()
    reasons = html.document_fromstring(pages["stories/s000/index.html"].decode()).xpath("//ul[@class='why-list']/li")
    assert {li.get("lang") for li in reasons} == {None if language == "en" else "en"}


OURS = {"RSS", "Atom", "JSON", "Feed", "Broadsheet", "UTC", "API", "OPML", "doctor", "run", "sources", "broadsheet"}
REASONS = ("It came first, at 2026-03-01 12:00 UTC.", "Next in line is 紙, 5 points behind.")


def in_no_letters_of_ours(publication: Publication) -> Publication:
    """The publication with all that strangers and its owner wrote in Chinese letters, so that English stands out."""

    def told(n: int, story: Story) -> Story:
        receipt = Receipt(0.6, 0.45, "other", 0.5, ("港",), ("31",), decided_by=DecidedBy.SCORE, terms={"words": 0.6})
        members = tuple(
            replace(m, title="題", excerpt="題", provider_name="紙", adds="題" if m.adds else None, receipt=receipt)
            for m in story.members
        )
        corrections = tuple(replace(c, before="題", after="題") for c in story.corrections)
        terms = (("quality", story.heat - 10), ("related coverage: 1 of other publishers", 10))
        return replace(
            story, title="題", members=members, corrections=corrections, head_reasons=REASONS, heat_terms=terms
        )

    records = tuple(replace(r, record=replace(r.record, title="題", excerpt="題")) for r in publication.records)
    named = tuple(
        replace(t, name=f"題{n}", parent=t.parent and "題0", description=None) for n, t in enumerate(publication.topics)
    )
    names = {old.name: new.name for old, new in zip(publication.topics, named, strict=True)}
    stories = tuple(
        replace(told(n, s), topics=tuple(names[t] for t in s.topics)) for n, s in enumerate(publication.stories)
    )
    site = replace(publication.site, title="紙", description="")
    return replace(publication, site=site, topics=named, records=records, stories=stories, health=_all_troubles())


def _all_troubles() -> tuple[SourceHealth, ...]:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return tuple(SourceHealth(f"https://{n}.example/", "紙", (Finding(t, at),)) for n, t in enumerate(Trouble))


@pytest.mark.parametrize("language", ["ar", "ja"])
@pytest.mark.parametrize("full", [True, False])
def test_nothing_english_is_left_on_a_page_in_other_letters(
    publication: Publication, language: str, full: bool
) -> None:
    told = in_no_letters_of_ours(publication)
    told = told if full else replace(told, stories=(), records=(), health=())
    left: dict[str, set[str]] = {}
    for file in files_of(replace(told, site=replace(told.site, locale=language))):
        if file.path.endswith(".html"):
            page = html.document_fromstring(file.body.decode())
            said = page.xpath("//body//text() | //body//@aria-label | //body//@alt | //title/text() | //@data-l")
            plain = re.sub(r"https?://\S+|[\w.-]+\.example|[\w.-]+\.xml", "", " ".join(said))
            if found := set(re.findall("[A-Za-z]{2,}", plain)) - OURS:
                left[file.path] = found
    assert left == {}


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_nothing_english_is_left_on_a_page_in_latin_letters(publication: Publication, language: str) -> None:
    texts = words_for(language).texts
    english = {
        form
        for key, text in ENGLISH.items()
        for name, form in forms_of(text).items()
        if "{" not in form and form not in forms_of(texts[key]).values()
    } - {said for text in texts.values() for said in forms_of(text).values()}
    told = in_no_letters_of_ours(publication)
    for file in files_of(replace(told, site=replace(told.site, locale=language))):
        if file.path.endswith(".html"):
            page = html.document_fromstring(file.body.decode())
            said = {text.strip() for text in page.xpath("//body//text() | //body//@aria-label | //@data-l")}
            assert said & english == set(), file.path
