"""A story as it enters the catalogue: what lists, feeds and the documents of the API show of it, and nothing else."""

from datetime import datetime
from typing import NamedTuple

from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.providers import Told
from broadsheet.stages.publish.site.views import Chip, CorrectionView


class Item(NamedTuple):
    """A published record as the news API has it; `topics` are the ids of those of its topics that offer news.
    `own_page` where the record names no page of a publisher, so that the site itself shows it."""

    path: str
    at: datetime
    topics: tuple[str, ...]
    text: str
    own_page: bool


class Supplied(NamedTuple):
    """A report of a shown story, as the pages of its provider have it; `key` is the record's path, `text` the item of
    the API."""

    key: str
    step: str
    told: Told
    chip: Chip
    text: str


class Entry(NamedTuple):
    """A story in the catalogue: its card where lists show it and its line of the API, its items, reports, corrections,
    and `copied`, when whose report of it was repeated by somebody else."""

    id: str
    card: Card | None
    summary: str
    items: tuple[Item, ...]
    supplied: tuple[Supplied, ...]
    copied: tuple[tuple[str, datetime], ...]
    corrections: tuple[CorrectionView, ...]
    title: str
    lang: str | None
    has_page: bool
