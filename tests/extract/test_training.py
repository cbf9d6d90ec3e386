"""The tools that learn the weights: small made-up publishers in, a file that the package can read out."""

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from tools.maintext.cues import cues
from tools.maintext.dictionaries import Dictionaries, Dictionary
from tools.maintext.examples import Example, covered, label, part_of, publisher_of, shortened, titles_among
from tools.maintext.measures import scores

from broadsheet.formats.warc import WarcWriter
from broadsheet.model.exchange import Response
from broadsheet.stages.extract.blocks import split_blocks
from broadsheet.stages.extract.blocktext import Hints

ROOT = Path(__file__).parents[2]
PUBLISHERS, PAGES = 8, 3


def _page(publisher: int, number: int) -> tuple[str, str]:
    text = [
        f"Sentence {i} of article {number} by publisher {publisher} is long enough to count, with a comma and an end."
        for i in range(6)
    ]
    menu = "".join(f'<li class="menu"><a href="/{i}">Section {i}</a></li>' for i in range(8))
    body = "".join(f"<p>{line}</p>" for line in text)
    html = f'<html><body><ul>{menu}</ul><h1>Article {number}</h1><div class="entry">{body}</div><p class=foot>Legal</p>'
    return html, "\n\n".join(text)


def _example(publisher: int = 0, number: int = 0) -> Example:
    html, text = _page(publisher, number)
    blocks = split_blocks(html)
    labels, importance = label(blocks, {"text": text}, [])
    site = f"publisher{publisher}.example"
    return Example(f"https://{site}/{number}", site, blocks, Hints(), labels, np.ones(len(blocks)), importance)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    with (
        WarcWriter(tmp_path / "pages.warc.gz") as archive,
        gzip.open(tmp_path / "pages.truth.jsonl.gz", "wt", encoding="utf-8") as lines,
    ):
        for publisher in range(PUBLISHERS):
            for number in range(PAGES):
                html, text = _page(publisher, number)
                url = f"https://publisher{publisher}.example/{number}"
                when = datetime(2026, 1, 1, tzinfo=UTC)
                archive.write(Response(url, url, 200, html.encode(), when, {"content-type": "text/html"}))
                lines.write(json.dumps({"url": url, "source": "made", "text": text}) + "\n")
    return tmp_path


def _run(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "tools.maintext", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stderr


def test_learns_measures_and_writes_the_same_again(labelled: Path) -> None:
    pytest.importorskip("catboost", reason="training needs the group `train`")
    out, card = labelled / "weights.npz", labelled / "card.md"
    common = ["--pages", labelled, "--trees", "4", "--folds", "2", "--out", out, "--card", card]
    said = _run(*common, "--texts", labelled / "texts.jsonl")
    assert "fold 2 of 2" in said
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["first_leaves"].shape == (4, 64)
        assert "menu" in arrays["attribute_tokens"]
        assert arrays["attribute_odds"][list(arrays["attribute_tokens"]).index("entry")] > 0
        first = {name: arrays[name].tobytes() for name in arrays.files}
    rows = [json.loads(line) for line in (labelled / "texts.jsonl").read_text("utf-8").splitlines()]
    assert len(rows) == PUBLISHERS * PAGES
    assert sum("Sentence 3" in row["text"] and "Section" not in row["text"] for row in rows) >= 20
    assert f"| made: text | {PUBLISHERS * PAGES} | " in card.read_text("utf-8")
    _run(*common, "--only", "learn")
    with np.load(out, allow_pickle=False) as arrays:
        assert first == {name: arrays[name].tobytes() for name in arrays.files}


def test_labels_are_the_share_of_a_block_that_the_truth_has() -> None:
    blocks = split_blocks(
        "<p>one two three four five six</p><p>Menu</p><p>one two three four nine ten eleven twelve</p>"
    )
    assert covered(blocks, "one two three four five six").tolist() == [1.0, 0.0, 0.5]


def test_marked_strings_overrule_the_teachers() -> None:
    blocks = split_blocks("<p>The harbour bridge closes on Monday.</p><p>Read all about the bridge in our letter.</p>")
    said = [("a", 1.0, "\n".join(blocks.texts)), ("b", 1.0, blocks.texts[0])]
    labels, importance = label(blocks, {"with": ["bridge closes"], "without": ["our letter"]}, said)
    assert labels.tolist() == [0.95, 0.05]
    assert 0 < importance < 1
    assert label(blocks, {}, [])[1] == 0.0


def test_a_title_is_no_text() -> None:
    blocks = split_blocks("<h1>Bridge closes!</h1><p>Bridge closes</p><p>It closes.</p>")
    assert titles_among(blocks, Hints(title="bridge closes")) == [1, 0]


def test_copy_is_the_same_page_with_less_article() -> None:
    example = _example()
    copy = shortened(example, np.random.default_rng(1))
    assert copy is not None
    assert copy.blocks.texts[:9] == example.blocks.texts[:9]
    assert copy.blocks.texts[-1] == "Legal"
    assert len(copy.blocks) == len(copy.labels) == copy.blocks.node_end[0] < len(example.blocks)


def test_part_of_a_page_is_as_if_the_rest_had_never_stood_there() -> None:
    pieces = ["<p>one</p>", "<div class=a><p>two</p></div>", "<div class=b><p>three</p><p>four</p></div>"]
    whole = split_blocks("<html><body>" + "".join(pieces) + "</body></html>")
    part = part_of(whole, np.array([True, False, True, True]))
    assert part == split_blocks("<html><body>" + pieces[0] + pieces[2] + "</body></html>")


def test_cues_count_until_publishers_disagree() -> None:
    none = Dictionary(0.25, 4, ["read more"])
    none.finish()
    many = Dictionary(0.25, 4, ["read more"])
    for publisher in range(20):
        many.add(str(publisher), {"read more": [1.0, 1.0]})
    many.finish()
    assert none.base["read more"] < -1.5 < 0 < many.base["read more"]
    assert {"read more", "lea también", "^advertisement"} <= cues()


def test_dictionaries_leave_a_publisher_out() -> None:
    dictionaries = Dictionaries([_example(publisher) for publisher in range(4)])
    assert (
        dictionaries.tokens().attributes["entry"] > dictionaries.without("publisher1.example").attributes["entry"] > 0
    )
    three = Dictionaries([_example(publisher) for publisher in range(3)])
    assert "entry" in three.tokens().attributes
    assert "entry" not in three.without("publisher1.example").attributes


def test_measures() -> None:
    truths = [
        {"url": "a", "source": "x", "text": "one two three four five"},
        {"url": "b", "source": "y", "with": ["two  three", "ten"], "without": ["nine"]},
    ]
    texts = {"a": "one two three four", "b": "one two three nine"}
    assert scores(truths, texts) == {"x: text": (1, pytest.approx(2 / 3)), "y: marked strings": (1, 0.5)}
    assert scores(truths, {})["x: text"] == (1, 0.0)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [("https://news.bbc.co.uk/x", "bbc.co.uk"), ("hard::some-site.com-page.html", "some-site.com"), ("x", "x")],
)
def test_publisher(url: str, publisher: str) -> None:
    assert publisher_of(url) == publisher
