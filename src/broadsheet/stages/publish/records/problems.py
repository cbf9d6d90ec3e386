"""What is wrong with a record, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.errors import Rejected


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `line` counts from 1; `key` is the key with its parents (`images[0].width`), None where the
    matter is not one of a key. A problem `of_form` leaves no doubt about the meaning, so that `fmt` puts it right."""

    path: str
    line: int
    key: str | None
    reason: str
    of_form: bool = False

    def as_json(self) -> dict[str, object]:
        """`{path, line, key, reason}`, as `broadsheet records check` prints it."""
        return {"path": self.path, "line": self.line, "key": self.key, "reason": self.reason}

    def __str__(self) -> str:
        key = f"{self.key}: " if self.key else ""
        return f"{self.path}:{self.line}: {key}{self.reason}"


class RecordProblems(Rejected):
    """A record that is not as it must be, with all that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = tuple(problems)
