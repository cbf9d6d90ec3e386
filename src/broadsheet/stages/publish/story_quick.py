"""Reads a story's file where it is just what we write; `story_reading` does all else, and says what is wrong.

The patterns take nothing that `story_files` would not write again byte for byte, as those of records do. So nothing of
what they find needs to be checked for its kind, and whoever has read a file so need not write it out to have its text.
"""

import json
import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from broadsheet.model.making import maker
from broadsheet.model.story import Correction, DecidedBy, Member, Receipt, Story

_CHARACTERS = r'[^"\\\x00-\x1f]*+(?:\\["\\bfnrt][^"\\\x00-\x1f]*+)*+'  # \u stands for what is rare or can't be shown
_TEXT = f'"({_CHARACTERS})"'
_TEXT_OR_NULL = f"(?:null|{_TEXT})"
_INSTANT = '"([0-9]{4}-[01][0-9]-[0-3][0-9]T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)"'
_FLAG = "(true|false)"
_WHOLE = "(?:0|-?[1-9][0-9]{0,8})"
# No more than 15 digits, the last of them no zero: no shorter text is the same number. Those below 0.0001 have an `e`.
_FRACTION = r"-?(?!0\.0000)(?:0|[1-9][0-9]{0,8})\.(?:[0-9]{0,5}[1-9]|0)"
_TINY = r"-?[1-9](?:\.[0-9]{0,13}[1-9])?e-(?:0[5-9]|[1-9][0-9])"
_NUMBER = rf"(?:{_FRACTION}|{_TINY}|{_WHOLE})(?=[,\n])"
_NUMBER_OR_NULL = f"(?:null|({_NUMBER}))"


def _list(item: str, indent: int, marks: str = "[]") -> str:
    """A list, or with `{}` a map, as it stands at an indent; its group has what stands on the lines, without the first
    indent."""
    start = "\n" + " " * (indent + 2)
    return rf"\{marks[0]}(?:{start}({item}(?:,{start}{item})*+)\n{' ' * indent})?+\{marks[1]}"


def _plain(pattern: str) -> str:
    """The pattern without groups of its own."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


_TERM = f'{{\n      "name": {_TEXT},\n      "points": ({_WHOLE})\n    }}'
_CORRECTION = (
    f'{{\n      "record": {_TEXT},\n      "at": {_INSTANT},\n      "field": {_TEXT},\n      "before": {_TEXT},\n'
    f'      "after": {_TEXT}\n    }}'
)
_HEAD = (
    f'{{\n  "id": "([A-Za-z0-9][A-Za-z0-9_-]{{0,63}})",\n  "title": {_TEXT},\n  "heat": ({_WHOLE}),\n'
    f'  "published": {_FLAG},(\n  "reachable": true,)?+\n'
    f'  "topics": {_list(_plain(_TEXT), 2)},\n  "heatTerms": {_list(_plain(_TERM), 2)},\n'
    f'  "headReasons": {_list(_plain(_TEXT), 2)},\n  "members": \\['
)
_RECEIPT = (
    f'{{\n        "decidedBy": "({"|".join(DecidedBy)})",\n        "together": ([1-9][0-9]{{0,8}}),\n'
    f'        "similarity": {_NUMBER_OR_NULL},\n        "threshold": {_NUMBER_OR_NULL},\n'
    f'        "runnerUp": {_TEXT_OR_NULL},\n        "runnerUpSimilarity": {_NUMBER_OR_NULL},\n'
    f'        "names": {_list(_plain(_TEXT), 8)},\n        "numbers": {_list(_plain(_TEXT), 8)},\n'
    f'        "terms": {_list(f"{_plain(_TEXT)}: {_NUMBER}", 8, "{}")}'
    f'(?:,\n        "decision": (?!""){_TEXT})?+\n      }}'
)
_MEMBER = (
    f'\n    {{\n      "record": {_TEXT},\n      "title": {_TEXT},\n      "url": {_TEXT},\n'
    f'      "providerName": {_TEXT},\n      "providerDomain": {_TEXT},\n      "publishedDateTime": {_INSTANT},\n'
    f'      "excerpt": {_TEXT_OR_NULL},\n      "language": {_TEXT_OR_NULL},\n      "type": {_TEXT},\n'
    f'      "quality": ({_WHOLE}),\n      "isHead": {_FLAG},\n      "copyOf": {_TEXT_OR_NULL},\n'
    f'      "sharedText": {_NUMBER_OR_NULL},\n      "adds": {_TEXT_OR_NULL},\n      "receipt": {_RECEIPT}\n    }}(,?)'
)
_END = rf'\n  \],\n  "corrections": {_list(_plain(_CORRECTION), 2)}\n}}\n'

_STORY, _REPORT, _REST = (re.compile(pattern) for pattern in (_HEAD, _MEMBER, _END))
_TERMS, _CORRECTIONS = re.compile(_TERM), re.compile(_CORRECTION)
_DECIDED = {str(one): one for one in DecidedBy}
_ESCAPE = re.compile(r'\\(["\\bfnrt])')
_ESCAPED = {'"': '"', "\\": "\\", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_BETWEEN = {indent: '",\n' + " " * (indent + 2) + '"' for indent in (2, 8)}
_json = json.JSONDecoder().raw_decode
_make_story, _make_member, _make_receipt = maker(Story), maker(Member), maker(Receipt)


class _OtherwiseError(Exception):
    """The patient reader is to look at it."""


def read_quickly(data: bytes) -> Story | None:
    """The story in a file's bytes, of which `emit_story` gives just these bytes; None leaves it to the patient reader.
    Whether the file lies at the path of its id is for the caller to see."""
    try:
        return _story(data.decode())
    except (ValueError, _OtherwiseError):
        return None


def _story(text: str) -> Story:
    found = _need(_STORY.match(text))
    id_, title, heat, published, reachable, topics, terms, reasons = found.groups()
    members, at = _members(text, found.end())
    corrections = _need(_REST.fullmatch(text, at))[1]
    return _make_story(
        id_,
        _read(title),
        int(heat),
        published == "true",
        members,
        _topics(topics) if topics else (),
        tuple([(_read(name), int(points)) for name, points in _TERMS.findall(terms)]) if terms else (),
        _texts(reasons, 2) if reasons else (),
        tuple([_correction(*one) for one in _CORRECTIONS.findall(corrections)]) if corrections else (),
        reachable is not None,
    )


def _members(text: str, at: int) -> tuple[tuple[Member, ...], int]:
    """The members of the list that begins there, one of which is the head, and where they end."""
    members, more, escaped = [], ",", "\\" in text
    while more:
        found = _need(_REPORT.match(text, at))
        at = found.end()
        *values, more = found.groups()
        members.append(_member(*([_read_outside(v) for v in values] if escaped else values)))
    if sum([member.is_head for member in members]) != 1:
        raise _OtherwiseError
    return tuple(members), at


def _member(record: str, title: str, url: str, name: str, domain: str, published: str, *more: Any) -> Member:
    excerpt, language, kind, quality, head, copy_of, shared, adds, *receipt = more
    return _make_member(
        record,
        title,
        url,
        name,
        domain,
        datetime.fromisoformat(published),
        _receipt(*receipt),
        excerpt,
        language,
        kind,
        int(quality),
        head == "true",
        copy_of,
        _number(shared),
        adds,
    )


def _receipt(decided_by: str, together: str, similarity: str | None, *more: Any) -> Receipt:
    threshold, runner_up, second, names, numbers, terms, decision = more
    return _make_receipt(
        _number(similarity),
        _number(threshold),
        runner_up,
        _number(second),
        _texts(names, 8) if names else (),
        _texts(numbers, 8) if numbers else (),
        _numbers(terms) if terms else {},
        _DECIDED[decided_by],
        int(together),
        decision,
    )


def _correction(record: str, at: str, field: str, before: str, after: str) -> Correction:
    return Correction(_read(record), datetime.fromisoformat(at), _read(field), _read(before), _read(after))


def _texts(lines: str, indent: int) -> tuple[str, ...]:
    """The texts of a list: what ends a line ends a text, since there is no bare line feed in any."""
    texts = lines[1:-1].split(_BETWEEN[indent])
    return tuple([_read(text) for text in texts] if "\\" in lines else texts)


@lru_cache(maxsize=2_000)
def _topics_of(lines: str) -> tuple[str, ...]:
    return _texts(lines, 2)


def _topics(lines: str) -> tuple[str, ...]:
    """Topics go together in few ways. Long lists are left out, so that nobody fills the memory."""
    return _topics_of(lines) if len(lines) <= 400 else _texts(lines, 2)


def _numbers(lines: str) -> dict[str, float]:
    numbers: dict[str, float] = _json(f"{{{lines}}}")[0]
    if len(numbers) <= lines.count("\n"):  # one of the names stands twice
        raise _OtherwiseError
    return numbers


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    return float(text) if "." in text or "e" in text else int(text)


def _read(text: str) -> str:
    return _ESCAPE.sub(_escaped, text) if "\\" in text else text


def _read_outside(text: str | None) -> str | None:
    """The text, unless it is a list of texts, which begins with a quote, and whose texts are read one by one."""
    return text if text is None or text.startswith('"') else _read(text)


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPED[found[1]]


def _need(found: re.Match[str] | None) -> re.Match[str]:
    if found is None:
        raise _OtherwiseError
    return found
