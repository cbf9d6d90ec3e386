"""Whether of two articles the later one repeats the earlier one."""

import re

from broadsheet.stages.stories.copy_index import Known
from broadsheet.stages.stories.sketches import RUNGS, Overlap, is_unspaced, overlap, runs_of, stems, told

COPY_SHARE = 0.55
"""From this share of its text on an article is a copy."""
EXTENDED_SHARE, EXTENDED_KEPT = 0.4, 0.8
"""Or from this share on, if it holds that much of the original: the whole of it, with something around."""
LEAST_SAMPLED = 5
SAME_FIGURES = 0.6
"""The same wording with fewer of its figures the same is a form that was filled in anew."""
LEAST_FIGURES = 3
LEAST_LEAD, LEAST_UNSPACED_LEAD = 12, 24
"""Words, and characters of scripts without blanks, in which two excerpts agree from the beginning."""

_SHORT_WORDS = re.compile(r"\b[a-z]{1,3}\b", re.IGNORECASE)


def likeness(later: Known, earlier: Known) -> float | None:
    """The share (0 to 1) of the later article's text that is the earlier one's, or None where it is no copy.

    The same address is the same article. Texts are compared by their sketches; where one of the two has none, or the
    headline is the same, by the beginnings of text and excerpt.
    """
    if later.address and later.address == earlier.address:
        return 1.0
    mine, theirs = runs_of(later.sketched), runs_of(earlier.sketched)
    if len(mine) and len(theirs):
        found = overlap(mine, theirs)
        if _is_same_text(found):
            return round(found.share, 4) if _is_about(later, earlier) else None
        if later.title != earlier.title or _is_form(found):
            return None
    return 1.0 if _same_beginning(later, earlier) and _is_about(later, earlier) else None


def _is_same_text(found: Overlap) -> bool:
    if found.sampled < LEAST_SAMPLED:
        return False
    if _is_form(found):
        return False
    return found.share >= COPY_SHARE or (found.share >= EXTENDED_SHARE and found.kept >= EXTENDED_KEPT)


def _is_form(found: Overlap) -> bool:
    return found.figures >= LEAST_FIGURES and found.same_figures < SAME_FIGURES * found.figures


def _same_beginning(later: Known, earlier: Known) -> bool:
    """Whether two of the beginnings agree as far as both go."""
    return any(
        _reach(mine, theirs) >= (LEAST_UNSPACED_LEAD if is_unspaced(later.excerpt or earlier.excerpt) else LEAST_LEAD)
        for mine in later.leads
        for theirs in earlier.leads
        if mine[0] == theirs[0]
    )


def _reach(mine: tuple[int, ...], theirs: tuple[int, ...]) -> int:
    """The words of the last rung that both have, or 0 where they differ in it."""
    last = 0
    for number, (one, other) in enumerate(zip(mine, theirs, strict=True)):
        if not one or not other:
            break
        last = RUNGS[number] if one == other else 0
    return last


def _is_about(later: Known, earlier: Known) -> bool:
    """Whether the headline speaks of what the original tells. Two pages whose menus or notices were taken for their
    text have the same text, and tell different things."""
    title = _telling(later.title)
    mine = stems(title)
    if not mine:
        return True
    known = mine & stems(f"{_telling(earlier.title)} {earlier.excerpt} {later.excerpt}")
    if 3 * len(known) >= len(mine):
        return True
    text = earlier.sketched if len(earlier.sketched) else later.sketched
    return bool(len(text)) and 5 * int(told(title, text).sum()) >= 2 * len(mine)  # it may err for a word in twelve


def _telling(title: str) -> str:
    """A headline without its short words, which every text has; whole where it has no others."""
    return _SHORT_WORDS.sub(" ", title) if len(_SHORT_WORDS.sub("", title).strip()) > 3 else title
