"""What the pipeline needs of the world, each need a protocol with its errors. `adapters/` has what fills them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from broadsheet.model.exchange import Letter, Request, Response
from broadsheet.model.kept import Change, Failure, Item, KeptArticle, WrittenFile
from broadsheet.model.publication import PublishedImage
from broadsheet.model.source import Source, SourceState
from broadsheet.model.story import Assignment
from broadsheet.model.subscription import Subscription
from broadsheet.model.vitals import Vitals

Given = TypeVar("Given")
Result = TypeVar("Result")


class Clock(Protocol):
    """The time. A fixed clock makes a run reproducible."""

    def now(self) -> datetime:
        """The present instant, UTC."""
        ...


class Http(Protocol):
    """The one door to other people's bytes. Safe from several threads.

    Raises RetryLater (time-outs, connection trouble, 408, 425, 429, 5xx), GoneForGood (404, 410) and Rejected (an
    address that is not public, a scheme that is not http(s), too many redirects, too large, other 4xx).
    """

    def get(self, request: Request) -> Response:
        """Fetch it, redirects followed and each address checked."""
        ...

    def post(self, letter: Letter) -> Response:
        """Send it, the address checked as for any other request. Every 2xx is a success, whose body is not read; a
        redirect is Rejected, since a letter goes to nobody but whom it is addressed to."""
        ...

    def close(self) -> None:
        """Give the connections back."""
        ...


class Archive(Http, Protocol):
    """A WARC file as a source: its pages by address."""

    def fingerprint(self) -> str:
        """A short text that changes when the file does. Raises Rejected if it can't be read."""
        ...

    def addresses(self) -> list[str]:
        """The addresses of its pages, each once, in the order of the file. Raises Rejected if it can't be read."""
        ...

    def is_complete(self) -> bool:
        """False if it holds pages that were captured later than the clock stands; they will come."""
        ...


class Engine(Protocol):
    """Runs the same function over many items: inline, in threads, in processes, on a cluster."""

    def map(self, work: Callable[[Given], Result], items: Iterable[Given]) -> Iterator[Result]:
        """The results in the order of the items. `work` must not raise; an exception of it stops the map."""
        ...


class Lanes(Protocol):
    """Runs work that waits for other people's machines: much at once, but little of one lane (a host, a site)."""

    def map(
        self, work: Callable[[Given], Result], items: Iterable[Given], lane: Callable[[Given], str]
    ) -> Iterator[Result]:
        """The results as they come, in no order that anybody may rely on. An item waits only for others of its lane.
        `work` must not raise; an exception of it stops the map."""
        ...


class Blobs(Protocol):
    """Bytes by name; the name is chosen by the caller and may hold `/`."""

    def put(self, name: str, body: bytes) -> None:
        """Store it whole or not at all. Raises StorageError."""
        ...

    def get(self, name: str) -> bytes | None:
        """The bytes, None where there are none. Raises StorageError."""
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """The stored names that begin with `prefix`, sorted."""
        ...


class Embedder(Protocol):
    """A language model that turns texts into directions: the closer, the more they mean the same.

    `name` tells model and version, and is part of the cache's key; `dimensions` is the length of a row.
    """

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row of length 1 for each text, (len(texts), dimensions), or of zeros where the model can't read it: an
        empty text, a script that it does not know. Any string is taken, and the row of a text does not depend on the
        others (to within 1e-3 an element)."""
        ...


class EmbeddingTable(Protocol):
    """Rows of an Embedder by text, so that a text that was seen is never embedded again."""

    def known(self, embedder: str, digests: Sequence[str]) -> dict[str, bytes]:
        """What is kept under the embedder's name: digest of the text to its row as little-endian float16."""
        ...

    def keep(self, embedder: str, rows: Mapping[str, bytes]) -> None:
        """Keeps them, in one transaction; one already known stays as it is. The oldest may be forgotten for room."""
        ...


class SourceTable(Protocol):
    """Sources and what we remember of their polls."""

    def keep(self, sources: Sequence[Source], now: datetime) -> None:
        """Exactly these are watched from now on; what is known of the others is kept, but they are never due."""
        ...

    def all(self) -> list[SourceState]:
        """The watched ones, in the order of their addresses."""
        ...

    def due(self, now: datetime) -> list[SourceState]:
        """Those whose next poll is not after `now`."""
        ...

    def take(self, source: Source, items: Sequence[Item]) -> int:
        """Items that came without a poll, as `keep_poll` takes them. Returns how many are new or changed."""
        ...

    def entry_times(self) -> dict[str, list[float]]:
        """When the entries of each source appeared, as far as that is kept: by address, ascending, in seconds since
        1970."""
        ...

    def keep_poll(self, state: SourceState, items: Sequence[Item]) -> int:
        """The state and the items of one poll, in one transaction. An item already known is taken again only if its
        fingerprint changed; it is known by its key, else by one of its marks. That another source lists it as well is
        remembered; if that source is official, so is the article. Returns how many are new or changed."""
        ...


class NoteTable(Protocol):
    """What the reader of a source wants to remember from one poll to the next, by name. Safe from several threads."""

    def of(self, source_url: str) -> dict[str, str]:
        """All notes of a source."""
        ...

    def keep(self, source_url: str, notes: Mapping[str, str | None]) -> None:
        """Sets these notes; None forgets one. The others stay."""
        ...


class VitalsTable(Protocol):
    """How sources are: what their polls saw, and what is wrong with them."""

    def of(self, source_url: str) -> Vitals:
        """What is remembered of a source; nothing of one that was never asked."""
        ...

    def all(self) -> dict[str, Vitals]:
        """What is remembered of the watched sources, by address."""
        ...

    def keep(self, found: Mapping[str, Vitals]) -> None:
        """Remembers them, by address, in the place of what was known before; in one transaction."""
        ...


class SubscriptionTable(Protocol):
    """What is agreed with WebSub hubs. Safe from several threads."""

    def all(self) -> list[Subscription]:
        """All of them, in the order of their sources."""
        ...

    def by_token(self, token: str) -> Subscription | None:
        """The one whose callback ends so."""
        ...

    def keep(self, subscription: Subscription) -> None:
        """This is what is agreed on its source now."""
        ...

    def forget(self, source_url: str) -> None:
        """Nothing is agreed on it any more."""
        ...


class ItemTable(Protocol):
    """Items on their way from a source to an article."""

    def waiting(self, now: datetime, most: int) -> list[Item]:
        """The first `most` of those to be fetched now, in an order that is the same in every run."""
        ...

    def ready(self, now: datetime) -> int:
        """How many are to be fetched now."""
        ...

    def listings(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The further sources that list these items, sorted; an item of a single source is left out."""
        ...

    def drop(self, item: Item, reason: str) -> None:
        """It will not become an article; kept with the reason, and tried again only if its source changes it."""
        ...

    def dropped(self, since: datetime) -> list[Item]:
        """Those dropped that were first seen since then, by first sight; `refused` tells the reason."""
        ...

    def revive(self, keys: Iterable[str]) -> None:
        """These are on their way again."""
        ...

    def delay(self, item: Item, reason: str, until: datetime) -> None:
        """Try it again at `until`; counts as one attempt."""
        ...

    def forget_words(self, before: datetime) -> int:
        """What feeds said of items that are done or dropped, and were first seen before then, is forgotten; they
        themselves stay known. Returns of how many."""
        ...

    def counts(self) -> dict[str, int]:
        """How many items are in each state."""
        ...


class ArticleTable(Protocol):
    """Articles."""

    def keep(self, item: Item, article: KeptArticle, changes: Sequence[Change], mark: int | None = None) -> None:
        """The article of `item`, its item done and its story to be published anew, in one transaction. `mark` is what
        its text shares with the same text at another address."""
        ...

    def marked(self, mark: int) -> str | None:
        """The id of the article that was kept first with this mark."""
        ...

    def muted(self) -> list[KeptArticle]:
        """Those that are muted, by time."""
        ...

    def unmute(self, ids: Iterable[str]) -> None:
        """These are not muted any more."""
        ...

    def by_id(self, ids: Iterable[str]) -> dict[str, KeptArticle]:
        """Those of these ids that we have."""
        ...

    def unassigned(self) -> list[KeptArticle]:
        """Those that no story engine has seen, without the muted ones, by time."""
        ...

    def between(self, start: datetime, end: datetime) -> list[KeptArticle]:
        """Those published in `[start, end]`, by time."""
        ...

    def recent(self, span: timedelta) -> list[KeptArticle]:
        """Those with a story that were published at most `span` before the newest of them, by time."""
        ...

    def changes(self, ids: Iterable[str]) -> list[Change]:
        """What their publishers changed, by time."""
        ...

    def shared_images(self, at_least: int) -> set[str]:
        """Addresses of lead images that stand on `at_least` articles: share cards, not pictures of anything."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...


class StoryTable(Protocol):
    """Stories: membership lies with the articles, the head and what is still to be published here."""

    def assign(self, assignments: Sequence[Assignment], state: bytes | None = None) -> int:
        """Takes over every assignment that says something new, in one transaction with the `state` of the engine that
        made them; the stories that an article left or joined are to be published anew, and those whose last head it
        was. Returns how many changed."""
        ...

    def engine_state(self) -> bytes | None:
        """The state of the engine that was kept last."""
        ...

    def unpublished(self) -> list[str]:
        """Ids of stories that changed since they were last published, sorted."""
        ...

    def dissolved(self) -> list[str]:
        """Those of `unpublished` that have no article any more, sorted."""
        ...

    def of(self, article_ids: Iterable[str]) -> dict[str, str]:
        """The stories of those of these articles that have one."""
        ...

    def members(self, story_ids: Iterable[str]) -> dict[str, list[KeptArticle]]:
        """Their articles by time; a story that lost all of them has an empty list."""
        ...

    def heads(self, story_ids: Iterable[str]) -> dict[str, str]:
        """Article ids of the present heads."""
        ...

    def mark(self, reason: str, story_ids: Iterable[str] | None = None) -> None:
        """These stories (None: all) are to be published anew."""
        ...

    def mark_by_images(self, urls: Iterable[str]) -> None:
        """The stories of articles whose lead image is one of these are to be published anew."""
        ...

    def published(self, heads: Mapping[str, str]) -> None:
        """These stories are published, with these heads; one without reports ("") keeps the head that it had last."""
        ...


class FileTable(Protocol):
    """Files of the content repository that we wrote, so that a person's edit is told from ours."""

    def paths(self) -> dict[str, str]:
        """Record path by article id: frozen at the first writing."""
        ...

    def known(self, paths: Iterable[str]) -> dict[str, WrittenFile]:
        """What we know of these files."""
        ...

    def intend(self, files: Sequence[WrittenFile], record_paths: Mapping[str, str]) -> None:
        """Written down before the files are, so that an interrupted run knows its own work."""
        ...

    def dirty(self) -> list[WrittenFile]:
        """Written or about to be, not yet committed."""
        ...

    def committed(self, paths: Iterable[str]) -> None:
        """These are in git (or the publication does not commit)."""
        ...


class PictureTable(Protocol):
    """Pictures fetched for the site: address to what we have of it."""

    def known(self) -> dict[str, PublishedImage | None]:
        """All that were tried; None for one that can't be had."""
        ...

    def keep(self, url: str, picture: PublishedImage | None, reason: str = "") -> None:
        """The outcome of one fetch."""
        ...

    def sizes(self, urls: Sequence[str]) -> dict[str, tuple[int, int] | None]:
        """Width and height of those of these images that were asked for; None where they can't be had."""
        ...

    def keep_size(self, url: str, size: tuple[int, int] | None, reason: str = "") -> None:
        """What came of asking for an image's size."""
        ...


class JournalTable(Protocol):
    """Runs and their failures, and small facts by name."""

    def fact(self, name: str) -> str | None:
        """A small fact, None where it was never set."""
        ...

    def keep_fact(self, name: str, value: str) -> None:
        """Sets it."""
        ...

    def keep_run(
        self, started: datetime, ended: datetime, report: Mapping[str, object], failed: Sequence[Failure]
    ) -> None:
        """A finished run and what failed in it; the failures of older runs than the last thirty are forgotten."""
        ...

    def last_run(self) -> tuple[datetime, Mapping[str, object], list[Failure]] | None:
        """When the last run ended, its report and its failures."""
        ...


class Store(Protocol):
    """Everything that must outlive the process. Raises StorageError when the machine fails, StoreTooNew at opening."""

    sources: SourceTable
    vitals: VitalsTable
    notes: NoteTable
    subscriptions: SubscriptionTable
    items: ItemTable
    articles: ArticleTable
    stories: StoryTable
    files: FileTable
    pictures: PictureTable
    journal: JournalTable
    embeddings: EmbeddingTable

    def damage(self) -> list[str]:
        """What an integrity check finds wrong; empty for a sound store."""
        ...

    def close(self) -> None:
        """Gives the connection back."""
        ...


class Repository(Protocol):
    """The content repository of a publication."""

    def commit(self, paths: Sequence[str], message: str) -> bool:
        """Commits exactly these paths as they are on disk (also deletions); False if none differs from the last commit.
        Raises StorageError."""
        ...

    def ours(self, folders: Sequence[str]) -> set[str]:
        """The files of these folders that nobody touched since a commit of ours: not on disk, and in no later commit.
        Empty where there is no repository. Raises StorageError."""
        ...


class Progress(Protocol):
    """Somebody who watches a run: a terminal, a log, nobody."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins, with so many items ahead."""
        ...

    def advance(self) -> None:
        """One item is done."""
        ...

    def end(self, summary: str) -> None:
        """The stage is over; `summary` says in words what came of it."""
        ...
