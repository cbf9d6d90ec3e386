"""The editor's word is carried out: what a decision places is placed in the store, however old it is, and stays."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from broadsheet.errors import ItemError, Rejected, StorageError
from broadsheet.formats.files import write_whole
from broadsheet.formats.yaml_files import MAX_CHARACTERS
from broadsheet.model.article import Article
from broadsheet.model.editorial import Decision, Placements, What, resolve
from broadsheet.model.failure import Failure
from broadsheet.model.kept import KeptArticle
from broadsheet.model.record import Record
from broadsheet.model.story import Assignment, Receipt, by_editor
from broadsheet.ports import Store
from broadsheet.stages.enrich.settle import article_id
from broadsheet.stages.publish.decisions import (
    ENDING,
    FOLDER,
    MEMBERS_NAMED,
    decision_path,
    emit_members,
    read_decision,
)
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.records.schema import MAX_BYTES
from broadsheet.steps.newsroom import Newsroom, RunReport

STAGE = "obey"
OBEYED, COMMITTED = "decisions obeyed", "decisions committed"
_WITH_MEMBERS = (What.MERGE, What.SPLIT, What.MOVE)


def obey(room: Newsroom, report: RunReport) -> None:
    """Between stories and publishing: every article is where the decisions say, also those that no engine looks at
    any more, and what changes for readers is to be published anew. Done twice, the second time changes nothing."""
    with report.stage(STAGE) as counts:
        decisions, failures = read_decisions(room.settings.folder)
        report.failures += failures
        counts["failed"] += len(failures)
        by_id = _by_id(room, decisions, report)
        _complete(room, decisions, by_id, report)
        placements = resolve(by_id)
        for name, reason in placements.problems.items():
            report.fail(STAGE, decision_path(name), Rejected(f"{decision_path(name)}: {reason}"))
        before = _Obeyed.of(room.store)
        after = _Obeyed.after(placements, before, room.store)
        counts["decisions"] += len(decisions)
        counts["moved"] += _reassign(room, _wanted(placements, before, after), placements.decided)
        counts["not here yet"] += len(placements.stories.keys() - room.store.stories.of(placements.stories).keys())
        _mark(room, placements, before)
        after.keep(room.store)


def read_placements(room: Newsroom) -> Placements:
    """What all decisions in the publication's folder say together, articles by their ids. One that can't be read, or
    that no run has completed yet, is passed over here; `obey` reports and completes them."""
    decisions = [d for d in read_decisions(room.settings.folder)[0] if not _is_incomplete(d)]
    if not decisions:
        return Placements()
    placements = resolve(_by_id(room, decisions, None))
    were = _Obeyed.of(room.store).placed.items()
    followed = {a: placements.merged[s] for a, s in were if s is not None and s in placements.merged}
    return replace(placements, stories={**followed, **placements.stories})


def unseated(room: Newsroom) -> frozenset[str]:
    """Articles whose pin was just taken away, and that have no claim to stay the heads of their stories."""
    return frozenset(_Obeyed.of(room.store).unseated)


def read_decisions(folder: Path) -> tuple[list[Decision], list[Failure]]:
    """The decisions filed in a publication, articles named as they are there, and the files that can't be read."""
    found: list[Decision] = []
    failures: list[Failure] = []
    for file in sorted((folder / FOLDER).glob(f"*{ENDING}")):
        path = f"{FOLDER}/{file.name}"
        try:
            found.append(read_decision(_bytes(file, 4 * MAX_CHARACTERS), path=path))
        except ItemError as error:
            failures.append(Failure(STAGE, path, str(error)))
    return found, failures


def id_of_record(record: Record) -> str:
    """The id of a record's article: it follows from the addresses that the record has."""
    return article_id(Article(record.original_url, canonical_url=record.web_url))


def id_of_address(url: str) -> str:
    """The id of the article at this address, if it calls itself by none other."""
    return article_id(Article(url))


def uncommitted(room: Newsroom) -> list[str]:
    """Names of readable decisions that no commit of ours has."""
    decisions, _ = read_decisions(room.settings.folder)
    known = set(json.loads(room.store.journal.fact(COMMITTED) or "[]"))
    return [d.name for d in decisions if d.name not in known]


def note_committed(room: Newsroom, names: Iterable[str]) -> None:
    """These are in git now."""
    known = set(json.loads(room.store.journal.fact(COMMITTED) or "[]"))
    room.store.journal.keep_fact(COMMITTED, json.dumps(sorted(known.union(names))))


@dataclass(frozen=True, slots=True)
class _Obeyed:
    """What was obeyed the last time: each placed article's story before any decision (None: unknown), heads, moves.

    `unseated` are heads that were pinned and are no longer, until their stories are published: who is the head only by
    an editor's word has no claim to stay.
    """

    placed: Mapping[str, str | None] = field(default_factory=dict)
    pinned: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)
    unseated: tuple[str, ...] = ()

    @classmethod
    def of(cls, store: Store) -> "_Obeyed":
        said: dict[str, Any] = json.loads(store.journal.fact(OBEYED) or "{}")
        pinned, unseated = tuple(said.get("pinned", ())), tuple(said.get("unseated", ()))
        return cls(said.get("placed", {}), pinned, said.get("moved", {}), unseated)

    @classmethod
    def after(cls, placements: Placements, before: "_Obeyed", store: Store) -> "_Obeyed":
        """Whatever a story has that ends in a merge is placed too, though no decision names it."""
        named = {a: before.placed.get(a) or placements.was.get(a) for a in placements.stories}
        followed = {a: s for a, s in before.placed.items() if s in placements.merged}
        for story, articles in store.stories.members(placements.merged).items():
            followed |= {a.id: story for a in articles if a.id not in before.placed}
        waiting = set(store.stories.unpublished()) if before.unseated else set()
        unseated = {a for a, story in store.stories.of(before.unseated).items() if story in waiting}
        unseated = (unseated | set(before.pinned)) - set(placements.pinned)
        return cls(followed | named, placements.pinned, placements.moved, tuple(sorted(unseated)))

    def keep(self, store: Store) -> None:
        if self != _Obeyed.of(store):
            store.journal.keep_fact(OBEYED, json.dumps(asdict(self), sort_keys=True))


def _by_id(room: Newsroom, decisions: Iterable[Decision], report: RunReport | None) -> list[Decision]:
    """The decisions with articles by id; one that names a record which isn't there has no effect."""
    given = list(decisions)
    by_path = any("://" not in name for d in given for names in (d.articles, *d.members.values()) for name in names)
    paths = {path: article for article, path in room.store.files.paths().items()} if by_path else {}
    found: list[Decision] = []
    for decision in given:
        try:
            found.append(_translated(decision, room.settings.folder, paths))
        except ItemError as error:
            if report is not None:
                report.fail(STAGE, decision_path(decision.name), error)
    return found


def _translated(decision: Decision, folder: Path, paths: Mapping[str, str]) -> Decision:
    def ids(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(paths.get(n) or _id_of(n, decision, folder) for n in names))

    members = {story: ids(names) for story, names in decision.members.items()}
    return replace(decision, articles=ids(decision.articles), members=members)


def _id_of(name: str, decision: Decision, folder: Path) -> str:
    if "://" in name:
        return id_of_address(name)
    try:
        return id_of_record(read_record(_bytes(folder / name, MAX_BYTES), path=name))
    except ItemError as error:
        raise Rejected(f"{decision_path(decision.name)}: {error}") from error


def _bytes(file: Path, most: int) -> bytes:
    """Raises Rejected for what is no plain file: a link could lead out of the publication."""
    if file.is_symlink() or not file.is_file():
        raise Rejected(f"{file.parent.name}/{file.name}: no such file is there")
    try:
        with file.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise Rejected(f"{file.parent.name}/{file.name}: can't be read ({error.strerror})") from error


def _complete(room: Newsroom, decisions: Iterable[Decision], by_id: list[Decision], report: RunReport) -> None:
    """A decision written by hand says nothing of who is in the stories. They are added to its file, so that who begins
    anew, and has not these stories, still knows what was decided."""
    names = {d.name: d for d in decisions}
    for decision in [d for d in by_id if _is_incomplete(d)]:
        members = _members(room, decision)
        missing = {decision.story, decision.into if decision.what is not What.SPLIT else ""} - {"", *members}
        by_id.remove(decision)
        if missing:
            path = decision_path(decision.name)
            report.fail(STAGE, path, Rejected(f"{path}: no story has the id {', '.join(sorted(missing))}"))
            continue
        by_id.append(replace(decision, members={s: tuple(a.id for a in m) for s, m in members.items()}))
        _append(room.settings.folder, names[decision.name], members)


def _is_incomplete(decision: Decision) -> bool:
    return decision.what in _WITH_MEMBERS and not decision.members


def _members(room: Newsroom, decision: Decision) -> dict[str, list[KeptArticle]]:
    """The articles of the stories that a decision concerns, each story's head first."""
    own = room.store.stories.of(decision.articles).values()
    stories = list(dict.fromkeys(s for s in (decision.story, decision.into, *sorted(own)) if s))
    found = room.store.stories.members(stories)
    heads = room.store.stories.heads(stories)
    ordered = {s: sorted(found[s], key=lambda a: a.id != heads.get(s)) for s in stories}
    return {s: articles[:MEMBERS_NAMED] for s, articles in ordered.items() if articles}


def _append(folder: Path, decision: Decision, members: Mapping[str, list[KeptArticle]]) -> None:
    file = folder / decision_path(decision.name)
    named = {story: tuple(address_of(a.article) for a in articles) for story, articles in members.items()}
    try:
        text = file.read_text("utf-8")
        write_whole(file, (text.rstrip("\n") + "\n" + emit_members(named)).encode())
    except OSError as error:
        raise StorageError(f"{file}: {error.strerror}") from error


def address_of(article: Article) -> str:
    """The address from which the id of the article follows by itself."""
    own = article.canonical_url
    return own if own and id_of_address(own) == article_id(article) else article.url


def _wanted(placements: Placements, before: _Obeyed, after: _Obeyed) -> dict[str, str]:
    """The story of each article that a decision speaks of now, or spoke of the last time: that goes back to where it
    was, unless that story was merged since."""
    were = {**before.placed, **after.placed}
    back = {a: placements.merged.get(s, s) for a, s in were.items() if s is not None}
    return back | dict(placements.stories)


def _reassign(room: Newsroom, wanted: Mapping[str, str], decided: Mapping[str, str]) -> int:
    """The receipt of the story that an article leaves does not hold for the new one; it is the decision instead."""
    known = room.store.stories.of(wanted)
    changed = [article for article, story in known.items() if wanted[article] != story]
    articles = room.store.articles.by_id(changed)
    return room.store.stories.assign([_assignment(articles[a], wanted[a], by_editor(decided.get(a))) for a in changed])


def _assignment(kept: KeptArticle, story: str, receipt: Receipt) -> Assignment:
    before = kept.assignment
    return Assignment(
        kept.id, story, receipt, before.copy_of if before else None, before.shared_text if before else None
    )


def _mark(room: Newsroom, placements: Placements, before: _Obeyed) -> None:
    """What changes for readers without an article changing its story: heads, and where an address leads."""
    if placements.pinned != before.pinned:
        heads = room.store.stories.of({*placements.pinned} ^ {*before.pinned} or {*placements.pinned})
        room.store.stories.mark("an editor chose its head", heads.values())
    both = before.moved.keys() | placements.moved.keys()
    moved = [s for s in both if before.moved.get(s) != placements.moved.get(s)]
    room.store.stories.mark("an editor's decision moved it", moved)
