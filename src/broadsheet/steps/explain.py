"""Why a record is as it is: its scores recomputed from the record alone, and the receipts of its story."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from broadsheet.errors import UsageError
from broadsheet.model.editorial import Placements
from broadsheet.model.publication import Publication
from broadsheet.model.record import FiledRecord, Record
from broadsheet.model.score import Score
from broadsheet.model.story import Member, Receipt, Story
from broadsheet.model.taxonomy import Topic, TopicMatch
from broadsheet.ports import Store
from broadsheet.stages.enrich.topics import match_topics
from broadsheet.stages.rank.head import HeadChoice
from broadsheet.stages.rank.heat import NOT_A_HEAD, heat
from broadsheet.stages.rank.quality import Merits, quality
from broadsheet.steps.decision_words import decisions_about
from broadsheet.steps.desk import Desk
from broadsheet.steps.judge import Rules, judge

Terms = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ExplainedMember:
    """A report of the story, and why it is in it. `original` is the publisher of what it repeats, `runner_up_title`
    says what the next best story is about; both are empty where nobody knows."""

    title: str
    provider: str
    url: str
    receipt: Receipt
    copy_of: str | None = None
    shared_text: float | None = None
    original: str = ""
    runner_up_title: str = ""

    def as_json(self) -> dict[str, object]:
        """`{title, provider, url, copyOf, sharedText, receipt, holds}`; `holds` decides again from the figures."""
        return {
            "title": self.title,
            "provider": self.provider,
            "url": self.url,
            "copyOf": self.copy_of,
            "sharedText": self.shared_text,
            "receipt": self.receipt.as_json(),
            "holds": self.receipt.holds(),
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A receipt that was decided again: of which report in which story, and whether it came out the same."""

    story: str
    record: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """The terms of quality and heat (name, points), each topic with its keywords, the head and why, the members, and a
    line for each of an editor's `decisions` about them. `choice` is the head chosen again, None without a store."""

    path: str
    title: str
    quality: Terms
    heat: Terms
    threshold: int
    visibility: str
    topics: tuple[tuple[str, tuple[str, ...]], ...]
    story: str | None
    head: str
    head_reasons: tuple[str, ...]
    members: tuple[ExplainedMember, ...]
    decisions: tuple[str, ...] = ()
    choice: HeadChoice | None = None

    def as_json(self) -> dict[str, object]:
        """One object, for a pipe."""
        return {
            "path": self.path,
            "title": self.title,
            "quality": _terms_json(self.quality),
            "heat": _terms_json(self.heat),
            "threshold": self.threshold,
            "visibility": self.visibility,
            "topics": [{"name": name, "keywords": list(keywords)} for name, keywords in self.topics],
            "story": self.story,
            "head": self.head,
            "headReasons": list(self.head_reasons),
            "headReceipt": self.choice.as_json() if self.choice else None,
            "decisions": list(self.decisions),
            "members": [m.as_json() for m in self.members],
        }


def find_record(desk: Desk, wanted: str) -> FiledRecord:
    """The record of this path, file's name or address; of a story (its id or the beginning of it, the address of its
    page) that of its head. Raises UsageError where there is none."""
    try:
        path = desk.record(wanted).path
    except UsageError as error:
        try:
            path = _head_of(desk, desk.story(wanted))
        except UsageError as of_story:
            hint = "Look for it in _news, or name a story by its id"
            raise UsageError(f"{error.message}; {of_story.message}", hint=hint) from of_story
    return next(filed for filed in desk.publication.records if filed.path == path)


def _head_of(desk: Desk, story: str) -> str:
    """The record of a story's head; as it is filed, until a run carries out what an editor decided since."""
    filed = next((s.head.record for s in desk.publication.stories if s.id == story), None)
    return filed if filed in desk.records else desk.stories[story][0].path


def choose_again(store: Store, rules: Rules, story: str, placements: Placements) -> HeadChoice | None:
    """The head of a story chosen from what the store has, with the points of all its reports; None where it has none
    of them. `rules` without share cards are completed from the store."""
    members = store.stories.members([story]).get(story)
    if not members:
        return None
    cards = frozenset((store.journal.fact("share cards") or "").split("\n"))
    sitting = store.stories.heads([story]).get(story)
    pinned = placements.head_of(m.id for m in members)
    return judge(replace(rules, share_cards=cards), story, members, sitting, pinned).choice


def check(stories: Sequence[Story]) -> Iterator[Checked]:
    """Decides every membership again from its receipt."""
    for story in stories:
        for member in story.members:
            yield Checked(story.id, member.record, member.receipt.holds())


def merits_of(record: Record, matches: Sequence[TopicMatch], official: Sequence[str]) -> Merits:
    """What counts for the quality of a record, read from it alone: a logo says that the publisher is trusted."""
    is_official = record.provider.domain in official
    return Merits(
        title_length=len(record.title),
        topics=tuple(record.topics),
        keywords=tuple(k for m in matches for k in m.keywords),
        has_image=bool(record.images),
        has_amp=record.amp_web_url is not None,
        is_trusted=is_official or bool(record.provider.images),
        is_official=is_official,
        is_video=record.type == "video",
    )


def explain(desk: Desk, filed: FiledRecord, official: Sequence[str], threshold: int) -> Explanation:
    """Why the record is as it is. Where the recorded figure is not the sum of the terms, the rest is a term too, so
    that nothing is hidden: somebody raised it, or the rules were others when it was written."""
    record, publication = filed.record, desk.publication
    matches = match_topics(record.title, publication.topics)
    story = next((s for s in publication.stories if any(m.record == filed.path for m in s.members)), None)
    head = story.head.record if story else filed.path
    scored = quality(merits_of(record, matches, official))
    return Explanation(
        path=filed.path,
        title=record.title,
        quality=_with_rest(_terms(scored), record.quality, "not by the present rules"),
        heat=_heat(record),
        threshold=threshold,
        visibility=_visibility(record),
        topics=_topics(record, matches, publication.topics),
        story=story.id if story else None,
        head=head,
        head_reasons=_head_reasons(story, filed, head),
        members=_members(story, record, publication),
        decisions=tuple(decisions_about(desk, story.id if story else desk.home[filed.path])),
    )


def _terms(score: Score) -> Terms:
    return tuple((f"{t.name}: {t.found}" if t.found else t.name, t.points) for t in score.terms)


def _with_rest(terms: Terms, recorded: int | None, name: str) -> Terms:
    rest = 0 if recorded is None else recorded - sum(points for _, points in terms)
    return (*terms, (name, rest)) if rest else terms


def _heat(record: Record) -> Terms:
    if record.heat == NOT_A_HEAD:
        return (("not the head of its story", NOT_A_HEAD),)
    terms = _terms(heat(record.quality or 0, len(record.related)))
    return _with_rest(terms, record.heat, "attention since")


def _visibility(record: Record) -> str:
    if record.published is None:
        return "of the older form, which does not say whether readers see it"
    return "shown to readers" if record.published else "not shown to readers"


def _topics(
    record: Record, matches: Sequence[TopicMatch], topics: Sequence[Topic]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = {m.topic.name: m.keywords for m in matches}
    site = {t.name for t in topics if t.is_site}
    return tuple((name, found.get(name, () if name in site else ("given by hand",))) for name in record.topics)


def _head_reasons(story: Story | None, filed: FiledRecord, head: str) -> tuple[str, ...]:
    if story is None:
        return ("It is the only report of this story.",) if filed.record.heat != NOT_A_HEAD else ()
    if head == filed.path:
        return story.head_reasons
    return (f"The head is {head}.", *story.head_reasons)


def _members(story: Story | None, record: Record, publication: Publication) -> tuple[ExplainedMember, ...]:
    if story is None:
        return tuple(ExplainedMember(r.title, r.provider.name, r.web_url or "", Receipt()) for r in record.related)
    titles = {other.id: other.title for other in publication.stories}
    publishers = {m.record: m.provider_name for m in story.members}
    return tuple(_member(m, titles, publishers) for m in story.members)


def _member(member: Member, titles: Mapping[str, str], publishers: Mapping[str, str]) -> ExplainedMember:
    return ExplainedMember(
        title=member.title,
        provider=member.provider_name,
        url=member.url,
        receipt=member.receipt,
        copy_of=member.copy_of,
        shared_text=member.shared_text,
        original=publishers.get(member.copy_of or "", ""),
        runner_up_title=titles.get(member.receipt.runner_up or "", ""),
    )


def _terms_json(terms: Terms) -> dict[str, object]:
    return {"total": sum(p for _, p in terms), "terms": [{"name": n, "points": p} for n, p in terms]}
