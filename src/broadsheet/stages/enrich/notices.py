"""What people put into the publication beside the news: sponsors in `_data/sponsors/<id>.yml`, and what stays worth
reading in `_data/evergreen/<id>.yml`. Read strictly, as topics are: an error names the file and the line."""

import re
from datetime import date
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from broadsheet.errors import SettingsError
from broadsheet.formats.yaml_files import load_yaml
from broadsheet.model.letter import Evergreen
from broadsheet.model.sponsor import Place, Sponsor
from broadsheet.stages.enrich.registry import Values, files_of, read_text

_SPONSOR_KEYS = frozenset(
    ("taxonomy", "_id", "name", "text", "url", "startDate", "endDate", "places", "topics", "image")
)
_EVERGREEN_KEYS = frozenset(("taxonomy", "_id", "title", "text", "url", "startDate", "endDate"))
_ENDINGS = (".yml", ".yaml")

Notice = TypeVar("Notice", Sponsor, Evergreen)


def read_sponsors(folder: Path) -> tuple[Sponsor, ...]:
    """The sponsors in the order of their files; none where the folder is missing. Raises SettingsError."""
    return _each_once(folder, tuple(_sponsor(path) for path in files_of(folder, _ENDINGS)))


def read_evergreens(folder: Path) -> tuple[Evergreen, ...]:
    """What stays worth reading, in the order of the files; none where the folder is missing. Raises SettingsError."""
    return _each_once(folder, tuple(_evergreen(path) for path in files_of(folder, _ENDINGS)))


def _each_once(folder: Path, found: tuple[Notice, ...]) -> tuple[Notice, ...]:
    seen: set[str] = set()
    for one in found:
        if one.id in seen:
            raise SettingsError(f"{folder}: two files have the id {one.id!r}")
        seen.add(one.id)
    return found


def _sponsor(path: Path) -> Sponsor:
    values = _values(path, "sponsor", _SPONSOR_KEYS)
    starts, ends = _days(values)
    return Sponsor(
        id=values.id(),
        name=values.text("name"),
        text=values.text("text"),
        url=_address(values),
        starts=starts,
        ends=ends,
        places=_places(values) or tuple(Place),
        topics=values.list_of_text("topics"),
        image=_image(values),
    )


def _evergreen(path: Path) -> Evergreen:
    values = _values(path, "evergreen", _EVERGREEN_KEYS)
    starts, ends = _days(values)
    return Evergreen(values.id(), values.text("title"), values.optional("text") or "", _address(values), starts, ends)


def _values(path: Path, taxonomy: str, keys: frozenset[str]) -> Values:
    values = Values(path, load_yaml(read_text(path), name=str(path), as_text=True), keys)
    values.must_be("taxonomy", taxonomy)
    return values


def _address(values: Values) -> str:
    url = values.text("url")
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s<>\"\\]", url)
    except ValueError:
        good = False
    if not good:
        values.refuse("url", "must be an address that begins with https:// or http://")
    return url


def _days(values: Values) -> tuple[date | None, date | None]:
    starts, ends = _day(values, "startDate"), _day(values, "endDate")
    if starts and ends and ends < starts:
        values.refuse("endDate", "is before startDate")
    return starts, ends


def _day(values: Values, key: str) -> date | None:
    said = values.optional(key)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        values.refuse(key, "must be a day, such as 2026-11-22")


def _places(values: Values) -> tuple[Place, ...]:
    said = values.list_of_text("places")
    for one in said:
        if one not in tuple(Place):
            values.refuse("places", f"knows {', '.join(Place)}, not {one!r}")
    return tuple(Place(one) for one in said)


def _image(values: Values) -> str | None:
    said = values.optional("image")
    steps = (said or "assets/x").split("/")
    if steps[0] != "assets" or any(step in ("", ".", "..") for step in steps):
        values.refuse("image", "must be the path of a file below assets/ of the publication")
    return said
