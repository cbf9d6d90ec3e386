"""Which stories a letter tells: those first seen since the last one, hottest first, and none that a letter told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from broadsheet.model.letter import Evergreen
from broadsheet.model.publication import Publication
from broadsheet.model.sponsor import Place, Sponsor, sponsors_of
from broadsheet.model.story import Story
from broadsheet.stages.publish.site.views import CorrectionView, StoryView, Viewer
from broadsheet.stages.publish.stories import end_of, stories_of

GROWS = timedelta(days=3)
"""So long after its first report a story may still become one that readers see, and go into the next letter."""
CORRECTIONS = 6


@dataclass(frozen=True, slots=True)
class Plan:
    """How much goes in: `full` stories with their summaries, at most `per_topic` of one topic (0: any number), `also`
    a line each, `evergreen` of what stays worth reading; nothing where there are fewer than `fewest` new stories."""

    full: int = 5
    also: int = 10
    per_topic: int = 2
    evergreen: int = 1
    fewest: int = 1


@dataclass(frozen=True, slots=True)
class Past:
    """What the letters before this one say.

    `since` is when the last one was made, UTC. `told` are the ids of stories that letters told, `addresses` all that
    letters link to, each with when it was last. `shown` are the stories that readers could see when the last letter
    was made, None where nobody remembers. `first_seen` is when the first report of a story was first seen, by id; of
    one that is not in it, when that report was published. `number` is how many letters there were.
    """

    since: datetime
    told: frozenset[str] = frozenset()
    addresses: Mapping[str, datetime] = field(default_factory=dict)
    shown: frozenset[str] | None = None
    first_seen: Mapping[str, datetime] = field(default_factory=dict)
    number: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """A letter's content. `at` is when it is made, in the zone of its day. `left` is how many new stories did not fit,
    `reports` how many reports all of the new ones have. `shown` are the young stories that readers can see now, by id.
    """

    number: int
    at: datetime
    full: tuple[StoryView, ...]
    also: tuple[StoryView, ...] = ()
    left: int = 0
    reports: int = 0
    evergreen: tuple[Evergreen, ...] = ()
    sponsor: Sponsor | None = None
    corrections: tuple[tuple[StoryView, CorrectionView], ...] = ()
    shown: frozenset[str] = frozenset()

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """All that it tells, by rank."""
        return self.full + self.also

    @property
    def new(self) -> int:
        """How many stories are new, told or not."""
        return len(self.stories) + self.left


def choose(
    publication: Publication,
    past: Past,
    plan: Plan,
    at: datetime,
    sponsors: Sequence[Sponsor] = (),
    evergreens: Sequence[Evergreen] = (),
) -> Issue | None:
    """The content of the letter made `at`, in whose zone it is dated; None where there is too little for one."""
    viewer = Viewer(publication)
    told = {end_of(story, publication.moved) for story in past.told} | past.told
    visible = stories_of(publication)
    candidates = [viewer.view(s) for s in visible if s.id not in told and _is_new(s, past)]
    new = [v for v in candidates if v.title.strip() and not _was_told(v, past)]
    if len(new) < plan.fewest:
        return None
    full = _capped(new, plan)
    ids = {v.story.id for v in full}
    others = [v for v in new if v.story.id not in ids]
    today = at.date()
    subjects = frozenset(t.id for v in full for t in v.topics)
    return Issue(
        number=past.number + 1,
        at=at,
        full=full,
        also=tuple(others[: plan.also]),
        left=max(0, len(others) - plan.also),
        reports=sum(len(v.reports) for v in new),
        evergreen=_in_turn(evergreens, past, today)[: plan.evergreen],
        sponsor=_sponsor(sponsors, today, subjects),
        corrections=_corrections(viewer, publication, past, at),
        shown=frozenset(s.id for s in visible if _began(s) >= at - 2 * GROWS),
    )


def _is_new(story: Story, past: Past) -> bool:
    """Seen since the last letter; or shortly before it, and not yet hot enough then for readers to see."""
    seen = past.first_seen.get(story.id) or _began(story)
    if seen >= past.since:
        return True
    return past.shown is not None and story.id not in past.shown and seen >= past.since - GROWS


def _began(story: Story) -> datetime:
    return min(m.published for m in story.members)


def _was_told(view: StoryView, past: Past) -> bool:
    """Whether a letter led to its head, under another story's id."""
    return bool(view.head.url) and view.head.url in past.addresses


def _capped(new: Sequence[StoryView], plan: Plan) -> tuple[StoryView, ...]:
    """The hottest, but of one topic no more than its share; what is beyond it may still stand below, in a line."""
    taken: Counter[str] = Counter()
    found: list[StoryView] = []
    for view in new:
        topic = view.kicker.id if view.kicker else ""
        if not (topic and plan.per_topic and taken[topic] >= plan.per_topic):
            found.append(view)
            taken[topic] += 1
    return tuple(found[: plan.full])


def _in_turn(evergreens: Sequence[Evergreen], past: Past, today: date) -> tuple[Evergreen, ...]:
    """Those never shown first, then those shown longest ago."""
    never = datetime.min.replace(tzinfo=UTC)
    shown = [e for e in evergreens if e.stands(today)]
    return tuple(sorted(shown, key=lambda e: past.addresses.get(e.url, never)))


def _sponsor(sponsors: Sequence[Sponsor], today: date, subjects: frozenset[str]) -> Sponsor | None:
    """One a letter; who pays for a topic stands only where the letter tells of it."""
    of_today = sponsors_of(tuple(sponsors), Place.LETTER, today)
    return next((s for s in of_today if not s.topics or subjects & set(s.topics)), None)


def _corrections(
    viewer: Viewer, publication: Publication, past: Past, at: datetime
) -> tuple[tuple[StoryView, CorrectionView], ...]:
    """What publishers corrected since the last letter: of stories that letters told first, then the newest."""
    concerned = [s for s in publication.stories if any(past.since < c.at <= at for c in s.corrections)]
    views = [viewer.view(s) for s in concerned if s.published]
    found = [(v, c) for v in views for c in v.corrections if past.since < c.at <= at]
    found.sort(key=lambda f: (f[0].story.id not in past.told, -f[1].at.timestamp(), f[0].story.id))
    return tuple(found[:CORRECTIONS])
