"""The head of a story: the one article that stands for it.

The origin took whatever scored best at the moment, so that one press release changed its publisher eight times in six
days. Here a head stays until another article is better by a margin, and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from broadsheet.stages.rank.standing import Candidate, Standing, standings

__all__ = ["MARGIN", "Candidate", "HeadChoice", "choose_head", "head_of"]

MARGIN = 25
"""How many points a challenger must be ahead to take a sitting head's place: more than a picture or a fast page, which
come and go from one visit to the next, and more than all of originality and completeness."""

_COMPLETENESS = ("length", "excerpt", "author", "date")


@dataclass(frozen=True, slots=True)
class HeadChoice:
    """The id of the head, why it is the head (short whole sentences), and who came next.

    `distance` is by how many points the head is ahead of `runner_up`, negative where it is behind and was chosen for
    another reason; both are None where there is only one article. `standings` are the points of all, the best first,
    and `sitting` the id of the head before, None where none of the articles was it: from these two alone `head_of`
    gives the same head.
    """

    id: str
    reasons: tuple[str, ...]
    runner_up: str | None = None
    distance: int | None = None
    standings: tuple[Standing, ...] = ()
    sitting: str | None = None

    def as_json(self) -> dict[str, object]:
        """The receipt: `{head, reasons, runnerUp, distance, sitting, margin, standings}`."""
        return {
            "head": self.id,
            "reasons": list(self.reasons),
            "runnerUp": self.runner_up,
            "distance": self.distance,
            "sitting": self.sitting,
            "margin": MARGIN,
            "standings": [standing.as_json() for standing in self.standings],
        }


def choose_head(candidates: Sequence[Candidate], current: str | None = None) -> HeadChoice:
    """The head among at least one candidate; `current` is the id of the sitting head.

    The order: pinned before not; an original before a copy; points (quality, which counts trust and officialdom
    already, originality and completeness); of equals the official before a trusted publisher and that before any
    other, the earliest, and the id, so that the answer never depends on the order given. A sitting head
    keeps its place against a better challenger unless it is now a copy and the challenger is not, the challenger is
    pinned, or it is ahead by at least MARGIN points. Raises ValueError without a candidate.
    """
    if not candidates:
        raise ValueError("a story without articles has no head")
    ranked = standings(candidates)
    head = head_of(ranked, current)
    sitting = next((s for s in ranked if s.candidate.id == current), None)
    runner_up = next((s for s in ranked if s is not head), None)
    return HeadChoice(
        id=head.candidate.id,
        reasons=tuple(_reasons(head, runner_up, sitting)),
        runner_up=runner_up.candidate.id if runner_up else None,
        distance=head.score.total - runner_up.score.total if runner_up else None,
        standings=tuple(ranked),
        sitting=sitting.candidate.id if sitting else None,
    )


def head_of(ranked: Sequence[Standing], current: str | None) -> Standing:
    """The head of candidates in their order of preference."""
    sitting = next((s for s in ranked if s.candidate.id == current), None)
    return ranked[0] if sitting is None else _winner(ranked, sitting)


def _winner(ranked: Sequence[Standing], sitting: Standing) -> Standing:
    """The first that stands before the sitting head and can take its place; so the rank of the head only ever rises,
    and a story whose articles do not change has a head that does not change."""
    ahead = ranked[: ranked.index(sitting)]
    return next((challenger for challenger in ahead if not _stays(sitting, challenger)), sitting)


def _stays(sitting: Standing, challenger: Standing) -> bool:
    if challenger.candidate.pinned and not sitting.candidate.pinned:
        return False
    if sitting.candidate.is_copy and not challenger.candidate.is_copy:
        return False
    return challenger.score.total - sitting.score.total < MARGIN


def _reasons(head: Standing, other: Standing | None, sitting: Standing | None) -> list[str]:
    if other is None:
        return ["It is the only report of this story."]
    reasons = _advantages(head, other)
    if sitting is head and other.rank < head.rank:
        reasons.insert(0, _why_it_stays(head, other))
    elif sitting is not None and sitting is not head:
        reasons.append(_why_it_changed(sitting, head))
    return [*reasons, _next_in_line(head, other)]


def _advantages(head: Standing, other: Standing) -> list[str]:
    """What it has over the runner-up, the strongest first."""
    mine, theirs = head.candidate, other.candidate
    claims = (
        (mine.pinned, "An editor chose it."),
        (not mine.is_copy and theirs.is_copy, "It is an original, and the runner-up repeats another report."),
        (mine.is_official and not theirs.is_official, "It is the subject's own voice."),
        (mine.is_trusted and not theirs.is_trusted, "Its publisher is one that this publication lists."),
        (mine.quality > theirs.quality, f"Its quality is {mine.quality}, the runner-up's {theirs.quality}."),
        (mine.published < theirs.published, f"{_how_early(head)}, at {_clock(mine.published)}."),
        (_of(head, "text of its own") > _of(other, "text of its own"), "More of its text is found nowhere else."),
        (_of(head, *_COMPLETENESS) > _of(other, *_COMPLETENESS), "It is more complete than the runner-up."),
    )
    return [sentence for holds, sentence in claims if holds]


def _how_early(head: Standing) -> str:
    return "It came first" if _of(head, "first to tell") else "It came before the runner-up"


def _of(standing: Standing, *names: str) -> int:
    return sum(term.points for term in standing.score.terms if term.name in names)


def _why_it_stays(head: Standing, other: Standing) -> str:
    ahead = other.score.total - head.score.total
    lead = f"is {_points(ahead)} ahead" if ahead > 0 else "is not ahead in points"
    name = _name(other, head)
    return f"It was the head before and stays: a challenger must be {MARGIN} points ahead, and {name} {lead}."


def _why_it_changed(sitting: Standing, head: Standing) -> str:
    name = _name(sitting, head)
    if head.candidate.pinned:
        return f"It took the place of {name} at an editor's word."
    if sitting.candidate.is_copy and not head.candidate.is_copy:
        return f"It took the place of {name}, which turned out to repeat another report."
    return f"It took the place of {name}, {_points(head.score.total - sitting.score.total)} behind it."


def _next_in_line(head: Standing, other: Standing) -> str:
    distance, name = head.score.total - other.score.total, _name(other, head)
    if distance == 0:
        return f"Next in line is {name}, with the same points."
    side = "behind" if distance > 0 else "ahead"
    return f"Next in line is {name}, {_points(abs(distance))} {side}."


def _name(standing: Standing, head: Standing) -> str:
    """The publisher; said to be another report where it is the head's publisher too."""
    name = standing.candidate.provider_name or standing.candidate.id
    return f"another report of {name}" if name == head.candidate.provider_name else name


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


def _clock(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
