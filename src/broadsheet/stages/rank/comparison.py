"""A record scored anew from what it says itself, beside the score that stands in it."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from broadsheet.model.record import Record
from broadsheet.model.taxonomy import TopicMatch
from broadsheet.stages.rank.heat import NOT_A_HEAD, PUBLISHED_FROM, RELATED, heat, is_published
from broadsheet.stages.rank.quality import OFFICIAL, TRUSTED, Merits, quality

MOST_ATTENTION = 8
"""What the origin added at most to the heat of an article that readers looked at; it fell back later."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record says of its rank, or should; None where one in the older form says nothing."""

    topics: tuple[str, ...]
    quality: int | None
    heat: int | None
    published: bool | None

    def as_json(self) -> dict[str, object]:
        """`{topics, quality, heat, published}`."""
        return {
            "topics": list(self.topics),
            "quality": self.quality,
            "heat": self.heat,
            "published": self.published,
        }


@dataclass(frozen=True, slots=True)
class Registered:
    """What the publication knows of publishers: the domains that it lists, and those that are the subject's own; and
    the heat from which readers see a record."""

    listed: Container[str] = ()
    official: Container[str] = ()
    threshold: int = PUBLISHED_FROM


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is recorded, what follows from the rules, and for each difference why there is one."""

    recorded: Standing
    computed: Standing
    differs: tuple[str, ...]


def compare(record: Record, matches: Sequence[TopicMatch], registered: Registered) -> Comparison:
    """Scores the record anew; `matches` are the topics that its title has.

    Its quality counts the topics that are recorded, since an editor may have given one. Its publisher is trusted when
    it carries a logo. It is the head of its story unless it says otherwise, or lists a related item of more quality.
    """
    recorded = Standing(record.topics, record.quality, record.heat, record.published)
    computed = _computed(record, matches, registered)
    return Comparison(recorded, computed, tuple(_differences(record, recorded, computed, registered)))


def merits_of(record: Record, matches: Sequence[TopicMatch], registered: Registered) -> Merits:
    """What counts for the quality of a record."""
    return Merits(
        title_length=len(record.title),
        topics=record.topics,
        keywords=tuple(keyword for match in matches for keyword in match.keywords),
        has_image=bool(record.images),
        has_amp=record.amp_web_url is not None,
        is_trusted=bool(record.provider.images),
        is_official=record.provider.domain in registered.official,
        is_video=record.type == "video",
    )


def _computed(record: Record, matches: Sequence[TopicMatch], registered: Registered) -> Standing:
    points = quality(merits_of(record, matches, registered)).total
    warmth = heat(points, len(record.related)).total if _is_head(record) else NOT_A_HEAD
    return Standing(
        tuple(match.topic.name for match in matches), points, warmth, is_published(warmth, registered.threshold)
    )


def _is_head(record: Record) -> bool:
    better = record.quality is not None and any((item.quality or 0) > record.quality for item in record.related)
    return record.heat != NOT_A_HEAD and not better


def _differences(record: Record, recorded: Standing, computed: Standing, registered: Registered) -> Iterator[str]:
    if recorded.topics != computed.topics:
        yield from _topic_differences(recorded.topics, computed.topics)
    if recorded.quality is not None and recorded.quality != computed.quality:
        yield _quality_difference(record, recorded.quality - (computed.quality or 0), registered)
    if recorded.heat is not None and recorded.heat != computed.heat:
        yield _heat_difference(record, recorded.heat)
    if recorded.published is not None and recorded.published != computed.published:
        yield "published: follows from the heat"


def _topic_differences(recorded: Sequence[str], computed: Sequence[str]) -> Iterator[str]:
    for name in recorded:
        if name not in computed:
            yield f"topics: {name} is recorded, and none of its keywords stands in the title"
    for name in computed:
        if name not in recorded:
            yield f"topics: a keyword of {name} stands in the title, and it is not recorded"
    if sorted(recorded) == sorted(computed):
        yield "topics: the same, in another order"


def _quality_difference(record: Record, by: int, registered: Registered) -> str:
    domain = record.provider.domain
    has_logo = bool(record.provider.images)
    if domain in registered.official and by == -(TRUSTED + OFFICIAL):
        why = "a page of the subject's own publisher outside its blog, for which the origin gave no trust"
    elif has_logo and domain not in registered.listed and by == -TRUSTED:
        why = f"{domain} has a logo but is not listed in _data/organizations, so that the origin gave no trust"
    else:
        why = "nothing in the record says why; it may have been set by hand"
    return f"quality: {_difference(by)} than its terms add up to: {why}"


def _heat_difference(record: Record, recorded: int) -> str:
    if recorded == NOT_A_HEAD:
        return "heat: it is not the head of its story"
    by = recorded - (record.quality or 0) - RELATED * len(record.related)
    if by == 0:
        return "heat: follows from the recorded quality"
    if 0 < by <= MOST_ATTENTION:
        return f"heat: {_difference(by)} than at the first writing: the attention of readers"
    return f"heat: {_difference(by)} than its quality and related items add up to; nothing in the record says why"


def _difference(by: int) -> str:
    return f"{abs(by)} {'more' if by > 0 else 'less'}"
