"""Strangers' words in the newsletter: in its HTML, its text, its headers, its file and its pages they stay words."""

import email
import email.policy
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.header import decode_header, make_header
from email.utils import parseaddr
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from tests.security.paper import shape

from broadsheet.model.letter import FiledLetter
from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord, Record, RecordProvider
from broadsheet.model.story import Correction, Member, Receipt, Story
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.newsletter.blocks import blocks_of, clean, text_of
from broadsheet.stages.publish.newsletter.checking import Allowed, problems_of
from broadsheet.stages.publish.newsletter.choosing import Issue, Past, Plan, choose
from broadsheet.stages.publish.newsletter.filing import emit_letter, read_letter
from broadsheet.stages.publish.newsletter.mail import Composed, Mailbox, Outside, Reader, compose, encoded
from broadsheet.stages.publish.newsletter.pages import letter_files
from broadsheet.stages.publish.newsletter.rendering import Frame, quoted_texts, render
from broadsheet.stages.publish.newsletter.wording import preheader, shortened, subject
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.words import words_for

NOW = datetime(2026, 3, 12, 11, tzinfo=UTC)
SITE = Site("The Weir", "https://weir.internal")
LEAVE = "https://letters.weir.internal/letter/leave"
OWN = [
    "zslot0z zslot1z",
    "</p></bdi></a><a href='https://evil.internal/stories/s0/'>x",
    "href=\"https://letters.weir.internal/letter/leave\"",
    LEAVE,
    f"a\n{LEAVE}\nb",
    "\r\n.\r\nRCPT TO:<victim@inbox.internal>",
    "x\r\n\r\n--boundary--\r\nBcc: all@inbox.internal",
    "=?utf-8?b?DQpCY2M6IHg=?= =?utf-8?q?=0D=0ATo:_y?=",
    "{% raw %}{{ subject }}{% endraw %} {# a #} {{ config }}",
    "<mj-raw><script>alert(1)</script></mj-raw><mj-include path=\"/etc/passwd\" />",
    "</mj-text></mj-column><mj-image src='https://evil.internal/pixel.gif' />",
    "]]> <![CDATA[ &lt;b&gt; &amp;amp; &#0; &#xD800;",
    "None undefined null {name} TODO lorem ipsum example@example.com",
    "<!--[if mso]><v:rect><![endif]-->",
    "\ud800 lone \udfff \x00 \x1b[2J \u202e \u2066",
    "\u2028\u2029 \x85 \x1c\x1d",
    "a" * 5000,
    "🏳️\u200d🌈" * 400,
    "",
    "   ",
]  # fmt: skip


def words_of(shared: Path) -> list[str]:
    rows = [json.loads(line) for line in (shared / "data/security/inject.jsonl").read_text("utf-8").splitlines()]
    bodies = [json.loads(line) for line in (shared / "data/security/xss.jsonl").read_text("utf-8").splitlines()]
    said = [row["input"]["title"] for row in rows] + [row["input"]["html"] for row in bodies if "html" in row["input"]]
    assert len(said) > 400
    return list(dict.fromkeys(said))


def paper(words: Sequence[str]) -> Publication:
    """Each of the words as headline, summary, publisher, topic and correction of a story of its own."""
    records, stories = [], []
    for number, said in enumerate(words):
        path, url = f"_news/2026-03-12-{number}.md", f"https://paper.internal/{number}"
        provider = RecordProvider(said or "x", "paper.internal")
        record = Record(said, NOW, url, provider, topics=("Weirs", said), excerpt=f"Summary: {said}", web_url=url)
        records.append(FiledRecord(path, record))
        member = Member(
            path,
            said,
            url,
            provider.name,
            provider.domain,
            NOW - timedelta(hours=1),
            Receipt(),
            record.excerpt,
            is_head=True,
        )
        change = Correction(path, NOW - timedelta(minutes=5), "title", f"Before {said}", f"After {said}")
        stories.append(Story(f"s{number}", said, 500 - number, True, (member,), record.topics, corrections=(change,)))
    topics = (Topic("weirs", "Weirs"), Topic("fish", "Fish", 1, parent="Weirs"))
    return Publication(SITE, topics, {}, tuple(records), tuple(stories))


def made(words: Sequence[str]) -> tuple[Publication, Issue, FiledLetter]:
    publication = paper(words)
    issue = choose(publication, Past(NOW - timedelta(days=1)), Plan(len(words), 0, 0), NOW)
    assert issue is not None
    html = render(SITE, issue, Frame("https://weir.internal/newsletter/w/", LEAVE, "The Weir, Saltmere"))
    letter = FiledLetter(
        "w-2026-03-12",
        subject(issue),
        preheader(issue, words_for("en")),
        NOW,
        "https://weir.internal/newsletter/w/",
        html,
    )
    return publication, issue, letter


def check(words: Sequence[str]) -> None:
    publication, issue, letter = made(words)
    tree = LexborHTMLParser(letter.html)
    plain = shape(LexborHTMLParser(made(["A plain headline"] * len(words))[2].html))
    assert shape(tree) <= plain, "what was said made an element or an attribute"
    heads = [clean(h.text()) for h in tree.css("h2 bdi")]
    assert heads == [clean(v.title) for v in issue.full]
    links = {a.attributes.get("href") for a in tree.css("a")}
    assert links <= ours(issue), "what was said made a link"
    _check_text(issue, letter)
    assert list(
        problems_of(letter, Allowed(LEAVE, "https://weir.internal/", quoted_texts(issue, SITE), ours(issue)))
    ) in ([], [TOO_LARGE])
    assert emit_letter(read_letter(emit_letter(letter), path=letter.path)) == emit_letter(letter)
    _check_mail(letter)
    _check_pages(publication, letter)


TOO_LARGE = "it has more than 100 kB, and mail programs would cut its end off"


def ours(issue: Issue) -> set[str]:
    pages = {f"https://weir.internal/stories/{v.story.id}/" for v in (*issue.full, *(v for v, _ in issue.corrections))}
    heads = {v.head.url for v in issue.full if v.head.url}
    return pages | heads | {LEAVE, "https://weir.internal/newsletter/w/", "https://weir.internal/"}


def _check_text(issue: Issue, letter: FiledLetter) -> None:
    paragraphs = text_of(blocks_of(letter.html)).split("\n\n")
    for view in issue.full:
        page = f"https://weir.internal/stories/{view.story.id}/"
        if clean(view.title):
            assert f"{clean(view.title)}\n{page}" in paragraphs


def _check_mail(letter: FiledLetter) -> None:
    parsed = email.message_from_bytes(mail_of(letter).to(READER), policy=email.policy.default)
    assert parsed.keys() == HEADERS
    assert parsed["Subject"] == letter.title.encode("utf-8", "replace").decode()
    assert [part.get_content_type() for part in parsed.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    html, plain = parsed.get_body(("html",)), parsed.get_body(("plain",))  # type: ignore[attr-defined]
    assert html.get_content().replace("\r\n", "\n") == letter.html.replace(f'href="{LEAVE}"', f'href="{READER.leave}"')
    assert READER.leave in plain.get_content()
    assert parsed.defects == html.defects == plain.defects == []


def _check_pages(publication: Publication, letter: FiledLetter) -> None:
    theme = Theme(SITE, links_of(SITE), ())
    files = {f.path: f.body for f in letter_files(theme, replace(publication, letters=(letter,)))}
    page = LexborHTMLParser(files["newsletter/w-2026-03-12/index.html"].decode("utf-8"))
    assert page.css_first("main script, main [style], main form, main iframe, main svg") is None
    assert clean(page.css_first("h1").text()) == clean(letter.title)
    assert json.loads(files["api/newsletters/index.json"])["value"][0]["title"] == clean(letter.title)


READER = Reader(Mailbox("reader@inbox.internal"), "mark", f"{LEAVE}?t=" + "a" * 70, f"{LEAVE}?t=" + "a" * 70)
HEADERS = [
    "To", "Message-ID", "List-Unsubscribe", "From", "List-Archive", "Subject", "Date", "List-ID",
    "List-Unsubscribe-Post", "Auto-Submitted", "MIME-Version", "Content-Type",
]  # fmt: skip


def mail_of(letter: FiledLetter) -> Composed:
    outside = Outside(Mailbox("letter@weir.internal", SITE.title), letter.title, NOW, "weir", None, letter.web_url)
    return compose(outside, letter.html, text_of(blocks_of(letter.html)), LEAVE)


def test_words_from_the_list_stay_words(shared: Path) -> None:
    said = words_of(shared)
    for start in range(0, len(said), 40):
        check(said[start : start + 40])


@pytest.mark.parametrize("said", OWN, ids=range(len(OWN)))
def test_words_of_our_own_stay_words(said: str) -> None:
    check([said, "A plain headline"])
    check(["A plain headline", said])


@given(st.lists(st.text(max_size=120), min_size=1, max_size=3))
@settings(max_examples=60)
def test_any_words_stay_words(said: list[str]) -> None:
    check([*said, "A plain headline"])


def test_each_word_is_one_subject_and_one_name(shared: Path) -> None:
    for said in [*words_of(shared), *OWN]:
        name = Mailbox("reader@inbox.internal", said).header()
        raw = f"Subject: {encoded(said)}\r\nTo: {name}\r\nX-End: 1\r\n\r\nbody".encode("ascii")
        parsed = email.message_from_bytes(raw, policy=email.policy.default)
        assert parsed.keys() == ["Subject", "To", "X-End"]
        assert parsed["Subject"] == one_line(said)
        shown, address = parseaddr(email.message_from_bytes(raw)["To"])
        assert (str(make_header(decode_header(shown))), address) == (one_line(said), "reader@inbox.internal")


def one_line(said: str) -> str:
    from broadsheet.stages.publish.newsletter import mail

    return mail._one_line(said)


def test_front_matter_holds_the_words_and_no_more_keys(shared: Path) -> None:
    for said in [*words_of(shared), *OWN]:
        title = shortened(said.replace("\x00", "").encode("utf-8", "replace").decode(), 78)
        letter = FiledLetter("w-2026-03-12", title, title, NOW, "https://weir.internal/", "<p>x</p>", topics=("Weirs",))
        matter = emit_letter(letter).decode().split("---\n")[1]
        assert yaml.safe_load(matter)["title"] == title
        assert set(yaml.safe_load(matter)) == {"title", "excerpt", "publishedDateTime", "webUrl", "type", "topics"}
