"""What leaves the house: where the built publication is brought to, and whom its stories are announced to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class DeploySettings:
    """One `[[deploy]]` block: after a build that changed something, the publication is brought there.

    `to` is a folder (`/var/www/paper`), `git:BRANCH` of the publication's own repository (pushed to its origin where it
    has one), `git+ssh://host/repository.git#branch` (also git+https, git+file), `s3://bucket/prefix`, or `rsync:` with
    what rsync takes (`rsync:web@host:/srv/paper`, or a local folder). With `squash` a branch has one commit only.
    `endpoint` and `region` are for S3; `page_seconds` is how long browsers and caches of S3 may keep a page unasked.
    """

    to: str
    squash: bool = False
    endpoint: str = ""
    region: str = ""
    page_seconds: int = field(default=60, metadata={"low": 0, "high": 31_536_000})

    @property
    def shown(self) -> str:
        """`to` as reports may show it: without a password or token that somebody wrote into an address."""
        return re.sub(r"(https?://)[^/@\s]*@|(://[^/@:\s]*):[^/@\s]*@", r"\1\2", self.to)


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that a target holds: the SHA-256 of its bytes (None: not certain, it was about to change), and size and
    time of change (nanoseconds) of the local file that it was sent from, by which most are known without reading."""

    digest: str | None
    size: int
    modified: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a deployment did: files sent, removed, left as they were. `at` names the result where it has a name, such as
    a commit."""

    sent: int = 0
    removed: int = 0
    unchanged: int = 0
    at: str = ""

    @property
    def changed(self) -> bool:
        """Whether the target is other than before."""
        return bool(self.sent or self.removed)

    def as_json(self) -> dict[str, object]:
        """`{sent, removed, unchanged}`, and `at` where there is one."""
        counts: dict[str, object] = {"sent": self.sent, "removed": self.removed, "unchanged": self.unchanged}
        return {**counts, **({"at": self.at} if self.at else {})}


class PushKind(StrEnum):
    """The kinds of channels."""

    WEBSUB = "websub"
    WEBHOOK = "webhook"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    INDEXNOW = "indexnow"


@dataclass(frozen=True, slots=True)
class PushSettings:
    """One `[[push]]` block: a channel.

    `url` is the hub, the webhook, the Mastodon server, the Bluesky server (default `https://bsky.social`) or the
    IndexNow endpoint (default `https://api.indexnow.org/indexnow`). `name` tells two channels of one kind apart.
    `secret` names what signs or opens: `$NAME`, looked up in the environment, else in `.broadsheet/secrets.toml`.
    `account` is the handle at Bluesky, or the name at Mastodon, by which it is found whether a status is out. From
    `heat` on a story is announced (0: from `[publish] threshold` on), if its first report is not older than
    `max_age_hours`; at most `per_hour` and `per_day` of them (0: 4 and 24 where people read it, else any number), none
    in the hours `quiet` (`22-7`) of `zone`. `visibility` is Mastodon's.
    """

    kind: str = field(metadata={"choices": tuple(PushKind)})
    url: str = ""
    name: str = ""
    secret: str = ""
    account: str = ""
    heat: int = field(default=0, metadata={"low": 0, "high": 1000})
    max_age_hours: float = field(default=24.0, metadata={"low": 0.1, "high": 720})
    per_hour: int = field(default=0, metadata={"low": 0, "high": 10_000})
    per_day: int = field(default=0, metadata={"low": 0, "high": 100_000})
    quiet: str = ""
    zone: str = "UTC"
    visibility: str = field(default="public", metadata={"choices": ("public", "unlisted", "private")})

    @property
    def channel(self) -> str:
        """What the channel is called wherever it is remembered or reported: kind and name."""
        return f"{self.kind} {self.name}".strip()


class Standing(StrEnum):
    """What became of an announcement: it waits, is out, was never to go out, or can't be sent."""

    WAITING = "waiting"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Announcement:
    """One thing to be said on one channel: `subject` is the id of a story, or the path of a feed in its `version`.

    `body` is what is known of it (a `StoryNews` as JSON), frozen at the first try, so that a repeated one says the very
    same. `records` are the story's articles, so that the same reports are not announced again under another story.
    `heat` is its place in the queue. `uncertain` is when the first try began of which nobody knows whether the other
    side took it. `said` is the other side's name of it, or why it is not out. Instants are UTC.
    """

    channel: str
    subject: str
    queued: datetime
    standing: Standing = Standing.WAITING
    version: str = ""
    heat: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    attempts: int = 0
    not_before: datetime | None = None
    uncertain: datetime | None = None
    ended: datetime | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class StoryNews:
    """What an announcement says of a story. `url` is the story's page; `began` and `published`
    are UTC: of the first report and of the head. `reports` and `copies` count its articles, `deck` is the head's own
    excerpt, `language` a BCP 47 tag or empty."""

    id: str
    title: str
    url: str
    publisher: str
    source_url: str
    published: datetime
    began: datetime
    heat: int
    reports: int
    copies: int
    deck: str = ""
    language: str = ""
    topics: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
