"""Reads publishers' files (TOML), strictly: whatever is wrong is a SettingsError with file and line."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NoReturn

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from broadsheet.errors import SettingsError
from broadsheet.stages.extract.publishers.model import FIELDS, Place, Publisher, Rule, Wanted

MAX_BYTES = 64 * 1024
_MAX_PATTERN = 300
_TOP = ("name", "hosts", "rule")
_LISTS = ("text", "drop")
_DATES = ("from", "until")
_PATTERNS = ("only", "without", "split", "size")
_HOST = re.compile(r"(?=.{3,253}$)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_PLACE = re.compile(r"(meta|json|css|address|title)(?:\s+(.*?))?(?:\s+@([\w:-]+))?", re.S)


@cache
def bundled_publishers() -> Mapping[str, Publisher]:
    """Those that come with Broadsheet, by host."""
    folder = files(__package__)
    countries = sorted((f for f in folder.iterdir() if f.is_dir() and len(f.name) == 2), key=lambda f: f.name)
    found = [f for c in countries for f in sorted(c.iterdir(), key=lambda f: f.name) if f.name.endswith(".toml")]
    return by_host(parse_publisher(f.read_bytes(), f.name) for f in found)


def read_publishers(folder: Path) -> tuple[Publisher, ...]:
    """A publication's own (`_data/publishers/*.toml`, folders within it too); none where the folder is missing.

    Raises SettingsError, also where two files claim one host.
    """
    try:
        paths = sorted(folder.rglob("*.toml")) if folder.is_dir() else []
        found = [parse_publisher(path.read_bytes()[: MAX_BYTES + 1], str(path)) for path in paths]
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror or error}") from error
    by_host(found)
    return tuple(found)


def by_host(publishers: Iterable[Publisher]) -> dict[str, Publisher]:
    """Raises SettingsError where two claim one host."""
    hosts: dict[str, Publisher] = {}
    for publisher in publishers:
        for host in publisher.hosts:
            if host in hosts:
                raise SettingsError(
                    f"the host {host} is claimed by two publishers: {hosts[host].name}, {publisher.name}"
                )
            hosts[host] = publisher
    return hosts


def parse_publisher(data: bytes, file: str) -> Publisher:
    """The publisher of one file's bytes; `file` is its name for errors. Raises SettingsError."""
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{file}: more than {MAX_BYTES // 1024} KiB, too large for a publisher's rules")
    try:
        text = data.decode("utf-8-sig")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file}:{line}: not UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f"{file}: {error or 'nested too deep'}", hint="The file must be TOML 1.0") from error
    return _Reader(file, text).publisher(raw)


def parse_place(text: str) -> Place:
    """A place as files write it. Raises ValueError; whether a selector is one is not looked at."""
    found = _PLACE.fullmatch(text.strip())
    kind, name, attribute = found.groups(default="") if found else ("", "", "")
    if not found or bool(name) == (kind in ("address", "title")) or (attribute and kind != "css"):
        raise ValueError(
            f"{text!r} is no place; write meta NAME, json KEY, css SELECTOR [@ATTRIBUTE], title or address"
        )
    return Place(kind, name.lower() if kind == "meta" else name, attribute)  # type: ignore[arg-type]  # by the pattern


class _Reader:
    """Knows the line of a key for what it complains of."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.lines = file, text.splitlines()
        self.start = 0

    def publisher(self, raw: Mapping[str, Any]) -> Publisher:
        self._known(raw, _TOP)
        hosts = self._strings("hosts", raw.get("hosts"))
        for host in hosts:
            if not _HOST.fullmatch(host):
                self._refuse("hosts", f"{host!r} is not the name of a host, such as example.com")
        name = raw.get("name", hosts[0] if hosts else "")
        if not isinstance(name, str) or not name or not hosts:
            self._refuse("hosts" if not hosts else "name", "is missing or not a text")
        rules = raw.get("rule", [])
        if not isinstance(rules, list) or not rules or not all(isinstance(r, dict) for r in rules):
            self._refuse("rule", "write [[rule]] on a line of its own, once for each time that its lines hold")
        starts = [n for n, line in enumerate(self.lines) if re.match(r"\s*\[\[\s*rule\s*\]\]", line)]
        return Publisher(name, hosts, tuple(map(self._rule, rules, starts + [0] * (len(rules) - len(starts)))))

    def _rule(self, raw: Mapping[str, Any], start: int) -> Rule:
        self.start = start
        self._known(raw, (*FIELDS, *_LISTS, *_DATES))
        first, last = (self._day(key, raw.get(key)) for key in _DATES)
        if first and last and first >= last:
            self._refuse("until", "is not after `from`")
        lists = {key: self._strings(key, raw.get(key, [])) for key in _LISTS}
        for key, selectors in lists.items():
            for selector in selectors:
                self._selector(key, selector)
        fields = {key: self._wanted(key, raw[key]) for key in FIELDS if key in raw}
        if not (fields or lists["text"] or lists["drop"]):
            self._refuse("rule", f"says nothing; it may say {', '.join((*FIELDS, *_LISTS))}")
        return Rule(first, last, fields, lists["text"], lists["drop"])

    def _wanted(self, key: str, value: object) -> Wanted:
        table = value if isinstance(value, dict) else {"at": value}
        self._known(table, ("at", *_PATTERNS), key)
        places = tuple(self._place(key, text) for text in self._strings(key, table.get("at")))
        if not places:
            self._refuse(key, 'names no place, such as ["meta og:title"]')
        only, without, split, size = (self._pattern(key, table.get(name)) for name in _PATTERNS)
        if size is not None and not {"width"} < set(size.groupindex) <= {"width", "height", "x", "y"}:
            self._refuse(key, "`size` needs the groups width and height, or width, x and y, as in (?P<width>[0-9]+)")
        return Wanted(places, only, without, split, size)

    def _place(self, key: str, text: str) -> Place:
        try:
            place = parse_place(text)
        except ValueError as error:
            self._refuse(key, str(error))
        if place.kind == "css":
            self._selector(key, place.name)
        return place

    def _selector(self, key: str, selector: str) -> None:
        try:
            _EMPTY.css(selector)
        except (SelectolaxError, ValueError) as error:
            self._refuse(key, f"{selector!r} is no CSS selector ({error})")

    def _pattern(self, key: str, value: object) -> re.Pattern[str] | None:
        if value is None:
            return None
        if not isinstance(value, str) or not value or len(value) > _MAX_PATTERN:
            self._refuse(key, f"a pattern must be a text of at most {_MAX_PATTERN} characters")
        try:
            return re.compile(value, re.S)
        except (re.error, OverflowError, RecursionError) as error:
            self._refuse(key, f"{value!r} is no regular expression ({error})")

    def _day(self, key: str, value: object) -> date | None:
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self._refuse(key, "must be a day without quotes, such as 2024-05-31")
        return value

    def _strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            self._refuse(key, 'must be a list of texts, as in ["a", "b"]')
        return tuple(value)

    def _known(self, raw: Mapping[str, Any], known: tuple[str, ...], within: str = "") -> None:
        for key in raw:
            if key not in known:
                self._refuse(within or key, f"{key!r} is not known here; known are {', '.join(known)}")

    def _refuse(self, key: str, reason: str) -> NoReturn:
        pattern = re.compile(rf"\s*['\"]?{re.escape(key)}['\"]?\s*=")
        at = (n for n, line in enumerate(self.lines[self.start :], self.start) if pattern.match(line))
        raise SettingsError(f"{self.file}:{next(at, self.start) + 1}: {key}: {reason}")


_EMPTY = LexborHTMLParser("<p></p>")
