"""Scores that show their sum."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a score: a name that a person understands, its points, and what was found (may be empty)."""

    name: str
    points: int
    found: str = ""

    def as_json(self) -> dict[str, object]:
        """`{name, points, found}`."""
        return {"name": self.name, "points": self.points, "found": self.found}


@dataclass(frozen=True, slots=True)
class Score:
    """The terms and what they add up to. A floor at zero is a term of its own, so that the sum is always exact."""

    terms: tuple[Term, ...]

    @property
    def total(self) -> int:
        """The sum of the terms."""
        return sum(term.points for term in self.terms)
