"""Stories that no file names: each is made from its head's record, as all are in a folder in the origin's form."""

from collections.abc import Mapping
from hashlib import blake2s

from broadsheet.model.making import maker
from broadsheet.model.publication import Publication
from broadsheet.model.record import FiledRecord, Record, Related
from broadsheet.model.story import Member, Receipt, Story

POINTS_PER_RELATED = 10
_NOTHING_DECIDED = Receipt()
_make_story, _make_member = maker(Story), maker(Member)


def stories_of(publication: Publication) -> tuple[Story, ...]:
    """The stories that readers see, hottest first, then newest, then by id: those that are filed, and those that
    published records make by themselves."""
    named = {m.record for story in publication.stories for m in story.members}
    alone = (r for r in publication.records if r.path not in named and r.record.published is not False)
    stories = (*publication.stories, *map(story_from_head, alone))
    return tuple(sorted((s for s in stories if s.published and any(m.is_head for m in s.members)), key=_hottest_first))


def _hottest_first(story: Story) -> tuple[int, float, str]:
    return -story.heat, -max(m.published for m in story.members).timestamp(), story.id


def end_of(story: str, moved: Mapping[str, str]) -> str:
    """Where the address of a story leads. The end of a chain; a ring, which no run makes, ends where it began."""
    seen = {story}
    while moved.get(story, story) not in seen:
        story = moved[story]
        seen.add(story)
    return story


def story_id(path: str) -> str:
    """The permanent id of a story that is known by its head's record only: 12 hex digits of the path's BLAKE2s."""
    return blake2s(path.encode(), digest_size=6).hexdigest()


def story_from_head(filed: FiledRecord) -> Story:
    """The story that a record makes by itself, with its `related` as further members."""
    record = filed.record
    heat = record.heat or 0  # records in the older form have none, and are all published heads
    related = sorted(record.related, key=lambda r: (r.published_date_time, r.title)) if record.related else ()
    members = (_head(filed), *map(_other, related))
    return _make_story(
        story_id(filed.path), record.title, heat, True, members, topics=record.topics, heat_terms=_terms(record, heat)
    )


def _head(filed: FiledRecord) -> Member:
    record = filed.record
    return _make_member(
        filed.path,
        record.title,
        record.web_url or record.original_url,
        record.provider.name,
        record.provider.domain,
        record.published_date_time,
        _NOTHING_DECIDED,
        record.excerpt,
        type=record.type,
        quality=record.quality or 0,
        is_head=True,
    )


def _other(related: Related) -> Member:
    return _make_member(
        "",
        related.title,
        related.web_url or "",
        related.provider.name,
        related.provider.domain,
        related.published_date_time,
        _NOTHING_DECIDED,
        related.excerpt,
        type=related.type,
        quality=related.quality or 0,
    )


def _terms(record: Record, heat: int) -> tuple[tuple[str, int], ...]:
    """What the record itself tells of its heat: the quality, ten points for each related report, and the rest.

    The rest is what the origin called attention, and changed after the first writing.
    """
    quality, related = record.quality or 0, POINTS_PER_RELATED * len(record.related)
    terms = (("Quality of the head", quality), ("Related reports", related), ("Attention", heat - quality - related))
    return tuple(term for term in terms if term[1]) if record.heat else ()
