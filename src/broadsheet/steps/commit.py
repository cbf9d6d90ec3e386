"""Commits what a run wrote into the content repository, with a message that says in words what changed."""

from collections.abc import Sequence

from broadsheet.errors import StorageError
from broadsheet.model.record import FOLDER as RECORDS
from broadsheet.stages.publish.decisions import decision_path
from broadsheet.stages.publish.ledger import FOLDER as PAGES
from broadsheet.stages.publish.story_files import FOLDER as STORIES
from broadsheet.steps.editorial import note_committed, uncommitted
from broadsheet.steps.newsroom import Newsroom, RunReport


def commit(room: Newsroom, report: RunReport) -> None:
    """One commit for all that is written and not committed yet, an interrupted run's work included. Where git refuses
    (a merge under way, say), readers get the site all the same, and the next run tries again."""
    with report.stage("publish") as counts:
        counts["commits"] += _commit(room, report)


def _commit(room: Newsroom, report: RunReport) -> int:
    paths = [f.path for f in room.store.files.dirty()]
    decisions = uncommitted(room)
    made = 0
    if room.repository is not None and (paths or decisions):
        message = _message(paths, report.counted("gather", "corrections"), len(decisions))
        try:
            made = int(room.repository.commit([*paths, *map(decision_path, decisions)], message))
        except StorageError as error:
            report.fail("publish", "git", error)
            return 0
    room.store.files.committed(paths)
    if decisions:
        note_committed(room, decisions)
    return made


def _message(paths: Sequence[str], corrections: int, decisions: int) -> str:
    """What changed, in words: `3 stories, 11 articles, 1 correction, 1 editor's decision`."""
    stories = sum(p.startswith(f"{STORIES}/") for p in paths)
    articles = sum(p.startswith(f"{RECORDS}/") for p in paths)
    pages = sum(p.startswith(f"{PAGES}/") for p in paths)
    others = len(paths) - stories - articles - pages
    parts = [(stories, "story", "stories"), (articles, "article", "articles"), (others, "letter", "letters")]
    parts.append((corrections, "correction", "corrections"))
    parts.append((decisions, "editor's decision", "editor's decisions"))
    return ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in parts if n) or "Which page holds what"
