"""The settings of a publication, read once from its folder: `broadsheet.toml`, or the origin's `_config.yml`.

Every table is a frozen dataclass; its fields are the keys, so that a key exists in one place only. A wrong key, type or
value is a SettingsError that begins with file and line.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from broadsheet.errors import SettingsError
from broadsheet.formats.yaml_files import load_yaml
from broadsheet.model.outgoing import DeploySettings, PushSettings
from broadsheet.model.publication import Site
from broadsheet.model.rules import Rule, RuleAction, RuleField
from broadsheet.model.source import Source, SourceKind

FILE = "broadsheet.toml"
ORIGIN_FILE = "_config.yml"
STATE_FOLDER = ".broadsheet"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Table = TypeVar("Table")


def _bounded(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"low": low, "high": high})


@dataclass(frozen=True, slots=True)
class PublishSettings:
    """`[publish]`: where the built site goes, the heat from which readers see a record, the subject's own domains.

    `ai_crawlers` is whether those who collect for language models are welcome. `pages` says from where the pages of the
    news API are numbered: the oldest record, so that a full page stays as it is, or the newest, as the origin did.
    `processes` is how many share the work where all is printed (0: as many as there are processors).
    """

    out: str = "public"
    threshold: int = _bounded(70, 0, 1000)
    official: tuple[str, ...] = ()
    commit: bool = True
    pictures: bool = True
    pictures_a_run: int = _bounded(500, 1, 100_000)
    marks: bool = True
    ai_crawlers: bool = True
    pages: str = field(default="oldest", metadata={"choices": ("oldest", "newest")})
    processes: int = _bounded(0, 0, 64)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """`[fetch]`: who we say we are, what we may reach, and our limits.

    `contact` goes into the User-Agent. `allow` lists exact `ip:port` addresses that are let through the guard.
    `replay` names WARC files that stand for the web; only hosts in `allow` are then asked live. `max_age_days` is how
    old an entry may be when we first see it (0: any age). With `keep` all that is fetched is kept as WARC files, for
    `keep_days` (0: for ever), the next one begun after `keep_file_mb`. `polls_per_day` is how many polls a source and
    day, on average, all sources together may use. With `image_sizes` the first bytes of a lead image are asked for
    where its page does not say how large it is.
    """

    contact: str = ""
    allow: tuple[str, ...] = ()
    replay: tuple[str, ...] = ()
    keep: bool = False
    keep_days: int = _bounded(0, 0, 36500)
    keep_file_mb: int = _bounded(256, 1, 4096)
    timeout_seconds: float = _bounded(20.0, 1, 300)
    host_delay_seconds: float = _bounded(1.0, 0, 60)
    threads: int = _bounded(16, 1, 256)
    max_age_days: int = _bounded(30, 0, 36500)
    max_attempts: int = _bounded(5, 1, 50)
    polls_per_day: float = _bounded(11.0, 0.1, 144)
    image_sizes: bool = True


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """`[health]`: whether the site has a page on its sources, and the webhook that is told of trouble with them.

    `secret` signs what is sent; one that begins with `$` names a variable of the environment.
    """

    page: bool = True
    webhook: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class StorySettings:
    """`[stories]`: how many days back an article can still change its story, and the language model that helps.

    `model` is `auto` (the best one that is installed), `none`, `english` or `multilingual`.
    """

    window_days: float = _bounded(4.0, 0.5, 60)
    model: str = field(default="auto", metadata={"choices": ("auto", "none", "english", "multilingual")})


@dataclass(frozen=True, slots=True)
class SubjectSettings:
    """`[subject]`: which articles belong to the publication at all.

    `match` is `any` (all that the sources give), `title` or `text` (a keyword of a topic must stand there).
    """

    match: str = field(default="any", metadata={"choices": ("any", "title", "text")})


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """`[serve]`: the address at which hubs reach `broadsheet serve` from outside; without it no hub is asked."""

    public_url: str = ""


@dataclass(frozen=True, slots=True)
class NewsletterSettings:
    """`[newsletter]`: when a letter is made, what goes into it, and who it says it is from.

    A letter is drafted by the first run after `hour` in `zone`: each day, or each week on `day`; `every = "off"` makes
    none. It has `stories` in full, at most `per_topic` of one topic (0: any number), up to `also` more in a line each,
    and `evergreen` of what stays worth reading. With fewer than `fewest` new stories there is none. `sender` is
    `Name <address>`, `imprint` the postal address that law asks for.
    """

    every: str = field(default="off", metadata={"choices": ("off", "daily", "weekly")})
    day: str = field(default="friday", metadata={"choices": _WEEKDAYS})
    hour: int = _bounded(11, 0, 23)
    zone: str = "UTC"
    stories: int = _bounded(5, 1, 30)
    also: int = _bounded(10, 0, 60)
    per_topic: int = _bounded(2, 0, 30)
    evergreen: int = _bounded(1, 0, 5)
    fewest: int = _bounded(1, 1, 100)
    sender: str = ""
    reply_to: str = ""
    imprint: str = ""


@dataclass(frozen=True, slots=True)
class MailSettings:
    """`[mail]`: the server that takes our mail.

    `security` is `starttls` (port 587), `tls` (port 465) or `none`, which is only for a server on this machine. A
    `password` that begins with `$` names a variable of the environment. `per_minute` is how many messages the server
    wants at most (0: any number).
    """

    host: str = ""
    port: int = _bounded(587, 1, 65535)
    security: str = field(default="starttls", metadata={"choices": ("starttls", "tls", "none")})
    user: str = ""
    password: str = ""
    per_minute: int = _bounded(0, 0, 100_000)
    timeout_seconds: float = _bounded(30.0, 1, 300)


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One `[[sources]]` block."""

    url: str
    kind: str = field(default="feed", metadata={"choices": tuple(SourceKind)})
    name: str = ""
    official: bool = False
    tags: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """One `[[rules]]` block: what it does, and the conditions that must all hold (`model.rules`)."""

    action: str = field(metadata={"choices": tuple(RuleAction)})
    name: str = ""
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()
    where: tuple[str, ...] = field(default=("title",), metadata={"each": tuple(RuleField)})
    provider: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of the publication in `folder`. `file` is where they were read from."""

    folder: Path
    file: Path
    site: Site
    sources: tuple[Source, ...] = ()
    rules: tuple[Rule, ...] = ()
    deploy: tuple[DeploySettings, ...] = ()
    push: tuple[PushSettings, ...] = ()
    publish: PublishSettings = field(default_factory=PublishSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    stories: StorySettings = field(default_factory=StorySettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    subject: SubjectSettings = field(default_factory=SubjectSettings)
    serve: ServeSettings = field(default_factory=ServeSettings)
    newsletter: NewsletterSettings = field(default_factory=NewsletterSettings)
    mail: MailSettings = field(default_factory=MailSettings)

    @property
    def state_folder(self) -> Path:
        """Where the store and the cached pictures are; never committed."""
        return self.folder / STATE_FOLDER

    @property
    def out_folder(self) -> Path:
        """Where `run` builds the site."""
        return self.folder / self.publish.out


_TABLES: Mapping[str, type] = {
    "publish": PublishSettings,
    "fetch": FetchSettings,
    "stories": StorySettings,
    "health": HealthSettings,
    "subject": SubjectSettings,
    "serve": ServeSettings,
    "newsletter": NewsletterSettings,
    "mail": MailSettings,
}


def read_settings(folder: Path) -> Settings:
    """The settings of the publication in `folder`. Raises SettingsError, also where there is no publication."""
    if (folder / FILE).is_file():
        return _from_toml(folder / FILE)
    if (folder / ORIGIN_FILE).is_file():
        return _from_origin(folder / ORIGIN_FILE)
    raise SettingsError(
        f"{folder} is not a publication: it has neither {FILE} nor {ORIGIN_FILE}",
        hint='Make one with: broadsheet new "Title" DIR',
    )


def _read_text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: byte {error.start} is not UTF-8", hint="Save the file as UTF-8") from error
    except OSError as error:
        raise SettingsError(f"{file}: can't be read ({error.strerror})") from error


def _toml(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file}: {error}", hint="The file must be TOML 1.0") from error


def _from_toml(file: Path) -> Settings:
    text = _read_text(file)
    raw = _toml(file, text)
    reader = _Reader(file, text)
    top = {k: v for k, v in raw.items() if k not in _TABLES and k not in _BLOCKS}
    site = reader.table(Site, top, "")
    tables: dict[str, Any] = {
        name: reader.table(form, _mapping(reader, raw, name), name) for name, form in _TABLES.items()
    }
    return Settings(
        file.parent,
        file,
        _completed(site),
        sources=reader.sources(raw.get("sources", [])),
        rules=reader.rules(raw.get("rules", [])),
        deploy=reader.blocks(DeploySettings, "deploy", raw.get("deploy", []), "to"),
        push=reader.blocks(PushSettings, "push", raw.get("push", []), "channel"),
        **tables,
    )


def read_rules(file: Path) -> tuple[Rule, ...]:
    """The `[[rules]]` of any TOML file, whatever else is in it. Raises SettingsError."""
    text = _read_text(file)
    return _Reader(file, text).rules(_toml(file, text).get("rules", []))


def _mapping(reader: "_Reader", raw: Mapping[str, object], name: str) -> dict[str, object]:
    value = raw.get(name, {})
    if not isinstance(value, dict):
        raise reader.error(name, "", f"must be a table: write [{name}] on a line of its own")
    return value


def _completed(keys: Site) -> Site:
    """Without slashes at the ends, and with the address for readers where it was left out."""
    url = keys.url.rstrip("/")
    base = "/" + keys.base_path.strip("/") if keys.base_path.strip("/") else ""
    web_url = keys.web_url.rstrip("/") or url + base
    return Site(keys.title, url, base, web_url, keys.locale, keys.description)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the tables of one file into their dataclasses, and knows the line of a key for what it complains of."""

    file: Path
    text: str
    start: int = 0  # the line of the block that is being read, where there are several of one name

    def table(self, form: type[Table], raw: Mapping[str, object], name: str, start: int = 0) -> Table:
        """The dataclass `form` from `raw`; `name` is the table's name, `start` the line its search begins at."""
        known = {f.name: f for f in fields(form)}  # type: ignore[arg-type]
        types = get_type_hints(form)
        for key in raw:
            if key not in known:
                raise self.error(name, key, self._unknown(key, name, known))
        for key, f in known.items():
            if key not in raw and f.default is MISSING and f.default_factory is MISSING:
                raise self.error(name, "", f"lacks the key {key!r}", start)
        values = {k: self._value(name, k, v, types[k], known[k].metadata) for k, v in raw.items()}
        return form(**values)

    def _unknown(self, key: str, name: str, known: Iterable[str]) -> str:
        words = [*known, *(() if name else (*_TABLES, *_BLOCKS))]
        close = difflib.get_close_matches(key, words, 1)
        hint = f"did you mean {close[0]!r}?" if close else f"it knows {', '.join(words)}"
        return f"there is no such key; {hint}"

    def _value(self, name: str, key: str, value: object, wanted: Any, limits: Mapping[str, Any]) -> object:
        if get_origin(wanted) is tuple:
            if not isinstance(value, list) or not all(isinstance(v, get_args(wanted)[0]) for v in value):
                raise self.error(name, key, 'must be a list of strings, as in ["a", "b"]')
            for one in value if "each" in limits else ():
                if one not in limits["each"]:
                    raise self.error(name, key, f"knows {', '.join(limits['each'])}, not {one!r}")
            return tuple(value)
        if wanted is float and type(value) is int:
            value = float(value)
        if type(value) is not wanted:
            raise self.error(name, key, f"must be {_WORDS[wanted]}, not {value!r}")
        return self._limited(name, key, value, limits)

    def _limited(self, name: str, key: str, value: Any, limits: Mapping[str, Any]) -> object:
        if "choices" in limits and value not in limits["choices"]:
            raise self.error(name, key, f"must be one of {', '.join(limits['choices'])}, not {value!r}")
        if "low" in limits and not limits["low"] <= value <= limits["high"]:
            raise self.error(name, key, f"must be between {limits['low']} and {limits['high']}, not {value}")
        return value

    def sources(self, raw: object) -> tuple[Source, ...]:
        """The `[[sources]]` blocks; the same address twice is an error, since it is the source's identity."""
        found: dict[str, Source] = {}
        for reader, block in self._blocks("sources", raw):
            keys = reader.table(SourceSettings, block, "sources", reader.start)
            if keys.url in found:
                raise self.error("sources", "url", f"{keys.url} is listed twice", reader.start)
            found[keys.url] = Source(
                keys.url, SourceKind(keys.kind), keys.name or None, keys.official, keys.tags, keys.private
            )
        return tuple(found.values())

    def rules(self, raw: object) -> tuple[Rule, ...]:
        """The `[[rules]]` blocks, in their order."""
        return tuple(reader._rule(block, n) for n, (reader, block) in enumerate(self._blocks("rules", raw), 1))

    def _rule(self, block: Mapping[str, object], number: int) -> Rule:
        from broadsheet.formats.patterns import Pattern, Words  # RE2 is loaded only where somebody made a rule

        keys = self.table(RuleSettings, block, "rules", self.start)
        for key, form in (("words", Words), ("unless", Words), ("regex", lambda each: [Pattern(e) for e in each])):
            try:
                form(getattr(keys, key) or ("any",))
            except ValueError as error:
                raise self.error("rules", key, str(error)) from error
        if keys.action == RuleAction.TAG and not keys.tags:
            raise self.error("rules", "tags", 'are missing: a tag rule needs them, as in tags = ["a"]', self.start)
        if keys.action != RuleAction.TAG and keys.tags:
            raise self.error("rules", "tags", 'only a rule with action = "tag" gives tags')
        return Rule(
            name=keys.name or f"{keys.action} {number}",
            action=RuleAction(keys.action),
            words=keys.words,
            unless=keys.unless,
            regex=keys.regex,
            where=tuple(RuleField(w) for w in keys.where),
            providers=keys.provider,
            languages=keys.language,
            topics=keys.topic,
            sources=keys.source,
            tags=keys.tags,
            line=self.start,
        )

    def blocks(self, form: type[Table], name: str, raw: object, identity: str) -> tuple[Table, ...]:
        """The blocks of this name, each a `form`; two with the same `identity` are an error."""
        found: dict[str, Table] = {}
        for reader, block in self._blocks(name, raw):
            one = reader.table(form, block, name, reader.start)
            known_as = getattr(one, identity)
            if known_as in found:
                raise self.error(name, "", f"{known_as} is listed twice; give them different names", reader.start)
            found[known_as] = one
        return tuple(found.values())

    def _blocks(self, name: str, raw: object) -> Iterator[tuple["_Reader", Mapping[str, object]]]:
        """Each block of this name, with a reader that looks for its lines there."""
        if not isinstance(raw, list) or not all(isinstance(r, dict) for r in raw):
            raise self.error(name, "", f"must be blocks: write [[{name}]] on a line of its own, once for each")
        head = re.compile(rf"\s*\[\[\s*{name}\s*\]\]")
        lines = [n for n, line in enumerate(self.text.splitlines(), 1) if head.match(line)]
        for block, start in zip(raw, lines + [0] * len(raw), strict=False):
            yield replace(self, start=start), block

    def error(self, table: str, key: str, what: str, line: int = 0) -> SettingsError:
        """`broadsheet.toml:12: [fetch] timeout_seconds: must be a number, not 'x'`."""
        line = line or self._line(table, key)
        place = " ".join(filter(None, [f"[{table}]" if table else "", key]))
        return SettingsError(f"{self.file}:{line}: {place + ': ' if place else ''}{what}")

    def _line(self, table: str, key: str) -> int:
        inside, first = not table, 1
        for number, line in list(enumerate(self.text.splitlines(), 1))[max(0, self.start - 1) :]:
            if head := re.match(r"\s*\[{1,2}\s*([\w.-]+)", line):
                inside = head.group(1) == table
                first = number if inside else first
            if inside and key and re.match(rf"\s*['\"]?{re.escape(key)}['\"]?\s*=", line):
                return number
        return first


_BLOCKS = ("sources", "rules", "deploy", "push")
_WORDS = {str: "a string in quotes", int: "a whole number", float: "a number", bool: "true or false"}


def _from_origin(file: Path) -> Settings:
    """Jekyll's `_config.yml`; keys that we have no use for are left alone."""
    raw = load_yaml(_read_text(file), name=str(file), allow_anchors=True)
    if not isinstance(raw, dict) or not isinstance(raw.get("title"), str):
        raise SettingsError(f"{file}:1: title: is missing or is not a string")
    text = {k: str(raw[k]) for k in ("title", "url", "locale", "description") if raw.get(k) is not None}
    keys = Site(**text, base_path=str(raw.get("baseurl") or ""), web_url=str(raw.get("webUrl") or ""))
    return Settings(file.parent, file, _completed(keys), publish=PublishSettings(pages="newest"))
