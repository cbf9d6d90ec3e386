"""Publishers' pages: what each reported, how often it told a story first, how often others repeated it; and the list.

A page shows what its publisher's own reports give, so that an article changes the page of its publisher and no other:
nothing of a story's heat or of how many reports it has. What others do to a publisher, repeat it, is counted up to its
newest report. Pages are numbered from the oldest report, and a full one is closed; the open one is at the publisher's
address.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.site.links import provider_page_path, provider_step, web_address
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.views import Chip, Report, StoryView

INDEX = "providers/"


class Told(NamedTuple):
    """A report as its publisher's page shows it. `shelf` is the name of the list that it is in, `key` what it is there:
    the record's path, or where it has none the story and the address. `story` is the path of the story's page. `first`
    where no independent report of the story is older, so of a story that nobody else told too. `repeats` names the
    publisher whose text it repeats, empty where that report is not in the story, None where it is no copy."""

    key: str
    shelf: str
    chip: Chip
    record: str
    at: datetime
    title: str
    lang: str | None
    story: str
    first: bool
    repeats: str | None


@dataclass(frozen=True, slots=True)
class Provider:
    """A publisher and its figures: how many reports of its own, how many copies of others', how many stories it told
    first, and how often others repeated it until its newest report. `official` where it is the subject's own voice,
    `trusted` where the registry lists it."""

    chip: Chip
    step: str
    official: bool
    trusted: bool
    reports: int
    copies: int
    first: int
    copied: int

    @property
    def path(self) -> str:
        """Of its open page."""
        return f"{INDEX}{self.step}/"

    @property
    def site(self) -> str | None:
        """Its own address, None where its domain is none."""
        return web_address(f"https://{self.chip.domain}/")


@lru_cache(maxsize=4096)
def shelf_of(domain: str) -> str | None:
    """The name of the list with a publisher's reports, `providers/<step>`; None as `provider_step`."""
    step = provider_step(domain)
    return None if step is None else INDEX + step


def told_in(view: StoryView) -> Iterator[Told]:
    """The reports of a story whose publishers have pages."""
    opening = _opening(view)
    for report in view.reports:
        shelf, member = shelf_of(report.chip.domain), report.member
        if shelf is not None:
            yield Told(
                member.record or f"{view.id} {member.url}",
                shelf,
                report.chip,
                member.record,
                report.at,
                report.title,
                report.lang,
                view.path,
                report is opening,
                None if member.copy_of is None else _name_of(view, member.copy_of),
            )


def _name_of(view: StoryView, record: str) -> str:
    return next((r.chip.name for r in reversed(view.reports) if r.member.record == record), "")


def _opening(view: StoryView) -> Report | None:
    if len(view.independent) == 1:
        return view.independent[0]
    return min(view.independent, key=lambda r: (r.at, r.title), default=None)


def copied_in(view: StoryView) -> Iterator[tuple[str, datetime]]:
    """When reports of a story repeated another publisher's, with the name of that one's list."""
    by_record = {r.member.record: shelf_of(r.chip.domain) for r in view.reports}
    for copy in view.copies:
        shelf = by_record.get(copy.member.copy_of or "")
        if shelf is not None and shelf != shelf_of(copy.chip.domain):
            yield shelf, copy.at


def provider_page(
    theme: Theme, provider: Provider, told: Sequence[Told], *, page: int | None, closed: int
) -> OutputFile:
    """A page of a publisher with the reports on it, shown newest first.

    `page` is the number of a closed page, None for the open one; `closed` is how many closed pages there are.
    """
    words, path = theme.words, provider_page_path(provider.step, page) or provider.path
    newest_first = sorted(told, key=lambda t: (t.at, t.record, t.title), reverse=True)
    older = (closed if page is None else page - 1) or None
    newer = page + 1 if page is not None and page < closed else None
    name = provider.chip.name
    return theme.page(
        "provider.html",
        path,
        heading=name if page is None else words("topic_page", topic=name, n=page),
        description=words("provider_description", publisher=name, title=theme.title),
        provider=provider,
        days=[(day, list(group)) for day, group in groupby(newest_first, key=lambda t: t.at.date())],
        page=page,
        older=provider_page_path(provider.step, older) if older else None,
        newer=None if page is None else provider_page_path(provider.step, newer),
    )


def provider_index(theme: Theme, providers: Iterable[Provider]) -> OutputFile:
    """All publishers from A to Z, without figures: the list changes only when there is another publisher."""
    by_name = sorted(providers, key=lambda p: (_plain(p.chip.name), p.step))
    groups = [(letter, list(group)) for letter, group in groupby(by_name, key=lambda p: _letter(p.chip.name))]
    words = theme.words
    return theme.page(
        "providers.html",
        INDEX,
        heading=words("providers"),
        description=words("providers_deck"),
        groups=groups,
    )


def _plain(name: str) -> str:
    """The name as it is sorted: without case and without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def _letter(name: str) -> str:
    """The heading under which a name stands: its first letter, or `0–9`."""
    first = next((c for c in _plain(name) if c.isalnum()), "")
    return "0–9" if not first or first.isdigit() else first.upper()
