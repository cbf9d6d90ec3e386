"""The publication's registry: topics in `_data/topics/NN-<id>.yaml`, publishers in `_data/organizations/<domain>.md`.

Both are read as the origin wrote them, and strictly: an unknown or missing key is a SettingsError with file and line.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from broadsheet.errors import SettingsError
from broadsheet.formats.yaml_files import line_of, load_yaml, split_front_matter
from broadsheet.model.images import Image
from broadsheet.model.taxonomy import Organization, Topic

MAX_BYTES = 256 * 1024
_TOPIC_FILE = re.compile(r"([0-9]{1,6})-(.+)\.ya?ml")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_TOPIC_KEYS = frozenset(
    ("taxonomy", "_id", "name", "shortname", "parent", "description", "keywords", "hashtags", "images", "services")
)
_ORGANIZATION_KEYS = frozenset(("taxonomy", "_id", "name", "otherNames", "domain", "description", "images"))
_IMAGE_KEYS = frozenset(("url", "width", "height"))


def read_topics(folder: Path) -> tuple[Topic, ...]:
    """The topics in the order of their files; none where the folder is missing.

    Raises SettingsError for a file that can't be read, for two topics of one id or name, for a parent that isn't
    there, and where not exactly one topic is without a parent (it is the site's own).
    """
    topics = tuple(_topic(path) for path in files_of(folder, (".yaml", ".yml")))
    _check_tree(folder, topics)
    return tuple(sorted(topics, key=lambda topic: topic.order))


def read_organizations(folder: Path) -> dict[str, Organization]:
    """The publishers by their domain; none where the folder is missing. Raises SettingsError."""
    organizations: dict[str, Organization] = {}
    for path in files_of(folder, (".md",)):
        organization = _organization(path)
        if organization.domain in organizations:
            raise SettingsError(f"{path}:1: the domain {organization.domain} is listed twice")
        organizations[organization.domain] = organization
    return organizations


def files_of(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """The files of a folder with one of these endings, sorted. Raises SettingsError."""
    if not folder.is_dir():
        return []
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in endings and path.is_file())
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror or error}") from error


def read_text(path: Path) -> str:
    """The text of a settings file, UTF-8, with LF. Raises SettingsError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from error
    if len(data) > MAX_BYTES:
        raise SettingsError(f"{path}: more than {MAX_BYTES // 1024} KiB, too large for a settings file")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{path}:{line}: not UTF-8") from error


def _topic(path: Path) -> Topic:
    numbered = _TOPIC_FILE.fullmatch(path.name)
    if not numbered:
        raise SettingsError(f"{path}: a topic's file is named NN-<id>.yaml, where NN is its place in the order")
    values = Values(path, load_yaml(read_text(path), name=str(path), as_text=True), _TOPIC_KEYS)
    values.must_be("taxonomy", "topic")
    values.list_of_images("images")
    return Topic(
        id=values.id(),
        name=values.text("name"),
        order=int(numbered[1]),
        shortname=values.optional("shortname"),
        parent=values.optional("parent"),
        description=values.optional("description"),
        keywords=values.list_of_text("keywords"),
        hashtags=values.list_of_text("hashtags"),
        services=values.map_of_text("services"),
    )


def _organization(path: Path) -> Organization:
    matter, _ = split_front_matter(read_text(path))
    if not matter:
        raise SettingsError(f"{path}:1: a publisher's file begins with front matter between two lines of ---")
    # The newline stands for the first `---`, so that the lines of errors are those of the file.
    values = Values(path, load_yaml("\n" + matter, name=str(path), as_text=True), _ORGANIZATION_KEYS)
    values.must_be("taxonomy", "organization")
    return Organization(
        id=values.id(),
        name=values.text("name"),
        domain=values.text("domain").lower(),
        other_names=values.list_of_text("otherNames"),
        description=values.optional("description"),
        images=values.list_of_images("images"),
    )


class Values:
    """A mapping whose values are asked for by their kind; all scalars are text."""

    def __init__(self, path: Path, value: object, known: frozenset[str], line: int = 1) -> None:
        self.path, self.line = path, line
        if not isinstance(value, Mapping):
            raise SettingsError(f"{path}:{line}: expected `key: value` lines")
        self.mapping = value
        for key in value:
            if key not in known:
                self.refuse(str(key), f"not a key of this file; known are {', '.join(sorted(known))}")

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Raises SettingsError with file, line and key."""
        line = line_of(self.mapping, key) if key in self.mapping else self.line
        raise SettingsError(f"{self.path}:{line}: {key}: {reason}")

    def optional(self, key: str) -> str | None:
        """A line of text, None where the key is missing or empty."""
        value = self.mapping.get(key, "")
        if not isinstance(value, str):
            self.refuse(key, "must be one line of text")
        return value.strip() or None

    def text(self, key: str) -> str:
        """A line of text that must be there."""
        value = self.optional(key)
        if value is None:
            self.refuse(key, "is missing")
        return value

    def id(self) -> str:
        """`_id`, which becomes a part of addresses."""
        value = self.text("_id")
        if not _ID.fullmatch(value):
            self.refuse("_id", "must be letters, digits, dots and hyphens: it becomes a part of addresses")
        return value

    def must_be(self, key: str, expected: str) -> None:
        """Refuses any other value."""
        if self.text(key) != expected:
            self.refuse(key, f"must be {expected}")

    def list_of_text(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where the key is missing."""
        values = self.mapping.get(key) or []
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(key, "must be a list, one text a line, each after a hyphen")
        return tuple(values)

    def map_of_text(self, key: str) -> dict[str, str]:
        """A mapping of texts; empty where the key is missing."""
        values = self.mapping.get(key) or {}
        if not isinstance(values, Mapping) or not all(isinstance(value, str) for value in values.values()):
            self.refuse(key, "must be `name: address` lines")
        return dict(values)

    def list_of_images(self, key: str) -> tuple[Image, ...]:
        """A list of images; empty where the key is missing."""
        values = self.mapping.get(key) or []
        if not isinstance(values, list):
            self.refuse(key, "must be a list of images, each with url, width and height")
        line = line_of(self.mapping, key)
        return tuple(Values(self.path, value, _IMAGE_KEYS, line).image() for value in values)

    def image(self) -> Image:
        """The mapping itself as an image."""
        return Image(self.text("url"), self.pixels("width"), self.pixels("height"))

    def pixels(self, key: str) -> int | None:
        """A number of pixels, None where the key is missing."""
        value = self.optional(key)
        if value is None:
            return None
        if not re.fullmatch(r"[1-9][0-9]{0,5}", value):
            self.refuse(key, "must be a number of pixels")
        return int(value)


def _check_tree(folder: Path, topics: tuple[Topic, ...]) -> None:
    if not topics:
        return
    for kind in ("id", "name"):
        seen: set[str] = set()
        for topic in topics:
            value = getattr(topic, kind)
            if value in seen:
                raise SettingsError(f"{folder}: two topics have the {kind} {value!r}")
            seen.add(value)
    names = {topic.name for topic in topics}
    for topic in topics:
        if topic.parent is not None and topic.parent not in names:
            raise SettingsError(f"{folder}: {topic.name!r} names the parent {topic.parent!r}, which is no topic's name")
    roots = [topic.name for topic in topics if topic.is_site]
    if len(roots) != 1:
        found = ", ".join(roots) or "none"
        raise SettingsError(f"{folder}: exactly one topic, the site's own, has no parent; found {found}")
