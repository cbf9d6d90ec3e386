"""Why a report stands at the head, in the site's language: the sentences that a story's file keeps, said again.

A story's file keeps them in English, one wording for each reason (`choose_head` writes them). A sentence that was
written otherwise, by an editor or by an older version, is shown as it is, and said to be English.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from broadsheet.stages.publish.site.words import Words

_POINTS = r"(?P<{0}>\d{{1,6}}) points?"
_ANOTHER = re.compile(r"another report of (.+)", re.DOTALL)
_STAYS = r"It was the head before and stays: a challenger must be (?P<margin>\d{1,6}) points ahead, "
_STAYS += r"and (?P<publisher>.+) is "
_AT = r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d) UTC\."
_N = _POINTS.format("points")
_WHOLE: Mapping[str, str] = {
    "It is the only report of this story.": "reason_only",
    "An editor chose it.": "reason_pinned",
    "It is an original, and the runner-up repeats another report.": "reason_original",
    "It is the subject's own voice.": "reason_official",
    "Its publisher is one that this publication lists.": "reason_trusted",
    "More of its text is found nowhere else.": "reason_own_text",
    "It is more complete than the runner-up.": "reason_complete",
}
_SENTENCES: Mapping[str, str] = {
    "reason_quality": r"Its quality is (?P<a>\d{1,6}), the runner-up's (?P<b>\d{1,6})\.",
    "reason_first": rf"It came first, at {_AT}",
    "reason_earlier": rf"It came before the runner-up, at {_AT}",
    "reason_stays": rf"{_STAYS}{_N} ahead\.",
    "reason_stays_level": rf"{_STAYS}not ahead in points\.",
    "reason_changed_pinned": r"It took the place of (?P<publisher>.+) at an editor's word\.",
    "reason_changed_copy": r"It took the place of (?P<publisher>.+), which turned out to repeat another report\.",
    "reason_changed": rf"It took the place of (?P<publisher>.+), {_N} behind it\.",
    "reason_next_same": r"Next in line is (?P<publisher>.+), with the same points\.",
    "reason_next_behind": rf"Next in line is (?P<publisher>.+), {_N} behind\.",
    "reason_next_ahead": rf"Next in line is (?P<publisher>.+), {_N} ahead\.",
}
_BEGINNING = 8
_KNOWN: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
"""The patterns by how their sentences begin: on every story's page a few are tried, not all."""
for _key, _sentence in _SENTENCES.items():
    _KNOWN.setdefault(_sentence[:_BEGINNING], []).append((_key, re.compile(_sentence, re.DOTALL)))


class Reason(NamedTuple):
    """A sentence, and whether it is in the language that the engine writes rather than in the site's."""

    text: str
    engine: bool


def reason(sentence: str, words: Words) -> Reason:
    """The sentence in the site's language where it is one that we know."""
    if sentence in _WHOLE:
        return Reason(words(_WHOLE[sentence]), engine=False)
    for key, known in _KNOWN.get(sentence[:_BEGINNING], ()):
        if found := known.fullmatch(sentence):
            with suppress(ValueError):  # a 31st of February: no sentence of ours
                values = {name: _VALUES[name](value, words) for name, value in found.groupdict().items()}
                return Reason(words(key, **values), engine=False)
    return Reason(sentence, engine=words.language.partition("-")[0] != "en")


def _points(value: str, words: Words) -> str:
    return words("points_n", n=int(value))


def _number(value: str, words: Words) -> str:
    return words.number(int(value))


def _time(value: str, words: Words) -> str:
    return words.instant(datetime.fromisoformat(value).replace(tzinfo=UTC))


def _publisher(value: str, words: Words) -> str:
    another = _ANOTHER.fullmatch(value)
    return words("reason_another", publisher=another[1]) if another else value


_VALUES: Mapping[str, Callable[[str, Words], str]] = {
    "margin": _points,
    "points": _points,
    "a": _number,
    "b": _number,
    "time": _time,
    "publisher": _publisher,
}
