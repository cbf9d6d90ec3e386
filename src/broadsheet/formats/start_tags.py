"""Single tags and texts of HTML, cleaned without a tree: the parts that `orderly` puts in order."""

import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from html.entities import html5
from typing import Final

from broadsheet.formats.nesting import words

_MOST_KNOWN = 20_000
_LONGEST_KNOWN = 200
_LONGEST_ADDRESS = 2_048
_LONGEST_TAG = 16_384

# What a tag does to the elements that are open; plain numbers, since they are compared for every tag.
END, INLINE, VOID, BLOCK = range(4)
LINK, RULE, HEADING, ITEM, TERM, TABLE, SECTION, ROW, CELL, CAPTION, COLUMNS, COLUMN = range(4, 16)
RAW, PICTURE, COMMENT, TEXT = range(16, 20)
_KINDS: Final[dict[str, int]] = {
    name: kind
    for kind, names in {
        INLINE: "abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small strike strong sub "
        "sup time tt u var span data label legend meter output progress picture video audio canvas",
        BLOCK: "address article aside blockquote center details dir div dl figcaption figure footer header hgroup main "
        "menu nav ol p pre section summary ul",
        VOID: "br img wbr source track link meta",
        LINK: "a", RULE: "hr", HEADING: "h1 h2 h3 h4 h5 h6", ITEM: "li", TERM: "dt dd", TABLE: "table",
        SECTION: "tbody thead tfoot", ROW: "tr", CELL: "td th", CAPTION: "caption", COLUMNS: "colgroup", COLUMN: "col",
        RAW: "script style iframe", PICTURE: "svg",
    }.items()
    for name in names.split()
}  # fmt: skip
# Not shown. To a parser the first are like `span`, and their text is shown; the others have none that is.
UNSHOWN = words("data picture video audio canvas source track link meta script style iframe svg")
_WITHOUT_END = words("br img wbr source track link meta hr col script style iframe svg")

_NAME = re.compile(r"/?[A-Za-z][A-Za-z0-9]*(?=[ \t\n/]|\Z)")
_ATTRIBUTE = re.compile(
    r"""[ \t\n]++([A-Za-z_:@][\w:.@-]*+)(?:[ \t\n]*+=[ \t\n]*+(?:"([^"<>]*+)"|'([^'<>]*+)'|([^\s"'<>=`]++)))?""",
    re.ASCII,
)
_ATTRIBUTES = re.compile(rf"(?:{_ATTRIBUTE.pattern})*+[ \t\n]*+/?+", re.ASCII)
# Most links: an address without anything odd, and attributes that nobody keeps.
_DROPPED = r"""(?:[ \n]++(?!(?:href|hreflang|title|lang|dir)=)[a-z][a-z0-9-]*+="[^"<>]*+")*+"""
_ADDRESS = r"(https?://([A-Za-z0-9.-]++(?::[1-9]\d{1,3})?)(?:[/?#](?:[\w./?#=%+~:;,@!*()$-]++|&amp;)*+)?)"
_LINK = re.compile(rf"""{_DROPPED}[ \n]++href="{_ADDRESS}"{_DROPPED}[ \n]*+""", re.ASCII)
_PLAIN_ADDRESS = re.compile(_ADDRESS.replace("&amp;", "&"), re.ASCII)
_RELATIVE = re.compile(r"(?:\./|/)?[\w-][\w./?#=%&+~;,@!*()$-]*|/", re.ASCII)
_PLAIN_BASE = re.compile(
    r"(https?://([a-z0-9.-]++))(/(?:[\w.+~,@!*()$-]*+/)*+)?[\w.+~,@!*()$-]*+(?:\?[\w.=&+-]*+)?", re.ASCII
)
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}(?::\d+)?")
# In an attribute a name without semicolon is text if `=` follows it; what else may be one is left to the tree.
_IN_ATTRIBUTE = re.compile(r"&(?:(#\d{2,6};|#[xX][0-9a-fA-F]{2,5};|[A-Za-z][A-Za-z0-9]*+;)|[A-Za-z][A-Za-z0-9]*+=)?")
_MAY_BE_ENTITY = re.compile(r"[#\w]")
_IN_TEXT = re.compile(r"&[#A-Za-z0-9]*+;?+|>")
_NUMBER = re.compile(r"&#(?:\d{2,6}|[xX][0-9a-fA-F]{2,5});")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")

# Its kind, what it is cleaned to, and its end tag without brackets.
Tag = tuple[int, str, str]


class Unsure(ValueError):  # noqa: N818 - named by the situation
    """Only a tree can tell."""


class _Entities(dict[str, str]):
    """What an entity of a text, or a lone `>`, is written as in clean HTML."""

    def __missing__(self, written: str) -> str:
        if written.startswith("&#") and not _NUMBER.fullmatch(written):
            raise Unsure
        character = unescape(written)
        if not character or _CONTROL.search(character):
            raise Unsure
        result = escape(character, quote=False).replace("\xa0", "&nbsp;")
        if len(self) < _MOST_KNOWN and len(written) <= _LONGEST_KNOWN:
            self[written] = result
        return result


_entities = _Entities()
_hosts: dict[str, bool] = {}
# Tags that came before. Those with addresses are not kept.
known_tags: dict[str, Tag] = {}


def clean_text(text: str) -> str:
    """Text between tags, entities as characters and only `&`, `<`, `>` and the hard blank escaped. Raises Unsure."""
    return _IN_TEXT.sub(_entity, text)


def _entity(found: re.Match[str]) -> str:
    return _entities[found[0]]


class Rules:
    """How tags are cleaned: `attributes` are the listed ones by element, `*` those of all; `clean` cleans a start tag
    that is beyond us; relative addresses are resolved against `base_url`, or left to `clean` where there is none."""

    __slots__ = ("attributes", "clean", "folder", "origin")

    def __init__(self, attributes: Mapping[str, set[str]], clean: Callable[[str], str], base_url: str | None) -> None:
        self.attributes = attributes
        self.clean = clean
        base = _PLAIN_BASE.fullmatch(base_url or "")
        self.origin = base[1] if base and _is_host(base[2]) else ""
        self.folder = self.origin + (base[3] or "/") if base and "/." not in (base[3] or "") else ""

    def address(self, value: str) -> str | None:
        """The address that a plain one stands for, None if it is not plain."""
        if len(value) > _LONGEST_ADDRESS:
            return None
        found = _PLAIN_ADDRESS.fullmatch(value)
        if found:
            return value if _is_host(found[2]) else None
        if not (self.folder and _RELATIVE.fullmatch(value)) or "%2e" in value.lower():
            return None
        inside = value.removeprefix("./")
        if "/." in inside or inside.startswith((".", "//")):
            return None
        return self.origin + inside if inside[0] == "/" and inside is value else self.folder + inside


def read_tag(tag: str, rules: Rules) -> Tag:
    """What is between `<` and the next `>`. Raises Unsure."""
    first = tag[:1]
    if not (first.isascii() and first.isalpha()):
        read, steady = _no_start(tag), True
    else:
        found = _NAME.match(tag)
        name = found[0].lower() if found else ""
        kind = _KINDS.get(name)
        if found is None or kind is None or (kind == TABLE and found[0] != "table"):
            raise Unsure
        written, steady = _start(name, tag[found.end() :], rules)
        read = kind, written, f"/{name}"
    if steady and len(tag) <= _LONGEST_KNOWN:
        if len(known_tags) >= _MOST_KNOWN:
            known_tags.clear()
        known_tags[tag] = read
    return read


def _no_start(tag: str) -> Tag:
    """An end tag, a comment, or a lone `<`."""
    if tag[:1] not in {"/", "!", "?"}:
        return TEXT, "", ""
    found = _NAME.match(tag)
    if found:
        name = found[0].lower()
        if tag[found.end() :].strip(" \t\n") or name[1:] not in _KINDS or name == "/br":
            raise Unsure
        if name[1:] in _WITHOUT_END:
            return VOID, "", ""
        return END, "" if name[1:] in UNSHOWN else f"<{name}>", name
    if tag[1:2].isalpha() and tag[0] == "/":
        raise Unsure
    # Up to the next `>` everything is a comment to a parser, if it doesn't begin as one that is longer.
    return COMMENT if tag.startswith("!--") and not tag.endswith("--") else VOID, "", ""


def tag_name(tag: str) -> str:
    """The name of a start or end tag (`/svg`) whose attributes are written as they should be. Raises Unsure."""
    found = _NAME.match(tag)
    if found is None or not _ATTRIBUTES.fullmatch(tag, found.end()):
        raise Unsure
    return found[0].lower()


def _start(name: str, rest: str, rules: Rules) -> tuple[str, bool]:
    """The cleaned start tag, and whether it is worth being kept."""
    if name == "a" and (link := _LINK.fullmatch(rest)) and len(link[1]) <= _LONGEST_ADDRESS and _is_host(link[2]):
        return f'<a href="{link[1]}" rel="noopener noreferrer">', False
    if len(rest) > _LONGEST_TAG or not _ATTRIBUTES.fullmatch(rest):
        raise Unsure
    if name in UNSHOWN:
        return "", True
    of_all, of_this = rules.attributes["*"], rules.attributes.get(name, ())
    said: dict[str, str] = {}
    for key, double, single, bare in _ATTRIBUTE.findall(rest):
        lowered = key.lower()
        if (lowered in of_this or lowered in of_all) and lowered not in said:
            said[lowered] = double or single or bare
    written = []
    for key, text in said.items():
        value = _value(text)
        if value is not None and key in {"href", "src"}:
            value = rules.address(value)
        if value is None:
            return _cleaned_start(name, said, rules.clean), False
        written.append(f' {key}="{_escaped(value)}"')
    relation = ' rel="noopener noreferrer"' if name == "a" else ""
    return f"<{name}{''.join(written)}{relation}>", not ("href" in said or "src" in said)


def _cleaned_start(name: str, said: dict[str, str], clean: Callable[[str], str]) -> str:
    """The start tag as the tree cleans it. Raises Unsure if it makes anything else of it."""
    if name in {"tr", "td", "th", "caption", "colgroup", "col", "tbody", "thead", "tfoot"}:
        raise Unsure
    quoted = (f" {key}='{text}'" if '"' in text else f' {key}="{text}"' for key, text in said.items())
    done = clean(f"<{name}{''.join(quoted)}>").removesuffix(f"</{name}>")
    if not done.startswith(f"<{name}") or done.count("<") != 1:
        raise Unsure
    return done


def _value(written: str) -> str | None:
    """An attribute's value without entities, None if it may be read in more ways than one."""
    if "&" not in written:
        return written
    parts, at = [], 0
    for found in _IN_ATTRIBUTE.finditer(written):
        piece = found[0]
        if piece == "&" and _MAY_BE_ENTITY.match(written, found.end()):
            return None
        parts.append(written[at : found.start()])
        if found[1]:
            if found[1][0] != "#" and found[1] not in html5:
                return None
            piece = unescape(piece)
            if not piece or _CONTROL.search(piece):
                return None
        parts.append(piece)
        at = found.end()
    return "".join([*parts, written[at:]])


def _is_host(host: str) -> bool:
    """Whether any reader of addresses would take it as it is; international names are left to the tree's."""
    known = _hosts.get(host)
    if known is None:
        if len(_hosts) >= _MOST_KNOWN:
            _hosts.clear()
        known = len(host) <= 253 and _HOST.fullmatch(host) is not None and "xn--" not in host.lower()
        _hosts[host[:300]] = known
    return known


def _escaped(value: str) -> str:
    if "&" in value or '"' in value:
        value = value.replace("&", "&amp;").replace('"', "&quot;")
    return value.replace("<", "&lt;").replace(">", "&gt;").replace("\xa0", "&nbsp;")
