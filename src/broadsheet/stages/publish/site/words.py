"""Every word that the site itself says: a file a language in `languages/`, read once.

A text may hold `{names}`; the reader's own numbers and names are put in as they are: the templates escape the whole.
A text that depends on a number has a form for each of its language's plural categories, as Unicode's CLDR names them
(https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html); `other` is always there.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

Text = str | Mapping[str, str]

LANGUAGES = ("ar", "de", "en", "es", "fr", "ja")
_FOLDER = "languages"
_MOST_KEPT = 10_000
"""So many texts with a value put in are kept; then the keeping begins anew."""
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a language writes days and lists. Formats take `{weekday}`, `{day}`, `{month}` and `{year}`.

    The names of days begin with Monday. `whole` is a day with its weekday and year, `brief` one of the current week,
    `date` and `dated` a day without and with its year, `clocked` a `{date}` with its `{time}`. `comma` stands between
    the items of a list, `thousands` between groups of three digits.
    """

    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    whole: str
    brief: str
    date: str
    dated: str
    month: str
    clocked: str
    comma: str
    thousands: str


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the site; `language` is what goes into `<html lang>`, `direction` into its `dir`."""

    language: str
    direction: str
    texts: Mapping[str, Text]
    calendar: Calendar
    _said: dict[tuple[object, ...], str] = field(default_factory=dict, compare=False, repr=False)
    _around: dict[tuple[str, date], tuple[str, str]] = field(default_factory=dict, compare=False, repr=False)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key` with its values put in. A text with several forms takes the one for the value `n`."""
        if len(values) > 1:
            return self._text(key, values)
        said = (key, *values.values())  # numbers, publishers and days come again and again
        return self._said.get(said) or self._keep(said, self._text(key, values))

    def _keep(self, said: tuple[object, ...], text: str) -> str:
        if len(self._said) >= _MOST_KEPT:
            self._said.clear()
        self._said[said] = text
        return text

    def _text(self, key: str, values: Mapping[str, object]) -> str:
        text = self.texts[key]
        if not isinstance(text, str):
            n = values.get("n")
            text = text.get(plural(self.language, n if isinstance(n, int) else 0)) or text["other"]
        return text.format(**{name: self._shown(value) for name, value in values.items()})

    def _shown(self, value: object) -> str:
        """A value as it stands in a text; a foreign one is isolated, so that it does not turn what stands around it."""
        if isinstance(value, int):
            return f"{value:,}".replace(",", self.calendar.thousands)
        text = str(value)
        return f"\u2068{text}\u2069" if self.direction == "rtl" and _LATIN.search(text) else text

    def number(self, n: int) -> str:
        """`1,234`, with the mark that the language sets between thousands."""
        return self._shown(n)

    def listed(self, *items: str) -> str:
        """The items that are not empty, one after the other."""
        return self.calendar.comma.join([item for item in items if item])

    def field(self, name: str) -> str:
        """What a corrected field is called; its own name where we have no word for it."""
        return self._named(f"field_{name}", name)

    def part(self, name: str) -> str:
        """What a part of a score is called; its own name where we have no word for it."""
        return self._named(f"part_{name}", name)

    def _named(self, key: str, name: str) -> str:
        return self._said.get((key,)) or (self(key) if key in self.texts else name)

    def time(self, when: datetime) -> str:
        """`06:14`, in UTC."""
        utc = _utc(when)
        return clock(utc.hour, utc.minute)

    def moment(self, when: datetime, *, today: date | None = None) -> str:
        """`06:14` where the day is `today`, else `21 Nov`, with the year where it is another one."""
        day = _utc(when).date()
        return self.time(when) if day == today else self._put(self._form(day, today), day)

    def instant(self, when: datetime, *, today: date | None = None) -> str:
        """As `moment`, and always with the time: `21 Nov, 06:14`."""
        utc = _utc(when)
        day, time = utc.date(), clock(utc.hour, utc.minute)
        if day == today:
            return time
        before, after = self._around_time(self._form(day, today), day)
        return f"{before}{time}{after}"

    def _form(self, day: date, today: date | None) -> str:
        return self.calendar.date if today and today.year == day.year else self.calendar.dated

    def _around_time(self, form: str, day: date) -> tuple[str, str]:
        """What stands before and after the time of an instant on that day: there are few days, and many instants."""
        around = self._around.get((form, day))
        if around is None:
            before, _, after = self.calendar.clocked.format(date=self._put(form, day), time="\0").partition("\0")
            if len(self._around) >= _MOST_KEPT:
                self._around.clear()
            around = self._around[form, day] = before, after
        return around

    def day(self, day: date) -> str:
        """`Sunday 22 November 2026`."""
        return self._said.get((day,)) or self._keep((day,), self._day(day))

    def _day(self, day: date) -> str:
        c = self.calendar
        return c.whole.format(
            weekday=c.weekdays[day.weekday()], day=day.day, month=c.months[day.month - 1], year=day.year
        )

    def day_short(self, day: date) -> str:
        """`Sun 22 Nov`."""
        return self._put(self.calendar.brief, day)

    def month(self, day: date) -> str:
        """`November 2026`."""
        return self.calendar.month.format(month=self.calendar.months[day.month - 1], year=day.year)

    def _put(self, form: str, day: date) -> str:
        return self._said.get((form, day)) or self._keep((form, day), self._short(form, day))

    def _short(self, form: str, day: date) -> str:
        c = self.calendar
        weekday, month = c.weekdays_short[day.weekday()], c.months_short[day.month - 1]
        return form.format(weekday=weekday, day=day.day, month=month, year=day.year)


def _utc(when: datetime) -> datetime:
    return when if when.tzinfo is UTC else when.astimezone(UTC)


@cache
def clock(hour: int, minute: int) -> str:
    """`06:14`."""
    return f"{hour:02}:{minute:02}"


def plural(language: str, n: int) -> str:
    """The plural category of a whole number: `zero`, `one`, `two`, `few`, `many` or `other` (CLDR, cardinal)."""
    return _PLURALS.get(language.partition("-")[0], _one_is_one)(n)


def _one_is_one(n: int) -> str:
    return "one" if n == 1 else "other"


def _up_to_one(n: int) -> str:
    """French: nought is singular too."""
    return "one" if n in (0, 1) else "other"


def _always_other(_: int) -> str:
    return "other"


def _arabic(n: int) -> str:
    if n < 3:
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 > 10 else "other"


_PLURALS: Mapping[str, Callable[[int], str]] = {"ar": _arabic, "fr": _up_to_one, "ja": _always_other}


def words_for(locale: str) -> Words:
    """The words of a locale such as `en-us`; English, and said to be English, where we have no others."""
    language, _, region = locale.replace("_", "-").lower().partition("-")
    if language not in LANGUAGES:
        return _read("en")
    words = _read(language)
    tag = f"{language}-{region.upper()}" if len(region) == 2 else language
    return Words(tag, words.direction, words.texts, words.calendar)


@cache
def _read(language: str) -> Words:
    file = resources.files(__package__) / _FOLDER / f"{language}.toml"
    read = tomllib.loads(file.read_text("utf-8"))
    calendar: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in read["calendar"].items()}
    return Words(language, read["direction"], read["texts"], Calendar(**calendar))
