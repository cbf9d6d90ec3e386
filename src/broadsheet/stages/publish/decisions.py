"""The editor's decisions as files of the content repository: `_decisions/<name>.yaml`, one each.

So two editors on two branches never write the same file, and git merges what both decided. A person may write one by
hand, under any name; docs/stories.md shows the keys. Everything is checked, and an error names the file and the line.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NoReturn

from broadsheet.errors import Rejected, SettingsError
from broadsheet.formats.urls import host_of
from broadsheet.formats.yaml_files import MAX_CHARACTERS, line_of, load_yaml
from broadsheet.model.editorial import Decision, What
from broadsheet.model.instants import from_iso, iso

FOLDER = "_decisions"
ENDING = ".yaml"
MEMBERS_NAMED = 500
"""Of a larger story the head and those that follow it are named; the others join by similarity, as late ones do."""
_NEEDED = {
    What.MERGE: ("story", "into"),
    What.SPLIT: ("story", "articles"),
    What.MOVE: ("articles", "into"),
    What.PIN: ("articles",),
    What.UNPIN: ("articles",),
    What.UNDO: ("decision",),
}
_ALLOWED = {
    What.MERGE: ("members",),
    What.SPLIT: ("into", "members"),
    What.MOVE: ("story", "members"),
    What.PIN: ("story",),
    What.UNPIN: ("story",),
    What.UNDO: (),
}
_ALWAYS = ("what", "at", "by", "why")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_STORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_RECORD = re.compile(r"_news/[^/\x00-\x1f]{1,250}\.md")
_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+")
_LONGEST = 2000


def decision_path(name: str) -> str:
    """Where the decision of this name is filed."""
    return f"{FOLDER}/{name}{ENDING}"


def name_of(decision: Decision) -> str:
    """`20261122T101500Z-merge-` and six digits that follow from what it says, so that no two editors meet."""
    digest = hashlib.sha256(emit_decision(replace(decision, name="")).encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{decision.at:%Y%m%dT%H%M%SZ}-{decision.what.value}-{digest}"


def new_story(name: str) -> str:
    """The id of the story that the split of this name makes."""
    return hashlib.sha256(f"split\n{name}".encode()).hexdigest()[:12]


def emit_decision(decision: Decision) -> str:
    """The file's text: YAML, every text of ours or of strangers in double quotes."""
    lines = [f"what: {decision.what.value}", f"at: {iso(decision.at)}", f"by: {_quoted(decision.by)}"]
    for key in ("why", "story", "into", "decision"):
        if getattr(decision, key):
            lines.append(f"{key}: {_quoted(getattr(decision, key))}")
    if decision.articles:
        lines += ["articles:", *(f"  - {_quoted(article)}" for article in decision.articles)]
    return "\n".join(lines) + "\n" + emit_members(decision.members)


def emit_members(members: Mapping[str, tuple[str, ...]]) -> str:
    """The end of the file: who was in the stories concerned; nothing where that isn't known."""
    lines = ["members:"] if members else []
    for story, articles in members.items():
        lines += [f"  {_quoted(story)}:", *(f"    - {_quoted(article)}" for article in articles[:MEMBERS_NAMED])]
    return "".join(f"{line}\n" for line in lines)


def read_decision(data: bytes, *, path: str) -> Decision:
    """The decision of the file at `path`. Raises Rejected that begins with the path and the line."""
    try:
        if len(data) > 4 * MAX_CHARACTERS:
            raise SettingsError(f"{path}: more than {MAX_CHARACTERS // 1024} KiB, too large for a decision")
        return _Reader(path, load_yaml(data.decode("utf-8-sig"), name=path, as_text=True)).decision()
    except UnicodeDecodeError as error:
        raise Rejected(f"{path}: is not UTF-8") from error
    except SettingsError as error:
        raise Rejected(error.message, hint=error.hint) from error


class _Reader:
    """One file's mapping, asked key by key. Raises SettingsError."""

    def __init__(self, path: str, value: object) -> None:
        if not isinstance(value, Mapping):
            raise SettingsError(f"{path}:1: a decision begins with what: {' or '.join(What)}")
        self.path, self.values = path, value

    def decision(self) -> Decision:
        name = self.path.rsplit("/", 1)[-1].removesuffix(ENDING)
        if not _NAME.fullmatch(name):
            raise SettingsError(f"{self.path}: the name has other characters than letters, digits, '.', '_' and '-'")
        what = self._what()
        self._check_keys(what)
        made = Decision(
            name=name,
            at=self._instant(),
            by=self._text("by"),
            what=what,
            why=self._text("why", ""),
            story=self._story("story", ""),
            into=self._story("into", new_story(name) if what is What.SPLIT else ""),
            articles=self._articles() if "articles" in self.values else (),
            members=self._members(),
            decision=self._text("decision", "").removesuffix(ENDING),
        )
        return self._sensible(made)

    def _sensible(self, made: Decision) -> Decision:
        if made.what in (What.MERGE, What.SPLIT) and made.story == made.into:
            self._refuse("into", "is the story itself")
        if made.what is What.PIN and len(made.articles) != 1:
            self._refuse("articles", "a story has one head")
        if made.what is What.SPLIT and made.members and set(made.members.get(made.story, ())) <= set(made.articles):
            self._refuse("articles", "are all that the story has; nothing would stay")
        return made

    def _what(self) -> What:
        said = self._text("what")
        if said not in set(What):
            self._refuse("what", f"{said!r:.40} is none of {', '.join(What)}{_meant(said, list(What))}")
        return What(said)

    def _check_keys(self, what: What) -> None:
        known = (*_ALWAYS, *_NEEDED[what], *_ALLOWED[what])
        for key in self.values:
            if key not in known:
                self._refuse(key, f"is no key of a {what.value}{_meant(str(key), list(known))}")
        for key in _NEEDED[what]:
            if key not in self.values:
                raise SettingsError(f"{self.path}:1: {key} is missing; a {what.value} needs it")

    def _instant(self) -> datetime:
        try:
            return from_iso(self._text("at"))
        except (ValueError, OverflowError):
            self._refuse("at", "is not an instant with a zone, such as 2026-11-22T10:00:00Z")

    def _text(self, key: str, otherwise: str | None = None) -> str:
        value = self.values.get(key, otherwise)
        if value is None:
            raise SettingsError(f"{self.path}:1: {key} is missing")
        if not isinstance(value, str) or len(value) > _LONGEST:
            self._refuse(key, "is not a short text")
        if otherwise is None and not value.strip():
            self._refuse(key, "is empty")
        return " ".join(_UNSHOWN.sub(" ", value).split())

    def _story(self, key: str, otherwise: str) -> str:
        return self._id(key, self._text(key, otherwise)) if key in self.values else otherwise

    def _id(self, key: object, value: object) -> str:
        if not isinstance(value, str) or not _STORY.fullmatch(value):
            self._refuse(key, f"{value!r:.80} is not the id of a story")
        return value

    def _articles(self) -> tuple[str, ...]:
        value = self.values["articles"]
        return self._named("articles", [value] if isinstance(value, str) else value)

    def _named(self, key: object, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not value:
            self._refuse(key, "is not a list of articles")
        for article in value:
            if not isinstance(article, str) or not (_RECORD.fullmatch(article) or host_of(article)):
                self._refuse(key, f"{article!r:.120} is neither the address of an article nor a record (_news/....md)")
        return tuple(dict.fromkeys(value))

    def _members(self) -> dict[str, tuple[str, ...]]:
        value = self.values.get("members", {})
        if not isinstance(value, Mapping):
            self._refuse("members", "is not a mapping from stories to their articles")
        return {self._id("members", story): self._named("members", named) for story, named in value.items()}

    def _refuse(self, key: object, reason: str) -> NoReturn:
        raise SettingsError(f"{self.path}:{line_of(self.values, str(key))}: {key!s:.40}: {reason}")


def _meant(said: str, known: list[str]) -> str:
    near = difflib.get_close_matches(said, known, 1)
    return f"; {near[0]} was meant, perhaps" if near else ""


def _quoted(text: str) -> str:
    return json.dumps(_UNSHOWN.sub(" ", text), ensure_ascii=False)
