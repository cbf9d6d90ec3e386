"""A story as it enters the catalogue: what lists, feeds and the documents of the API show of it, and nothing else."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.providers import Told
from broadsheet.stages.publish.site.views import CorrectionView


class Item(NamedTuple):
    """A published record as the news API has it; `lists` are those of the news that it is in. `own_page` where the
    record names no page of a publisher, so that the site itself shows it."""

    path: str
    at: datetime
    lists: tuple[str, ...]
    own_page: bool


class Facts(NamedTuple):
    """What the catalogue keeps of a story as long as it is there: its card where lists show it, and which; its items,
    reports, corrections, and `copied`, the shelf whose report was repeated by somebody else, and when."""

    id: str
    card: Card | None
    lists: tuple[str, ...]
    items: tuple[Item, ...]
    told: tuple[Told, ...]
    copied: tuple[tuple[str, datetime], ...]
    corrections: tuple[CorrectionView, ...]
    title: str
    lang: str | None
    has_page: bool


class Entry(NamedTuple):
    """A story that was printed: its facts, and its `texts` as `packed` made them, which can be made anew."""

    facts: Facts
    texts: bytes

    @property
    def id(self) -> str:
        """The story's permanent id."""
        return self.facts.id


def packed(summary: str, items: Sequence[str], told: Sequence[str]) -> bytes:
    """What the API says of a story in lists, as few bytes as can be without work: its own line, its items, its reports.
    JSON has no null character, so one stands between them."""
    return "\0".join((summary, *items, *told)).encode("utf-8", "surrogatepass")


def unpacked(texts: bytes, number: int) -> str:
    """One of the texts again, by its place."""
    return texts.split(b"\0")[number].decode("utf-8", "surrogatepass")
