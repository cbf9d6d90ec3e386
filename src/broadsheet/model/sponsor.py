"""Who pays, and where and when that is said: `_data/sponsors/<id>.yml`."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Place(StrEnum):
    """Where a sponsor's words stand: on the front page, the pages of topics, days or stories, or in the newsletter."""

    FRONT = "front"
    TOPIC = "topic"
    DAY = "day"
    STORY = "story"
    LETTER = "letter"


@dataclass(frozen=True, slots=True)
class Sponsor:
    """`name` pays for `text`, which leads to `url`, an http(s) address.

    It stands in `places` from the day `starts` to the day `ends`, both included, UTC; None is without bound. `topics`
    are ids: it then stands only where one of them is the subject. `image` is the path of a file of the publication,
    below its folder (`assets/...`).
    """

    id: str
    name: str
    text: str
    url: str
    starts: date | None = None
    ends: date | None = None
    places: tuple[Place, ...] = tuple(Place)
    topics: tuple[str, ...] = ()
    image: str | None = None

    def stands(self, place: Place, on: date) -> bool:
        """Whether it is to be shown there on that day."""
        begun = self.starts is None or self.starts <= on
        return place in self.places and begun and (self.ends is None or on <= self.ends)


def sponsors_of(sponsors: tuple[Sponsor, ...], place: Place, on: date) -> tuple[Sponsor, ...]:
    """Those that stand there on that day, each day another one first, so that they share what only one can have."""
    shown = sorted((s for s in sponsors if s.stands(place, on)), key=lambda s: s.id)
    turn = on.toordinal() % len(shown) if shown else 0
    return tuple(shown[turn:] + shown[:turn])
