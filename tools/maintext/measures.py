"""How near texts come to the truth, one figure for each source of truth."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from statistics import mean
from typing import Any

_WORD = re.compile(r"\w+")
_RUN = 4


def scores(truths: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> dict[str, tuple[int, float]]:
    """Source -> how many pages, F1: of runs of words where the text is known, of marked strings where they are."""
    by_source: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for truth in truths:
        if "text" in truth:
            by_source[f"{truth.get('source', 'pages')}: text"].append(truth)
        elif "with" in truth or "without" in truth:
            by_source[f"{truth.get('source', 'pages')}: marked strings"].append(truth)
    return {
        source: (len(rows), (_text_f1 if source.endswith(": text") else _marked_f1)(rows, texts))
        for source, rows in sorted(by_source.items())
    }


def _text_f1(truths: list[Mapping[str, Any]], texts: Mapping[str, str]) -> float:
    """Of mean precision and mean recall over runs of four words, as the article extraction benchmark measures."""
    precisions, recalls = [], []
    for truth in truths:
        wanted, found = _runs(truth["text"]), _runs(texts.get(truth["url"], ""))
        both = (wanted & found).total()
        if found:
            precisions.append(both / found.total())
        if wanted:
            recalls.append(both / wanted.total())
    return _f1(mean(precisions or [0.0]), mean(recalls or [0.0]))


def _marked_f1(truths: list[Mapping[str, Any]], texts: Mapping[str, str]) -> float:
    right = wrong = wanted = 0
    for truth in truths:
        text = " ".join(texts.get(truth["url"], "").split())
        right += sum(" ".join(marked.split()) in text for marked in truth.get("with", []))
        wrong += sum(" ".join(marked.split()) in text for marked in truth.get("without", []))
        wanted += len(truth.get("with", []))
    return _f1(right / max(1, right + wrong), right / max(1, wanted))


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))) if words else Counter()


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
