"""What failed while the rest went on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that failed, for the report and for `doctor`: the stage, the item's address, and why."""

    stage: str
    item: str
    reason: str
