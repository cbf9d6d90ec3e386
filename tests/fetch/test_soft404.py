"""Pages that are not there although they came with a success."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.fetch import soft_404

_URL = "https://paper.example/2026/11/ladder"
_LONG = b"<p>The ladder has nineteen steps, and the salmon climb them at night.</p>" * 60


@pytest.mark.parametrize(
    "page",
    [
        b"<title>404 - Paper</title>",
        b"<title>Page not found | Paper</title><p>Try the search.</p>",
        b"<title>Paper</title><h1 class=big>Sorry, the page you are looking for could not be found</h1>",
        b"<title>Error 404</title>",
        "<title>Seite nicht gefunden – Blatt</title>".encode(),
        b"<title>Page introuvable</title>",
        "<title>Página no encontrada</title>".encode(),
        "<title>Страница не найдена</title>".encode(),
        "<title>ページが見つかりません</title>".encode(),
    ],
)
def test_error_pages(page: bytes) -> None:
    assert soft_404(_URL, _URL, page)


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<title>A ladder for salmon</title>",
        b"<title>404 days at sea</title>" + _LONG,
        b"<title>How the lost page was not found again</title>",
        b"\xff\xfe\x00",
    ],
)
def test_pages(page: bytes) -> None:
    assert soft_404(_URL, _URL, page) is None


@pytest.mark.parametrize(
    ("url", "final", "gone"),
    [
        (_URL, "https://www.paper.example/", True),
        (_URL, "https://paper.example/index.html", True),
        ("https://paper.example/?p=5", "https://paper.example", True),
        ("https://paper.example/", "https://www.paper.example/", False),
        ("https://link.example/x9", "https://paper.example/", False),
        (_URL, "https://paper.example/en/ladder", False),
    ],
)
def test_deep_addresses_that_lead_to_the_front_page(url: str, final: str, gone: bool) -> None:
    assert bool(soft_404(url, final, _LONG)) is gone


@given(st.binary())
def test_any_body_is_taken(body: bytes) -> None:
    soft_404(_URL, _URL, body)
