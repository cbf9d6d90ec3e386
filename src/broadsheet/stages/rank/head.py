"""The head of a story: the one article that stands for it.

The origin took whatever scored best at the moment, so that one press release changed its publisher eight times in six
days. Here a head stays until another article is better by a margin, and says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

MARGIN = 15
"""How many points of quality a challenger must be ahead to take a sitting head's place: one keyword's worth."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that could be the head. `published` is UTC; `pinned` is an editor's word and beats all else.

    `is_copy` says that its text repeats another member's; `is_trusted` that the registry lists its publisher, and
    `is_official` that it is the subject's own voice.
    """

    id: str
    quality: int
    published: datetime
    is_copy: bool = False
    provider_name: str = ""
    is_trusted: bool = False
    is_official: bool = False
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class HeadChoice:
    """The id of the head, why it is the head (short whole sentences), and who came next.

    `distance` is by how many points of quality the head is ahead of `runner_up`, negative where it is behind and was
    chosen for another reason; both are None where there is only one article.
    """

    id: str
    reasons: tuple[str, ...]
    runner_up: str | None = None
    distance: int | None = None


def choose_head(candidates: Sequence[Candidate], current: str | None = None) -> HeadChoice:
    """The head among at least one candidate; `current` is the id of the sitting head.

    The order: pinned before not; an original before a copy; quality, which counts trust and officialdom already; of
    equals the official before a trusted publisher and that before any other, the earliest, and the id, so that the
    answer never depends on the order given. A sitting head
    keeps its place against a better challenger unless it is now a copy and the challenger is not, the challenger is
    pinned, or it is ahead by at least MARGIN points. Raises ValueError without a candidate.
    """
    if not candidates:
        raise ValueError("a story without articles has no head")
    ranked = sorted(candidates, key=_rank)
    sitting = next((candidate for candidate in ranked if candidate.id == current), None)
    head = ranked[0] if sitting is None else _winner(ranked, sitting)
    runner_up = next((candidate for candidate in ranked if candidate is not head), None)
    reasons = tuple(_reasons(head, runner_up, sitting))
    if runner_up is None:
        return HeadChoice(head.id, reasons)
    return HeadChoice(head.id, reasons, runner_up.id, head.quality - runner_up.quality)


def _rank(candidate: Candidate) -> tuple[bool, bool, int, bool, bool, datetime, str]:
    return (
        not candidate.pinned,
        candidate.is_copy,
        -candidate.quality,
        not candidate.is_official,
        not candidate.is_trusted,
        candidate.published,
        candidate.id,
    )


def _winner(ranked: Sequence[Candidate], sitting: Candidate) -> Candidate:
    """The first that stands before the sitting head and can take its place; so the rank of the head only ever rises,
    and a story whose articles do not change has a head that does not change."""
    ahead = ranked[: ranked.index(sitting)]
    return next((challenger for challenger in ahead if not _stays(sitting, challenger)), sitting)


def _stays(sitting: Candidate, challenger: Candidate) -> bool:
    if challenger.pinned and not sitting.pinned:
        return False
    if sitting.is_copy and not challenger.is_copy:
        return False
    return challenger.quality - sitting.quality < MARGIN


def _reasons(head: Candidate, other: Candidate | None, sitting: Candidate | None) -> list[str]:
    if other is None:
        return ["It is the only report of this story."]
    reasons = _advantages(head, other)
    if sitting is head and _rank(other) < _rank(head):
        reasons.insert(0, _why_it_stays(head, other))
    elif sitting is not None and sitting is not head:
        reasons.append(_why_it_changed(sitting, head))
    return [*reasons, _next_in_line(head, other)]


def _advantages(head: Candidate, other: Candidate) -> list[str]:
    """What it has over the runner-up, the strongest first."""
    claims = (
        (head.pinned, "An editor chose it."),
        (not head.is_copy and other.is_copy, "It is an original, and the runner-up repeats another report."),
        (head.is_official and not other.is_official, "It is the subject's own voice."),
        (head.is_trusted and not other.is_trusted, "Its publisher is one that this publication lists."),
        (head.quality > other.quality, f"Its quality is {head.quality}, the runner-up's {other.quality}."),
        (head.published < other.published, f"It came first, at {_clock(head.published)}."),
    )
    return [sentence for holds, sentence in claims if holds]


def _why_it_stays(head: Candidate, other: Candidate) -> str:
    ahead = other.quality - head.quality
    lead = f"is {_points(ahead)} ahead" if ahead > 0 else "is not ahead in quality"
    return f"It was the head before and stays: a challenger must be {MARGIN} points ahead, and {_name(other)} {lead}."


def _why_it_changed(sitting: Candidate, head: Candidate) -> str:
    if head.pinned:
        return f"It took the place of {_name(sitting)} at an editor's word."
    if sitting.is_copy and not head.is_copy:
        return f"It took the place of {_name(sitting)}, which turned out to repeat another report."
    return f"It took the place of {_name(sitting)}, {_points(head.quality - sitting.quality)} of quality behind it."


def _next_in_line(head: Candidate, other: Candidate) -> str:
    distance = head.quality - other.quality
    if distance == 0:
        return f"Next in line is {_name(other)}, of the same quality."
    side = "behind" if distance > 0 else "ahead"
    return f"Next in line is {_name(other)}, {_points(abs(distance))} of quality {side}."


def _name(candidate: Candidate) -> str:
    return candidate.provider_name or candidate.id


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


def _clock(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
