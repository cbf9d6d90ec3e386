"""One or two sentences that say what the article says; they end as sentences."""

import re
from collections.abc import Iterator
from itertools import islice

from broadsheet.formats.markup import plain_text
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page, fold

_MAX, _ENOUGH, _MIN = 320, 110, 40
_OPENING = 800
_ENDS = re.compile(  # begins with a set of characters, which is looked for quickly
    r"[.!?…।؟۔。！？](?:(?<=[.!?…।؟۔])[\"'”’»)\]]*(?=\s|$)|(?<=[。！？])[”’」』]?"
    r"|(?<=[a-zß-ÿ]{3}[.!?])(?=[A-ZÀ-Þ¿¡«“]))"  # where a paragraph's end was lost
)
_CUT_OFF = re.compile(r"(?:\.\.\.|…|\[…\]|\[\.\.\.\])\s*$")
_NO_END = re.compile(  # a full stop after these is not the end of a sentence
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|no|nr|inc|ltd|co|corp|gen|sen|rep|gov|lt|col|sgt|jr|sr|approx|etc|e\.g|i\.e"
    r"|z\.b|bzw|ca|u\.a|d\.h|usw|bspw|sog|mme|m|sra|dra|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez)"
    r"|\b[A-Za-zÄÖÜ]|\b\d{1,2})\.$",
    re.I,
)
_WORD = re.compile(r"\w{4,}")
_METAS = (
    "og:description",
    "description",
    "twitter:description",
    "dc.description",
    "dcterms.description",
    "sailthru.description",
)


def find_excerpt(page: Page, text: str, title: str) -> Found[str] | None:
    """The page's description where it speaks of this article, else the text's first sentences."""
    named = [(f"meta {name}", value) for name in _METAS for value in page.metas.get(name, ())[:1]]
    named.insert(1, ("json-ld description", page.linked.first("description")))
    paragraphs = [fold(paragraph) for paragraph in text[:4000].split("\n\n")]
    body = " ".join(paragraphs)
    for where, raw in named:
        description = fold(plain_text(raw[:2000])) if raw else ""
        fits = len(description) >= _MIN and _about(description, body, title)
        if fits and (sentence := _whole(description, paragraphs)):
            return Found(sentence, where)
    opening = _opening(text, title)
    return Found(opening, "text") if opening else None


def sentences(text: str) -> Iterator[str]:
    """`text` cut after its sentences; a last piece without an end is there too."""
    start = 0
    for end in _ENDS.finditer(text):
        piece = text[start : end.end()].strip()
        if len(piece) > 1 and not (piece.endswith(".") and _NO_END.search(piece[-12:])):
            yield piece
            start = end.end()
    if rest := text[start:].strip():
        yield rest


def _about(description: str, body: str, title: str) -> bool:
    """Whether it speaks of the article: it shares words with it. A site's own slogan does not."""
    words = _words(description)
    if not words or (not body and not title):
        return True
    opening = body[:_OPENING].rpartition(" ")[0]  # mostly enough, and five times as short
    return any(len(words & _words(f"{part} {title}")) >= 0.25 * len(words) for part in (opening, body))


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def _whole(description: str, body: list[str]) -> str | None:
    """The description as whole sentences: where it was cut off, the text completes it."""
    if _CUT_OFF.search(description) or not _is_ended(description):
        start = _CUT_OFF.sub("", description).strip()
        for paragraph in body:
            at = paragraph.find(start[:60])
            if at >= 0 and (completed := _first(paragraph[at:])):
                return completed
        ended = [s for s in sentences(start) if _is_ended(s)]
        if ended and len(ended[0]) >= _MIN:
            return _first(" ".join(ended))
        return None if _CUT_OFF.search(description) or len(start) > _MAX else start.rstrip(" ,;:-–—") + "."
    return _first(description)


def _first(text: str) -> str | None:
    """One sentence, or two where the first is short; None if not even one fits."""
    found = [*islice(filter(_is_ended, sentences(text[: 4 * _MAX])), 2)]
    if not found or len(found[0]) > _MAX:
        return _shortened(found[0]) if found else None
    two = f"{found[0]} {found[1]}" if len(found) > 1 else ""
    return two if two and len(found[0]) < 2 * _ENOUGH and len(two) <= _MAX else found[0]


def _shortened(sentence: str) -> str:
    """A sentence that is far too long, cut at a word, with the mark that says so."""
    return sentence[: _MAX - 1].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + "…"


def _is_ended(text: str) -> bool:
    tail = text[-4:]
    return any(found.end() == len(tail) for found in _ENDS.finditer(tail)) and not _CUT_OFF.search(text)


def _opening(text: str, title: str) -> str | None:
    for paragraph in text.split("\n\n")[:12]:
        line = fold(paragraph)
        if len(line) >= _MIN and line.casefold() != title.casefold() and (found := _first(line)) and len(found) >= _MIN:
            return found
    return None
