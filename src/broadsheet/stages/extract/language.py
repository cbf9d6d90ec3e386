"""The language of the text: what its words say, the page's own tag where they are too few or too unclear."""

import re
from functools import lru_cache
from threading import Lock
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page

_LOADING = Lock()  # the model takes 100 MB: threads must not each load their own
_SAMPLE, _MIN_CHARS = 600, 60
_SURE, _SURE_AGAINST_TAG = 0.5, 0.8
_TAG = re.compile(r"^([a-z]{2,3})(?:[-_][A-Za-z0-9_-]*)?$", re.I)
_LONG = {
    "deu": "de", "ger": "de", "eng": "en", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "por": "pt",
    "nld": "nl", "dut": "nl",
}  # fmt: skip


def find_language(page: Page, text: str) -> Found[str] | None:
    """An ISO 639 code, of two letters where there is one."""
    tags = (page.language_tag, page.linked.first("inLanguage"), page.metas.get("og:locale", ("",))[0])
    tag = next((code for t in tags if (code := _code(t))), None)
    sample = text[:_SAMPLE]
    if len(sample) >= _MIN_CHARS:
        with _LOADING:
            identifier = _identifier()
        language, sureness = identifier.classify(sample)
        if language == tag or sureness >= (_SURE if tag is None else _SURE_AGAINST_TAG):
            return Found(str(language), "text")
    return Found(tag, "language tag") if tag else None


def _code(tag: str) -> str | None:
    found = _TAG.match(tag.strip())
    code = found.group(1).lower() if found else ""
    return _LONG.get(code, code) or None


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Knows the languages with a code of two letters: the others are guessed for short texts far too often."""
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2])
    return identifier
