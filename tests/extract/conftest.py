"""Pages written for tests."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from broadsheet.model.exchange import Response

URL = "https://www.example.com/news/harbour-bridge"
PARAGRAPHS = (
    "The old harbour bridge will close for eleven months from Monday, the city said after a long meeting.",
    "Engineers had found cracks in two of the nine piers, which were built when trams still crossed the water.",
    "Shopkeepers on both banks fear for their trade, and the ferry company has offered more boats in the morning.",
    "A new bridge would cost four times as much as the repair, according to a report that the council paid for.",
    "The mayor promised to answer questions from residents at the town hall on Thursday evening at seven.",
)

Make = Callable[..., Response]


def _response(html: str, url: str = URL) -> Response:
    headers = {"content-type": "text/html; charset=utf-8"}
    return Response(url, url, 200, html.encode(), datetime(2026, 1, 1, tzinfo=UTC), headers)


def _article_page(head: str = "", before: str = "", after: str = "", url: str = URL) -> Response:
    menu = "".join(f'<li class="menu-item"><a href="/s{i}">Section {i}</a></li>' for i in range(12))
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    return _response(
        f"<!doctype html><html lang=en><head>{head}</head><body>"
        f'<div class="header"><ul class="menu">{menu}</ul></div>'
        f'<article class="post"><h1>Harbour bridge closes for eleven months</h1>{before}'
        f'<div class="entry-content">{body}</div>{after}</article>'
        '<div class="comments"><h3>Comments</h3><p>I always take the ferry anyway.</p><p>Reply</p></div>'
        '<div class="footer"><p>Copyright 2026 Example News. All rights reserved. Privacy policy. Contact us.</p></div>'
        "</body></html>",
        url,
    )


@pytest.fixture(scope="session")
def page_of() -> Make:
    """A response with this HTML."""
    return _response


@pytest.fixture(scope="session")
def news() -> Make:
    """A plain news page around `paragraphs`, with navigation, comments and a footer."""
    return _article_page


@pytest.fixture(scope="session")
def paragraphs() -> tuple[str, ...]:
    """The text of `news`."""
    return PARAGRAPHS
