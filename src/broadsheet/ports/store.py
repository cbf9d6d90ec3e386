"""What must outlive the process: the store and its tables."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from broadsheet.model.failure import Failure
from broadsheet.model.kept import Change, Item, KeptArticle, WrittenFile
from broadsheet.model.pictures import KeptPicture
from broadsheet.model.publication import PublishedImage
from broadsheet.model.source import Source, SourceState
from broadsheet.model.story import Assignment
from broadsheet.model.subscription import Subscription
from broadsheet.model.vitals import Vitals
from broadsheet.ports.mail import LetterTable, SubscriberTable
from broadsheet.ports.outgoing import DeployTable, OutboxTable

Given = TypeVar("Given")
Result = TypeVar("Result")


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
    """Pictures and publishers' marks, fetched for the site: address (or `mark:<domain>`) to what we have of it."""

    def known(self) -> dict[str, PublishedImage | None]:
        """All that were tried; None for one that can't be had."""
        ...

    def of(self, urls: Iterable[str]) -> dict[str, KeptPicture]:
        """What is known of these; one that nobody asked for is left out."""
        ...

    def keep(self, *kept: KeptPicture) -> None:
        """What came of asking for them, in one transaction."""
        ...

    def want(self, kept: Sequence[KeptPicture]) -> None:
        """These wait for their turn, as far as nothing is known of them yet."""
        ...

    def due(self, now: datetime, most: int, *, marks: bool) -> list[KeptPicture]:
        """The first `most` of those to be asked for now, marks or pictures: what was never tried, then by time."""
        ...

    def forget(self, urls: Iterable[str]) -> None:
        """Nothing is known of these any more."""
        ...

    def use(self, uses: Mapping[str, Collection[str]]) -> None:
        """The records of these stories name exactly these pictures. A story is named by its id, or by a record's path
        where it is not known."""
        ...

    def stories_with(self, urls: Iterable[str]) -> set[str]:
        """The ids of the stories whose records name one of these, as `use` was told."""
        ...

    def unused(self) -> list[str]:
        """The pictures (no marks) that no record names."""
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
    subscribers: SubscriberTable
    letters: LetterTable
    deployed: DeployTable
    outbox: OutboxTable

    def damage(self) -> list[str]:
        """What an integrity check finds wrong; empty for a sound store."""
        ...

    def close(self) -> None:
        """Gives the connection back."""
        ...
