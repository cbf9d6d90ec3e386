"""What a person changed in a record holds for its story too: the record is what readers are promised."""

from collections.abc import Mapping
from dataclasses import replace

from broadsheet.model.record import Record
from broadsheet.model.story import Member, Story
from broadsheet.stages.rank.heat import NOT_A_HEAD


def as_recorded(story: Story, records: Mapping[str, Record]) -> Story:
    """The story with titles, summaries, topics, heat and visibility of its records, by path.

    A report whose record is gone is no longer in it, and without the head's record readers do not see it. A heat that
    somebody set is a term of its own, so that the terms still add up.
    """
    head = records.get(story.head.record)
    if head is None:
        return replace(story, published=False, reachable=False)
    heat = story.heat if head.heat in (None, NOT_A_HEAD) else head.heat or 0
    by_hand = (("Set by hand", heat - story.heat),) if heat != story.heat else ()
    return replace(
        story,
        title=head.title if story.title == story.head.title else story.title,
        heat=heat,
        heat_terms=(*story.heat_terms, *by_hand),
        published=story.published and head.published is not False,
        topics=head.topics,
        members=tuple(_member(m, records) for m in story.members if m.record in records),
    )


def _member(member: Member, records: Mapping[str, Record]) -> Member:
    record = records[member.record]
    return replace(
        member,
        title=record.title,
        excerpt=record.excerpt,
        url=record.web_url or record.original_url,
        provider_name=record.provider.name,
        published=record.published_date_time,
        copy_of=member.copy_of if member.copy_of in records else None,
    )
