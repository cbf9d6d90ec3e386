"""Text constructs: what a title, a summary and a content say, whichever of six ways their markup is wrapped in."""

import base64
import binascii
import html
import re
from dataclasses import dataclass

from lxml import etree

from broadsheet.formats.markup import plain_text, sanitise
from broadsheet.stages.sources.feeds.links import joined_base
from broadsheet.stages.sources.feeds.names import BASE

LONGEST_TITLE = 2_000
_LONGEST_HTML = 1024 * 1024
_FIRST_WORDS = 100
_FIRST_WORDS_FROM = 2_000
_PLAIN = {"text", "plain", "text/plain"}
_HTML = {"html", "text/html", "escaped"}
_C1 = re.compile("[\x80-\x9f]")
# What windows-1252 means where a feed's character references (`&#146;`) name control characters.
_FROM_CP1252 = {c: bytes([c]).decode("cp1252", "ignore") or chr(c) for c in range(0x80, 0xA0)}
_EMPTY_TAG = re.compile(r"<([A-Za-z][\w.-]*)([^<>]*)/>")
_TAG_PREFIX = re.compile(r"(</?)[A-Za-z_][\w.-]*:(?=[A-Za-z_])")
_VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How text without a `type` is meant (as plain text in Atom, as HTML elsewhere), and the base of its links."""

    is_atom: bool
    base: str | None


def raw_text(element: etree._Element) -> str:
    """All text of the element, without its markup, windows-1252 repaired; no decoding of escaped markup."""
    text = "".join(map(str, element.itertext())) if len(element) else element.text
    return repaired(text.strip()) if text else ""


def repaired(text: str) -> str:
    """The text with windows-1252 in place of C1 control characters, which nobody means."""
    return text if text.isascii() or not _C1.search(text) else text.translate(_FROM_CP1252)


def title_of(element: etree._Element, wrapping: Wrapping) -> str | None:
    """The text on one line, without markup; None if nothing is left."""
    text = raw_text(element)
    if len(element):
        text = plain_text(_inner(element)[: 4 * LONGEST_TITLE])
    elif (kind := _kind(element, wrapping)) == "text":
        text = " ".join(text.split())
    else:
        text = plain_text(_markup(text[: 4 * LONGEST_TITLE], kind))
    return text[:LONGEST_TITLE].rstrip() or None


def first_words(markup: str | None) -> str | None:
    """What stands for the title of an entry that has none, such as a short message: the beginning of its text."""
    text = plain_text((markup or "")[:_FIRST_WORDS_FROM])
    if len(text) <= _FIRST_WORDS:
        return text or None
    cut = text[: _FIRST_WORDS + 1].rpartition(" ")[0] or text[:_FIRST_WORDS]
    return cut.rstrip(" ,;:.-–—") + "…"


def html_of(element: etree._Element, wrapping: Wrapping) -> str | None:
    """The text as sanitised HTML; None if nothing is left."""
    base = joined_base(wrapping.base, element.get(BASE))
    if len(element):
        markup = _inner(element)
        child_base = element[0].get(BASE)
        base = joined_base(base, child_base) if child_base else base
    else:
        markup = _markup(repaired((element.text or "").strip()), _kind(element, wrapping))
    return safe_html(markup, base)


def safe_html(markup: str, base: str | None) -> str | None:
    """The markup sanitised, cut where it is far too long; None if nothing is left."""
    return sanitise(markup[:_LONGEST_HTML], base_url=base).strip() or None


def _markup(text: str, kind: str) -> str:
    if kind == "text":
        return html.escape(text, quote=False)
    return _unbased(text) if kind == "base64" else text


def _kind(element: etree._Element, wrapping: Wrapping) -> str:
    """`text`, `html` or `base64`."""
    mode = element.get("mode", "").lower()
    if mode == "base64":
        return "base64"
    kind = element.get("type", "").split(";")[0].strip().lower()
    if kind in _PLAIN:
        return "text" if wrapping.is_atom and mode != "escaped" else "html"
    if kind in _HTML or mode == "escaped" or "html" in kind:
        return "html"
    if not kind:
        return "text" if wrapping.is_atom else "html"
    return "text" if kind.startswith("text/") or kind.endswith(("xml", "json")) else "base64"


def _unbased(text: str) -> str:
    """The text behind base64, or as it is if it is something else."""
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text


def _inner(element: etree._Element) -> str:
    """The children as HTML: prefixes gone, and no `<p/>`, which HTML reads as a mere start tag."""
    parts = [html.escape(element.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="xml") for child in element]
    markup = "".join(parts).strip()
    if any(name.prefix for name in element.iter(etree.Element)):
        markup = _TAG_PREFIX.sub(r"\1", markup)
    return repaired(_EMPTY_TAG.sub(_opened, markup))


def _opened(found: re.Match[str]) -> str:
    return found[0] if found[1].lower() in _VOID else f"<{found[1]}{found[2]}></{found[1]}>"
