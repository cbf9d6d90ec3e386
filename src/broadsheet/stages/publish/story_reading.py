"""Reads the files that `story_files` writes. They lie in git, where anybody with a hand in it can have changed them:
every value is checked for its kind and its bounds, so that one bad file is left out and all others are published."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.model.instants import from_iso
from broadsheet.model.story import Correction, DecidedBy, Member, Moved, Receipt, Story
from broadsheet.stages.publish.story_files import story_path
from broadsheet.stages.publish.story_quick import read_quickly

LARGEST = 16 * 1024 * 1024
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# NUL stands for links in our templates; halves of surrogate pairs can't be written.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_LARGEST_NUMBER = 10**9


def read_story(data: bytes, *, path: str) -> Story | Moved:
    """The story of the file at `path`, or where it went. Raises Rejected with the path and what is wrong."""
    return read_filed(data, path=path)[0]


def read_filed(data: bytes, *, path: str) -> tuple[Story | Moved, bool]:
    """The same, and whether it is known that `emit_story` gives just these bytes of it."""
    quick = read_quickly(data) if len(data) <= LARGEST else None
    if quick is not None and path == story_path(quick.id):
        return quick, True
    try:
        if len(data) > LARGEST:
            raise ValueError(f"it has {len(data)} bytes; {LARGEST} are allowed")
        row = _Row(json.loads(data))
        story = Moved(row.id("id"), row.id("mergedInto")) if row.has("mergedInto") else _story(row)
        if path != story_path(story.id):
            raise ValueError(f"the story {story.id} is filed as {story_path(story.id)}")
    except (ValueError, OverflowError, RecursionError) as error:
        hint = "Restore it from git, or delete it and run again"
        raise Rejected(f"{path}: is not a story: {error}", hint=hint) from error
    return story, False


class _Row:
    """A JSON object whose values are asked for by their kind. Raises ValueError naming the key."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, Mapping):
            raise ValueError("an object was expected")
        self.values: Mapping[str, Any] = value

    def has(self, key: str) -> bool:
        return key in self.values

    def _value(self, key: str, *kinds: type) -> Any:
        if key not in self.values:
            raise ValueError(f"the key {key!r} is missing")
        value = self.values[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise ValueError(f"{key}: must not be {type(value).__name__}")
        return value

    def text(self, key: str) -> str:
        return _text(key, self._value(key, str))

    def optional(self, key: str) -> str | None:
        return None if self.values.get(key) is None else self.text(key)

    def id(self, key: str) -> str:
        value = self.text(key)
        if not _ID.fullmatch(value):
            raise ValueError(f"{key}: {value!r:.80} can't be part of an address")
        return value

    def whole(self, key: str) -> int:
        value: int = self._value(key, int)
        if abs(value) > _LARGEST_NUMBER:
            raise ValueError(f"{key}: is not a number that can be")
        return value

    def number(self, key: str) -> float | None:
        return None if self.values.get(key) is None else _number(key, self.values[key])

    def flag(self, key: str) -> bool:
        return bool(self._value(key, bool))

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(_text(key, value) for value in self._value(key, list)) if self.has(key) else ()

    def rows(self, key: str) -> "Sequence[_Row]":
        return [_Row(value) for value in self._value(key, list)]

    def row(self, key: str) -> "_Row":
        return _Row(self._value(key, dict))


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or _NO_TEXT.search(value):
        raise ValueError(f"{key}: is not text that can be shown")
    return value


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{key}: is not a number that can be")
    return value


def _story(row: _Row) -> Story:
    story = Story(
        id=row.id("id"),
        title=row.text("title"),
        heat=row.whole("heat"),
        published=row.flag("published"),
        members=tuple(_member(m) for m in row.rows("members")),
        topics=row.texts("topics"),
        heat_terms=tuple((t.text("name"), t.whole("points")) for t in row.rows("heatTerms")),
        head_reasons=row.texts("headReasons"),
        corrections=tuple(_correction(c) for c in row.rows("corrections")),
        reachable=row.has("reachable") and row.flag("reachable"),
    )
    if sum(m.is_head for m in story.members) != 1:
        raise ValueError("a story has exactly one head")
    return story


def _member(row: _Row) -> Member:
    return Member(
        record=row.text("record"),
        title=row.text("title"),
        url=row.text("url"),
        provider_name=row.text("providerName"),
        provider_domain=row.text("providerDomain"),
        published=from_iso(row.text("publishedDateTime")),
        receipt=_receipt(row.row("receipt")),
        excerpt=row.optional("excerpt"),
        language=row.optional("language"),
        type=row.text("type"),
        quality=row.whole("quality"),
        is_head=row.flag("isHead"),
        copy_of=row.optional("copyOf"),
        shared_text=row.number("sharedText"),
        adds=row.optional("adds"),
    )


def _receipt(row: _Row) -> Receipt:
    terms = row.row("terms").values if row.has("terms") else {}
    return Receipt(
        similarity=row.number("similarity"),
        threshold=row.number("threshold"),
        runner_up=row.optional("runnerUp"),
        runner_up_similarity=row.number("runnerUpSimilarity"),
        names=row.texts("names"),
        numbers=row.texts("numbers"),
        terms={_text("terms", name): _number(name, value) for name, value in terms.items()},
        decided_by=_decided_by(row),
        together=int(row.number("together") or 1),
        decision=row.optional("decision"),
    )


def _decided_by(row: _Row) -> DecidedBy:
    """Of receipts from before that was said, what the figures show."""
    said = row.optional("decidedBy")
    if said is not None and said in {str(one) for one in DecidedBy}:
        return DecidedBy(said)
    if row.optional("decision"):
        return DecidedBy.EDITOR
    return DecidedBy.NOTHING if row.number("similarity") is None else DecidedBy.SCORE


def _correction(row: _Row) -> Correction:
    at = from_iso(row.text("at"))
    return Correction(row.text("record"), at, row.text("field"), row.text("before"), row.text("after"))
