"""What is cleaned without a tree is what the tree would have made of it."""

import re

import nh3
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.formats.markup import sanitise
from broadsheet.formats.nesting import words
from broadsheet.formats.orderly import Orderly
from broadsheet.formats.start_tags import Rules

ATTRIBUTES = {
    "*": {"lang", "title"}, "a": {"href"}, "img": {"src", "alt", "width"}, "td": {"colspan"}, "ol": {"start"},
}  # fmt: skip
NAMES = sorted(
    words(
        "a p div b i em code pre ul ol li dl dt dd h1 h2 blockquote table thead tbody tr td th caption colgroup col br hr "
        "img figure section center video source picture svg path script style iframe span link"
    )
)
TREE = nh3.Cleaner(
    tags={*NAMES} - {"video", "source", "picture", "svg", "path", "script", "style", "iframe", "link"},
    clean_content_tags={"script", "style", "svg", "iframe"},
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    url_relative=("rewrite_with_base", "https://a.example/b/"),
)
ORDERLY = Orderly(Rules(ATTRIBUTES, TREE.clean, "https://a.example/b/"))

VALUES = st.sampled_from(
    ["", "x", "https://b.example/?a=1&b=2", "/c", "./d", "e/f?g#h", "../i", "//j.example/k", "/l/./m", "/%2e%2E/n", "#o", "?p", "/", "a:b", "/q/..", ".r", "s//t", "/u'", "./", "./.", ".//v", ".//", "javascript:x", "a&amp;b", "&quot;", "&#8217;", "a b", "&copy", "&copy=1",
     "&not;in", "&notin", "http://b.example/&amp;", "HTTPS://B.example", "https://xn--a.example/", "é", "&lt;b&gt;", "\xa0", "4"]
)  # fmt: skip
KEYS = st.sampled_from(["href", "src", "class", "title", "width", "data-x", "HREF", "lang", "onclick", "colspan"])
QUOTES = st.sampled_from([' {}="{}"', " {}='{}'", " {}", '\n{} = "{}"', ' {}="{}" ', " {}={}"])


def _attribute(key: str, value: str, quotes: str) -> str:
    return quotes.format(key, value)


STARTS = st.builds(
    lambda name, attributes, slash: f"<{name}{''.join(attributes)}{slash}>",
    st.sampled_from([*NAMES, "P", "Table", "o:p", "b-c"]),
    st.lists(st.builds(_attribute, KEYS, VALUES, QUOTES), max_size=2),
    st.sampled_from(["", "", "", " /", "/"]),
)
ENDS = st.sampled_from([f"</{name}>" for name in [*NAMES, "P", "p "]])
TEXTS = st.sampled_from(
    ["x", " ", "\n", "&nbsp;", "\xa0", "&amp;", "&", "&#39;", "&#8217;", "&lt;", "a > b", "a < b", "&bogus;", "&copyx", "&quot;",
     "<!-- c -->", "<!-- <p> -->", "<!---->", "<!-->", "<!-- > -->", "<!doctype html>", "<?x?>", "</>", "< p>", "&#1;", "&#0;",
     "&#128;", "<![CDATA[x]]>", "<!--x--!>y-->", "<p", "'", '"']
)  # fmt: skip
WHOLE = st.sampled_from(
    ["<p>x</p>", "<ul><li>a<li>b</ul>", "<table><tr><td>x</td></tr></table>", "<table><tbody><tr><th>x<td>y</table>",
     "<svg viewBox='0'><path d='M'/></svg>", "<script>a()</script>", "<iframe src=x></iframe>", "<dl><dt>a<dd>b</dl>",
     "<table><caption>c</caption><colgroup><col></colgroup><thead><tr><td>x</table>", "<pre>\n\nx</pre>", "<a href=/x>y</a>"]
)  # fmt: skip


def _same_newlines(html: str) -> str:
    """A parser drops the first newline of `pre`; whoever cleans drops them all afterwards."""
    return re.sub(r"(<pre[^<>]*>)\n+", r"\1", html)


def same(html: str) -> None:
    found = ORDERLY(html)
    if found is not None:
        assert _same_newlines(found) == _same_newlines(TREE.clean(html))


@settings(max_examples=300)
@given(st.lists(st.one_of(STARTS, ENDS, TEXTS, WHOLE), max_size=12).map("".join))
@example("<p>a<p>b</p></p>")
@example("<li>a<ul><li>b</ul><li>c")
@example("<table><tr><td><table><tr><td>x</table></table>")
def test_whatever_is_taken_is_what_the_tree_makes_of_it(html: str) -> None:
    same(html)


TAGS = st.sampled_from([f"<{name}>" for name in NAMES] + [f"</{name}>" for name in NAMES] + ["x", " ", "<p class=x>"])


@settings(max_examples=300)
@given(st.lists(TAGS, max_size=14).map("".join))
def test_missing_and_stray_tags(html: str) -> None:
    same(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p>One<p>Two", "<ul><li>a<li>b</ul>", "</div><p>x</p>", "x</p>y", "<table><tr><td>x<td>y<tr><td>z</table>", "a & b < c",
        "<p>x<div>y</div>", "<!-- a <b> c -->x", "<svg><path d='M0'/></svg>x", "<div>open", "<pre>\n\nx</pre>",
        '<a class="x" href="https://a.example/?b=1&amp;c=2" target="_blank">x</a>', "<img src='/a.png' alt='b &amp; c' />",
    ],
)  # fmt: skip
def test_what_people_write_needs_no_tree(html: str) -> None:
    assert ORDERLY(html) is not None
    same(html)


@pytest.mark.parametrize(
    "html",
    [
        "<b><p>x</b></p>", "<a><a>x", "<table>x</table>", "<p><b><div>x", "<math><mi>x</math>", "<svg><p>x</svg>", "<form>x</form>",
        "<h1><h2>x", "<select><option>", "<button>", "<script><!--</script>", "<p title='<b>'>x", "<noscript><p>", "<b>" * 200,
    ],
)  # fmt: skip
def test_what_is_not_sure_is_left_to_the_tree(html: str) -> None:
    assert ORDERLY(html) is None


@settings(max_examples=300)
@given(st.lists(st.one_of(STARTS, ENDS, TEXTS, WHOLE), max_size=12).map("".join))
def test_what_comes_out_is_safe_by_its_form(html: str) -> None:
    clean = sanitise(html, base_url="https://a.example/")
    assert re.fullmatch(r'(?:[^<>]++|</?[a-z][a-z0-9]*(?: [a-z]+="[^"<>]*")*>)*+', clean)
    assert not re.search(r'(?:href|src)="(?!https?://|mailto:)', clean, re.IGNORECASE)
    assert "<script" not in clean
    assert sanitise(clean) == clean
