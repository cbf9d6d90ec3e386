"""Fetches the lead images of published stories, so that the site can show them from its own files."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from broadsheet.errors import BroadsheetError, ItemError
from broadsheet.formats.urls import registrable_domain
from broadsheet.model.article import Article
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.pictures import KeptPicture, mark_of
from broadsheet.model.publication import PublishedImage
from broadsheet.ports import Blobs
from broadsheet.stages.fetch import publisher_of
from broadsheet.stages.publish.asking_again import had, missed
from broadsheet.stages.publish.marks import FOLDER as MARKS
from broadsheet.stages.publish.pictures import FOLDER, render_picture
from broadsheet.steps.filed_pictures import correct_filed, is_record
from broadsheet.steps.judge import Judged
from broadsheet.steps.newsroom import Newsroom, RunReport, fault_of_ours

MOST_SECONDS = 300.0
"""So long one run may begin to fetch pictures; the others wait for the next."""
_STAMP = "pictures as they were left"

Rendered = tuple[PublishedImage, dict[str, bytes]]


class PictureDesk:
    """Pictures for one run: at most `[publish] pictures_a_run` are fetched, and none begun after five minutes."""

    def __init__(self, room: Newsroom, report: RunReport) -> None:
        self._room, self._report = room, report
        self._left = room.settings.publish.pictures_a_run if room.settings.publish.pictures else 0
        self._until = time.monotonic() + MOST_SECONDS

    def again(self) -> None:
        """What vanished from the disk is missed, and what is due is asked for again, with half of what this run may
        fetch; the stories that name it are put on the list of those to be published. Failing again is no failure of
        the run: it was one the first time."""
        pictures, progress = self._room.store.pictures, self._room.progress
        gone = miss_vanished(self._room)
        most = -(-self._left // 2)
        due = pictures.due(self._room.clock.now(), most, marks=False) if most else []
        got: dict[str, KeptPicture] = {}
        if due:
            progress.begin("pictures", len(due))
            got = self._fetch(due, again=True)
            progress.end(f"{_there(got)} of {len(due)} could be had at last")
        arrived = [url for url, kept in got.items() if kept.picture]
        stories = [s for s in pictures.stories_with({*gone, *arrived}) if not is_record(s)]
        self._room.store.stories.mark("a picture came or went", stories)
        correct_filed(self._room, {*gone, *got})

    def of(self, judged: Sequence[Judged], gone: Sequence[str] = ()) -> dict[str, PublishedImage | None]:
        """What we have of the lead images of these stories; those of published heads that were never asked for are
        fetched now, as far as the bounds let us, and the publishers' marks are noted down to be fetched. `gone` are
        stories without reports, which name no picture any more."""
        pictures, now = self._room.store.pictures, self._room.clock.now()
        named = {j.story_id: {r.lead.url for r in j.reports if r.lead is not None} for j in judged}
        known = pictures.of(url for urls in named.values() for url in urls)
        leads = dict.fromkeys(j.head.lead.url for j in judged if j.published and j.head.lead is not None)
        new = [KeptPicture(url, not_before=now) for url in leads if url not in known]
        if self._room.settings.publish.pictures:
            pictures.want(new[self._left :])
            known |= {kept.url: kept for kept in new} | self._fetch(new[: self._left])
        if self._room.settings.publish.marks:
            seen = [report.kept.article for j in judged if j.published for report in j.reports]
            pictures.want(wanted_marks((home for article in seen for home in homes_of(article)), now))
        pictures.use({s: named.get(s, set()) & known.keys() for s in [*named, *gone]})
        return {url: kept.picture for url, kept in known.items()}

    def _fetch(self, wanted: Sequence[KeptPicture], *, again: bool = False) -> dict[str, KeptPicture]:
        """What is known of them now. One that fails the first time is a failure of the run, and of nothing
        else."""
        room, found = self._room, dict[str, KeptPicture]()
        self._left -= len(wanted)
        for kept, outcome in room.lanes.map(self._ask, wanted, lambda one: publisher_of(one.url)):
            found[kept.url] = kept
            if isinstance(outcome, ItemError):
                if not again:
                    self._report.fail("publish", kept.url, outcome)
                found[kept.url] = missed(kept, outcome, room.clock.now())
            elif outcome is not None:
                found[kept.url] = had(kept, store_files(room.blobs, outcome))
                self._report.stages["publish"].counts["pictures"] += 1
            room.store.pictures.keep(found[kept.url])
            if again:
                room.progress.advance()
        return found

    def _ask(self, kept: KeptPicture) -> tuple[KeptPicture, Rendered | ItemError | None]:
        """Runs in a worker. The picture, or why there is none; None where there is no time left in this run."""
        if time.monotonic() > self._until:
            return kept, None
        return kept, attempt(lambda: self._picture(kept.url))

    def _picture(self, url: str) -> Rendered:
        response = self._room.http.get(Request(url, Purpose.IMAGE))
        return self._room.apart.call(render_picture, response.body)


def attempt(work: Callable[[], Rendered]) -> Rendered | ItemError:
    """What came of it; a fault of ours is an error of this one only, that of the machine is raised."""
    try:
        return work()
    except ItemError as error:
        return error
    except BroadsheetError:
        raise
    except Exception as error:  # noqa: BLE001 - one picture that trips a fault of ours must not stop the others
        return fault_of_ours(error)


def store_files(blobs: Blobs, rendered: Rendered) -> PublishedImage:
    """The picture, its files in the blobs; they are there before anything says so."""
    picture, bodies = rendered
    for name, body in bodies.items():
        blobs.put(name, body)
    return picture


def miss_vanished(room: Newsroom) -> list[str]:
    """Pictures and marks of which a file is no longer there: from now on they are not cached, and due to be fetched.

    Looks at the files only if some came or went since a run left them.
    """
    if room.store.journal.fact(_STAMP) == _stamp(room.blobs):
        return []
    there = {*room.blobs.names(FOLDER), *room.blobs.names(MARKS)}
    gone = [url for url, shown in room.store.pictures.known().items() if shown and not there.issuperset(shown.paths)]
    now = room.clock.now()
    known = room.store.pictures.of(gone)
    room.store.pictures.keep(
        *(KeptPicture(url, None, "its file is gone", not_before=now, address=known[url].address) for url in gone)
    )
    return gone


def leave_pictures(room: Newsroom) -> None:
    """What lies on the disk now is as it should be: the next run looks at it only if it finds it otherwise."""
    if room.store.journal.fact(_STAMP) != (stamp := _stamp(room.blobs)):
        room.store.journal.keep_fact(_STAMP, stamp)


def prune_pictures(room: Newsroom) -> int:
    """Files that nobody refers to any more are removed: of pictures that no record names, of marks that were replaced,
    and what an interrupted run left. Returns how many."""
    room.store.pictures.forget(room.store.pictures.unused())
    wanted = {path for shown in room.store.pictures.known().values() if shown for path in shown.paths}
    spare = [name for folder in (FOLDER, MARKS) for name in room.blobs.names(folder) if name not in wanted]
    for name in spare:
        room.blobs.remove(name)
    leave_pictures(room)
    return len(spare)


def _stamp(blobs: Blobs) -> str:
    return f"{blobs.stamp(FOLDER)} {blobs.stamp(MARKS)}"


def homes_of(article: Article) -> Iterator[tuple[str, str]]:
    """Its publisher's domain and home page, which is at the host of the article, if that is one of the publisher's."""
    domain = article.provider.domain if article.provider else ""
    if domain:
        parts = urlsplit(article.canonical_url or article.url)
        own = registrable_domain(parts.netloc) == registrable_domain(domain)
        yield domain, f"{parts.scheme}://{parts.netloc}/" if own else f"https://{domain}/"


def wanted_marks(homes: Iterable[tuple[str, str]], now: datetime) -> list[KeptPicture]:
    """The marks of these publishers, by domain and home page, to be fetched from now on."""
    return [KeptPicture(mark_of(domain), not_before=now, address=home) for domain, home in sorted(dict(homes).items())]


def _there(got: Mapping[str, KeptPicture]) -> int:
    return sum(kept.picture is not None for kept in got.values())
