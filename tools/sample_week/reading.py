"""Reads the sources of the sample week: `publishers.toml` and the stories in `stories/*.md`.

A file of stories is made of blocks. `# label` begins a story; `@@ publisher time slug` begins an article of it; then
come `key: value` lines, an empty line, and paragraphs. `<< slug` as a paragraph stands for the paragraphs of another
article, word for word. `change: old => new` with `updated:` is what the publisher altered later.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Publisher:
    """One table of `publishers.toml`, see its head."""

    key: str
    name: str
    domain: str
    tagline: str
    layout: str
    language: str
    offset: int
    path: str
    feeds: list[str]
    kind: str
    picture: tuple[int, int]
    mark: tuple[str, str, str]
    nav: list[str]
    trusted: bool = False
    official: bool = False
    amp: bool = False
    paywalled: bool = False
    generic: str = ""
    outage: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """The address of the front page, without a slash at its end."""
        return f"https://{self.domain}"


@dataclass(frozen=True)
class Article:
    """An article as its publisher wrote it; `when` is the hour that it appeared, UTC."""

    publisher: Publisher
    story: str
    slug: str
    when: datetime
    number: int
    paragraphs: tuple[str, ...]
    values: dict[str, str]
    changes: tuple[tuple[str, str], ...] = ()
    copy_of: str = ""

    def get(self, key: str) -> str:
        """The value of a key, empty where it wasn't given."""
        return self.values.get(key, "")

    @property
    def path(self) -> str:
        """The address on the publisher's site."""
        local = self.local
        parts = {"year": f"{local:%Y}", "month": f"{local:%m}", "day": f"{local:%d}", "date": f"{local:%Y-%m-%d}"}
        made = self.publisher.path.format(slug=self.slug, number=self.number, compact=f"{local:%Y%m%d}", **parts)
        return self.get("path") or made

    @property
    def url(self) -> str:
        """The whole address."""
        return self.publisher.home + self.path

    @property
    def local(self) -> datetime:
        """`when` in the publisher's zone."""
        return self.when.astimezone(timezone(timedelta(hours=self.publisher.offset)))

    @property
    def updated(self) -> datetime | None:
        """When the publisher changed it, UTC; None where it never did."""
        return instant(self.get("updated")) if self.get("updated") else None

    @property
    def image_url(self) -> str:
        """The address of its picture, empty where it has none."""
        if self.publisher.generic:
            return f"{self.publisher.home}/static/{self.publisher.generic}.png"
        name = self.get("picture").replace("/", "-")
        return f"{self.publisher.home}/media/{name}-{self.publisher.picture[0]}.webp" if name else ""

    def corrected(self) -> "Article":
        """The article as it stands after the correction, with the publisher's note at its end."""
        values = {key: self._change(text) for key, text in self.values.items()}
        body = (*map(self._change, self.paragraphs), self.get("note"))
        return Article(self.publisher, self.story, self.slug, self.when, self.number, body, values, (), self.copy_of)

    def _change(self, text: str) -> str:
        for old, new in self.changes:
            text = text.replace(old, new)
        return text


@dataclass
class _Draft:
    publisher: str
    when: str
    slug: str
    story: str
    lines: list[str] = field(default_factory=list)


def instant(text: str) -> datetime:
    """`2026-11-16T07:40` as an instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def read_publishers() -> dict[str, Publisher]:
    """The publishers by key."""
    tables = tomllib.loads((HERE / "publishers.toml").read_text("utf-8"))
    return {
        key: Publisher(
            key=key, **{k: tuple(v) if k in {"picture", "mark", "outage", "moved"} else v for k, v in t.items()}
        )
        for key, t in tables.items()
    }


def read_articles(publishers: dict[str, Publisher]) -> list[Article]:
    """All articles, the oldest first."""
    drafts = [draft for path in sorted((HERE / "stories").glob("*.md")) for draft in _drafts(path.read_text("utf-8"))]
    drafts.sort(key=lambda d: (d.when, d.publisher, d.slug))
    bodies = {draft.slug: _split(draft)[1] for draft in drafts}
    return [_article(draft, publishers, 41000 + 7 * n, bodies) for n, draft in enumerate(drafts)]


def _drafts(text: str) -> list[_Draft]:
    story, drafts = "", list[_Draft]()
    for line in text.splitlines():
        if line.startswith("# "):
            story = line[2:].strip()
        elif line.startswith("@@ "):
            publisher, when, slug = line[3:].split()
            drafts.append(_Draft(publisher, when, slug, story))
        elif drafts:
            drafts[-1].lines.append(line)
    return drafts


def _split(draft: _Draft) -> tuple[list[tuple[str, str]], list[str]]:
    """The pairs of the head and the paragraphs of the body."""
    head, _, body = "\n".join(draft.lines).strip().partition("\n\n")
    pairs = [(key.strip(), value.strip()) for key, _, value in (line.partition(":") for line in head.splitlines())]
    return pairs, [" ".join(part.split("\n")) for part in body.split("\n\n") if part.strip()]


def _article(draft: _Draft, publishers: dict[str, Publisher], number: int, bodies: dict[str, list[str]]) -> Article:
    pairs, paragraphs = _split(draft)
    changes = tuple((old, new) for key, text in pairs if key == "change" for old, new in [text.split(" => ")])
    whole, copy_of = list[str](), ""
    for paragraph in paragraphs:
        if paragraph.startswith("<< "):
            copy_of = paragraph[3:].strip()
            whole += bodies[copy_of]
        else:
            whole.append(paragraph)
    values = {key: value for key, value in pairs if key != "change"}
    place = (publishers[draft.publisher], values.get("story") or draft.story, draft.slug, instant(draft.when), number)
    return Article(*place, tuple(whole), values, changes, copy_of)
