"""The tokens of HTML, and whether a tree builder can be trusted with a fragment, found without building a tree.

Tree builders need time that grows with the square of the depth (18 s for 50,000 nested `div`), of the attributes of a
tag, and of what stands in a table outside its cells. The estimates err upwards: an end tag counts only where the
builder surely closes an element, and what two readings would part differently is refused.
"""

import re


def words(text: str) -> frozenset[str]:
    """The names in a list parted by blanks."""
    return frozenset(text.split())


# A tag's attributes as the tokeniser of HTML sees them (https://html.spec.whatwg.org/#tokenization): a name may begin
# with `=` and hold quotes; quotes part values only after a `=`.
_ATTRIBUTE = r"""[ \t\n\f\r/]*+[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+
    (?:[ \t\n\f\r]*+=[ \t\n\f\r]*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>"'][^ \t\n\f\r>]*+|(?=>)|\Z))?"""


def _tokens(raw: str) -> re.Pattern[str]:
    """One token of markup: a comment or declaration, an element of `raw` with its content, a tag, or a `<` that is
    mere text. What opens runs to its end or to the end of the input, so that no search starts anew inside."""
    rest = rf"(?:{_ATTRIBUTE})*+[ \t\n\f\r/]*+(?:>|\Z)"
    return re.compile(
        rf"""<(?:
            !--(?:-?>|.*?(?:--!?>|\Z))
          | (?P<cdata>!\[CDATA\[.*?(?:\]\]>|\Z))
          | (?:[!?]|/(?![a-zA-Z]))[^>]*+>?
          | (?P<raw>{raw})(?=[ \t\n\f\r/>]){rest}(?P<inner>.*?)(?:</(?P=raw)(?=[ \t\n\f\r/>])[^>]*+>?|\Z)
          | (?P<name>/?[a-zA-Z][^ \t\n\f\r/>]*+){rest}
        )?""",
        re.VERBOSE | re.DOTALL | re.IGNORECASE | re.ASCII,
    )


TOKEN = _tokens("script|style|template")
_STRICT_TOKEN = _tokens("script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext")
_TOKEN_WITHOUT_RAW_TEXT = _tokens("(?!)")
# Markup whose every `<` and `>` bounds a tag or a comment: no raw text, none of the two inside attributes.
_PLAIN_ATTRIBUTES = r"""
    (?:[ \t\n\r]++[^ \t\n\f\r<>"'=/]++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^ \t\n\f\r<>"'=`]++))?+){0,64}+[ \t\n\r]*+/?"""
_PLAIN_MARKUP = re.compile(
    rf"""(?:[^<]++
      | <!--[^<>]*+(?<=--)>
      | <iframe{_PLAIN_ATTRIBUTES}>[^<]*+</iframe>
      | <(?!/?(?:script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext|svg|math|select)\b)
        /?[a-zA-Z][a-zA-Z0-9]*+{_PLAIN_ATTRIBUTES}>
    )*+""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_CHILDLESS = re.compile(
    r"<(?:!--|(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)[^<>]*+>",
    re.IGNORECASE | re.ASCII,
)
_INNERMOST = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*+)(?:[ \t\n\r][^<>]*+)?>[^<]*+</\1>", re.A)
_PASSES = 24
_ATTRIBUTES = re.compile(_ATTRIBUTE, re.VERBOSE)
_OPENS = re.compile(r"<[a-zA-Z]")
_TABLE = re.compile(r"<table", re.IGNORECASE)
# Inside these, elements such as `style` are not raw text.
_FOREIGN = re.compile(r"<(?:svg|math|select|frameset|template)", re.IGNORECASE)
_ESCAPED_SCRIPT = re.compile(r"<!--.*<script", re.IGNORECASE | re.DOTALL)
_VOID = words("area base basefont bgsound br col embed hr img input keygen link meta param source track wbr")
_FORMATTING = words("a b big code em font i nobr s small strike strong tt u")
# Elements that end by themselves where an element around them ends.
_ENDS_ITSELF = words("p li dd dt option optgroup rb rp rt rtc td th tr tbody thead tfoot caption colgroup")
# Elements that a start tag ends.
_ENDED_BY = {
    "p": {"p"}, "li": {"li", "p"}, "dd": {"dd", "dt", "p"}, "dt": {"dd", "dt", "p"}, "option": {"option"},
    "td": {"td", "th"}, "th": {"td", "th"}, "tr": {"tr", "td", "th"},
}  # fmt: skip
# A formatting element left open is opened again in every block that follows: blocks times open elements at most.
_MOST_REOPENED = 50_000
# Tags of a fragment that has a table at all: ten thousand outside its cells take 0.1 s.
_MOST_WITH_TABLE = 10_000
_MOST_ATTRIBUTES = 256
# Below these a fragment is harmless whatever it holds.
_SMALL_TAG = 2_048
_SMALL = 8_192


def is_too_deep(html: str, deepest: int) -> bool:
    """Whether elements may nest deeper than `deepest`, or a tree builder would need long for another reason."""
    tags = html.count("<")
    if tags <= deepest and len(html) <= _SMALL:
        return False
    if tags > _MOST_WITH_TABLE and _TABLE.search(html):
        return True
    if _PLAIN_MARKUP.fullmatch(html) and _is_flat(html, deepest):
        return False
    return _Depth(deepest, foreign=_FOREIGN.search(html) is not None).exceeded(html)


def _is_flat(html: str, deepest: int) -> bool:
    """Whether taking the innermost elements away, layer by layer, leaves few tags: then no depth and no open
    formatting can be large. Far quicker than counting, for what most people write. Only for `_PLAIN_MARKUP`."""
    rest = _CHILDLESS.sub("", html)
    elements = rest.count("<")
    for _ in range(_PASSES):
        left = rest.count("<")
        if left + _PASSES <= deepest and left * elements <= 4 * _MOST_REOPENED:
            return True
        rest, taken = _INNERMOST.subn("", rest)
        if not taken:
            return False
    return False


class _Depth:
    """The stack of open elements, as deep as the tree builder's or deeper."""

    def __init__(self, deepest: int, *, foreign: bool) -> None:
        self._deepest = deepest
        self._foreign = foreign
        self._stack: list[str] = []
        self._formatting = self._reopened = self._hidden = 0

    def exceeded(self, html: str) -> bool:
        """Whether any token brings it over a limit."""
        return any(self._exceeds(token) for token in _STRICT_TOKEN.finditer(html))

    def _exceeds(self, token: re.Match[str]) -> bool:
        name = token["name"]
        if name is None:
            return self._hides(token)
        if name.isascii():
            name = name.lower()
        if name[0] == "/":
            self._close(name[1:])
            return False
        if token.end() - token.start() > _SMALL_TAG and _count(_ATTRIBUTES, token[0]) > _MOST_ATTRIBUTES:
            return True
        if name not in _VOID:
            self._open(name)
        return len(self._stack) + self._hidden > self._deepest or self._reopened > _MOST_REOPENED

    def _hides(self, token: re.Match[str]) -> bool:
        """Raw text and CDATA sections may be markup after all, in SVG or inside `select`: their start tags count, and
        their last tag must be whole, or the two readings would disagree about everything after it."""
        inner = token["inner"] or token["cdata"]
        if not inner or "<" not in inner:
            return False
        if token["inner"] and _ESCAPED_SCRIPT.search(inner):
            return True
        self._hidden += _count(_OPENS, inner)
        return self._hidden > self._deepest or ((self._foreign or bool(token["cdata"])) and _breaks_off(inner))

    def _open(self, name: str) -> None:
        ended = _ENDED_BY.get(name)
        while ended and self._stack and self._stack[-1] in ended:
            self._stack.pop()
        self._stack.append(name)
        self._formatting += name in _FORMATTING
        self._reopened += self._formatting

    def _close(self, name: str) -> None:
        """Takes the element off the stack if only such as end by themselves are above it."""
        at = len(self._stack) - 1
        while at >= 0 and self._stack[at] != name and self._stack[at] in _ENDS_ITSELF:
            at -= 1
        if at >= 0 and self._stack[at] == name:
            del self._stack[at:]
            self._formatting -= name in _FORMATTING


def _breaks_off(markup: str) -> bool:
    """Whether the markup ends inside a tag or comment: such a token would swallow a mark put behind it."""
    return any(token.end() > len(markup) for token in _TOKEN_WITHOUT_RAW_TEXT.finditer(markup + "\0"))


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))
