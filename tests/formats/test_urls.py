"""Addresses: cleaned, compared, owned; AMP there and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.formats.urls import amp_cache_url, clean_url, host_of, registrable_domain, unwrap_amp, url_key

_ODD = st.text(alphabet="aZ09.:/?#&=%@[]\\ \t\n\u00fc\u3002\u212a_~+;-'\"\ud800", max_size=60)
_NAMES = st.sampled_from(["utm_source", "UTM_Medium", "id", "page", "fbclid", "ref", "utm%5Fid", "q", "amp", "source"])
_VALUES = st.sampled_from(["", "1", "a%20b", "rss", "news.example.org", "%26", "a+b", "caf%C3%A9", "é"])
_PAIRS = st.lists(st.tuples(_NAMES, st.sampled_from(["=", ""]), _VALUES).map("".join), max_size=5).map("&".join)
_URLS = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    st.sampled_from(
        ["www.example.org", "Example.org", "amp.example.co.uk", "bücher.example", "192.0.2.7", "[2001:db8::1]"]
    ),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.sampled_from(["", "a", "a/", "2026/story/amp/", "a%7eb", "%e4%b8%ad", "x.html", "c/s/example.net/x"]),
    st.one_of(st.just(""), _PAIRS.map("?{}".format)),
    st.sampled_from(["", "#top", "#utm_source=x", "#:~:text=abc", "#!/route", "#xtor=RSS-1"]),
)
_ANY = st.one_of(_URLS, _ODD, _ODD.map("http://{}".format), st.text(max_size=80))


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://news.example/a?utm_source=feed&id=7&utm_medium=rss", "https://news.example/a?id=7"),
        ("https://news.example/a?UTM_Campaign=x", "https://news.example/a"),
        ("https://news.example/a?id=7", "https://news.example/a?id=7"),
        ("  https://news.example/a \n", "https://news.example/a"),
        ("https://news.example/a?gclid=1#part-2", "https://news.example/a#part-2"),
        ("https://news.example/a#:~:text=some%20words", "https://news.example/a"),
        ("https://news.example/a#part:~:text=some", "https://news.example/a#part"),
        ("https://news.example/a#xtor=RSS-3208", "https://news.example/a"),
        ("https://news.example/a?q=two%20words&fbclid=1", "https://news.example/a?q=two+words"),
        ("https://news.example/a?q=two%20words", "https://news.example/a?q=two%20words"),
        ("https://news.example/a?b=2&a=1&mc_cid=5", "https://news.example/a?b=2&a=1"),
        ("https://news.example/a?ref=news.example", "https://news.example/a"),
        ("https://www.news.example/a?ref=news.example", "https://www.news.example/a"),
        ("https://news.example/a?ref=another.example", "https://news.example/a?ref=another.example"),
        ("https://news.example/a?source=rss", "https://news.example/a"),
        ("https://news.example/?feed=rss2", "https://news.example/?feed=rss2"),
        ("https://news.example/p.jpg?resize/600x400", "https://news.example/p.jpg?resize/600x400"),
        ("https://news.example/a?utm%5Fsource=x", "https://news.example/a"),
        ("mailto:editor@news.example?utm_source=x", "mailto:editor@news.example?utm_source=x"),
        ("http://[broken?utm_source=x", "http://[broken?utm_source=x"),
        ("", ""),
    ],
)
def test_tracking_goes_and_the_rest_stays(url: str, clean: str) -> None:
    assert clean_url(url) == clean


@pytest.mark.parametrize(
    "other",
    [
        "http://www.paper.example/2026/story",
        "https://paper.example:443/2026/story/",
        "HTTPS://Paper.Example/2026/story#comments",
        "https://paper.example/2026/story?utm_source=x",
        "https://paper.example/2026/story/amp/",
        "https://paper.example/2026/story?amp=1",
        "https://paper.example/2026/story?outputType=amp",
        "https://amp.paper.example/2026/story",
        "https://paper-example.cdn.ampproject.org/c/s/paper.example/2026/story",
        "https://www.google.com/amp/s/paper.example/2026/story",
        "https://paper.example/2026/stor%79",
    ],
)
def test_one_page_has_one_key(other: str) -> None:
    assert url_key(other) == url_key("https://paper.example/2026/story") == "paper.example/2026/story"


@pytest.mark.parametrize(
    "other",
    [
        "https://paper.example/2026/Story",
        "https://paper.example/2026/story?id=1",
        "https://paper.example:8443/2026/story",
        "https://blog.paper.example/2026/story",
        "https://paper.example/2026/story#!/photo",
    ],
)
def test_different_pages_have_different_keys(other: str) -> None:
    assert url_key(other) != url_key("https://paper.example/2026/story")


def test_a_key_keeps_the_order_of_parameters() -> None:
    assert url_key("http://paper.example/a?b=1&a=2") == "paper.example/a?b=1&a=2"


def test_a_key_knows_one_host_in_two_scripts() -> None:
    assert url_key("https://bücher.example/x") == url_key("https://xn--bcher-kva.example/x")


def test_amp_itself_may_be_the_subject() -> None:
    assert url_key("https://paper.example/amp") == "paper.example/amp"
    assert url_key("https://amp.example/x") == "amp.example/x"


@pytest.mark.parametrize(
    ("url", "cache"),
    [
        ("https://paper.example/a", "https://paper-example.cdn.ampproject.org/c/s/paper.example/a"),
        ("http://paper.example/a", "https://paper-example.cdn.ampproject.org/c/paper.example/a"),
        ("https://day-by-day.example/a", "https://day--by--day-example.cdn.ampproject.org/c/s/day-by-day.example/a"),
        (
            "https://de-at.paper.example/a",
            "https://0-de--at-paper-example-0.cdn.ampproject.org/c/s/de-at.paper.example/a",
        ),
        ("https://paper.example/pic.webp", "https://paper-example.cdn.ampproject.org/i/s/paper.example/pic.webp"),
        ("https://paper.example/type.ttf", "https://paper-example.cdn.ampproject.org/r/s/paper.example/type.ttf"),
        ("https://paper.example/wet-ice", "https://paper-example.cdn.ampproject.org/c/s/paper.example/wet-ice"),
        ("https://größe.example/a", "https://xn--gre-example-w6a21a.cdn.ampproject.org/c/s/größe.example/a"),
        ("ftp://paper.example/a", "ftp://paper.example/a"),
        (" http://[", "http://["),
    ],
)
def test_addresses_on_the_amp_cache(url: str, cache: str) -> None:
    assert amp_cache_url(url) == cache


def test_a_host_too_long_for_one_label_is_hashed() -> None:
    label = amp_cache_url(f"https://{'a-' * 20}z.example/").removeprefix("https://").partition(".")[0]
    assert len(label) == 52
    assert label.isalnum()


@settings(deadline=None)
@given(st.sampled_from(["paper.example", "day-by-day.example", "straße.example", "x.co"]), st.booleans())
def test_amp_cache_addresses_lead_back(host: str, secure: bool) -> None:
    url = f"http{'s' * secure}://{host}/2026/a?id=1"
    assert unwrap_amp(amp_cache_url(url)) == url


def test_unwrapping_leaves_other_addresses_alone() -> None:
    assert unwrap_amp("https://www.google.com/search?q=amp") == "https://www.google.com/search?q=amp"
    assert unwrap_amp("https://cdn.ampproject.org.evil.example/c/s/a.example/x").startswith(
        "https://cdn.ampproject.org."
    )


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.paper.co.uk", "paper.co.uk"),
        ("https://www.paper.example/x?y", "paper.example"),
        ("WWW.Paper.Example.", "paper.example"),
        ("one.blogspot.com", "one.blogspot.com"),
        ("deep.two.github.io", "two.github.io"),
        ("github.io", "github.io"),
        ("co.uk", "co.uk"),
        ("http://192.0.2.7:80/", "192.0.2.7"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("localhost", "localhost"),
        ("localhost:8000", "localhost"),
        ("news.bücher.example", "xn--bcher-kva.example"),
        (" not a host ", "not a host"),
        ("", ""),
    ],
)
def test_the_domain_that_somebody_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_the_host_of_an_address() -> None:
    assert host_of("https://User:pw@News.Example.:8443/x") == "news.example"
    assert host_of("javascript:alert(1)") == ""
    assert host_of("https://a.example:99999/") == ""


def test_a_host_longer_than_a_name_can_be_is_none() -> None:
    assert host_of(f"http://{'a.' * 200}example/") == ""
    assert clean_url(f"http://{'a' * 300}/?utm_source=x") == f"http://{'a' * 300}/?utm_source=x"


@settings(deadline=None)
@given(_ANY)
def test_cleaning_again_changes_nothing(url: str) -> None:
    assert clean_url(clean_url(url)) == clean_url(url)


@settings(deadline=None)
@given(_ANY)
def test_tracking_is_no_part_of_the_key(url: str) -> None:
    assert url_key(clean_url(url)) == url_key(url)


@settings(deadline=None)
@given(_ANY)
def test_nothing_raises(url: str) -> None:
    for function in (clean_url, url_key, unwrap_amp, amp_cache_url, registrable_domain, host_of):
        assert isinstance(function(url), str)
