"""The language of the text: what its words say, the page's own tag where they are too few or too unclear."""

import re
from functools import lru_cache
from threading import Lock

from gcld3 import NNetLanguageIdentifier  # type: ignore[import-untyped]

from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page

_ONE_AT_A_TIME = Lock()  # the identifier has no thread of its own
_SAMPLE, _MIN_CHARS = 600, 60
# What the identifier must be sure of, if no tag says the same: more if one says another, most for short texts.
_SURE, _SURE_AGAINST_TAG, _SURE_OF_LITTLE = 0.5, 0.9, 0.95
_LITTLE = 200
_TAG = re.compile(r"^([a-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?$", re.I)
_LONG = {
    "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt",
    "nld": "nl", "dut": "nl",
}  # fmt: skip


# Where the identifier's codes are not those of ISO 639-1. Texts in another script than the language's own (`ru-Latn`)
# are next to always something else; such codes are never taken.
_OWN = {"fil": "tl", "iw": "he", "jw": "jv", "zh-Hant": "zh", "nb": "no"}


# Where the tag says one of these and the text has all of its words, there is nothing left to ask.
_WORDS = {
    "en": (" the ", " and ", " of "),
    "de": (" und ", " der ", " die "),
    "fr": (" les ", " des ", " et "),
    "es": (" los ", " que ", " y "),
    "it": (" che ", " il ", " di "),
    "pt": (" uma ", " do ", " que "),
    "nl": (" het ", " een ", " van "),
}


def find_language(page: Page, text: str) -> Found[str] | None:
    """An ISO 639 code, of two letters where there is one."""
    tags = (page.language_tag, page.linked.first("inLanguage"), page.metas.get("og:locale", ("",))[0])
    tag = next((code for t in tags if (code := _code(t))), None)
    sample = text[:_SAMPLE]
    if tag in _WORDS and all(word in sample for word in _WORDS[tag]):
        return Found(tag, "text")
    if len(sample) >= _MIN_CHARS:
        with _ONE_AT_A_TIME:
            guess = _identifier().FindLanguage(text=sample)
        language = _OWN.get(guess.language, guess.language)
        if language == tag or (len(language) == 2 and guess.probability >= _least(tag, sample)):
            return Found(language, "text")
    return Found(tag, "language tag") if tag else None


def _least(tag: str | None, sample: str) -> float:
    if len(sample) < _LITTLE:
        return _SURE_OF_LITTLE
    return _SURE if tag is None else _SURE_AGAINST_TAG


def _code(tag: str) -> str | None:
    found = _TAG.match(tag.strip())
    code = found.group(1).lower() if found else ""
    return _LONG.get(code, code) or None


@lru_cache(maxsize=1)
def _identifier() -> NNetLanguageIdentifier:
    return NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=4 * _SAMPLE)
