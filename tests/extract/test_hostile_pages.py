"""Pages that were made to harm: whatever comes, an Article or Rejected, in bounded time and memory."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from bench.pages.hostile_pages import HOSTILE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.model.article import Article
from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article
from broadsheet.stages.extract.blocks import split_blocks
from broadsheet.stages.extract.calm import calm
from broadsheet.stages.extract.page import MAX_BYTES


def page(
    body: bytes, content_type: str = "text/html; charset=utf-8", url: str = "https://example.com/news/1"
) -> Response:
    return Response(url, url, 200, body, datetime(2026, 1, 1, tzinfo=UTC), {"content-type": content_type})


@contextmanager
def ends_soon(seconds: int = 20) -> Iterator[None]:
    """Not a measure of speed: what is quadratic here takes minutes, what is linear a second."""

    def stop(*_: object) -> None:
        raise AssertionError("it did not end")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", HOSTILE)
def test_ends(name: str) -> None:
    body = HOSTILE[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with ends_soon(), suppress(Rejected):
        article = extract_article(page(body))
        assert isinstance(article, Article)
        assert len(article.text) + len(article.title) + len(article.excerpt or "") <= 2 * MAX_BYTES
        assert len(article.authors) <= 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # KB


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/html"),
        (b" \n\t ", "text/html"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "text/html"),
        (b"\xff\xd8\xff\xe0" + b"<html>", "text/html"),
        (b"%PDF-1.7 <html>", "text/html"),
        (b"<html><p>text</p>", "image/png"),
        (b"<html><p>text</p>", "application/json"),
        (b'{"not": "a page"}', "text/html"),
        (b"just words", ""),
    ],
)
def test_refuses_what_is_no_page(body: bytes, content_type: str) -> None:
    with pytest.raises(Rejected):
        extract_article(page(body, content_type))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=600), st.sampled_from(["", "text/html", "text/html; charset=big5", "text/html; charset=utf-16"])
)
def test_any_bytes(body: bytes, content_type: str) -> None:
    with suppress(Rejected):
        assert isinstance(extract_article(page(body, content_type)), Article)
    with suppress(Rejected):
        assert isinstance(extract_article(page(b"<html>" + body, content_type)), Article)


PIECES = st.one_of(
    st.sampled_from(
        ["<p>", "</p>", "<div>", "<div", "class='author'>", "<h1>", "<time", "datetime='2026-13-45'>", "<time>", "<meta", "property='og:title'", "content='", "<meta", "name='author'", "content='", "'>", '">', "<script", "type='application/ld+json'>{\"@type\":\"Article\",\"author\":", "[1,{}],", '"datePublished":', "5,", '"image":', '{"width":', "[],", '"url":', "3}}", "</script>", "<a", "href='http://[x'>", "<link", "rel=canonical", "href='//['", ">", "<table><p>", "<b><i></b>", "<svg><p>", "<math>", "<template>", "<noscript>", "<br><br>", "<hr>", "<img", "src=x", "width=9e9>", "12.13.2024", "3/4/2024", "von", "By", "<html", "amp", "lang=xx>", "<title>", "|", "<plaintext>", "<select><option>", "<form>", "<![CDATA[", "-->", "<!--", "&#0;", "&#xD800;", "�", "&lt;", "<frameset>", "<body", "onload='"]
    ),
    st.text(max_size=12),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(PIECES, max_size=40), st.sampled_from(["https://example.com/2026/01/02/a", "page.html", "http://[bad", ""])
)
def test_any_soup(pieces: list[str], url: str) -> None:
    body = ("<html>" + " ".join(pieces)).encode("utf-8", "surrogatepass")
    with suppress(Rejected):
        article = extract_article(page(body, url=url))
        assert isinstance(article.as_json(), dict)
        assert "\n\n\n" not in article.text


@given(st.text(alphabet="<>/abdivpsn \"'=!-x", max_size=300))
def test_blocks_of_any_text(html: str) -> None:
    blocks = split_blocks(html)
    assert len(blocks.texts) == len(blocks.nodes) == len(blocks.link_chars)
    assert all(a <= b <= len(blocks) for a, b in zip(blocks.node_first, blocks.node_end, strict=True))


def test_calm_leaves_honest_pages_alone() -> None:
    html = b"<html><body>" + b"<div><p>Some <b>bold</b> and <i>slanted</i> words.</p></div>" * 500 + b"</body></html>"
    assert calm(html) == html
