"""Hostile words in every field of a publication: each output is valid, says the same words, and nothing more.

Here the words reach the outputs as they are, without the cleaning that they get on the way in. What can never be in
a record, NUL and halves of surrogate pairs, is refused when it is written and when it is read.
"""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import nh3
import pytest
import yaml
from click.testing import CliRunner
from lxml import etree
from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser
from tests.publish.conftest import NEWEST, a_record
from tests.publish.documents import wrong_with_all
from tests.publish.index_checks import wrong_opml
from tests.publish.outputs import files_of, with_titles, wrong_with_files
from tests.security.paper import address, hostile_paper, published, shape, unsafe
from tests.security.words import WORDS, bodies, known_attacks

from broadsheet.cli import broadsheet
from broadsheet.errors import Rejected
from broadsheet.formats.markup import plain_text, safe_embed, sanitise
from broadsheet.formats.opml_reading import read_opml
from broadsheet.formats.opml_writing import write_opml
from broadsheet.model.publication import Publication, Site
from broadsheet.model.source import Source
from broadsheet.model.sponsor import Sponsor
from broadsheet.model.story import Correction
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.api_documents import day_document, provider_page, report_item, story_summary
from broadsheet.stages.publish.directions import llms_txt
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.slugs import record_path, slug
from broadsheet.stages.publish.story_files import emit_story, story_path
from broadsheet.stages.publish.story_reading import read_story

NS = {
    "a": "http://www.w3.org/2005/Atom",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RED = next(n for n, word in enumerate(WORDS) if "\x1b" in word)
_NEVER = re.compile("[\x00\ud800-\udfff]")
_RICH = re.compile(r"\x1b\[(?:[0-9;]*m|\?25[lh]|[0-9]*[AK]|2K)|\r")


def possible(words: Sequence[str]) -> list[str]:
    """The words as far as a record can hold them."""
    return [_NEVER.sub("\ufffd", word) for word in words]


def as_xml(text: str) -> str:
    """The text as XML can say it."""
    return _NOT_XML.sub("", text)


def folded(text: str) -> str:
    """The text without what a page does with blanks."""
    return " ".join(text.split())


@pytest.fixture(scope="module", params=["own", "known"])
def words(request: pytest.FixtureRequest) -> list[str]:
    if request.param == "own":
        return possible(WORDS)
    return possible(sorted(known_attacks(request.getfixturevalue("shared"))))


@pytest.fixture(scope="module")
def publication(words: list[str]) -> Publication:
    told = with_titles(words)
    topics = tuple(
        Topic(id=f"t{n}", name=word or "x", order=n, parent="Small News", description=word or None)
        for n, word in enumerate(words)
    )
    site = Topic(id="small-news", name="Small News")
    first = told.stories[0]
    corrected = replace(
        first, corrections=tuple(Correction(first.head.record, NEWEST, "title", word, word) for word in words)
    )
    return replace(
        told,
        topics=(site, Topic(id="law", name="Law", parent="Small News"), *topics),
        stories=(corrected, *told.stories[1:]),
        sources=tuple(Source(f"https://kelp.example/{n}", name=w or None, tags=(w,)) for n, w in enumerate(words)),
        sponsors=tuple(Sponsor(f"s{n}", w or "x", w, "https://tern.example/") for n, w in enumerate(words)),
    )


@pytest.fixture(scope="module")
def files(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return files_of(publication, tmp_path_factory.mktemp("hostile") / "out")


def test_every_file_is_valid_and_safe(files: dict[str, bytes]) -> None:
    assert wrong_with_files(files, NEWEST) == []


@pytest.mark.parametrize("site_title", WORDS[::8])
def test_a_site_of_any_name_is_valid_and_safe(site_title: str, tmp_path: Path) -> None:
    (name,) = possible([site_title])
    site = Site(name, "https://hours.example", description=name)
    files = files_of(with_titles(["One", "Two"], site=site), tmp_path / "out")
    assert wrong_with_files(files, NEWEST) == []
    front = LexborHTMLParser(files["index.html"].decode())
    assert folded(str(front.css_first("h1").text())) == folded(name)
    assert etree.fromstring(files["feed.xml"]).findtext("channel/title") == as_xml(name)
    assert json.loads(files["feed.json"])["title"] == _NOT_XML.sub("", name)
    assert json.loads(files["api/index.json"])["title"] == name


def test_pages_say_the_words_and_nothing_more(
    files: dict[str, bytes], publication: Publication, tmp_path: Path
) -> None:
    plain = with_titles([f"Plain words, number {n}" for n in range(len(publication.stories))])
    honest = files_of(replace(plain, topics=publication.topics), tmp_path / "out")
    known = {
        kind
        for path, body in honest.items()
        if path.endswith(".html")
        for kind in shape(LexborHTMLParser(body.decode()))
    }
    for story in publication.stories:
        tree = LexborHTMLParser(files[f"stories/{story.id}/index.html"].decode())
        assert folded(str(tree.css_first("h1").text())) == folded(story.title)
        description = tree.css_first('meta[property="og:title"]')
        assert folded(description.attributes["content"] or "") == folded(story.title)
        unknown = (
            {tag for tag, _ in shape(tree)} - {tag for tag, _ in known} - {"dl", "dt", "dd", "ins", "del", "small"}
        )
        assert unknown <= {"time"}, story.title


def test_two_other_parsers_see_the_same_page(files: dict[str, bytes], publication: Publication) -> None:
    """What one parser takes for text must not be markup for another one."""
    for story in publication.stories:
        body = files[f"stories/{story.id}/index.html"]
        tags = {str(node.tag) for node in LexborHTMLParser(body.decode()).css("*")} - {"tbody"}
        seen = {str(node.tag) for node in lxml_html.document_fromstring(body).iter() if isinstance(node.tag, str)} - {
            "tbody"
        }
        assert seen == tags, story.title
        again = LexborHTMLParser(LexborHTMLParser(body.decode()).html or "")
        assert unsafe(again) == []
        assert shape(again) == shape(LexborHTMLParser(body.decode()))


def test_the_interface_says_the_words(files: dict[str, bytes], publication: Publication) -> None:
    titles = {story.id: story.title for story in publication.stories}
    for story in publication.stories:
        said = json.loads(files[f"api/stories/{story.id}/index.json"])
        assert (said["title"], said["members"][0]["excerpt"], said["heatTerms"][0]["name"]) == (
            titles[story.id],
            titles[story.id],
            titles[story.id] or "Quality",
        )
        assert said["members"][0]["receipt"]["names"] == [titles[story.id]]
    pages = [json.loads(b) for p, b in files.items() if re.fullmatch(r"api/news/page/\d+/index\.json", p)]
    assert {i["title"] for page in pages for i in page["value"]} == set(titles.values())
    lists = {
        "api/days/2026-03-12/index.json": day_document(NEWEST.date(), [story_summary(s) for s in publication.stories]),
        "api/providers/x/page/1/index.json": provider_page(
            1, [report_item(s.head, s.id) for s in publication.stories], None
        ),
    }
    assert wrong_with_all(lists) == []
    for body in lists.values():
        assert [item["title"] for item in json.loads(body)["value"]] == list(titles.values())
    topics = json.loads(files["api/topics/index.json"])["value"][2:]
    assert [t["name"] for t in topics] == [t.name for t in publication.topics[2:]]
    adverts = json.loads(files["api/ads/front/index.json"])["value"]
    assert sorted(a["text"] for a in adverts) == sorted(s.text for s in publication.sponsors)


def test_no_file_holds_what_a_terminal_or_a_log_would_obey(files: dict[str, bytes]) -> None:
    for path, body in files.items():
        if path.endswith((".json", ".txt", ".xml", ".opml")):
            text = body.decode("utf-8")
            assert not re.search("[\x00-\x08\x0b-\x1f]", text.replace("\r", "")), path


def test_feeds_say_the_words(files: dict[str, bytes], publication: Publication) -> None:
    newest = sorted(publication.stories, key=lambda s: (-s.head.published.timestamp(), s.id))
    kept = len(newest) if len(newest) <= 25 else 25 + (len(newest) - 1) % 25 + 1
    said = [s.title for s in newest][:kept]
    rss, atom = etree.fromstring(files["feed.xml"]), etree.fromstring(files["atom.xml"])
    assert [i.findtext("title") for i in rss.iter("item")] == [as_xml(t) for t in said]
    assert [e.findtext("a:title", namespaces=NS) for e in atom.iterfind("a:entry", NS)] == [as_xml(t) for t in said]
    items = json.loads(files["feed.json"])["items"]
    assert [item["title"] for item in items] == [_NOT_XML.sub("", t) for t in said]
    news = etree.fromstring(files["news-sitemap.xml"])
    assert {as_xml(t.text or "") for t in news.iter(f"{{{NS['n']}}}title")} == {
        as_xml(s.title) for s in publication.stories
    }
    for feed, tag, kind in ((rss, "title", "item"), (atom, f"{{{NS['a']}}}title", f"{{{NS['a']}}}entry")):
        assert all(len(e) == 0 for item in feed.iter(kind) for e in item.iter(tag))
    for item in items:
        tree = LexborHTMLParser(item["content_html"])
        assert {str(node.tag) for node in tree.css("body *")} <= {"p", "a"}
        assert nh3.clean(item["content_html"], tags={"p", "a"}, link_rel=None) == tree.body.inner_html  # type: ignore[union-attr]


def test_records_and_stories_say_the_words(words: list[str], publication: Publication) -> None:
    plain = yaml.safe_load(
        emit_record(a_record(0, "x", ("x", "kelp.example"), NEWEST, excerpt="x", heat=72, topics=("x",)).record).split(
            "---\n"
        )[1]
    )
    for number, word in enumerate(words):
        record = a_record(
            number, word, (word or "x", "kelp.example"), NEWEST, excerpt=word, topics=(word or "x",), heat=72
        ).record
        text = emit_record(record)
        meant = yaml.safe_load(text.split("---\n", 2)[1])
        assert meant.keys() == plain.keys(), word
        assert (meant["title"], meant["provider"]["name"], meant["topics"]) == (word, word or "x", [word or "x"])
        assert read_record(text.encode(), path="x.md") == record
    for story in publication.stories:
        assert read_story(emit_story(story), path=story_path(story.id)) == story


@pytest.mark.parametrize("bad", ["a\x00b", "a\udc80b"])
def test_what_no_file_can_say_is_refused(bad: str) -> None:
    with pytest.raises(Rejected):
        emit_record(a_record(0, bad, ("x", "kelp.example"), NEWEST).record)
    story = with_titles(["x"]).stories[0]
    body = json.dumps({**json.loads(emit_story(story)), "title": bad}).encode()
    with pytest.raises(Rejected):
        read_story(body, path=story_path(story.id))


def test_lists_of_sources_say_the_words(words: list[str], files: dict[str, bytes]) -> None:
    assert wrong_opml(files["sources.opml"]) == []
    listed = {s.url: s for s in read_opml(files["sources.opml"], name="sources.opml")}
    for number, word in enumerate(words):
        name = "".join(c for c in word if c.isprintable()).strip()
        assert listed[f"https://kelp.example/{number}"].name == (name or None) or not name, word
    assert wrong_opml(write_opml(words[0], [Source("https://kelp.example/")])) == []


def test_language_models_are_told_lists_and_nothing_else(publication: Publication) -> None:
    lines = llms_txt(publication).splitlines()
    headings = [line for line in lines if line.startswith("#")]
    assert headings == ["# The Small Hours", "## API", "## Feeds", "## Topics", "## Optional"]
    links = [line for line in lines if line.startswith("- ")]
    assert all(
        re.fullmatch(r"- \[(?:\\.|[^\\\[\]])*\]\(https://hours\.example/[^()\s<>]*\): .*", line) for line in links
    )
    assert len([x for x in lines if x and x not in headings and x not in links]) == 2


def test_file_names_are_harmless(words: list[str]) -> None:
    taken: set[str] = set()
    for word in (*words, "a\x00b", "x" * 5000, "\udc80"):
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,143}", slug(word)), word
        path = record_path(NEWEST, word, taken)
        assert re.fullmatch(r"_news/2026-03-12-[a-z0-9][a-z0-9-]{0,149}\.md", path), word
        assert path not in taken
        taken.add(path)


def test_no_two_outputs_and_no_path_outside(files: dict[str, bytes]) -> None:
    for path in files:
        assert re.fullmatch(r"(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*", path), path


def test_bodies_are_clean_however_often_they_are_read(words: list[str]) -> None:
    for body in words:
        clean = sanitise(body)
        assert sanitise(clean) == clean
        once = LexborHTMLParser(clean).body
        twice = LexborHTMLParser((once.inner_html if once else "") or "").body
        for tree in (LexborHTMLParser(clean), LexborHTMLParser((twice.inner_html if twice else "") or "")):
            assert _running(tree) == [], body
        assert (
            "<" not in (safe_embed(body) or "") or _running(LexborHTMLParser(safe_embed(body) or ""), embed=True) == []
        )
        assert _running(LexborHTMLParser(f"<p>{nh3.clean_text(plain_text(body))}</p>")) == []


def _running(tree: LexborHTMLParser, *, embed: bool = False) -> list[str]:
    bad = "script, object, embed, form, base, meta, link, style, svg, math, template" + ("" if embed else ", iframe")
    found = [str(node.html)[:100] for node in (tree.body or tree.root).css(bad)] if tree.body else []
    for node in tree.css("body *"):
        for name, value in node.attributes.items():
            runs = name.startswith("on") or name in {"style", "id", "name", "srcdoc"}
            leads = name in {"href", "src", "cite", "action", "srcset"}
            if runs or (leads and not re.match(r"(?i)https?://|mailto:", value or "https://")):
                found.append(f"{node.tag} {name}={value}")
    return found


def test_bodies_of_the_known_list_are_clean(shared: Path) -> None:
    test_bodies_are_clean_however_often_they_are_read(sorted(bodies(shared)))


# Commands, as their users see them.


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("terminal") / "paper"
    hostile_paper(folder, WORDS, f"name = {json.dumps(WORDS[RED])}\n")
    published(folder)
    broken = '---\ntitle: "\\e[31mred\x9b2J\u202e"\nevil\x1b]0;x\x07: [bold]x[/bold]\n---\n'
    (folder / "_news" / "2026-11-20-broken.md").write_text(broken, "utf-8")
    return folder


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("explain", "-C", "{paper}", address(RED)),
    ("explain", "-C", "{paper}", "\x1b]0;x\x07\u202eno such record"),
    ("records", "check", "{paper}"),
    ("score", "{paper}"),
    ("sources", "list", "-C", "{paper}"),
    ("doctor", "-C", "{paper}"),
)


def on_a_terminal(arguments: Sequence[str]) -> str:
    """What a command says to a terminal, both streams."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "broadsheet", *arguments]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200"}
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    said = b"".join(_read(ours))
    os.close(ours)
    child.wait(timeout=120)
    return said.decode("utf-8").replace("\r\n", "\n")


def _read(stream: int) -> Iterator[bytes]:
    while True:
        try:
            got = os.read(stream, 65536)
        except OSError:  # the other side has closed: on Linux that is how a terminal says so
            return
        if not got:
            return
        yield got


@pytest.mark.skipif(sys.platform != "linux", reason="a terminal of one's own is asked for as Linux does it")
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda a: " ".join(a[:2]).encode("ascii", "replace").decode())
def test_a_terminal_is_told_nothing_that_it_would_obey(arguments: tuple[str, ...], paper: Path, tmp_path: Path) -> None:
    said = on_a_terminal([a.format(paper=paper, out=tmp_path / "out") if "{" in a else a for a in arguments])
    left = _RICH.sub("", said)
    assert left.strip()
    assert "Traceback" not in left
    assert [
        c for c in left if c != "\n" and re.match("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]", c)
    ] == []


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda a: " ".join(a[:2]).encode("ascii", "replace").decode())
def test_a_pipe_gets_lines_and_each_is_whole(arguments: tuple[str, ...], paper: Path, tmp_path: Path) -> None:
    command = [a.format(paper=paper, out=tmp_path / "out") if "{" in a else a for a in arguments]
    done = CliRunner().invoke(broadsheet, command)
    for text in (done.stdout, done.stderr):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text)
        assert "Traceback" not in text
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            json.loads(line)
