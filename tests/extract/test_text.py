"""Which blocks are the main text: rules that hold whatever the model has learned."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from broadsheet.stages.extract.blocks import Blocks, read_blocks, split_blocks
from broadsheet.stages.extract.blocktext import Hints
from broadsheet.stages.extract.features import FIRST, SECOND, first_features, second_features
from broadsheet.stages.extract.text import choose_blocks, choose_text, decide, kept_texts, load_model

SENTENCE = "The council met on Monday and spoke for three hours about the old harbour bridge and its cost."
BRIDGE = f"<article><h1>Bridge closes</h1>{f'<p>{SENTENCE}</p>' * 6}</article>"
HINTS = Hints(title="Bridge closes")


def _kept(html: str, hints: Hints = HINTS) -> list[str]:
    blocks = split_blocks(f"<html><body>{html}</body></html>")
    keep, _ = choose_blocks(blocks, hints, np.full(len(blocks), 0.9, np.float32))
    return [text for text, kept in zip(blocks.texts, keep, strict=True) if kept]


def test_page_without_end_gives_its_first_article() -> None:
    other = "<article><h1>Goalkeeper leaves</h1><p>He said so on Tuesday.</p></article>"
    assert "He said so on Tuesday." not in _kept(BRIDGE + other)
    assert "He said so on Tuesday." not in _kept(f"<main>{BRIDGE}<div>{other}</div></main>")


def test_headings_within_an_article_part_nothing() -> None:
    assert "The end." in _kept(BRIDGE.replace("</article>", "<h1>Second part</h1><p>The end.</p></article>"))
    assert "The end." in _kept(
        "<h1>Bridge closes</h1>" + f"<p>{SENTENCE}</p>" * 6 + "<h1>Second part</h1><p>The end.</p>"
    )


def test_teaser_before_the_text_parts_nothing() -> None:
    teaser = "<article><h1>Bridge closes</h1><p>Short.</p></article>"
    assert SENTENCE in _kept(teaser + BRIDGE.replace("Bridge closes", "The bridge closes"))


def test_words_that_nobody_sees_are_no_text() -> None:
    html = (
        '<p>Shares of <a href="/a">Example<span class="sr-only">, opens new tab</span></a> fell'
        ' <span style="clip:rect(0 0 0 0)">hidden</span>on <span class="term">Monday'
        '<span role="tooltip">a day</span></span>.</p>'
    )
    assert read_blocks(LexborHTMLParser(html)).texts == ["Shares of Example fell on Monday."]


def test_title_and_repetitions_are_left_out() -> None:
    blocks = split_blocks(
        f"<h1>Bridge closes!</h1><p>Bridge closes</p><p>{SENTENCE}</p><p>Yes.</p><p>{SENTENCE}</p><p>Yes.</p>"
    )
    assert kept_texts(blocks, np.ones(len(blocks), bool), HINTS) == [SENTENCE, "Yes.", "Yes."]


def test_every_column_that_trees_may_ask_for_is_there() -> None:
    blocks = split_blocks(BRIDGE)
    places, columns = first_features(blocks, HINTS, load_model().tokens)
    assert set(FIRST) <= set(columns)
    columns |= second_features(places, columns, np.full(len(blocks), 0.5, np.float32))
    assert set(SECOND) <= set(columns)
    assert set(load_model().first.names) <= set(FIRST)
    assert set(load_model().second.names) <= set(SECOND)
    assert all(np.isfinite(columns[name]).all() for name in {*FIRST, *SECOND})


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(1, 300)), min_size=1, max_size=60))
def test_no_likely_block_is_left_out_for_a_less_likely_one(rows: list[tuple[float, int]]) -> None:
    likely, words = (np.array(column, np.float32) for column in zip(*rows, strict=True))
    keep, expected = decide(likely, words)
    assert 0 < expected <= 1
    assert not keep.any() or keep.all() or likely[keep].min() >= likely[~keep].max()


@given(st.text(alphabet="<>/aph1 divrtcle\"='&;.X", max_size=300))
def test_any_markup_gives_some_text_or_none(html: str) -> None:
    blocks: Blocks = read_blocks(LexborHTMLParser(html))
    chosen = choose_text(blocks, HINTS)
    assert 0 <= chosen.confidence <= 1
