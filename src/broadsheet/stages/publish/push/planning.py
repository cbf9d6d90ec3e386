"""Which stories a channel is to be told of, and how many of them now. Pure: what is known goes in, what to keep out."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.model.outgoing import Announcement, PushKind, PushSettings, Standing, StoryNews
from broadsheet.stages.publish.push.words import news_json

POSTS = frozenset({PushKind.MASTODON, PushKind.BLUESKY})
"""Channels that people read: they are spoken to seldom, and not at night."""
POSTS_AN_HOUR, POSTS_A_DAY = 4, 24
RETRIES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 480, 960))
"""After the first try, the second, and so on; the last of them is the end."""
_QUIET = re.compile(r"(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Memory:
    """What the outbox knows of these stories: `known` by their ids, `told` which of their records were in an
    announcement (of which story); `is_new` for a channel that was never used."""

    known: Mapping[str, Announcement]
    told: Mapping[str, str]
    is_new: bool = False


def planned(
    settings: PushSettings, threshold: int, news: Iterable[StoryNews], memory: Memory, now: datetime
) -> Iterator[Announcement]:
    """The announcements that are new or other than they are kept.

    A channel that is new passes over what was there before it: nobody is told of an archive. A story is announced once;
    what is said of it is renewed as long as nothing was tried. One below the heat may still become hot, and one whose
    reports were announced under another story is passed over.
    """
    since = now - timedelta(hours=settings.max_age_hours)
    for one in news:
        kept = memory.known.get(one.id)
        fresh = Announcement(settings.channel, one.id, now, heat=one.heat, body=news_json(one), records=one.records)
        if kept is not None:
            renewed = replace(kept, heat=one.heat, body=fresh.body, records=one.records)
            if kept.standing is Standing.WAITING and not kept.attempts and renewed != kept:
                yield renewed
        elif one.heat >= (settings.heat or threshold) and one.began >= since:
            yield _first(fresh, memory, now)


def _first(fresh: Announcement, memory: Memory, now: datetime) -> Announcement:
    if memory.is_new:
        return replace(fresh, standing=Standing.SKIPPED, ended=now, said="it was there before the channel")
    elsewhere = sorted({memory.told[record] for record in fresh.records if record in memory.told} - {fresh.subject})
    if elsewhere:
        return replace(fresh, standing=Standing.SKIPPED, ended=now, said=f"announced as story {elsewhere[0]}")
    return fresh


def is_too_old(announcement: Announcement, settings: PushSettings, now: datetime) -> bool:
    """Whether it has waited so long that it is no news any more; what may be out already is never given up so."""
    return not announcement.attempts and now - announcement.queued > timedelta(hours=settings.max_age_hours)


def may_send(settings: PushSettings, last_hour: int, last_day: int, now: datetime) -> int:
    """How many announcements may go out now, when so many did in the last hour and day. Raises ValueError for hours or
    a zone that are none."""
    posts = settings.kind in POSTS
    if is_quiet(settings.quiet, settings.zone, now):
        return 0
    hour = settings.per_hour or (POSTS_AN_HOUR if posts else 100_000)
    day = settings.per_day or (POSTS_A_DAY if posts else 100_000)
    return max(0, min(hour - last_hour, day - last_day))


def is_quiet(quiet: str, zone: str, now: datetime) -> bool:
    """Whether it is one of the hours `quiet` (`22-7`: from 22:00 to before 7:00) in the zone. Raises ValueError."""
    if not quiet:
        return False
    found = _QUIET.fullmatch(quiet.strip())
    if not found or max(int(found[1]), int(found[2])) > 24:
        raise ValueError(f"{quiet!r} are no hours; write them as 22-7")
    try:
        hour = now.astimezone(ZoneInfo(zone)).hour
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{zone!r} is no zone; write one as Europe/Berlin") from error
    begin, end = int(found[1]) % 24, int(found[2]) % 24
    return begin <= hour < end if begin < end else hour >= begin or hour < end


def begun(announcement: Announcement, now: datetime) -> Announcement:
    """As it is kept before a try: should nothing be heard of that any more, the next one is due after a while."""
    wait = RETRIES[min(announcement.attempts, len(RETRIES) - 1)]
    return replace(
        announcement,
        attempts=announcement.attempts + 1,
        not_before=now + wait,
        uncertain=announcement.uncertain or now,
    )


def failed_try(
    tried: Announcement, before: Announcement, reason: str, *, wait: float | None, certain: bool
) -> Announcement:
    """After a try that failed: to be tried again, not before `wait` seconds if the other side said so, or at an end.
    `certain` is whether the other side surely did not take it."""
    at = tried.not_before
    if at is not None and wait is not None:
        at = max(at, at - RETRIES[min(before.attempts, len(RETRIES) - 1)] + timedelta(seconds=wait))
    kept = replace(tried, said=reason, not_before=at, uncertain=before.uncertain if certain else tried.uncertain)
    return replace(kept, standing=Standing.FAILED) if tried.attempts > len(RETRIES) else kept
