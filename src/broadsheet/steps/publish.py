"""Publishes every story that changed: its pictures, records and file in the content repository."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from broadsheet.errors import ItemError
from broadsheet.formats.sealing import KeyRing
from broadsheet.model.editorial import Placements
from broadsheet.model.kept import Change, KeptArticle
from broadsheet.model.publication import PublishedImage
from broadsheet.model.story import Moved, Story
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.slugs import record_path
from broadsheet.stages.publish.story_files import emit_moved, emit_story, story_path
from broadsheet.stages.publish.story_reading import read_story
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.editorial import read_placements, unseated
from broadsheet.steps.judge import Judged, Rules, compose_record, compose_story, judge
from broadsheet.steps.newsroom import Newsroom, RunReport
from broadsheet.steps.payloads import payload_of, secured
from broadsheet.steps.pictures import PictureDesk

STORIES_AT_ONCE = 200
SHARE_CARD_FROM = 4
"""From so many articles on, a lead image is a share card of its publisher and no picture of any of them."""


@dataclass(frozen=True, slots=True)
class Press:
    """What all stories are published with. `leads` maps a story without reports to where its address leads,
    which is one of `led_to`. Whoever is `unseated` has no claim to stay the head."""

    rules: Rules
    content: ContentFolder
    placements: Placements
    leads: Mapping[str, str]
    led_to: frozenset[str]
    unseated: frozenset[str]
    ring: KeyRing

    def filed(self, story: str) -> Story | Moved | None:
        """The story as it is filed, None where it isn't; the build reports a file that is no story."""
        body = self.content.read(story_path(story))
        try:
            return None if body is None else read_story(body, path=story_path(story))
        except ItemError:
            return None

    def was_public(self, story: str) -> bool:
        """Whether readers were ever given the address of this story, and nobody took it back: then it holds for
        ever."""
        filed = self.filed(story)
        if filed is None or isinstance(filed, Moved):
            return filed is not None
        return (filed.published or filed.reachable) and not self._took_back(filed.head.record)

    def _took_back(self, path: str) -> bool:
        """Whether a person says in a head's record that readers are not to see it."""
        body = self.content.read(path) if self.content.is_persons(path) else None
        try:
            return body is not None and read_record(body, path=path).published is False
        except ItemError:
            return False


def publish(room: Newsroom, report: RunReport) -> None:
    """The sixth and seventh stages: stories to records, in git."""
    with report.stage("publish") as counts:
        desk = PictureDesk(room, report)
        desk.again()
        press = _press(room)
        touched = _in_turn(room, press)
        room.progress.begin("publish", len(touched))
        for start in range(0, len(touched), STORIES_AT_ONCE):
            _publish_some(room, report, press, desk, touched[start : start + STORIES_AT_ONCE])
        counts.update(press.content.counts)
        room.progress.end(_summary(counts))


def _press(room: Newsroom) -> Press:
    content = ContentFolder(room.settings.folder, room.store.files)
    press = Press(_rules(room), content, read_placements(room), {}, frozenset(), unseated(room), room.ring)
    leads = _leads(room, press)
    return replace(press, leads=leads, led_to=frozenset(leads.values()))


def _leads(room: Newsroom, press: Press) -> dict[str, str]:
    """Where the addresses of the stories lead that lost all reports: to where the last head is. Who that was the
    decisions know best, which a store that began anew has too. A story whose address nobody was given leads nowhere."""
    gone = room.store.stories.dissolved()
    heads = {**room.store.stories.heads(gone), **press.placements.last_heads}
    now = room.store.stories.of(heads.values())
    into = {s: now.get(heads.get(s, "")) or press.placements.moved.get(s) for s in gone}
    return {s: to for s, to in into.items() if to and (s in press.placements.moved or press.was_public(s))}


def _in_turn(room: Newsroom, press: Press) -> list[str]:
    """The stories to be published: those with reports first, so that no address leads to what isn't there yet. Where
    one leads to there is a page, though its heat alone would not give it one."""
    hidden = [s for s in sorted(press.led_to) if not press.was_public(s)]
    there = [s for s, members in room.store.stories.members(hidden).items() if members]
    room.store.stories.mark("an address leads here", there)
    gone = set(room.store.stories.dissolved())
    return sorted(room.store.stories.unpublished(), key=lambda story: (story in gone, story))


def _rules(room: Newsroom) -> Rules:
    """What the judges go by. New rules, or an image that has turned out to be a share card, put the stories that they
    concern on the list."""
    cards = room.store.articles.shared_images(SHARE_CARD_FROM)
    known = set((room.store.journal.fact("share cards") or "").split("\n"))
    if cards - known:
        room.store.stories.mark_by_images(cards - known)
        room.store.journal.keep_fact("share cards", "\n".join(sorted(cards)))
    settings = room.settings.publish
    official, threshold = settings.official, settings.threshold
    rules = Rules(room.settings.site, room.topics, room.organizations, official, threshold, frozenset(cards))
    said = repr((rules.site, rules.topics, sorted(rules.organizations.items()), official, threshold))
    said += f" sealed with {room.ring.seals}" if room.ring.seals else ""
    if room.store.journal.fact("rules") not in (None, said):
        room.store.stories.mark("the rules changed")
    room.store.journal.keep_fact("rules", said)
    return rules


def _publish_some(room: Newsroom, report: RunReport, press: Press, desk: PictureDesk, story_ids: Sequence[str]) -> None:
    members = room.store.stories.members(story_ids)
    heads = room.store.stories.heads(story_ids)
    articles = [m for group in members.values() for m in group]
    known_paths = room.store.files.paths()
    new_paths = _new_paths(articles, known_paths, press.content.record_paths())
    paths = known_paths | new_paths
    judged = [_judge(press, s, m, heads.get(s), paths) for s, m in sorted(members.items()) if m]
    changes = room.store.articles.changes(a.id for a in articles)
    gone = [s for s, m in members.items() if not m]
    pictures = desk.of(judged, gone)
    files = {story_path(s): emit_moved(s, press.leads[s]) if s in press.leads else None for s in gone}
    done = {s: press.placements.last_heads.get(s, "") for s in gone}
    for one in judged:
        try:
            files |= dict(_files(press, one, pictures, paths, changes))
            done[one.story_id] = one.head.kept.id
        except ItemError as error:
            report.fail("publish", one.head.kept.article.url, error)
    press.content.write(files, new_paths)
    counts = report.stages["publish"].counts
    counts["stories"] += len(judged)
    counts["stories seen by readers"] += sum(j.published for j in judged)
    room.store.stories.published(done)
    for _ in story_ids:
        room.progress.advance()


def _judge(
    press: Press, story: str, members: Sequence[KeptArticle], sitting: str | None, paths: Mapping[str, str]
) -> Judged:
    """A store that began anew doesn't know who the head was; the story's file does."""
    if sitting is None and isinstance(filed := press.filed(story), Story):
        sitting = next((m.id for m in members if paths.get(m.id) == filed.head.record), None)
    if sitting in press.unseated:
        sitting = None
    return judge(press.rules, story, members, sitting, press.placements.head_of(m.id for m in members))


def _files(
    press: Press,
    judged: Judged,
    pictures: Mapping[str, PublishedImage | None],
    paths: Mapping[str, str],
    changes: Sequence[Change],
) -> Iterator[tuple[str, bytes | None]]:
    """The records of a story, and its own file if readers see it, can have its address, or it has several reports."""
    for report in judged.reports:
        path, record = paths[report.kept.id], compose_record(press.rules, judged, report, pictures)
        payload = secured(press.ring, press.content.read(path), path, payload_of(judged, report))
        yield path, emit_record(replace(record, secured=payload)).encode()
    ids = {report.kept.id for report in judged.reports}
    story = compose_story(judged, paths, [c for c in changes if c.article_id in ids])
    led_to = judged.story_id in press.led_to
    reachable = not judged.published and (led_to or press.was_public(judged.story_id))
    filed = judged.published or reachable or len(judged.reports) > 1
    yield story_path(judged.story_id), emit_story(replace(story, reachable=reachable)) if filed else None


def _new_paths(articles: Sequence[KeptArticle], known: Mapping[str, str], there: set[str]) -> dict[str, str]:
    """A path for each article that has none: by time, so that the earlier of two with one name has the plain one.
    `there` are the paths of all records that lie in the folder, whoever wrote them."""
    taken = set(known.values()) | there
    found: dict[str, str] = {}
    for kept in sorted(articles, key=lambda a: (a.published_at, a.id)):
        if kept.id not in known:
            found[kept.id] = record_path(kept.published_at, kept.article.title, taken)
            taken.add(found[kept.id])
    return found


def _summary(counts: Counter[str]) -> str:
    seen = counts["stories seen by readers"]
    return f"{counts['stories']} stories ranked, {seen} of them for readers, {counts['files']} files written"
