"""Regular expressions and words of a person's, looked for in strangers' texts in linear time (RE2).

The syntax is that of https://github.com/google/re2/wiki/Syntax : Perl's without back references and look-around.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped]

LONGEST_PATTERN = 5_000
LONGEST_TEXT = 200_000
_EDGE = r"[^\pL\pN\pM_]"
# Scripts that are written without blanks, where a word has no edges that could be seen.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


class Pattern:
    """A compiled expression. Raises ValueError, in words for people, where it can't be compiled."""

    def __init__(self, expression: str) -> None:
        if len(expression) > LONGEST_PATTERN:
            raise ValueError(f"an expression of more than {LONGEST_PATTERN} characters")
        self._compiled = _compiled(expression)

    def found_in(self, text: str) -> bool:
        """Whether it stands anywhere in the first 200,000 characters of the text."""
        shown = text[:LONGEST_TEXT].encode("utf-8", "replace").decode()
        return self._compiled.search(shown) is not None


class Words:
    """Words and phrases, each found as a whole word whatever its case; a `*` at the end stands for any ending."""

    def __init__(self, words: Sequence[str]) -> None:
        self._pattern = Pattern("|".join(_expression(word) for word in words))

    def found_in(self, text: str) -> bool:
        """Whether one of them stands in the text."""
        return self._pattern.found_in(_folded(text[:LONGEST_TEXT]))


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(expression, options)
    except re2.error as error:
        said = error.args[0] if error.args else "not a regular expression"
        raise ValueError(said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)) from error
    except UnicodeEncodeError as error:
        raise ValueError("not text") from error


def _expression(word: str) -> str:
    folded = _folded(word).strip()
    stem = folded.removesuffix("*").strip()
    if not stem:
        raise ValueError(f"{word!r} has no letters")
    inner = r"\s+".join(re2.escape(part) for part in stem.split())
    left = "" if _is_unspaced(stem[0]) else f"(?:^|{_EDGE})"
    right = "" if folded.endswith("*") or _is_unspaced(stem[-1]) else f"(?:$|{_EDGE})"
    return f"{left}{inner}{right}"


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return re.sub(r"\s+", " ", folded)


def _is_unspaced(char: str) -> bool:
    return unicodedata.name(char, "").startswith(_UNSPACED)
