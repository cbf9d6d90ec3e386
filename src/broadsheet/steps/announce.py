"""Tells channels of what is out: an outbox in the store, so that each story is told once and none is lost."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from broadsheet.errors import BroadsheetError, GoneForGood, ItemError, RetryLater, SettingsError
from broadsheet.model.outgoing import Announcement, PushKind, PushSettings, Standing, StoryNews
from broadsheet.model.publication import Site
from broadsheet.model.story import Story
from broadsheet.ports import Channel
from broadsheet.stages.publish.push.planning import (
    Memory,
    begun,
    failed_try,
    is_too_old,
    may_send,
    planned,
)
from broadsheet.stages.publish.push.words import news_of
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.links import story_path as page_path
from broadsheet.stages.publish.story_files import story_path
from broadsheet.stages.publish.story_reading import read_story
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.deploy import is_out
from broadsheet.steps.newsroom import Newsroom, RunReport

FEEDS = ("feed.xml", "atom.xml", "feed.json")
REMEMBERED = timedelta(days=90)


def announce(room: Newsroom, report: RunReport) -> None:
    """The last thing: what readers can open now, the channels of `[[push]]` are told of."""
    if not room.settings.push or not is_out(room):
        return
    with report.stage("announce") as counts:
        try:
            plan(room)
        except BroadsheetError as error:
            report.fail("announce", "what is to be told", error)
            return
        room.progress.begin("announce", len(room.settings.push))
        for channel in room.settings.push:
            _tell(room, report, channel)
            room.progress.advance()
        room.progress.end(f"{counts['sent']} announcements sent, {counts['failed']} failed")
        room.store.outbox.forget(room.clock.now() - REMEMBERED)


def plan(room: Newsroom) -> None:
    """Puts what is new into the outbox. It looks at the stories of the time in which a channel may still tell of one,
    however large the archive is. Raises SettingsError where the site has no address that could be told."""
    now = room.clock.now()
    hours = max(channel.max_age_hours for channel in room.settings.push)
    news = list(_news(room, now - timedelta(hours=hours), now))
    for channel in room.settings.push:
        if channel.kind == PushKind.WEBSUB:
            room.store.outbox.keep(_changed_feeds(room, channel, now))
            continue
        fact = f"channel {channel.channel} began"
        memory = Memory(
            room.store.outbox.known(channel.channel, [one.id for one in news]),
            room.store.outbox.told(channel.channel, [record for one in news for record in one.records]),
            is_new=room.store.journal.fact(fact) is None,
        )
        room.store.outbox.keep(planned(channel, room.settings.publish.threshold, news, memory, now))
        room.store.journal.keep_fact(fact, "yes")


def _news(room: Newsroom, since: datetime, now: datetime) -> Iterator[StoryNews]:
    """The published stories with a report of that time, as they are filed."""
    articles = [kept.id for kept in room.store.articles.between(since, now)]
    content = ContentFolder(room.settings.folder, room.store.files)
    for story_id in sorted(set(room.store.stories.of(articles).values())):
        story = _filed(content, story_id)
        if story is not None and story.published:
            yield news_of(story, address_of(room.settings.site, page_path(story_id)))


def _filed(content: ContentFolder, story_id: str) -> Story | None:
    """The story as readers have it; None where it is none, which the build has reported."""
    body = content.read(story_path(story_id))
    try:
        found = read_story(body, path=story_path(story_id)) if body is not None else None
    except ItemError:
        return None
    return found if isinstance(found, Story) else None


def address_of(site: Site, path: str) -> str:
    """The address of a page of the site. Raises SettingsError where the site says none."""
    links = links_of(site)
    if not links.origin:
        raise SettingsError("the site has no url, so nobody can be told where a story is", hint="Set url")
    return links.full(path)


def _changed_feeds(room: Newsroom, channel: PushSettings, now: datetime) -> Iterator[Announcement]:
    """The feeds that are not as they were when the hub was told last."""
    out = room.settings.out_folder
    folders = ["", *(f"topics/{path.name}/" for path in sorted((out / "topics").glob("*")) if path.is_dir())]
    paths = [folder + name for folder in folders for name in FEEDS if (out / folder / name).is_file()]
    known = room.store.outbox.known(channel.channel, paths)
    for path in paths:
        version = hashlib.sha256((out / path).read_bytes()).hexdigest()
        if path not in known or known[path].version != version:
            body = {"feed": address_of(room.settings.site, path)}
            yield Announcement(channel.channel, path, now, version=version, body=body)


@dataclass(frozen=True, slots=True)
class _Try:
    """Announcements that go in one letter."""

    channel: Channel
    kept: Sequence[Announcement]

    def subjects(self) -> str:
        """What a report calls them."""
        more = f" and {len(self.kept) - 1} more" if len(self.kept) > 1 else ""
        return f"{self.kept[0].channel}: {self.kept[0].subject}{more}"


def _tell(room: Newsroom, report: RunReport, settings: PushSettings) -> None:
    """One channel, as much as it may be told now; after trouble with the whole channel the rest waits."""
    try:
        channel = room.channel(settings)
        waiting = _due(room, settings)
    except BroadsheetError as error:
        report.fail("announce", settings.channel, error)
        return
    for start in range(0, len(waiting), channel.most):
        if not _send(room, report, _Try(channel, waiting[start : start + channel.most])):
            return


def _due(room: Newsroom, settings: PushSettings) -> list[Announcement]:
    """What is to go out now. What has waited too long for its turn is given up first."""
    now, outbox, name = room.clock.now(), room.store.outbox, settings.channel
    last_hour, last_day = (outbox.sent_since(name, now - timedelta(hours=hours)) for hours in (1, 24))
    try:
        most = may_send(settings, last_hour, last_day, now)
    except ValueError as error:
        raise SettingsError(f"[[push]] {name}: {error}") from error
    waiting = outbox.waiting(name, now, 100_000)
    late = [one for one in waiting if is_too_old(one, settings, now)]
    outbox.keep(replace(one, standing=Standing.SKIPPED, ended=now, said="waited too long") for one in late)
    gone = {one.subject for one in late}
    return [one for one in waiting if one.subject not in gone][:most]


def _send(room: Newsroom, report: RunReport, attempt: _Try) -> bool:
    """One letter; whether the channel may be sent another. What is tried is noted before: a kill loses nothing."""
    now, outbox = room.clock.now(), room.store.outbox
    tried = [begun(one, now) for one in attempt.kept]
    outbox.keep(tried)
    try:
        said = attempt.channel.send(attempt.kept, now)
    except SettingsError as error:
        outbox.keep(attempt.kept)  # nothing was sent: it waits until the settings are mended
        report.fail("announce", attempt.kept[0].channel, error)
        return False
    except ItemError as error:
        pairs = zip(tried, attempt.kept, strict=True)
        outbox.keep([_failed(after, before, error, now) for after, before in pairs])
        report.fail("announce", attempt.subjects(), error)
        return not isinstance(error, RetryLater) and not error.blocked
    outbox.keep([replace(one, standing=Standing.SENT, ended=now, said=said, uncertain=None) for one in tried])
    report.stages["announce"].counts["sent"] += len(tried)
    return True


def _failed(tried: Announcement, before: Announcement, error: ItemError, now: datetime) -> Announcement:
    if isinstance(error, GoneForGood):
        return replace(tried, standing=Standing.FAILED, ended=now, said=error.message)
    wait = error.after_seconds if isinstance(error, RetryLater) else None
    # Who keeps us out, or asks us to wait, has not taken it.
    certain = bool(error.blocked) or wait is not None or not isinstance(error, RetryLater)
    kept = failed_try(tried, before, error.message, wait=wait, certain=certain)
    return replace(kept, ended=now) if kept.standing is Standing.FAILED else kept
