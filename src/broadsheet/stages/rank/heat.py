"""Heat: what decides whether readers see a story, and how high it stands. The rule is the origin's."""

from broadsheet.model.score import Score, Term

RELATED = 10
NOT_A_HEAD = -1
PUBLISHED_FROM = 70


def heat(quality: int, related: int) -> Score:
    """The heat of a story's head when it is first written: its quality, and ten for each related item.

    Records that are not the head of their story have the heat NOT_A_HEAD instead.
    """
    terms = [Term("quality", quality)]
    if related:
        terms.append(Term("related coverage", RELATED * related, f"{related} of other publishers"))
    return Score(tuple(terms))


def is_published(heat: int, threshold: int = PUBLISHED_FROM) -> bool:
    """Whether readers may see a record with this heat; never one that is not the head of its story."""
    return heat != NOT_A_HEAD and heat >= threshold
