"""When it was published and changed, in the form that the page gave: with its zone, or a bare date.

What can't be true is not taken, and what is doubtful is said: see `Dated.doubt`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain

from broadsheet.stages.extract.date_sources import (
    Said,
    address_dates,
    head_dates,
    head_updates,
    is_month_first,
    labelled_dates,
    marked_dates,
    script_dates,
)
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page
from broadsheet.stages.extract.written_dates import read_date

_FIRST_YEAR = 1990
_EPOCHS = {"1970": "where computers begin to count", "1969": "where computers begin to count"}


@dataclass(frozen=True, slots=True)
class Dated:
    """What a page says of its publication outside its text: `machine` in the order of trust, `address`, and only
    where both are empty `labelled`. `refused` says why a date was not believed, empty where all were."""

    machine: tuple[Found[str], ...] = ()
    address: tuple[Found[str], ...] = ()
    labelled: tuple[Found[str], ...] = ()
    refused: str = ""


def read_dates(page: Page, latest: int) -> Dated:
    """All that can be said before the text is known.

    `latest` is the year in which the page was fetched: a year after the next one is no date of publication. It is
    not taken more exactly, because archives are often stamped with neutral dates.
    """
    month_first, refused = is_month_first(page), [""]
    read = _Reader(latest, month_first, refused)
    machine = list(read.all(head_dates(page)))
    if not machine or not _has_own_zone(machine[0].value):
        machine += read.all(marked_dates(page))
    address = tuple(read.all(address_dates(page.url)))
    if not machine or (address and address[0].value != machine[0].value[:10]):
        machine += read.all(script_dates(page.markup))  # a walk through all scripts
    labelled = () if machine or address else tuple(read.all(labelled_dates(page)))
    return Dated(tuple(machine), address, labelled, refused[0])


def find_updated(page: Page, latest: int) -> Found[str] | None:
    """JSON-LD dateModified, else meta."""
    read = _Reader(latest, is_month_first(page), [""])
    return next(read.all(head_updates(page)), None)


def find_published(page: Page, dated: Dated, lines: Sequence[str], title: str, latest: int) -> Found[str] | None:
    """The most believed date. `lines` are the short texts of the page in order, for what stands near `title`.

    Where the head of the page contradicts itself, the day that readers see near the title or in the address decides.
    """
    read = _Reader(latest, is_month_first(page), [""])
    if dated.machine:
        chosen = _corroborated(dated.machine, chain(dated.address, _dates_near(lines, title, read)))
        return _with_zone(chosen, chain(dated.machine, _dates_near(lines, title, read)))
    if dated.address:
        return dated.address[0]
    near = _Near.of(lines, title, read)
    labelled = next(iter(dated.labelled), None)
    beside = near.first() if near.has_title or labelled is None else None
    return beside or labelled or near.anywhere()


def doubt_about(found: Found[str] | None, dated: Dated, updated: Found[str] | None, fetched: datetime) -> str:
    """Why the date may be wrong, or why there is none; empty where nothing speaks against it."""
    if found is None:
        return dated.refused or "the page says nowhere when it was published"
    moment = _moment(found.value)
    if moment > fetched + timedelta(days=1):
        return f"{found.value} lies after the page was fetched"
    if len(found.value) > 10 and abs(moment - fetched) < timedelta(minutes=2):
        return "the very moment of the fetch: it may be when the page was built"
    if updated and _moment(updated.value) < moment - _SCHEDULED:
        return f"the page says that it was changed before, {updated.value}"
    if dated.address and abs(_moment(dated.address[0].value) - moment) > timedelta(days=2):
        return f"the address says {dated.address[0].value}"
    return dated.refused


_SCHEDULED = timedelta(days=7)  # an article that waits for its day was changed last before it


class _Reader:
    """Reads what is said, and leaves out what can't be true; the reason goes to `refused`."""

    def __init__(self, latest: int, month_first: bool, refused: list[str]) -> None:
        self.latest, self.month_first, self.refused = latest, month_first, refused

    def all(self, said: Iterable[Said]) -> Iterator[Found[str]]:
        for where, text in said:
            if found := self.one(where, text):
                yield found

    def one(self, where: str, text: str) -> Found[str] | None:
        when = read_date(text, month_first=self.month_first)
        if when is None:
            return None
        if _FIRST_YEAR <= int(when[:4]) <= self.latest + 1:
            return Found(when, where)
        why = _EPOCHS.get(when[:4]) or ("before there was a web" if int(when[:4]) < _FIRST_YEAR else "in the future")
        self.refused[0] = self.refused[0] or f"{where} says {when}, {why}"
        return None


# --- What stands near the title -------------------------------------------------------------------------------------

_BELOW, _ABOVE, _LINE, _DATELINE = 15, 6, 120, 40
_MIN_TITLE, _ARTICLE, _MAX_WORDS = 20, 9, 6
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SPAN = re.compile(r"\d\s?(?:-|–|—|bis|to|until)\s?\d{1,2}\.")
_LABEL = re.compile(
    r"\b(?:datum|date|fecha|data|veröffentlich\w+|publi\w+|posted|erstellt|erschienen|created|дата|опубликовано)\b",
    re.I,
)
_LABELLED = re.compile(r"\W*" + _LABEL.pattern, re.I)
_CHANGED = re.compile(
    r"©|\(c\)|copyright|\b(?:last )?(?:updated?|modified|edited|revised)|aktualisiert|letzte änderung|zuletzt"
    r"|mis à jour|modifi|actualiza|aggiorna|atualiza|güncelle|обновлен",
    re.I,
)
_BEGINS = re.compile(r"[\s(\[–—-]{0,3}(?:\d|[^\W\d_]{3,14}\.? \d)")


@dataclass(frozen=True, slots=True)
class _Near:
    """The lines of a page that may hold a date, those around the title first."""

    around: tuple[str, ...]
    others: tuple[str, ...]
    has_title: bool
    read: _Reader

    @classmethod
    def of(cls, lines: Sequence[str], title: str, read: _Reader) -> "_Near":
        place = _place(lines, title)
        at = place or 0
        steps = sorted([*range(1, _BELOW), *(-2 * step for step in range(_ABOVE))], key=abs)
        near = [at + step if step > 0 else at + step // 2 for step in steps if step]
        around = tuple(lines[i] for i in [*near, at] if 0 <= i < len(lines) and _may_date(lines[i]))
        others = tuple(filter(_may_date, (*lines[at + _BELOW :], *lines[: max(0, at - _ABOVE)][::-1])))
        return cls(around, others, place is not None, read)

    def dates(self) -> Iterator[Found[str]]:
        """The dates of short lines around the title."""
        return (found for line in self.around if (found := self._date(line)))

    def first(self) -> Found[str] | None:
        """The date of a line that says what it is, else of a short line, else the one that a paragraph begins with."""
        labelled = (found for line in self.around if _LABELLED.match(line) and (found := self._date(line)))
        return next(chain(labelled, self._opening(self.around)), None)

    def anywhere(self) -> Found[str] | None:
        """The first of the rest; the day of a change only where there is nothing else."""
        lines = (*self.around, *self.others)
        labelled = (found for line in self.others if _LABELLED.match(line) and (found := self._date(line)))
        plain = (found for line in lines if (found := self._date(line)))
        changed = (found for line in lines if (found := self._change(line)))
        return next(chain(labelled, plain, changed), None)

    def _opening(self, lines: Iterable[str]) -> Iterator[Found[str]]:
        for line in lines:
            found = self._date(line) if len(line) <= _LINE and _is_plain(line) else None
            if found is None and len(line) > _LINE and _BEGINS.match(line):
                found = self.read.one("text", line[:_DATELINE])
            if found:
                yield found

    def _date(self, line: str) -> Found[str] | None:
        """What a short line says before it comes to changes and rights, or where it says that it was published."""
        if len(line) > _LINE:
            return None
        if cut := _CHANGED.search(line):
            label = _LABEL.search(line, cut.end())
            line = line[label.start() :] if label else line[: cut.start()]
        return self.read.one("text", line) if len(line) >= 6 else None

    def _change(self, line: str) -> Found[str] | None:
        if len(line) > _LINE or not _CHANGED.search(line):
            return None
        return self.read.one("text about a change", line)


def _dates_near(lines: Sequence[str], title: str, read: _Reader) -> Iterator[Found[str]]:
    """Looks for the title only when the first date is asked for, which most pages need not."""
    yield from _Near.of(lines, title, read).dates()


def _may_date(line: str) -> bool:
    return _DIGIT.search(line) is not None


def _is_plain(line: str) -> bool:
    return len(_WORD.findall(line)) <= _MAX_WORDS and not _SPAN.search(line)


def _place(lines: Sequence[str], title: str) -> int | None:
    """Where the title stands among the lines: of several places the first that text follows."""
    folded = title.casefold()
    places = [at for at, line in enumerate(lines) if line.casefold() == folded]
    if not places and len(folded) >= _MIN_TITLE:
        start = folded[:_MIN_TITLE]
        places = [at for at, line in enumerate(lines) if line.casefold().startswith(start)]
    followed = (at for at in places if any(len(line) > _LINE for line in lines[at + 1 : at + _ARTICLE]))
    return next(chain(followed, places), None)


# --- Contradictions and zones ---------------------------------------------------------------------------------------

_OTHER_DAY = timedelta(hours=15)  # more than zones can make


def _corroborated(machine: Sequence[Found[str]], seen: Iterable[Found[str]]) -> Found[str]:
    """The first, unless readers see another day and a meta element (of scripts another script) says just that."""
    first = machine[0]
    kind = {"json-ld": "meta", "script": "script"}.get(first.where.split()[0])
    rivals = [other for other in machine[1:] if kind and other.where.startswith(kind)]
    rivals = [other for other in rivals if abs(_moment(other.value) - _moment(first.value)) > _OTHER_DAY]
    if not rivals:
        return first  # without a look at what readers see
    days = {found.value[:10] for found in seen}
    return first if first.value[:10] in days else next((other for other in rivals if other.value[:10] in days), first)


def _with_zone(found: Found[str], others: Iterable[Found[str]]) -> Found[str]:
    """The same instant with the publisher's own zone, where another place of the page lets us know it.

    A page that says 22:30Z in one place and 23:30+01:00 in another means the latter's day; one that says 23:30 and
    23:30+01:00 means the latter's instant; one that says 22:37Z and 23:37 has the zone +01:00, as no chance makes two
    clocks agree to an odd minute.
    """
    if len(found.value) == 10 or _has_own_zone(found.value):
        return found
    for other in others:
        if len(other.value) > 10 and (zoned := _zoned(found.value, other.value)):
            return Found(zoned, f"{found.where}, zone of {other.where}")
    return found


def _zoned(value: str, other: str) -> str | None:
    here, there = datetime.fromisoformat(value), datetime.fromisoformat(other)
    if here.tzinfo and there.tzinfo:
        same = abs(here - there) < timedelta(minutes=1) and there.utcoffset() != here.utcoffset()
        return here.astimezone(there.tzinfo).isoformat() if same else None
    if there.tzinfo and _has_own_zone(other):
        return f"{value}{other[19:]}" if value[:16] == other[:16] else None
    if here.tzinfo is None and there.tzinfo is None:
        return None
    ahead = (there.replace(tzinfo=None) - here.replace(tzinfo=None)) * (1 if here.tzinfo else -1)
    minutes, seconds = divmod(round(ahead.total_seconds()), 60)
    if seconds > 30:
        minutes += 1
    if not minutes or minutes % 15 or not -12 * 60 <= minutes <= 14 * 60 or here.minute % 15 == 0:
        return None
    zone = timezone(timedelta(minutes=minutes))
    local = here.astimezone(zone) if here.tzinfo else here.replace(tzinfo=zone)
    return local.isoformat()


def _has_own_zone(value: str) -> bool:
    return value[19:] not in {"", "Z", "+00:00"}


def _moment(value: str) -> datetime:
    """For comparisons of days only: what has no zone is taken as if in UTC."""
    if len(value) == 10:
        return datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
