"""What a person changed in a record holds for its story too: the record is what readers are promised."""

from collections.abc import Mapping
from dataclasses import replace

from broadsheet.model.record import Record
from broadsheet.model.story import Member, Story
from broadsheet.stages.rank.heat import NOT_A_HEAD


def as_recorded(story: Story, records: Mapping[str, Record]) -> Story:
    """The story with titles, summaries, topics, heat and visibility of its records, by path; itself, not a copy, where
    they say just what it says.

    A report whose record is gone is no longer in it, and without the head's record readers do not see it. A heat that
    somebody set is a term of its own, so that the terms still add up.
    """
    of_head = story.head
    head = records.get(of_head.record)
    if head is None:
        return replace(story, published=False, reachable=False)
    if _is_as_recorded(story, of_head, head) and all(_member_is(m, records) for m in story.members):
        return story
    heat = _heat(story, head)
    by_hand = (("Set by hand", heat - story.heat),) if heat != story.heat else ()
    return replace(
        story,
        title=head.title if story.title == of_head.title else story.title,
        heat=heat,
        heat_terms=(*story.heat_terms, *by_hand),
        published=story.published and head.published is not False,
        topics=head.topics,
        members=tuple(_member(m, records) for m in story.members if m.record in records),
    )


def _is_as_recorded(story: Story, of_head: Member, head: Record) -> bool:
    """Whether the head's record changes nothing of what the story says beside its members."""
    return (
        (story.title == head.title or story.title != of_head.title)
        and _heat(story, head) == story.heat
        and (head.published is not False or not story.published)
        and story.topics == head.topics
    )


def _heat(story: Story, head: Record) -> int:
    return story.heat if head.heat in (None, NOT_A_HEAD) else head.heat or 0


def _member_is(member: Member, records: Mapping[str, Record]) -> bool:
    """Whether `_member` would change nothing."""
    record = records.get(member.record)
    return (
        record is not None
        and member.title == record.title
        and member.excerpt == record.excerpt
        and member.url == (record.web_url or record.original_url)
        and member.provider_name == record.provider.name
        and member.published == record.published_date_time
        and (member.copy_of is None or member.copy_of in records)
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
