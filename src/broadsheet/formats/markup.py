"""Strangers' HTML fragments: as plain text, as safe HTML, and the one embed that we show.

Everything here is linear in its input: the tokens of HTML are matched by expressions that never go back, and what
could make a tree builder slow (deep nesting, formatting elements opened again and again) never reaches one.
"""

import html as entities
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Literal

import nh3

from broadsheet.formats.nesting import TOKEN, is_too_deep, words
from broadsheet.formats.orderly import Orderly
from broadsheet.formats.start_tags import Rules

# Larger and deeper fragments become plain text.
LARGEST = 2 * 1024 * 1024
DEEPEST = 256
# Passes until cleaning changes nothing more; the second is nearly always the last.
_PASSES = 4

_TAGS = words(
    "a abbr acronym address article aside b bdi bdo big blockquote br center caption cite code col colgroup dd del "
    "details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd label "
    "legend li main mark menu meter nav ol output p pre progress q rp rt ruby s samp section small span strike strong "
    "sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr"
)
# These go with all that is in them; what else isn't listed leaves its text behind (`object` its fallback, a formula
# its letters).
_WITH_CONTENT = words("script style template iframe embed applet svg noscript noembed noframes xmp plaintext")
_ATTRIBUTES = {
    "*": {"lang", "dir", "title"},
    "a": {"href", "hreflang"},
    "img": {"src", "alt", "width", "height"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "del": {"cite", "datetime"},
    "ins": {"cite", "datetime"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start", "reversed"},
}
_SCHEMES = frozenset({"http", "https", "mailto"})
# Elements whose fragments come back from a parser as they went in; others are cleaned until nothing changes.
_UNSTEADY = re.compile(
    r"<(?!!--|/?(?:a|abbr|article|aside|audio|b|blockquote|br|center|cite|code|dd|div|dl|dt|em|figcaption|figure|footer"
    r"|h[1-6]|header|hr|i|iframe|img|li|link|main|nav|ol|p|path|picture|pre|script|section|small|source|span|strong|style"
    r"|sub|sup|u|ul|video)[\s/>])",
    re.IGNORECASE | re.ASCII,
)

# A heading in a heading, or a link in a link, is taken apart by the next parser; misplaced end tags make them.
_NESTED = re.compile(
    r"<h[1-6][ >](?:[^<]++|<(?!/?h[1-6][ >]))*+<h[1-6][ >]|<a[ >](?:[^<]++|<(?!/?a[ >]))*+<a[ >]",
)
# A few may tell a language or a direction. Many are the colours of code, half of all tags in feeds, and say nothing
# without classes; they are taken out before anything is cleaned, so that nothing can hide behind them.
_MANY_SPANS = 5
_SPAN = re.compile(r"</?span(?=[\s/>])[^<>]*+>")
_SELF_CLOSED = re.compile(r"<(?:iframe|script)\b[^<>]*(?<=[\s\"'])/>", re.IGNORECASE)
_ANNOTATION = re.compile(r"<annotation(?:-xml)?\b[^<>]*+>[^<]*+</annotation(?:-xml)?>")
_OPERATOR = re.compile(r"<mo\b[^<>]*+>\s*+([^<>\s()\[\]{},;.|!'′]++)\s*+</mo>")
_FORMULA = re.compile(
    r"</?(?:math|semantics|m(?:row|i|n|o|s|text|space|frac|sqrt|root|sub|sup|subsup|under|over|underover|multiscripts|table|tr|td"
    r"|style|padded|phantom|fenced|enclose|error|labeledtr))\b[^<>]*+>"
)
_FRAME = re.compile(r"<iframe\b[^<>]*+>", re.IGNORECASE)
_FIRST_NEWLINES = re.compile(r"(<pre[^<>]*>)\n+")

_NEEDS_CLEANING = re.compile(r"[<>&\x00\r\xa0]")
_MARKUP = re.compile(r"[<&]")
_PARTS_WORDS = words(
    "address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr li main nav ol option p pre section summary table tbody td tfoot th thead tr ul"
)
_SRC = re.compile(r"""[\s"'/]src\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}|[0-9]{8,});?")


def plain_text(html: str) -> str:
    """The text of a fragment: no tags, comments, scripts or styles; entities decoded once; white space folded."""
    if _MARKUP.search(html):
        html = decode_entities(TOKEN.sub(_gap, html) if "<" in html else html)
    return " ".join(html.split())


def decode_entities(text: str) -> str:
    """`&eacute;`, `&#233;` and `&#xe9;` as HTML5 reads them, also without semicolon. Numbers beyond Unicode, however
    long, become U+FFFD."""
    return entities.unescape(_LONG_NUMBER.sub(_shorter, text))


def _shorter(found: re.Match[str]) -> str:
    """Python refuses to read numbers of thousands of digits; leading zeros are allowed in any number."""
    digits = found[0][2:].rstrip(";")
    digits = "x" + digits[1:].lstrip("0") if digits[0] in "xX" else digits.lstrip("0")
    return f"&#{digits or '0'};" if len(digits) <= 8 else "\ufffd"


def _gap(token: re.Match[str]) -> str:
    """A space for what parts words, nothing for `<b>`; a lone `<` is text."""
    name = token["name"]
    if name is None:
        return "<" if token[0] == "<" else ""
    return " " if name.lower().lstrip("/") in _PARTS_WORDS else ""


def sanitise(html: str, *, base_url: str | None = None) -> str:
    """The fragment as HTML that can't do harm, with relative links resolved (dropped where there is no base).

    A short list of elements and attributes is kept; no scripts, styles, frames, forms, SVG or MathML, no `on*`,
    `style`, `class`, `id` or `name`; links are http, https or mailto. What is larger than `LARGEST` characters or
    nested deeper than `DEEPEST` comes back as its plain text, escaped.
    `sanitise(sanitise(x)) == sanitise(x)`, whatever the base of the second call.
    """
    if not _NEEDS_CLEANING.search(html):
        return html
    if len(html) > LARGEST:
        return _escaped(html[:LARGEST])
    html = _without_many_spans(html)
    if "<iframe" in html or "<script" in html:
        html = _without_open_frames(html)
    if "<math" in html:
        html = _without_formulas(html)
    clean, orderly = _cleaners(base_url)
    done = orderly(html)
    done = _without_first_newlines(done) if done is not None else _cleaned_by_tree(html, clean)
    return _without_many_spans(done)


def _without_formulas(html: str) -> str:
    """MathML as its letters, with blanks around operators; the same in TeX, which may be beside them, goes."""
    html = _OPERATOR.sub(r" \1 ", _ANNOTATION.sub("", html))
    return _FORMULA.sub("", html)


def _without_many_spans(html: str) -> str:
    return _SPAN.sub("", html) if html.count("<span") >= _MANY_SPANS else html


def _without_open_frames(html: str) -> str:
    """A frame or script that ends in `/>`, as XML has it, or never, would take the rest of the text with it."""
    html = _SELF_CLOSED.sub("", html)
    return html if "</iframe" in html.lower() else _FRAME.sub("", html)


def _cleaned_by_tree(html: str, clean: Callable[[str], str]) -> str:
    if is_too_deep(html, DEEPEST):
        return _escaped(html)
    done = _without_first_newlines(clean(html))
    if done == html or "<" not in done or not (_UNSTEADY.search(html) or _NESTED.search(done)):
        return done
    for _ in range(_PASSES - 1):
        again = _without_first_newlines(clean(done))
        if again == done:
            return done
        done = again
    return _escaped(done)


def _without_first_newlines(html: str) -> str:
    """A parser drops a newline after `<pre>`, the next parser the next one; so they all go."""
    return _FIRST_NEWLINES.sub(r"\1", html) if "<pre" in html else html


def _escaped(html: str) -> str:
    return entities.escape(plain_text(html), quote=False).replace("\xa0", " ")


@lru_cache(maxsize=64)
def _cleaners(base_url: str | None) -> tuple[Callable[[str], str], Orderly]:
    """The cleaner with a tree, and the one for what is in order."""
    clean = _cleaner(base_url).clean
    return clean, Orderly(Rules(_ATTRIBUTES, clean, base_url))


def _cleaner(base_url: str | None) -> nh3.Cleaner:
    if base_url and base_url.startswith(("http://", "https://")):
        with suppress(ValueError):  # an address that can't be a base is none
            return _new_cleaner(("rewrite_with_base", base_url))
    return _new_cleaner("deny")


def _new_cleaner(relative: Literal["deny"] | tuple[Literal["rewrite_with_base"], str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags=_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        url_relative=relative,
    )


# The address of a player: host, path before the video's name, the name, and how we write it.
_PLAYERS = (
    (
        re.compile(r"(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/([A-Za-z0-9_-]{6,20})(?:/|$)"),
        "https://www.youtube-nocookie.com/embed/{}",
    ),
    (re.compile(r"player\.vimeo\.com/video/([0-9]{3,15})(?:/|$)"), "https://player.vimeo.com/video/{}?dnt=1"),
    (
        re.compile(r"(?:www\.)?dailymotion\.com/embed/video/([A-Za-z0-9]{4,20})(?:/|$)"),
        "https://www.dailymotion.com/embed/video/{}",
    ),
    (
        re.compile(r"geo\.dailymotion\.com/player\.html\?video=([A-Za-z0-9]{4,20})$"),
        "https://www.dailymotion.com/embed/video/{}",
    ),
)
_EMBED = (
    '<iframe src="{src}" width="560" height="315" title="Video" loading="lazy" referrerpolicy="strict-origin" '
    'sandbox="allow-scripts allow-same-origin allow-presentation" allow="fullscreen; encrypted-media" '
    "allowfullscreen></iframe>"
)


def safe_embed(html: str) -> str | None:
    """The first player of YouTube, Vimeo or Dailymotion in the fragment, as an iframe that we write ourselves from
    nothing but the video's name; None if there is none."""
    if len(html) > LARGEST:
        return None
    sources = (
        _source(token[0]) for token in TOKEN.finditer(html) if (token["name"] or "").lower() in {"iframe", "embed"}
    )
    return next((embed for source in sources if (embed := _embed_of(source))), None)


def _source(tag: str) -> str:
    found = _SRC.search(tag)
    return decode_entities(found[1] or found[2] or found[3] or "").strip() if found else ""


def _embed_of(url: str) -> str | None:
    scheme, parted, rest = url.partition("//")
    if not parted or scheme.lower() not in {"https:", "http:", ""}:
        return None
    for pattern, address in _PLAYERS:
        found = pattern.match(rest) or pattern.match(rest.split("?")[0].split("#")[0])
        if found:
            return _EMBED.format(src=address.format(found[1]))
    return None
