"""Walls are named, also those that call themselves a success; what merely mentions them is a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.fetch import wall_before
from broadsheet.stages.fetch.visible import visible_text

_ARTICLE = (
    b"<article>" + b"<p>The ladder has nineteen steps, and the salmon climb them at night.</p>" * 40 + b"</article>"
)


def _page(head: bytes, body: bytes = b"") -> bytes:
    return b"<!DOCTYPE html><html><head>" + head + b"</head><body>" + body + b"</body></html>"


_WALLS = {
    "Cloudflare": _page(b"<title>Just a moment...</title>", b"<script>window._cf_chl_opt={cType:'managed'}</script>"),
    "DataDome": _page(b"<title>paper.example</title>", b"<script src='https://ct.captcha-delivery.com/c.js'></script>"),
    "Imperva": _page(b"", b"<iframe src='/_Incapsula_Resource?CWUDNSAI=9'>Request unsuccessful.</iframe>"),
    "Akamai": _page(b"<title>Access Denied</title>", b"You don't have permission. Reference&#32;&#35;18&#46;x"),
    "HUMAN": _page(b"<title>Access to this page has been denied</title>", b"<div id='px-captcha'></div>"),
    "AWS WAF": _page(b"", b"<script>AwsWafIntegration.getToken()</script>"),
    "Anubis": _page(b"<title>Making sure you're not a bot!</title><script id='anubis_challenge'></script>"),
}


@pytest.mark.parametrize("name", _WALLS)
@pytest.mark.parametrize("status", [200, 403, 503])
def test_challenges_are_named(name: str, status: int) -> None:
    assert wall_before(status, {}, _WALLS[name]) == f"a challenge of {name}"


@pytest.mark.parametrize("name", _WALLS)
def test_a_page_that_uses_such_a_service_is_a_page(name: str) -> None:
    assert wall_before(200, {}, _WALLS[name].replace(b"</body>", _ARTICLE + b"</body>")) is None


@pytest.mark.parametrize(
    ("status", "headers", "body", "said"),
    [
        (403, {"cf-mitigated": "challenge"}, b"", "a challenge of Cloudflare"),
        (403, {"server": "AkamaiGHost"}, b"", "HTTP 403, it forbids us to read it (so says Akamai)"),
        (403, {"x-datadome": "protected"}, b"", "a challenge of DataDome"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", "a challenge of AWS WAF"),
        (429, {"x-vercel-mitigated": "challenge"}, b"", "a challenge of Vercel"),
        (403, {}, b"<form>Solve this captcha</form>", "a captcha"),
        (200, {}, _page(b"<title>Robot check</title>", b"captcha"), "a captcha"),
        (200, {}, _page(b"<title>Pardon Our Interruption</title>"), "a challenge"),
        (401, {}, b"", "HTTP 401, it wants a login"),
        (403, {}, b"no", "HTTP 403, it forbids us to read it"),
        (429, {}, b"", "HTTP 429, it had too many requests"),
        (451, {}, b"", "HTTP 451, the law forbids it"),
    ],
)
def test_what_is_said(status: int, headers: dict[str, str], body: bytes, said: str) -> None:
    assert wall_before(status, headers, body) == said


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<?xml version='1.0'?><rss><channel><title>Just a moment...</title></channel></rss>"),
        (200, b'{"title": "captcha <b>"}'),
        (200, _page(b"<title>Comments</title>", b"<div class='g-recaptcha'></div>")),
        (200, _page(b"<title>Access denied: how a town lost its quay</title>", b"<p>A short note.</p>")),
        (404, b"<title>Not found</title>"),
        (500, b"captcha"),
        (503, b"<h1>Down for maintenance</h1>"),
    ],
)
def test_no_wall(status: int, body: bytes) -> None:
    assert wall_before(status, {}, body) is None


@given(st.integers(100, 599), st.dictionaries(st.sampled_from(["server", "cf-mitigated"]), st.text()), st.binary())
def test_anything_is_taken(status: int, headers: dict[str, str], body: bytes) -> None:
    assert wall_before(status, headers, body) != ""


@pytest.mark.parametrize("piece", ["<script", "<!--", "<", "<title", "<script></script", "</script>", "<style><!--"])
def test_what_is_never_closed_is_read_once(piece: str) -> None:
    """In time that grows with the square of the length this would go on for many minutes."""
    assert len(visible_text(piece * 200_000)) <= len(piece) * 200_000


def test_visible_text() -> None:
    markup = "<p>One <b>two</b><script>no</SCRIPT ><style>no</style> three<!-- no --> four</p><svg>no"
    assert visible_text(markup) == "One two three four"
