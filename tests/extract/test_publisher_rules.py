"""Publishers' own rules: read strictly, applied to their pages and times alone, each with a golden page."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.cli import broadsheet
from broadsheet.errors import Rejected, SettingsError
from broadsheet.formats.warc import WarcWriter
from broadsheet.model.article import Article
from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article
from broadsheet.stages.extract.golden import differences, read_golden
from broadsheet.stages.extract.publishers import bundled_publishers, parse_publisher, read_publishers

GOLDEN = sorted((Path(__file__).parent / "publishers").glob("*.json"))
HOST = 'hosts = ["paper.example"]\n'
RULE = HOST + "[[rule]]\n"


def page(html: str, url: str = "https://www.paper.example/a") -> Response:
    return Response(url, url, 200, html.encode(), datetime(2026, 1, 1, tzinfo=UTC), {"content-type": "text/html"})


def read(rules: str, html: str, url: str = "https://www.paper.example/a") -> Article:
    return extract_article(page(html, url), (parse_publisher(rules.encode(), "paper.toml"),))


# --- golden pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    assert differences(read_golden(path)) == []


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_without_its_rule_the_page_is_read_otherwise(path: Path) -> None:
    golden = read_golden(path)
    elsewhere = "https://elsewhere.example/a"
    moved = replace(golden, page=replace(golden.page, url=elsewhere, final_url=elsewhere))
    assert differences(moved)


def test_every_bundled_publisher_has_a_golden_page() -> None:
    folder = Path(str(files("broadsheet.stages.extract.publishers")))
    assert sorted(f.stem for f in folder.rglob("*.toml")) == sorted(path.stem for path in GOLDEN)
    assert len({p.name for p in bundled_publishers().values()}) >= 10


# --- what rules say -------------------------------------------------------------------------------------------------

PAGE = (
    "<html lang=en><head><title>What they search for | Paper</title><meta property='og:title' content='What happened'>"
    "<meta name='stamp' content='2025-03-04T05:06:07+01:00'><meta name='byline' content='By Ann Lee and Bob Roe, Berlin'>"
    "</head><body><h1>What they search for</h1><div class=a><p>One sentence stands here.</p><aside>Read on.</aside>"
    "<p>Another one stands there.</p></div><div class=b><p>And a third one.</p></div>"
    "<figure><img class=lead src=/s.jpg srcset='/s.jpg 320w, /l.jpg 1280w' width=320 height=180></figure></body></html>"
)


def test_values_from_their_places() -> None:
    rules = RULE + (
        'title = ["meta nothing", "meta og:title"]\n'
        "authors = { at = [\"meta byline\"], only = 'By (.*), ', split = ' and ' }\n"
        'published = ["meta stamp"]\n'
        'image = ["css img.lead"]\n'
    )
    article = read(rules, PAGE)
    assert article.title == "What happened"
    assert article.authors == ("Ann Lee", "Bob Roe")
    assert article.published == "2025-03-04T05:06:07+01:00"
    assert [i.as_json() for i in article.images] == [
        {"url": "https://www.paper.example/l.jpg", "width": 1280, "height": 720}
    ]
    assert article.evidence["title"] == "publisher's rule: meta og:title"


def test_text_from_containers_without_what_is_dropped() -> None:
    article = read(RULE + 'text = [".a", ".b p", ".a p"]\ndrop = ["aside"]\n', PAGE)
    assert article.text == "One sentence stands here.\n\nAnother one stands there.\n\nAnd a third one."
    assert article.evidence["text"] == "publisher's rule"


def test_drop_alone_leaves_the_text_to_the_general_way(
    news: Callable[..., Response], paragraphs: tuple[str, ...]
) -> None:
    own = parse_publisher(b'hosts = ["example.com"]\n[[rule]]\ndrop = [".entry-content p:first-child"]', "x.toml")
    article = extract_article(news(), (own,))
    assert article.text.split("\n\n") == list(paragraphs[1:])


def test_what_a_rule_does_not_find_is_left_to_the_general_way() -> None:
    rules = RULE + 'title = ["css .nowhere"]\npublished = ["title"]\nimage = ["meta nothing"]\ntext = [".nowhere"]\n'
    assert replace(read(rules, PAGE), evidence={}) == replace(extract_article(page(PAGE)), evidence={})


def test_an_address_can_tell() -> None:
    article = read(
        RULE + "published = { at = [\"address\"], only = '/(\\d{4}-\\d\\d-\\d\\d)/' }",
        PAGE,
        "https://paper.example/2024-02-03/a",
    )
    assert article.published == "2024-02-03"


@pytest.mark.parametrize(
    ("day", "title"), [("2023-12-31", "First"), ("2024-01-01", "Second"), ("2025-01-01", "What stands above it all")]
)
def test_rules_hold_for_their_time(day: str, title: str) -> None:
    rules = HOST + (
        '[[rule]]\nuntil = 2024-01-01\ntitle = ["meta first"]\n'
        '[[rule]]\nfrom = 2024-01-01\nuntil = 2025-01-01\ntitle = ["meta second"]\n'
    )
    head = f'<script type="application/ld+json">{json.dumps({"@type": "Article", "datePublished": day})}</script>'
    head += "<meta name=first content=First><meta name=second content=Second>"
    assert (
        read(rules, f"<html><head>{head}</head><body><h1>What stands above it all</h1><p>x</p></body></html>").title
        == title
    )


@pytest.mark.parametrize(
    ("url", "is_theirs"),
    [
        ("https://paper.example/a", True),
        ("https://de.news.paper.example/a", True),
        ("https://otherpaper.example/a", False),
        ("https://paper.example.net/a", False),
    ],
)
def test_rules_hold_for_their_hosts(url: str, is_theirs: bool) -> None:
    title = read(RULE + 'title = ["meta og:title"]', PAGE, url).title
    assert (title == "What happened") is is_theirs


def test_own_rules_go_before_bundled_ones() -> None:
    golden = read_golden(next(path for path in GOLDEN if path.stem == "zdf"))
    own = parse_publisher(b'hosts = ["zdfheute.de"]\n[[rule]]\ntitle = ["css h1"]', "own.toml")
    assert differences(golden) == []
    assert differences(golden, (own,))


# --- what can be wrong ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"paper.toml:1: hosts: must be a list"),
        (
            'hosts = ["no host"]\n[[rule]]\ntitle = ["title"]',
            r"paper.toml:1: hosts: 'no host' is not the name of a host",
        ),
        (HOST, r"paper.toml:1: rule: write \[\[rule\]\]"),
        (RULE, r"paper.toml:2: rule: says nothing"),
        (RULE + 'titel = ["title"]', r"paper.toml:3: titel: 'titel' is not known here; known are title, authors"),
        (RULE + 'title = "title"', r"paper.toml:3: title: must be a list of texts"),
        (RULE + 'title = ["og:title"]', r"paper.toml:3: title: 'og:title' is no place"),
        (RULE + 'title = ["css p["]', r"paper.toml:3: title: 'p\[' is no CSS selector"),
        (RULE + '\n\ntext = ["p >> a"]', r"paper.toml:5: text: 'p >> a' is no CSS selector"),
        (RULE + 'title = { at = ["title"], without = "(" }', r"paper.toml:3: title: '\(' is no regular expression"),
        (RULE + 'image = { at = ["css img"], size = "x" }', r"paper.toml:3: image: `size` needs the groups"),
        (RULE + 'title = ["title"]\nfrom = "2024"', r"paper.toml:4: from: must be a day"),
        (RULE + 'from = 2024-01-02\nuntil = 2024-01-02\ntitle = ["title"]', r"paper.toml:4: until: is not after"),
        (RULE + 'title = ["title"]\n[[rule]]\ndate = ["title"]', r"paper.toml:5: date: 'date' is not known"),
        ("hosts = [\n!", r"paper.toml: .*line 2"),
    ],
)
def test_errors_name_file_line_and_remedy(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        parse_publisher(text.encode(), "paper.toml")


def test_errors_of_files(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"paper\.toml:2: not UTF-8"):
        parse_publisher(b"#\n\xff", "paper.toml")
    with pytest.raises(SettingsError, match="too large"):
        parse_publisher(b"#" * 70_000, "paper.toml")
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(f'name = "{name}"\n{RULE}title = ["title"]')
    with pytest.raises(SettingsError, match=r"the host paper\.example is claimed by two publishers: a, b"):
        read_publishers(tmp_path)
    assert read_publishers(tmp_path / "nowhere") == ()


LINES = st.sampled_from(
    [HOST, "[[rule]]\n", 'title = ["title"]\n', "title = 1\n", "[rule.title]\n", 'at = ["css h1 @x"]\n', "from = 2024-01-01\n",
     "from = 10:00:00\n", "only = '('\n", "split = ';'\n", 'name = ""\n', "hosts = [[]]\n", "rule = 3\n", '"" = []\n', "text = ['']\n"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(LINES, max_size=8).map("".join)))
def test_any_text_is_rules_or_a_clear_error(text: str) -> None:
    message = ""
    try:
        publisher = parse_publisher(text.encode("utf-8", "surrogatepass"), "paper.toml")
    except SettingsError as error:
        message = str(error)
    assert message.startswith("paper.toml") or (publisher.hosts and publisher.rules)


PLACES = st.sampled_from(
    [
        "title",
        "address",
        "meta og:title",
        "json headline",
        "json author",
        "css p",
        "css *",
        "css img",
        "css img @src",
        "css a @srcset",
    ]
)
PIECES = st.sampled_from(
    ["<p>", "</p>", "<div>", "<img src='//[x' srcset='a 10w, 20w'>", "<img width=0 height=9>", "<a srcset='x 99999w'>", "text ", "<h1>",
     "<meta property=og:title content='x'>", "<script type=application/ld+json>{\"headline\":[{}],\"author\":[1,[]]}</script>"]
)  # fmt: skip


@given(st.lists(PLACES, min_size=1, max_size=4), st.lists(PIECES, max_size=12), st.booleans())
def test_any_rule_reads_any_page(places: list[str], pieces: list[str], with_text: bool) -> None:
    at = json.dumps(places)
    rules = RULE + "".join(f"{field} = {at}\n" for field in ("title", "authors", "published", "updated", "image"))
    rules += 'text = ["p", "div", "*"]\ndrop = ["p p", "*"]\n' if with_text else ""
    try:
        article = read(rules, "<html>" + "".join(pieces))
    except Rejected:
        return
    assert isinstance(article.as_json(), dict)


# --- the command ----------------------------------------------------------------------------------------------------


def test_a_rule_and_its_test_are_made_by_one_command(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    rules = ["--rules", str(tmp_path / "rules")]
    made = CliRunner().invoke(
        broadsheet, ["publishers", "new", str(tmp_path / "page.html"), "--url", "https://www.paper.example/a", *rules]
    )
    assert made.exit_code == 0, made.output
    file, golden = tmp_path / "rules" / "paper-example.toml", tmp_path / "rules" / "tests" / "paper-example.json"
    assert 'meta og:title  "What happened"' in file.read_text("utf-8")
    assert CliRunner().invoke(broadsheet, ["publishers", "check", *rules]).exit_code == 0

    test = json.loads(golden.read_text("utf-8"))
    test["expected"]["title"] = "What happened"
    golden.write_text(json.dumps(test), "utf-8")
    failed = CliRunner().invoke(broadsheet, ["publishers", "check", *rules])
    assert failed.exit_code == 1
    assert 'expected \\"What happened\\"' in failed.stdout
    file.write_text(RULE + 'title = ["meta og:title"]', "utf-8")
    assert CliRunner().invoke(broadsheet, ["publishers", "check", *rules]).exit_code == 0
    listed = CliRunner().invoke(broadsheet, ["publishers", "list", *rules]).stdout.splitlines()
    assert json.loads(listed[0]) == {
        "name": "paper.example",
        "hosts": ["paper.example"],
        "fields": ["title"],
        "from": "own",
    }
    assert len(listed) > 10

    read_by_rule = CliRunner().invoke(
        broadsheet,
        [
            "extract",
            str(tmp_path / "page.html"),
            "--url",
            "https://paper.example/a",
            "--publishers",
            str(tmp_path / "rules"),
        ],
    )
    assert json.loads(read_by_rule.stdout)["title"] == "What happened"


def test_the_page_may_lie_in_an_archive(tmp_path: Path) -> None:
    with WarcWriter(tmp_path / "crawl.warc.gz") as archive:
        archive.write(page("<html><body>Another</body></html>", "https://paper.example/b"))
        archive.write(page(PAGE))
    rules = ["--rules", str(tmp_path / "rules")]
    command = ["publishers", "new", str(tmp_path / "crawl.warc.gz"), "--url", "https://www.paper.example/a", *rules]
    for _ in range(2):
        assert CliRunner().invoke(broadsheet, command).exit_code == 0
    assert sorted(p.name for p in (tmp_path / "rules" / "tests").glob("*.json")) == [
        "paper-example-2.json",
        "paper-example.json",
    ]
    assert CliRunner().invoke(broadsheet, [*command[:4], "https://paper.example/none", *rules]).exit_code != 0


def test_a_golden_test_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{\n]")
    with pytest.raises(SettingsError, match=r"a\.json:2"):
        read_golden(tmp_path / "a.json")
    (tmp_path / "a.json").write_text('{"url": "x"}')
    with pytest.raises(SettingsError, match="not a golden test"):
        read_golden(tmp_path / "a.json")
