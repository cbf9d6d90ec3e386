"""Stories as files of the content repository: `_stories/<first two of id>/<id>.json`, one JSON object each.

A record's form is the origin's and has no room for a story; this file carries what outlives a run: the permanent id,
the members with their receipts, who copied whom, why the head is the head, and what was corrected. Keys are sorted
as declared, instants are UTC, so that an unchanged story is an unchanged file.
"""

import json
from collections.abc import Mapping
from typing import Any

from broadsheet.errors import Rejected
from broadsheet.model.instants import from_iso, iso
from broadsheet.model.story import Correction, Member, Moved, Story, receipt_from_json

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
        "topics": list(story.topics),
        "heatTerms": [{"name": name, "points": points} for name, points in story.heat_terms],
        "headReasons": list(story.head_reasons),
        "members": [_member_json(m) for m in story.members],
        "corrections": [_correction_json(c) for c in story.corrections],
    }


def emit_moved(story_id: str, into: str) -> bytes:
    """The file of a story whose reports are all in another one now: its address was published, so it leads there."""
    return (json.dumps({"id": story_id, "mergedInto": into}, indent=2) + "\n").encode()


def read_story(data: bytes, *, path: str) -> Story | Moved:
    """The story of a file, or where it went. Raises Rejected with the path and what is wrong."""
    try:
        row = json.loads(data)
        return Moved(str(row["id"]), str(row["mergedInto"])) if "mergedInto" in row else _story(row)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
        raise Rejected(
            f"{path}: is not a story: {what}", hint="Restore it from git, or delete it and run again"
        ) from error


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


def _story(row: Mapping[str, Any]) -> Story:
    story = Story(
        id=str(row["id"]),
        title=str(row["title"]),
        heat=int(row["heat"]),
        published=bool(row["published"]),
        members=tuple(_member(m) for m in row["members"]),
        topics=tuple(str(t) for t in row["topics"]),
        heat_terms=tuple((str(t["name"]), int(t["points"])) for t in row["heatTerms"]),
        head_reasons=tuple(str(r) for r in row["headReasons"]),
        corrections=tuple(_correction(c) for c in row["corrections"]),
    )
    if sum(m.is_head for m in story.members) != 1:
        raise ValueError("a story has exactly one head")
    return story


def _member(row: Mapping[str, Any]) -> Member:
    return Member(
        record=str(row["record"]),
        title=str(row["title"]),
        url=str(row["url"]),
        provider_name=str(row["providerName"]),
        provider_domain=str(row["providerDomain"]),
        published=from_iso(row["publishedDateTime"]),
        receipt=receipt_from_json(row["receipt"]),
        excerpt=row["excerpt"],
        language=row["language"],
        type=str(row["type"]),
        quality=int(row["quality"]),
        is_head=bool(row["isHead"]),
        copy_of=row["copyOf"],
        shared_text=row["sharedText"],
        adds=row["adds"],
    )


def _correction(row: Mapping[str, Any]) -> Correction:
    at = from_iso(row["at"])
    return Correction(str(row["record"]), at, str(row["field"]), str(row["before"]), str(row["after"]))
