"""How well copies are found: pairs of one family against pairs that were found to be copies."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from tests.quality.copy_cases import Case

from broadsheet.stages.stories.copies import CopyFinder
from broadsheet.stages.stories.sketches import sketch


@dataclass
class Scores:
    """Over all pairs, and by kind the share of copies found, and of things that are none taken for one."""

    precision: float = 0.0
    recall: float = 0.0
    first_is_original: float = 0.0
    found: dict[str, float] = field(default_factory=dict)
    wrong: dict[str, float] = field(default_factory=dict)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def families_found(cases: Sequence[Case]) -> list[int]:
    """For each case the index of the original of its family."""
    finder = CopyFinder(timedelta(days=4))
    for index, case in enumerate(cases):
        finder.add(index, case.article, sketch(case.article.text))
    copies = [finder.copy_of(index) for index in range(len(cases))]
    return [copy.original if copy else index for index, copy in enumerate(copies)]


def score(cases: Sequence[Case]) -> Scores:
    """Scores of one stream."""
    roots = families_found(cases)
    truth, found, both = (Counter(keys) for keys in _keys(cases, roots))
    scores = Scores(_pairs(both) / max(1, _pairs(found)), _pairs(both) / max(1, _pairs(truth)))
    original = {case.family: index for index, case in enumerate(cases) if case.kind == "original"}
    counts: dict[str, list[bool]] = defaultdict(list)
    for index, case in enumerate(cases):
        if case.kind.startswith("no copy"):
            counts[case.kind].append(found[roots[index]] > 1)
        elif case.kind != "original":
            counts[case.kind].append(roots[index] == roots[original[case.family]])
    shares = {kind: sum(hits) / len(hits) for kind, hits in sorted(counts.items())}
    scores.found = {kind: share for kind, share in shares.items() if not kind.startswith("no copy")}
    scores.wrong = {kind: share for kind, share in shares.items() if kind.startswith("no copy")}
    firsts = [roots[index] == index for index in original.values()]
    scores.first_is_original = sum(firsts) / max(1, len(firsts))
    return scores


def _keys(cases: Sequence[Case], roots: Sequence[int]) -> tuple[list[str], list[int], list[tuple[str, int]]]:
    families = [case.family for case in cases]
    return families, list(roots), list(zip(families, roots, strict=True))


def _pairs(groups: Counter) -> int:  # type: ignore[type-arg]
    return sum(size * (size - 1) // 2 for size in groups.values())
