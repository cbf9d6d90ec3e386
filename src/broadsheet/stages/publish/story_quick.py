"""Reads a story's file where it is just what we write; `story_reading` does all else, and says what is wrong.

Nothing is taken here that the patient reader would take otherwise: whatever is not of the expected kind is left to it.
Which kinds of values go together is decided once for each combination, not for each story.
"""

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from math import isfinite
from operator import itemgetter
from typing import Any

from broadsheet.model.story import Correction, DecidedBy, Member, Receipt, Story

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_LARGEST_NUMBER = 10**9

_STORY = itemgetter(
    "id", "title", "heat", "published", "topics", "heatTerms", "headReasons", "members", "corrections"
)  # fmt: skip
_MEMBER = itemgetter(
    "record", "title", "url", "providerName", "providerDomain", "publishedDateTime", "excerpt", "language", "type",
    "quality", "isHead", "copyOf", "sharedText", "adds", "receipt",
)  # fmt: skip
_RECEIPT = itemgetter(
    "decidedBy", "together", "similarity", "threshold", "runnerUp", "runnerUpSimilarity", "names", "numbers", "terms"
)
_CORRECTION = itemgetter("record", "at", "field", "before", "after")

_NONE = type(None)
_TEXT, _TEXT_OR_NONE, _NUMBER_OR_NONE = {str}, {str, _NONE}, {float, int, _NONE}
_STORY_KINDS = (_TEXT, _TEXT, {int}, {bool}, {list}, {list}, {list}, {list}, {list})
_MEMBER_KINDS = (
    _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT, _TEXT_OR_NONE, _TEXT_OR_NONE, _TEXT,
    {int}, {bool}, _TEXT_OR_NONE, _NUMBER_OR_NONE, _TEXT_OR_NONE, {dict},
)  # fmt: skip
_RECEIPT_KINDS = (
    _TEXT, {int}, _NUMBER_OR_NONE, _NUMBER_OR_NONE, _TEXT_OR_NONE, _NUMBER_OR_NONE, {list}, {list}, {dict},
)  # fmt: skip
_CORRECTION_KINDS = (_TEXT,) * 5
_ALL_KINDS = {
    "story": _STORY_KINDS,
    "member": _MEMBER_KINDS,
    "receipt": _RECEIPT_KINDS,
    "correction": _CORRECTION_KINDS,
}
_DECIDED = {str(one): one for one in DecidedBy}


class _OtherwiseError(Exception):
    """The patient reader is to look at it."""


def read_quickly(data: bytes) -> Story | None:
    """The story in a file's bytes; None leaves it to the patient reader. Whether the file lies at the path of its id is
    for the caller to see."""
    try:
        text = data.decode()
        if "\\u" in text:  # NUL and halves of surrogate pairs come in no other way
            return None
        values = json.loads(text)
        return _story(values) if type(values) is dict and "mergedInto" not in values else None
    except (ValueError, KeyError, OverflowError, RecursionError, _OtherwiseError):
        return None


def _story(values: dict[str, Any]) -> Story:
    story = id_, title, heat, published, topics, terms, reasons, members, corrections = _STORY(values)
    reachable = values.get("reachable", False)
    _check("story", story)
    _need(_ID.fullmatch(id_) is not None and type(reachable) is bool and -_LARGEST_NUMBER <= heat <= _LARGEST_NUMBER)
    made = Story(
        id_,
        title,
        heat,
        published,
        tuple([_member(m) for m in members]),
        _texts(topics),
        tuple([_term(t) for t in terms]),
        _texts(reasons),
        tuple([_correction(c) for c in corrections]),
        reachable,
    )
    _need(sum([m.is_head for m in made.members]) == 1)
    return made


def _member(values: Any) -> Member:
    _need(type(values) is dict)
    member = _MEMBER(values)
    _check("member", member)
    record, title, url, name, domain, published, excerpt, language, kind, *others = member
    quality, head, copy_of, shared, adds, receipt = others
    _need(-_LARGEST_NUMBER <= quality <= _LARGEST_NUMBER and (shared is None or isfinite(shared)))
    at, why = _instant(published), _receipt(receipt)
    rest = (excerpt, language, kind, quality, head, copy_of, shared, adds)
    return Member(record, title, url, name, domain, at, why, *rest)


def _receipt(values: dict[str, Any]) -> Receipt:
    receipt = decided_by, together, similarity, threshold, runner_up, second, names, numbers, terms = _RECEIPT(values)
    _check("receipt", receipt)
    decision = values.get("decision")
    _need(decided_by in _DECIDED and 1 <= together <= _LARGEST_NUMBER and type(decision) in _TEXT_OR_NONE)
    for value in terms.values():
        _need(type(value) is float or type(value) is int)
    _need(isfinite((similarity or 0) + (threshold or 0) + (second or 0) + sum(terms.values())))
    by = _DECIDED[decided_by]
    return Receipt(
        similarity, threshold, runner_up, second, _texts(names), _texts(numbers), terms, by, together, decision
    )  # fmt: skip


def _correction(values: Any) -> Correction:
    _need(type(values) is dict)
    correction = record, at, field, before, after = _CORRECTION(values)
    _check("correction", correction)
    return Correction(record, _instant(at), field, before, after)


def _term(values: Any) -> tuple[str, int]:
    _need(type(values) is dict)
    name, points = values["name"], values["points"]
    _need(type(name) is str and type(points) is int and -_LARGEST_NUMBER <= points <= _LARGEST_NUMBER)
    return name, points


def _instant(text: str) -> datetime:
    _need(_INSTANT.fullmatch(text) is not None)
    return datetime.fromisoformat(text).astimezone(UTC)


def _texts(values: list[Any]) -> tuple[str, ...]:
    for value in values:
        _need(type(value) is str)
    return tuple(values)


def _need(fits: bool) -> None:
    if not fits:
        raise _OtherwiseError


def _check(what: str, values: tuple[Any, ...]) -> None:
    if not _fits(what, tuple(map(type, values))):
        raise _OtherwiseError


@lru_cache(maxsize=1024)
def _fits(what: str, kinds: tuple[type, ...]) -> bool:
    return all(kind in allowed for kind, allowed in zip(kinds, _ALL_KINDS[what], strict=True))
