"""From bytes to text: who is believed, and that nothing is too strange."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.formats.charsets import decode_html


@pytest.mark.parametrize(
    ("body", "header", "text"),
    [
        (b"\xef\xbb\xbf\xc3\xa4", "text/html; charset=latin1", "ä"),
        ("ä".encode("utf-16"), "", "ä"),
        (b"caf\xe9", "text/html; charset=ISO-8859-1", "café"),
        (b"\x93quoted\x94", "text/html; charset=iso-8859-1", "“quoted”"),
        (b"<meta charset=windows-1251>\xcf\xf0\xe8\xe2\xe5\xf2", "", "<meta charset=windows-1251>Привет"),
        ("<meta charset=utf-16>ж".encode(), "", "<meta charset=utf-16>ж"),
        ("Köln".encode(), "text/html; charset=iso-8859-1", "Köln"),
        ("日本".encode("cp932"), "text/html;charset=Shift_JIS", "日本"),
        ("中国".encode("gb18030"), "text/html; charset=GB2312", "中国"),
        (b"plain", "text/html; charset=utf-7", "plain"),
        (b"plain", "text/html; charset=no-such-thing", "plain"),
        (b"", "", ""),
    ],
)
def test_who_is_believed(body: bytes, header: str, text: str) -> None:
    assert decode_html(body, header) == text


def test_header_beats_meta() -> None:
    page = b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">\xe4'
    assert decode_html(page, "text/html; charset=windows-1252").endswith("ä")


def test_a_broken_byte_does_not_spoil_utf8() -> None:
    page = "Größe über Straßen ".encode() * 20 + b"\xff"
    assert decode_html(page, "text/html; charset=utf-8").count("Größe") == 20


def test_guesses_where_utf8_was_declared_and_is_not_there() -> None:
    page = "<p>Это обычное предложение на русском языке, и в нём довольно много слов.</p>".encode("cp1251") * 3
    assert "предложение" in decode_html(page, "text/html; charset=utf-8")


@given(st.binary(max_size=400), st.text(max_size=40))
def test_never_raises(body: bytes, header: str) -> None:
    assert isinstance(decode_html(body, header), str)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff")))
def test_utf8_comes_back(text: str) -> None:
    assert decode_html(text.encode(), "text/html; charset=utf-8") == text
