"""Hostile words through the real way: feed and page -> run -> every output, each read by a real parser."""

import io
import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser
from tests.security.paper import (
    address,
    git,
    hostile_paper,
    html_files,
    published,
    records,
    shape,
    unsafe,
)
from tests.security.words import CONTROLS, WORDS, known_attacks, normal

from broadsheet.app.publications import read_publication
from broadsheet.cli import broadsheet, explain
from broadsheet.settings import read_settings
from broadsheet.steps.desk import Desk
from broadsheet.steps.explain import explain as explained
from broadsheet.steps.explain import find_record

_NAME = re.compile(
    r"_news/2026-11-20-[a-z0-9][a-z0-9-]{0,150}\.md|_stories/[0-9a-f]{2}/[0-9a-f]{12}\.json|_pages/[0-9]{6}\.jsonl"
)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "paper"
    hostile_paper(folder, WORDS)
    published(folder)
    return folder


def titles(folder: Path, *, published: bool = False) -> set[str]:
    return {str(r["title"]) for r in records(folder).values() if r["published"] or not published}


def test_a_record_says_what_was_said_and_no_more(paper: Path) -> None:
    honest = {
        "title",
        "publishedDateTime",
        "originalUrl",
        "webUrl",
        "provider",
        "topics",
        "category",
        "excerpt",
        "type",
    }
    honest |= {"quality", "heat", "published", "images", "related", "ampWebUrl", "cdnAmpWebUrl"}
    found = records(paper)
    for number, said in enumerate(WORDS):
        record = found[address(number)]
        assert record["title"] == normal(said), said
        assert set(record) <= honest, said
        assert re.fullmatch(r"https?://[^\s]+", record["webUrl"]), said


def test_the_store_keeps_the_words_and_is_asked_nothing_by_them(paper: Path, tmp_path: Path) -> None:
    plain = hostile_paper(tmp_path / "plain", ["Plain words"])
    published(plain.folder)
    with closing(sqlite3.connect(paper / ".broadsheet" / "state.sqlite")) as ours:
        made = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
        with closing(sqlite3.connect(plain.folder / ".broadsheet" / "state.sqlite")) as honest:
            assert ours.execute(made).fetchall() == honest.execute(made).fetchall()
        kept = [json.loads(document) for (document,) in ours.execute("SELECT document FROM articles")]
        assert ours.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    wanted = {address(number): normal(said) for number, said in enumerate(WORDS)}
    assert {article["url"]: article["title"] for article in kept} == wanted


def test_pages_show_the_words_as_text_and_nothing_of_them_is_markup(paper: Path, tmp_path: Path) -> None:
    plain = hostile_paper(tmp_path / "plain", [f"Plain words, number {n}" for n in range(len(WORDS))])
    known: set[tuple[str, tuple[str, ...]]] = set()
    for _, tree in html_files(published(plain.folder)):
        known |= shape(tree)
    texts: set[str] = set()
    for path, tree in html_files(paper / "public"):
        assert unsafe(tree) == [], path
        # A title in another language or without a link changes attributes, which an honest paper has too.
        assert {tag for tag, _ in shape(tree)} <= {tag for tag, _ in known} | {"svg", "rect", "ol", "li"}, path
        texts |= {normal(str(node.text())) for node in tree.css("h1, h2, h3, h4, a, p, li, span")}
    assert {normal(t) for t in titles(paper)} <= texts


def test_feeds_and_the_interface_are_whole_and_say_the_same(paper: Path) -> None:
    out, said = paper / "public", titles(paper)
    for path in out.rglob("*.json"):
        assert "\x1b" not in path.read_text("utf-8")
        json.loads(path.read_bytes())
    assert {item["title"] for item in api_items(out)} == titles(paper, published=True)
    for path in out.rglob("*.xml"):
        root = etree.fromstring(path.read_bytes())
        for element in root.iter("title", "{http://www.w3.org/2005/Atom}title", "{*}news-title"):
            assert len(element) == 0
    rss = etree.fromstring((out / "feed.xml").read_bytes())
    assert {normal(str(t)) for t in rss.xpath("//item/title/text()")} <= {normal(_NOT_XML.sub("", t)) for t in said}
    for markup in rss.xpath("//item/description/text()"):
        tree = LexborHTMLParser(str(markup))
        assert {str(n.tag) for n in tree.css("body *")} <= {"p", "a"}
    links = [
        *rss.xpath("//item/link/text()"),
        *(i["url"] for i in json.loads((out / "feed.json").read_bytes())["items"]),
    ]
    assert all(re.match(r"https?://", str(link)) for link in links)


def api_items(out: Path) -> list[dict[str, object]]:
    pages = sorted((out / "api" / "news" / "page").glob("*/index.json"))
    return [item for page in pages for item in json.loads(page.read_bytes())["value"]]


def test_every_file_has_a_harmless_name_below_the_folder(paper: Path) -> None:
    for path in paper.rglob("*"):
        assert path.resolve().is_relative_to(paper.resolve())
        assert path.name.isprintable()
        assert not path.name.startswith("-")
    committed = [name for name in git(paper, "ls-files", "-z").split("\0") if name]
    assert len(committed) > len(WORDS)
    assert [name for name in committed if not _NAME.fullmatch(name)] == []


def test_commits_are_ours_alone(paper: Path) -> None:
    message = git(paper, "log", "--format=%an <%ae>%n%B")
    assert re.fullmatch(r"Broadsheet <broadsheet@localhost>\n\d+ stor(y|ies), \d+ articles\n+", message)
    git(paper, "fsck", "--strict")


def test_explain_in_a_pipe_is_one_line_of_json_each(paper: Path) -> None:
    found = records(paper)
    for url, record in found.items():
        said = CliRunner().invoke(broadsheet, ["explain", "-C", str(paper), url]).stdout
        assert len(said.splitlines()) == 1
        assert json.loads(said)["title"] == record["title"]
        if url == address(30):
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", said)


def test_explain_on_a_terminal_gives_it_no_command(paper: Path) -> None:
    desk = Desk(read_publication(read_settings(paper))[0], ())
    for number in range(len(WORDS)):
        filed = find_record(desk, address(number))
        console = Console(file=io.StringIO(), force_terminal=True, color_system="standard", width=200, highlight=False)
        explain._print(console, explained(desk, filed, (), 0))
        assert isinstance(console.file, io.StringIO)
        obeys_nothing(_COLOUR.sub("", console.file.getvalue()))


def obeys_nothing(said: str) -> None:
    bad = [
        c
        for c in said
        if c != "\n" and (unicodedata.category(c) == "Cc" or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2028")
    ]
    assert bad == []


def test_words_of_a_feed_whose_pages_are_gone(tmp_path: Path) -> None:
    world = hostile_paper(tmp_path / "paper", WORDS)
    for number in range(len(WORDS)):
        world.say(address(number), b"", status=403)
    world.write()
    published(world.folder)
    ours = {as_xml(said)[:2000] for said in WORDS}
    assert {str(r["title"]) for r in records(world.folder).values()} <= ours
    assert [bad for _, tree in html_files(world.folder / "public") for bad in unsafe(tree)] == []


def as_xml(said: str) -> str:
    """What a feed can say of it; nobody means control characters of ISO 6429, so windows-1252 is read in their place."""
    cp1252 = {c: bytes([c]).decode("cp1252", "ignore") or chr(c) for c in range(0x80, 0xA0)}
    return " ".join(CONTROLS.sub("\ufffd", _NOT_XML.sub("", said).translate(cp1252)).split())


def test_all_known_attacks(shared: Path, tmp_path: Path) -> None:
    words = sorted(known_attacks(shared))
    world = hostile_paper(tmp_path / "paper", words)
    out = published(world.folder)
    found = records(world.folder)
    assert len(words) > 80
    for number, said in enumerate(words):
        record = found.get(address(number))
        assert record is None or record["title"] == normal(said), said
    assert len(found) >= len(words) - 2, "some of them are addresses, and two articles of one address are one"
    assert [(p, bad) for p, tree in html_files(out) for bad in unsafe(tree)] == []
    assert {item["title"] for item in api_items(out)} == titles(world.folder, published=True)
    for path in out.rglob("*.xml"):
        etree.fromstring(path.read_bytes())
    assert [n for n in git(world.folder, "ls-files", "-z").split("\0") if n and not _NAME.fullmatch(n)] == []
