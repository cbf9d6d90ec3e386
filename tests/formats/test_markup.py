import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from broadsheet.formats.markup import DEEPEST, LARGEST, plain_text, safe_embed, sanitise
from broadsheet.formats.nesting import is_too_deep

NAMES = [
    *(
        "p",
        "div",
        "b",
        "i",
        "a",
        "span",
        "em",
        "table",
        "tr",
        "td",
        "li",
        "ul",
        "svg",
        "math",
        "style",
        "script",
        "title",
    ),
    *(
        "textarea",
        "select",
        "option",
        "iframe",
        "noscript",
        "xmp",
        "pre",
        "template",
        "form",
        "button",
        "h1",
        "br",
        "img",
    ),
    *("path", "foreignObject", "caption", "object"),
]
PIECES = st.one_of(
    st.sampled_from([f"<{n}>" for n in NAMES] + [f"</{n}>" for n in NAMES]),
    st.sampled_from(
        [
            "<!--",
            "-->",
            "<!-->",
            "<![CDATA[",
            "]]>",
            "x",
            "\n",
            " ",
            "<",
            ">",
            '"',
            "'",
            "&",
            "&lt;",
            "&amp;lt;",
            "</ ",
            "<?",
            '<a title="',
            "<a href='/x'>",
            '<img src=x onerror="y">',
            "<a =",
            '<p id="a" class=b style=c>',
            "<B\x0b>",
        ]
    ),
    st.text(max_size=4),
)
SOUP = st.lists(PIECES, max_size=40).map("".join)
FORBIDDEN = {"script", "iframe", "object", "embed", "form", "base", "meta", "link", "style", "svg", "math"}
ATTRIBUTES = {"href", "src", "title", "rel", "alt"}


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("plain", "plain"),
        ("  two\n words ", "two words"),
        ("<p>one</p><p>two</p>", "one two"),
        ("in<b>vis</b>ible", "invisible"),
        ("a<br/>b", "a b"),
        ("Fish &amp; chips &#8212; caf&eacute;", "Fish & chips — café"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<script>if (a<b) {}</script>yes<style>p{}</style>", "yes"),
        ("1 < 2 and 3 <4", "1 < 2 and 3 <4"),
        ('<img alt="a > b">after', "after"),
        ("cut <a href='https://exa", "cut"),
        ("<!-- hidden -->shown", "shown"),
        ("&#" + "9" * 5000 + ";", "\ufffd"),
        ("&#0000000000065;", "A"),
    ],
)
def test_plain_text(html: str, expected: str) -> None:
    assert plain_text(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p onclick=a()>x</p>", "<p>x</p>"),
        ("<p id=a name=b class=c style='color:red'>x</p>", "<p>x</p>"),
        ("<script>a()</script><style>b</style>x", "x"),
        ("<iframe src='https://example.org'>y</iframe>x", "x"),
        ("<svg onload=a()><circle/></svg>x", "x"),
        ("<img src='data:image/png;base64,AA'>", "<img>"),
        ("<form><input name=q>text</form>", "text"),
        ("3 < 4 & 5", "3 &lt; 4 &amp; 5"),
        ("<a href='java&#10;script:a()'>x</a>", '<a rel="noopener noreferrer">x</a>'),
        ("<a href='mailto:a@example.org'>x</a>", '<a href="mailto:a@example.org" rel="noopener noreferrer">x</a>'),
    ],
)
def test_sanitise(html: str, expected: str) -> None:
    assert sanitise(html) == expected


def test_relative_links_are_resolved_or_dropped() -> None:
    html = '<a href="b.html">x</a><img src="//cdn.example/i.png">'
    assert 'href="https://example.org/a/b.html"' in sanitise(html, base_url="https://example.org/a/")
    assert 'src="https://cdn.example/i.png"' in sanitise(html, base_url="https://example.org/a/")
    assert "href" not in sanitise(html)
    assert "href" not in sanitise(html, base_url="javascript:alert(1)")
    assert "href" not in sanitise(html, base_url="https://[broken")


@pytest.mark.parametrize(
    "opening", ["<div>", "<blockquote>", "<font>", "<a href=x>", "<svg>", "<table>", "<b class=a>"]
)
def test_deep_nesting_becomes_text(opening: str) -> None:
    assert sanitise(opening * 50_000 + "kept & safe") == "kept &amp; safe"


@pytest.mark.parametrize(
    "evasion",
    [
        "<div><table></div></table>", "<div><textarea></div></textarea>", "<!--><div>", "<div></ </div>",
        "<div title='</div>'>", '<a ="><div></a>', "<div><svg><style><a title='</style></svg></div>'>",
        "<div><script><!--<script></script></div></script>", "<div><style></stylex></div></style>", "<lin\u212a>",
        "<![CDATA[ > <div> ]]>", "<p><b class=x>", '<div><iframe a="></iframe></div><iframe b=">x</iframe>',
    ],
)  # fmt: skip
def test_nesting_can_not_be_hidden(evasion: str) -> None:
    assert is_too_deep(evasion * 1000, DEEPEST)


@pytest.mark.parametrize(
    "harmless",
    [
        "<p>one<p>two", "<li>one<li><p>two", "<br>", "<img src='data:image/png;base64,AAAA'>", "<!-- <div> -->x ",
        "<div><p>one</div>", "<table><tr><td>a<td>b<tr><td>c</table>", "<noscript><img src=a></noscript><p>",
    ],
)  # fmt: skip
def test_long_but_flat_markup_is_kept(harmless: str) -> None:
    assert not is_too_deep(harmless * 240, DEEPEST)


def test_a_tag_of_many_attributes_and_a_table_of_loose_content_are_refused() -> None:
    assert sanitise("<p " + " ".join(f"a{i}" for i in range(100_000)) + ">x") == "x"
    assert "<br>" not in sanitise("<table>" + "x<br>" * 20_000)


def test_a_fragment_over_the_limit_becomes_text() -> None:
    assert "<" not in sanitise("<p>word</p>" * (LARGEST // 10))


@settings(max_examples=400)
@given(SOUP)
def test_sanitising_twice_changes_nothing_and_leaves_nothing_active(html: str) -> None:
    once = sanitise(html, base_url="https://example.org/")
    assert sanitise(once) == once
    assert sanitise(once, base_url="https://example.net/") == once
    body = LexborHTMLParser(f"<body>{once}").body
    for node in body.traverse() if body else ():
        assert node.tag not in FORBIDDEN
        assert set(node.attributes) <= ATTRIBUTES


COMMON = ["p", "a", "b", "ul", "li", "h1", "div", "span", "figure", "code", "center", "video", "script", "iframe"]
FLAT = st.sampled_from([f"<{n}>" for n in COMMON] + [f"</{n}>" for n in COMMON] + ["x", "\n", "<br>", "<a href=/b>"])


@given(st.lists(FLAT).map("".join))
@settings(max_examples=300)
@example("<h1><a><h1><a>")
@example("<h1><b><h1></b>")
@example("<a>" + "<ul>" * 7 + "<p><a>")
@example("<pre></a>\n\n\n\n\n\nx")
def test_common_elements_need_one_pass(html: str) -> None:
    once = sanitise(html)
    assert sanitise(once) == once


@settings(max_examples=400)
@given(SOUP, st.integers(1, 6))
def test_the_depth_is_never_far_underestimated(html: str, times: int) -> None:
    if not is_too_deep(html * times, 8):
        body = LexborHTMLParser(html * times).body
        assert body is None or _depth(body) <= 4 * 8 + 8


def _depth(node: LexborNode) -> int:
    return 1 + max((_depth(child) for child in node.iter()), default=0)


@given(st.one_of(SOUP, st.text()))
def test_plain_text_is_folded_and_never_raises(html: str) -> None:
    text = plain_text(html)
    assert text == " ".join(text.split())


@pytest.mark.parametrize(
    ("html", "source"),
    [
        ('<iframe src="https://www.youtube.com/embed/AbCdEf12345?rel=0" onload=a()></iframe>', "https://www.youtube-nocookie.com/embed/AbCdEf12345"),
        ("<p>x</p><IFRAME width=1 SRC='//player.vimeo.com/video/1234567'>", "https://player.vimeo.com/video/1234567?dnt=1"),
        ("<iframe src=https://www.dailymotion.com/embed/video/x7abcd></iframe>", "https://www.dailymotion.com/embed/video/x7abcd"),
    ],
)  # fmt: skip
def test_known_players_are_rebuilt(html: str, source: str) -> None:
    embed = safe_embed(html)
    assert embed is not None
    assert f'src="{source}"' in embed
    assert "onload" not in embed


@pytest.mark.parametrize(
    "html",
    [
        "", "<iframe src='https://evil.example/embed/AbCdEf12345'>",
        "<iframe src='javascript:alert(1)//www.youtube.com/embed/AbCdEf12345'>",
        "<iframe src='https://www.youtube.com.evil.example/embed/AbCdEf12345'>", "<iframe srcdoc='<script>'>",
        "<iframe src='https://evil.example/?https://www.youtube.com/embed/AbCdEf12345'>",
        "<script>'<iframe src=https://www.youtube.com/embed/AbCdEf12345>'</script>",
    ],
)  # fmt: skip
def test_other_frames_are_not_shown(html: str) -> None:
    assert safe_embed(html) is None


PLAIN = st.sampled_from(
    [f"<{n}>" for n in ("p", "div", "b", "i", "table", "td", "tr", "li", "object")]
    + [f"</{n}>" for n in ("p", "div", "b", "i", "table", "td", "tr", "li", "object")]
    + ["x", "<br>", '<a href="/x">', "</a>", "<p class='b'>"]
)


@settings(max_examples=400)
@given(st.lists(PLAIN, max_size=60).map("".join), st.integers(1, 8))
def test_the_quick_look_at_plain_markup_underestimates_no_more(html: str, times: int) -> None:
    if not is_too_deep(html * times, 32):
        body = LexborHTMLParser(html * times).body
        assert body is None or _depth(body) <= 4 * 32 + 8


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ('<p>a</p><iframe src="https://a.example/" /><p>b</p>', "<p>a</p><p>b</p>"),
        ("a <iframe src=x><b>c</b>", "a <b>c</b>"),
        ("a <script src='x'/>b", "a b"),
        ("a <iframe>x</iframe>b", "a b"),
    ],
)
def test_a_frame_that_never_ends_takes_no_text_with_it(html: str, clean: str) -> None:
    assert sanitise(html) == clean


def test_formulas_keep_their_letters() -> None:
    formula = (
        "<math><semantics><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><annotation>a+b</annotation></semantics></math>"
    )
    assert sanitise(f"<p>{formula}</p>") == "<p>a + b</p>"


def test_many_spans_are_the_colours_of_code() -> None:
    assert sanitise('<span lang="fr">oui</span>') == '<span lang="fr">oui</span>'
    assert sanitise("<code>" + "<span class=x>y</span>" * 9 + "</code>") == f"<code>{'y' * 9}</code>"
