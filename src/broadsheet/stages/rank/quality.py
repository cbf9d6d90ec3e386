"""Quality: how good an article is for readers of this publication, as a sum that shows its terms.

The points are the origin's, found from its records; they reproduce 660 of 674 exactly. Of the other 14 it had taken
points from nine pages of the subject's own publisher outside its blog and from four posts on a network that its
registry did not list, and somebody had raised one by hand.
"""

from dataclasses import dataclass

from broadsheet.model.score import Score, Term

TOPIC = 2
KEYWORD = 15
IMAGE = 20
AMP = 20
TRUSTED = 40
OFFICIAL = 10
VIDEO = 50
LONGEST_TITLE = 70


@dataclass(frozen=True, slots=True)
class Merits:
    """All that counts for the quality of an article.

    `topics` are the names of its topics and `keywords` their keywords that stand in the title, each as often as it
    is listed. A publisher is `trusted` when the registry lists it or when it is the subject's own, and `official` in
    the latter case. `title_length` is in characters.
    """

    title_length: int = 0
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    has_image: bool = False
    has_amp: bool = False
    is_trusted: bool = False
    is_official: bool = False
    is_video: bool = False


def quality(merits: Merits) -> Score:
    """The terms that count; their sum is never below zero, since a floor is a term too."""
    terms = [term for term in _terms(merits) if term.points]
    below_zero = -sum(term.points for term in terms)
    if below_zero > 0:
        terms.append(Term("floor at zero", below_zero))
    return Score(tuple(terms))


def _terms(merits: Merits) -> tuple[Term, ...]:
    return (
        Term("topics", TOPIC * len(merits.topics), ", ".join(merits.topics)),
        Term("keywords in the title", KEYWORD * len(merits.keywords), ", ".join(merits.keywords)),
        Term("image", IMAGE * merits.has_image),
        Term("AMP page", AMP * merits.has_amp),
        Term("trusted publisher", TRUSTED * merits.is_trusted),
        Term("official source", OFFICIAL * merits.is_official),
        Term("video", VIDEO * merits.is_video),
        Term("long title", -_too_long(merits.title_length), f"{merits.title_length} characters"),
    )


def _too_long(title_length: int) -> int:
    """One point for every two characters beyond 70."""
    return max(0, title_length - LONGEST_TITLE) // 2
