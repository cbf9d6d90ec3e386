"""Texts are cut as the model was taught. The numbers were made with the tokenizer that its authors use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.adapters.embedding.wordpiece import BEGIN, END, WordPieces

PIECES = WordPieces()

CUT = {
    "Tidal turbines return to the sound": [15065, 17396, 2709, 2000, 1996, 2614],
    "Café, CRÈME & naïveté!": [7668, 1010, 13675, 21382, 1004, 15743, 2618, 999],
    "don't pay $5.3bn – up 3%": [2123, 1005, 1056, 3477, 1002, 1019, 1012, 1017, 24700, 1516, 2039, 1017, 1003],
    "潮流 power 2026": [100, 100, 2373, 16798, 2575],
    "x\0y\u200bz \ufffd end": [1060, 2100, 2480, 2203],
    "unbelievablyhydrodynamical": [4895, 8671, 2666, 3567, 6321, 10536, 22196, 5149, 28987, 9289],
    "🙂 ok": [100, 7929],
    "İstanbul": [9960],
    "": [],
    "a" * 101 + " ok": [100, 7929],
}


@pytest.mark.parametrize("text", CUT)
def test_cut_as_the_model_was_taught(text: str) -> None:
    assert PIECES.cut(text, 48) == [BEGIN, *CUT[text], END]


def test_a_long_text_is_cut_short() -> None:
    pieces = PIECES.cut("tide " * 1000, 48)
    assert len(pieces) == 48
    assert (pieces[0], pieces[-1]) == (BEGIN, END)


def test_words_of_another_language_come_in_splinters() -> None:
    english = PIECES.cut("The harbour was closed after the storm, and no ship has left since", 48)
    german = PIECES.cut("Hafenbehörde verlängert Sperrung wegen Sturmschäden", 48)
    assert PIECES.broken(english) < 0.1
    assert PIECES.broken(german) > 0.45


@given(st.text(max_size=300))
def test_any_text_can_be_cut(text: str) -> None:
    pieces = PIECES.cut(text, 48)
    assert 2 <= len(pieces) <= 48
    assert all(0 <= piece < 30_522 for piece in pieces)
