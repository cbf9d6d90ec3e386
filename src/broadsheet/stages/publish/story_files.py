"""Stories as files of the content repository: `_stories/<first two of id>/<id>.json`, one JSON object each.

A record's form is the origin's and has no room for a story; this file carries what outlives a run: the permanent id,
the members with their receipts, who copied whom, why the head is the head, and what was corrected. Keys are sorted
as declared, instants are UTC, so that an unchanged story is an unchanged file.
"""

import json

from broadsheet.model.instants import iso
from broadsheet.model.story import Correction, Member, Story

FOLDER = "_stories"


def story_path(story_id: str) -> str:
    """Where the story of this id is filed."""
    return f"{FOLDER}/{story_id[:2]}/{story_id}.json"


def emit_story(story: Story) -> bytes:
    """The file's bytes: UTF-8, two spaces of indent, a line feed at the end."""
    return (json.dumps(story_json(story), ensure_ascii=False, indent=2) + "\n").encode()


def story_json(story: Story) -> dict[str, object]:
    """The story in the form of its file."""
    return {
        "id": story.id,
        "title": story.title,
        "heat": story.heat,
        "published": story.published,
        **({"reachable": True} if story.reachable else {}),
        "topics": list(story.topics),
        "heatTerms": [{"name": name, "points": points} for name, points in story.heat_terms],
        "headReasons": list(story.head_reasons),
        "members": [_member_json(m) for m in story.members],
        "corrections": [_correction_json(c) for c in story.corrections],
    }


def emit_moved(story_id: str, into: str) -> bytes:
    """The file of a story without reports: its address was published, so it leads to where its last head is."""
    return (json.dumps({"id": story_id, "mergedInto": into}, indent=2) + "\n").encode()


def _member_json(member: Member) -> dict[str, object]:
    return {
        "record": member.record,
        "title": member.title,
        "url": member.url,
        "providerName": member.provider_name,
        "providerDomain": member.provider_domain,
        "publishedDateTime": iso(member.published),
        "excerpt": member.excerpt,
        "language": member.language,
        "type": member.type,
        "quality": member.quality,
        "isHead": member.is_head,
        "copyOf": member.copy_of,
        "sharedText": member.shared_text,
        "adds": member.adds,
        "receipt": member.receipt.as_json(),
    }


def _correction_json(correction: Correction) -> dict[str, object]:
    return {
        "record": correction.record,
        "at": iso(correction.at),
        "field": correction.field,
        "before": correction.before,
        "after": correction.after,
    }
