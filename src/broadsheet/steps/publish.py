"""Publishes every story that changed: its pictures, records and file in the content repository, and a commit."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from broadsheet.errors import ItemError, StorageError
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.kept import Change, KeptArticle
from broadsheet.model.publication import PublishedImage
from broadsheet.stages.publish.pictures import render_picture
from broadsheet.stages.publish.records import emit_record
from broadsheet.stages.publish.slugs import record_path
from broadsheet.stages.publish.story_files import emit_moved, emit_story, story_path
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.judge import Judged, Rules, compose_record, compose_story, judge
from broadsheet.steps.newsroom import Newsroom, RunReport

STORIES_AT_ONCE = 200
SHARE_CARD_FROM = 4
"""From so many articles on, a lead image is a share card of its publisher and no picture of any of them."""


def publish(room: Newsroom, report: RunReport) -> None:
    """The sixth and seventh stages: stories to records, in git."""
    with report.stage("publish") as counts:
        rules = _rules(room)
        touched = room.store.stories.unpublished()
        room.progress.begin("publish", len(touched))
        content = ContentFolder(room.settings.folder, room.store.files)
        for start in range(0, len(touched), STORIES_AT_ONCE):
            _publish_some(room, report, rules, content, touched[start : start + STORIES_AT_ONCE])
        counts.update(content.counts)
        counts["commits"] += _commit(room, report)
        room.progress.end(_summary(counts))


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
    if room.store.journal.fact("rules") not in (None, said):
        room.store.stories.mark("the rules changed")
    room.store.journal.keep_fact("rules", said)
    return rules


def _publish_some(
    room: Newsroom, report: RunReport, rules: Rules, content: ContentFolder, story_ids: Sequence[str]
) -> None:
    members = room.store.stories.members(story_ids)
    heads = room.store.stories.heads(story_ids)
    judged = [judge(rules, s, m, heads.get(s)) for s, m in sorted(members.items()) if m]
    pictures = _pictures(room, report, judged)
    articles = [m for group in members.values() for m in group]
    changes = room.store.articles.changes(a.id for a in articles)
    known_paths = room.store.files.paths()
    new_paths = _new_paths(articles, known_paths, content.record_paths())
    paths = known_paths | new_paths
    gone = [s for s, m in members.items() if not m]
    files = _dissolved(room, gone, heads)
    done = dict.fromkeys(gone, "")
    for one in judged:
        try:
            files |= dict(_files(rules, one, pictures, paths, changes))
            done[one.story_id] = one.head.kept.id
        except ItemError as error:
            report.fail("publish", one.head.kept.article.url, error)
    content.write(files, new_paths)
    counts = report.stages["publish"].counts
    counts["stories"] += len(judged)
    counts["stories seen by readers"] += sum(j.published for j in judged)
    room.store.stories.published(done)
    for _ in story_ids:
        room.progress.advance()


def _dissolved(room: Newsroom, gone: Sequence[str], heads: Mapping[str, str]) -> dict[str, bytes | None]:
    """The files of stories that lost all their reports. One that was filed leads to where its head is now."""
    articles = room.store.articles.by_id(heads.values())
    filed = room.store.files.known(story_path(s) for s in gone)
    files: dict[str, bytes | None] = {}
    for story in gone:
        known, head = filed.get(story_path(story)), articles.get(heads.get(story, ""))
        was_filed = known is not None and known.sha is not None
        into = head.assignment.story_id if head is not None and head.assignment is not None else None
        files[story_path(story)] = emit_moved(story, into) if was_filed and into else None
    return files


def _files(
    rules: Rules,
    judged: Judged,
    pictures: Mapping[str, PublishedImage | None],
    paths: Mapping[str, str],
    changes: Sequence[Change],
) -> Iterator[tuple[str, bytes | None]]:
    """The records of a story, and its own file if readers see it or it has more than one report."""
    for report in judged.reports:
        record = compose_record(rules, judged, report, pictures)
        yield paths[report.kept.id], emit_record(record).encode()
    ids = {report.kept.id for report in judged.reports}
    story = compose_story(judged, paths, [c for c in changes if c.article_id in ids])
    filed = judged.published or len(judged.reports) > 1
    yield story_path(judged.story_id), emit_story(story) if filed else None


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


def _pictures(room: Newsroom, report: RunReport, judged: Sequence[Judged]) -> dict[str, PublishedImage | None]:
    """What we have of every lead image; those of published heads that were never tried are fetched now."""
    known = room.store.pictures.known()
    if not room.settings.publish.pictures:
        return known
    leads = [j.head.lead.url for j in judged if j.published and j.head.lead is not None]
    wanted = [url for url in dict.fromkeys(leads) if url not in known]
    for url, outcome in zip(wanted, room.engine.map(lambda u: _fetch_picture(room, u), wanted), strict=True):
        if isinstance(outcome, ItemError):
            report.fail("publish", url, outcome)
            room.store.pictures.keep(url, None, str(outcome))
            known[url] = None
            continue
        picture, bodies = outcome
        for name, body in bodies.items():
            room.blobs.put(name, body)
        room.store.pictures.keep(url, picture)
        known[url] = picture
    return known


def _fetch_picture(room: Newsroom, url: str) -> tuple[PublishedImage, dict[str, bytes]] | ItemError:
    try:
        response = room.http.get(Request(url, Purpose.IMAGE))
        return render_picture(response.body, name=hashlib.sha256(url.encode()).hexdigest()[:16])
    except ItemError as error:
        return error


def _commit(room: Newsroom, report: RunReport) -> int:
    """One commit for all that is written and not committed yet, an interrupted run's work included. Where git refuses
    (a merge under way, say), readers get the site all the same, and the next run tries again."""
    paths = [f.path for f in room.store.files.dirty()]
    made = 0
    if room.repository is not None and paths:
        try:
            made = int(room.repository.commit(paths, _message(paths, report.counted("gather", "corrections"))))
        except StorageError as error:
            report.fail("publish", "git", error)
            return 0
    room.store.files.committed(paths)
    return made


def _message(paths: Sequence[str], corrections: int) -> str:
    """What changed, in words: `3 stories, 11 articles, 1 correction`."""
    stories = sum(p.startswith("_stories/") for p in paths)
    parts = [(stories, "story", "stories"), (len(paths) - stories, "article", "articles")]
    parts.append((corrections, "correction", "corrections"))
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in parts if n)


def _summary(counts: Counter[str]) -> str:
    seen = counts["stories seen by readers"]
    return f"{counts['stories']} stories ranked, {seen} of them for readers, {counts['files']} files written"
