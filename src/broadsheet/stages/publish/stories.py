"""The stories of a publication: as they are filed, or made from the heads of a folder in the origin's form."""

from collections.abc import Iterator, Mapping
from hashlib import blake2s

from broadsheet.model.publication import Publication
from broadsheet.model.record import FiledRecord, Record, Related
from broadsheet.model.story import Member, Receipt, Story

POINTS_PER_RELATED = 10


def stories_of(publication: Publication) -> tuple[Story, ...]:
    """The published stories, hottest first, then newest, then by id.

    Where the publication has none of its own, each published head makes one, with its `related` as further members.
    """
    stories = publication.stories or tuple(_from_heads(publication.records))
    return tuple(sorted((s for s in stories if s.published and any(m.is_head for m in s.members)), key=_hottest_first))


def reachable_stories(publication: Publication) -> tuple[Story, ...]:
    """The stories that no list has any more, but readers may have the address of, by id."""
    return tuple(sorted((s for s in publication.stories if s.reachable and not s.published), key=lambda s: s.id))


def end_of(story: str, moved: Mapping[str, str]) -> str:
    """Where the address of a story leads. The end of a chain; a ring, which no run makes, ends where it began."""
    seen = {story}
    while moved.get(story, story) not in seen:
        story = moved[story]
        seen.add(story)
    return story


def latest_first(story: Story) -> tuple[float, str]:
    """A sort key: the story whose head was published last comes first."""
    return -story.head.published.timestamp(), story.id


def _hottest_first(story: Story) -> tuple[int, float, str]:
    return -story.heat, -max(m.published for m in story.members).timestamp(), story.id


def story_id(path: str) -> str:
    """The permanent id of a story that is known by its head's record only: 12 hex digits of the path's BLAKE2s."""
    return blake2s(path.encode(), digest_size=6).hexdigest()


def _from_heads(records: tuple[FiledRecord, ...]) -> Iterator[Story]:
    by_address = {address: r.path for r in records for address in (r.record.web_url, r.record.original_url) if address}
    for filed in records:
        heat = filed.record.heat or 0  # records in the older form have none, and are all published heads
        if filed.record.published is not False and heat >= 0:
            yield _from_head(filed, heat, by_address)


def _from_head(filed: FiledRecord, heat: int, by_address: Mapping[str, str]) -> Story:
    record = filed.record
    related = sorted(record.related, key=lambda r: (r.published_date_time, r.title))
    return Story(
        id=story_id(filed.path),
        title=record.title,
        heat=heat,
        published=True,
        members=(_head(filed), *(_other(r, by_address.get(r.web_url or "", "")) for r in related)),
        topics=record.topics,
        heat_terms=_terms(record, heat),
    )


def _head(filed: FiledRecord) -> Member:
    record = filed.record
    return Member(
        record=filed.path,
        title=record.title,
        url=record.web_url or record.original_url,
        provider_name=record.provider.name,
        provider_domain=record.provider.domain,
        published=record.published_date_time,
        receipt=Receipt(),
        excerpt=record.excerpt,
        type=record.type,
        quality=record.quality or 0,
        is_head=True,
    )


def _other(related: Related, path: str) -> Member:
    return Member(
        record=path,
        title=related.title,
        url=related.web_url or "",
        provider_name=related.provider.name,
        provider_domain=related.provider.domain,
        published=related.published_date_time,
        receipt=Receipt(),
        excerpt=related.excerpt,
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
