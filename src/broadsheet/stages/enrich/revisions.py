"""What a publisher changed in an article that we had already: the corrections that readers are told of."""

import difflib
import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from broadsheet.model.article import Article
from broadsheet.model.kept import Change

ALIKE = 0.6  # a sentence that keeps this much of itself was changed; below it, one left and another came
CHANGES_TOLD = 5
SENTENCES_COMPARED = 400
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+|(?<=[。！？])")


def changes_between(article_id: str, before: Article, after: Article, at: datetime) -> list[Change]:
    """The title and the sentences that were changed; at most five, for more is a new article and not a correction.

    Sentences that were only added are no change of what was said.
    """
    told = [Change(article_id, at, "title", before.title, after.title)] if before.title != after.title else []
    pairs = _changed_sentences(_sentences(before.text), _sentences(after.text))
    told += [Change(article_id, at, "text", old, new) for old, new in pairs]
    return told[:CHANGES_TOLD]


def _sentences(text: str) -> list[str]:
    folded = (re.sub(r"\s+", " ", s).strip() for s in _SENTENCE.split(text))
    return [s for s in folded if s][:SENTENCES_COMPARED]


def _changed_sentences(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "replace":
            yield from _pairs(before[a:b], after[c:d])


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each old sentence with the new one that it most resembles, if it does resemble one."""
    for sentence in old:
        close = difflib.get_close_matches(sentence, new, 1, ALIKE)
        if close and close[0] != sentence:
            yield sentence, close[0]
