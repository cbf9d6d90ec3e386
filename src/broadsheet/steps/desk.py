"""The editor's desk: finds what an editor names, makes the decision, and says it in words. Reads the folder only."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from urllib.parse import urlsplit

from broadsheet.errors import UsageError
from broadsheet.formats.urls import url_key
from broadsheet.model.editorial import Decision, Placements, What, in_order, resolve
from broadsheet.model.publication import Publication
from broadsheet.model.record import FiledRecord
from broadsheet.stages.publish.decisions import name_of, new_story
from broadsheet.steps.editorial import id_of_address, id_of_record

SHORTEST = 3  # characters of an id or a name that are enough to be looked for


@dataclass(frozen=True, slots=True)
class Filed:
    """A record with its article's id and the address by which a decision names it."""

    path: str
    id: str
    address: str
    title: str
    publisher: str


class Desk:
    """A publication as it will be when all decisions so far are carried out, also those that no run has seen."""

    def __init__(self, publication: Publication, decisions: Sequence[Decision]) -> None:
        self.publication = publication
        self.decisions = in_order(decisions)
        self.records = {r.path: _filed(r) for r in publication.records}
        self.ids = {r.id: r for r in self.records.values()}
        self.placements: Placements = resolve(self._by_id(d) for d in decisions)

    @cached_property
    def stories(self) -> Mapping[str, Sequence[Filed]]:
        """The records of each story, its head first. A record that is in no filed story is one by itself."""
        found: dict[str, list[Filed]] = defaultdict(list)
        heads: dict[str, str] = {}
        seen: set[str] = set()
        for story in self.publication.stories:
            for member in story.members:
                if member.record in self.records and member.record not in seen:
                    filed = self.records[member.record]
                    found[self.placements.story_of(filed.id, story.id)].append(filed)
                    heads |= {filed.id: story.id} if member.is_head else {}
                    seen.add(member.record)
        for filed in self.records.values():
            if filed.path not in seen:
                found[self.placements.story_of(filed.id, _story_of_one(filed.id))].append(filed)
        pinned = self.placements.pinned

        def rank(story: str, filed: Filed) -> tuple[int, bool, bool]:
            """A pinned one first, then the story's own head, then one of a story that went into it."""
            return -_place(filed.id, pinned), heads.get(filed.id) != story, filed.id not in heads

        return {s: sorted(members, key=partial(rank, s)) for s, members in found.items()}

    @cached_property
    def home(self) -> Mapping[str, str]:
        """The story of each record, by path."""
        return {filed.path: story for story, members in self.stories.items() for filed in members}

    def record(self, said: str) -> Filed:
        """The record that a person means: its path, its file's name, or the article's address. Raises UsageError."""
        name = said.rsplit("/", 1)[-1]
        found = self.records.get(said) or self.records.get(f"_news/{name}") or self.ids.get(_id_of(said))
        if found is None:
            key = url_key(said)
            found = next((f for f in self.records.values() if key in self._keys[f.path]), None)
        if found is None:
            raise UsageError(
                f"no record has the path or the address {said}", hint="Look for it in _news, or with broadsheet explain"
            )
        return found

    def story(self, said: str) -> str:
        """The story that a person means: an id or its beginning, an address of the site, or one of its records."""
        wanted = _in_site(said) or said
        wanted = self.placements.moved.get(wanted) or self.publication.moved.get(wanted) or wanted
        if wanted in self.stories:
            return wanted
        if said.endswith(".md") or (urlsplit(said).scheme and not _in_site(said)):
            return self.home[self.record(said).path]
        near = sorted(s for s in self.stories if s.startswith(wanted)) if len(wanted) >= SHORTEST else []
        if len(near) == 1:
            return near[0]
        if near:
            raise UsageError(f"{len(near)} stories begin with {said}: {', '.join(near[:5])}", hint="Say more of the id")
        hint = "Name it by its id, the address of its page, or one of its records"
        raise UsageError(f"no story has the id or the address {said}", hint=hint)

    def decision(self, said: str) -> Decision:
        """The decision whose name this is, or the only one in whose name it stands. Raises UsageError."""
        near = [d for d in self.decisions if said in d.name] if len(said) >= SHORTEST else []
        exact = [d for d in self.decisions if d.name == said.removesuffix(".yaml").rsplit("/", 1)[-1]]
        found = exact or near
        if len(found) != 1:
            what = f"{len(found)} decisions have {said} in their name" if found else f"no decision is named {said}"
            raise UsageError(what, hint="broadsheet story log lists them")
        return found[0]

    def title(self, story: str) -> str:
        """The head's title, of a story that is gone that of its last head; empty where nobody knows."""
        members = self.stories.get(story)
        if members:
            return members[0].title
        for decision in reversed(self.decisions):
            for address in decision.members.get(story, ()):
                if (filed := self.ids.get(self.article_id(address))) is not None:
                    return filed.title
        return ""

    def article_id(self, name: str) -> str:
        """The id of the article that a decision names."""
        filed = self.records.get(name)
        return filed.id if filed is not None else id_of_address(name)

    def title_of(self, name: str) -> str:
        """The title of an article that a decision names; the name itself where there is no such record."""
        filed = self.ids.get(self.article_id(name))
        return filed.title if filed is not None else name

    @cached_property
    def _keys(self) -> Mapping[str, set[str]]:
        return {
            r.path: {url_key(url) for url in (r.record.original_url, r.record.web_url, r.record.amp_web_url) if url}
            for r in self.publication.records
        }

    def _by_id(self, decision: Decision) -> Decision:
        members = {s: tuple(map(self.article_id, named)) for s, named in decision.members.items()}
        return replace(decision, articles=tuple(map(self.article_id, decision.articles)), members=members)


class Pen:
    """Writes decisions of one editor. Each is later than all before it, so that they hold in the order given."""

    def __init__(self, desk: Desk, by: str, why: str, now: datetime) -> None:
        self.desk, self.by, self.why = desk, by, why
        last = max((d.at for d in desk.decisions), default=None)
        now = now.replace(microsecond=0)
        self.at = now if last is None or last < now else last + timedelta(seconds=1)

    def merge(self, story: str, into: str) -> Decision:
        """Everything of `story` goes into the other. Raises UsageError where they are one."""
        story, into = self.desk.story(story), self.desk.story(into)
        if story == into:
            raise UsageError(f"both are the story {into} already")
        return self._named(What.MERGE, story=story, into=into, members=self._members(story, into))

    def split(self, story: str, records: Iterable[str]) -> Decision:
        """These records leave the story and are a new one. Raises UsageError where they are not of it, or all of it."""
        story = self.desk.story(story)
        leaving = [self.desk.record(r) for r in records]
        for filed in leaving:
            if self.desk.home[filed.path] != story:
                raise UsageError(
                    f"{filed.path} is not in the story {story}", hint=f"It is in {self.desk.home[filed.path]}"
                )
        if len({f.id for f in leaving}) == len(self.desk.stories[story]):
            raise UsageError("these are all the records that the story has", hint="Leave at least one out")
        draft = self._named(What.SPLIT, story=story, articles=_addresses(leaving), members=self._members(story))
        return replace(draft, into=new_story(draft.name))

    def move(self, record: str, into: str) -> Decision:
        """The record goes from its story into another. Raises UsageError where it is there."""
        filed, into = self.desk.record(record), self.desk.story(into)
        story = self.desk.home[filed.path]
        if story == into:
            raise UsageError(f"{filed.path} is in the story {into} already")
        members = self._members(story, into)
        return self._named(What.MOVE, story=story, into=into, articles=(filed.address,), members=members)

    def pin(self, record: str) -> Decision:
        """The record is the head of its story from now on."""
        filed = self.desk.record(record)
        return self._named(What.PIN, story=self.desk.home[filed.path], articles=(filed.address,))

    def unpin(self, story: str) -> Decision:
        """The story chooses its head by itself again. Raises UsageError where nobody pinned one."""
        story = self.desk.story(story)
        pinned = [f for f in self.desk.stories[story] if f.id in self.desk.placements.pinned]
        if not pinned:
            raise UsageError(f"the story {story} has no pinned head")
        return self._named(What.UNPIN, story=story, articles=_addresses(pinned))

    def undo(self, decision: str) -> Decision:
        """The decision holds no longer. Raises UsageError where it doesn't anyway."""
        found = self.desk.decision(decision)
        if found.name in self.desk.placements.undone:
            raise UsageError(f"{found.name} is undone already", hint="To have it again, undo what undid it")
        return self._named(What.UNDO, decision=found.name)

    def _members(self, *stories: str) -> dict[str, tuple[str, ...]]:
        return {story: _addresses(self.desk.stories[story]) for story in stories}

    def _named(
        self,
        what: What,
        *,
        story: str = "",
        into: str = "",
        articles: tuple[str, ...] = (),
        members: Mapping[str, tuple[str, ...]] | None = None,
        decision: str = "",
    ) -> Decision:
        made = Decision("", self.at, self.by, what, self.why, story, into, articles, members or {}, decision)
        return replace(made, name=name_of(made))


def _filed(filed: FiledRecord) -> Filed:
    record = filed.record
    found = id_of_record(record)
    web = record.web_url
    address = web if web and id_of_address(web) == found else record.original_url
    return Filed(filed.path, found, address, record.title, record.provider.name)


def _id_of(said: str) -> str:
    return id_of_address(said) if urlsplit(said).scheme else ""


def _addresses(records: Iterable[Filed]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.address for f in records))


def _place(article: str, pinned: Sequence[str]) -> int:
    return pinned.index(article) if article in pinned else -1


def _story_of_one(article: str) -> str:
    """The id that the engine gives a story that begins with this article; nobody has its address, since a story of one
    that readers don't see has no file."""
    return hashlib.sha256(article.encode()).hexdigest()[:12]


def _in_site(said: str) -> str | None:
    """The id in an address such as `https://example.com/stories/4f2a/`, or in the path of a story's file."""
    steps = [step for step in urlsplit(said).path.split("/") if step]
    if "stories" in steps[:-1]:
        return steps[steps.index("stories") + 1]
    return steps[-1].removesuffix(".json") if steps and steps[0] == "_stories" else None
