"""Which story has a word, and where: three characters each, so that a story is put in or taken out without a count.

The first two are the low 13 bits of the story's place in its segment, the third is the word's first place in the story
and, doubled, the 14th bit. Places 0..19 are the title's words (19: any later one), 20..43 the deck's (43: any later).
The letters are the printable ones of ASCII but blank, dollar, backslash and backquote: they stand in a template literal
as they are.
"""

from broadsheet.stages.publish.search.documents import SearchDoc
from broadsheet.stages.publish.search.words import STOP_WORDS, label_of, words_of

_LETTERS = [chr(c) for c in range(0x21, 0x7F) if chr(c) not in "$\\`"]
_LOW_BITS = 13
_LOW = (1 << _LOW_BITS) - 1
_PAIRS = [_LETTERS[n // len(_LETTERS)] + _LETTERS[n % len(_LETTERS)] for n in range(_LOW + 1)]
_TITLE_PLACES, _PLACES = 20, 44
_MARKS = [[_LETTERS[place * 2 + high] for place in range(_PLACES)] for high in (0, 1)]
_IN_TITLE = [min(at, _TITLE_PLACES - 1) for at in range(400)]
_IN_DECK = [min(_TITLE_PLACES + at, _PLACES - 1) for at in range(400)]
WIDTH = 3


def codes_of(doc: SearchDoc, start: int) -> dict[str, str]:
    """Each word of the document with its code in the segment that begins at `start`."""
    title, deck = words_of(doc.title)[:400], words_of(doc.deck)[:400]
    place = doc.number - start
    pair, marks = _PAIRS[place & _LOW], _MARKS[place >> _LOW_BITS]
    found: dict[str, str] = {}
    for words, places in ((title, _IN_TITLE), (deck, _IN_DECK)):
        for word, at in zip(words, places, strict=False):
            if word not in found and word not in STOP_WORDS:
                found[word] = pair + marks[at]
    return found


def filters_of(doc: SearchDoc, start: int) -> dict[str, str]:
    """The document's topics, as `#id`, and its publisher, as `@domain`, each with its code."""
    place = doc.number - start
    code = _PAIRS[place & _LOW] + _MARKS[place >> _LOW_BITS][0]
    labels = [*("#" + label_of(topic) for topic in doc.topics), "@" + label_of(doc.domain or doc.provider)]
    return dict.fromkeys(labels, code)


def terms_of(doc: SearchDoc, start: int) -> dict[str, str]:
    """All that the document is found by, with the codes."""
    return codes_of(doc, start) | filters_of(doc, start)


def with_code(codes: str, code: str, *, here: bool) -> str | None:
    """The codes of a term with one put in, or taken out where it is not `here`; None where it was so before."""
    at, end = 0, len(codes) // WIDTH
    while at < end:
        middle = (at + end) // 2
        if codes[middle * WIDTH : (middle + 1) * WIDTH] < code:
            at = middle + 1
        else:
            end = middle
    at *= WIDTH
    there = codes[at : at + WIDTH] == code
    if there == here:
        return None
    return codes[:at] + code + codes[at:] if here else codes[:at] + codes[at + WIDTH :]


def words_wrapped(key: str, body: str) -> str:
    """The script that hands the lines to the page."""
    return f'broadsheet("{key}",`\n{body}`)\n'
