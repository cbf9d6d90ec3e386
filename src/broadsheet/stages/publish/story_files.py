"""Stories as files of the content repository: `_stories/<first two of id>/<id>.json`, one JSON object each.

A record's form is the origin's and has no room for a story; this file carries what outlives a run: the permanent id,
the members with their receipts, who copied whom, why the head is the head, and what was corrected. Keys are sorted
as declared, instants are UTC, so that an unchanged story is an unchanged file.

The text is written out rather than through `json`, which needs ten times as long where it must indent; it is what
`json.dumps` gives with `ensure_ascii=False, indent=2`, byte for byte.
"""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring as quoted
from math import isfinite

from broadsheet.model.instants import iso
from broadsheet.model.story import Correction, Member, Receipt, Story

FOLDER = "_stories"


def story_path(story_id: str) -> str:
    """Where the story of this id is filed."""
    return f"{FOLDER}/{story_id[:2]}/{story_id}.json"


def emit_story(story: Story) -> bytes:
    """The file's bytes: UTF-8, two spaces of indent, a line feed at the end."""
    return story_text(story).encode("utf-8", "replace")  # a lone surrogate, which UTF-8 has not, becomes a `?`


def story_text(story: Story) -> str:
    """The file as text."""
    terms = [
        f'{{\n      "name": {quoted(name)},\n      "points": {points}\n    }}' for name, points in story.heat_terms
    ]
    reachable = '\n  "reachable": true,' if story.reachable else ""
    return (
        f'{{\n  "id": {quoted(story.id)},\n  "title": {quoted(story.title)},\n  "heat": {story.heat},\n'
        f'  "published": {_flag(story.published)},{reachable}\n'
        f'  "topics": {_texts(story.topics, "  ")},\n  "heatTerms": {_list(terms, "  ")},\n'
        f'  "headReasons": {_texts(story.head_reasons, "  ")},\n'
        f'  "members": {_list([_member_text(m) for m in story.members], "  ")},\n'
        f'  "corrections": {_list([_correction_text(c) for c in story.corrections], "  ")}\n}}\n'
    )


def emit_moved(story_id: str, into: str) -> bytes:
    """The file of a story without reports: its address was published, so it leads to where its last head is."""
    return (json.dumps({"id": story_id, "mergedInto": into}, indent=2) + "\n").encode()


def _member_text(member: Member) -> str:
    """A member as it stands in the list, indented by four."""
    return (
        f'{{\n      "record": {quoted(member.record)},\n      "title": {quoted(member.title)},\n'
        f'      "url": {quoted(member.url)},\n      "providerName": {quoted(member.provider_name)},\n'
        f'      "providerDomain": {quoted(member.provider_domain)},\n'
        f'      "publishedDateTime": "{iso(member.published)}",\n      "excerpt": {_text(member.excerpt)},\n'
        f'      "language": {_text(member.language)},\n      "type": {quoted(member.type)},\n'
        f'      "quality": {member.quality},\n      "isHead": {_flag(member.is_head)},\n'
        f'      "copyOf": {_text(member.copy_of)},\n      "sharedText": {_number(member.shared_text)},\n'
        f'      "adds": {_text(member.adds)},\n      "receipt": {_receipt_text(member.receipt)}\n    }}'
    )


def _receipt_text(receipt: Receipt) -> str:
    """What `Receipt.as_json` gives, indented by six."""
    terms = ",\n".join([f"          {quoted(name)}: {_number(value)}" for name, value in receipt.terms.items()])
    written = f"{{\n{terms}\n        }}" if terms else "{}"
    decision = f',\n        "decision": {quoted(receipt.decision)}' if receipt.decision else ""
    return (
        f'{{\n        "decidedBy": {quoted(receipt.decided_by)},\n        "together": {receipt.together},\n'
        f'        "similarity": {_number(receipt.similarity)},\n        "threshold": {_number(receipt.threshold)},\n'
        f'        "runnerUp": {_text(receipt.runner_up)},\n'
        f'        "runnerUpSimilarity": {_number(receipt.runner_up_similarity)},\n'
        f'        "names": {_texts(receipt.names, "        ")},\n'
        f'        "numbers": {_texts(receipt.numbers, "        ")},\n'
        f'        "terms": {written}{decision}\n      }}'
    )


def _correction_text(correction: Correction) -> str:
    return (
        f'{{\n      "record": {quoted(correction.record)},\n      "at": "{iso(correction.at)}",\n'
        f'      "field": {quoted(correction.field)},\n      "before": {quoted(correction.before)},\n'
        f'      "after": {quoted(correction.after)}\n    }}'
    )


def _texts(texts: Sequence[str], indent: str) -> str:
    return _list([quoted(text) for text in texts], indent) if texts else "[]"


def _list(values: Sequence[str], indent: str) -> str:
    if not values:
        return "[]"
    body = f",\n{indent}  ".join(values)
    return f"[\n{indent}  {body}\n{indent}]"


def _text(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _number(number: float | None) -> str:
    """A float has the shortest text that is read as the same; what is no number has the names that `json` gives it."""
    if number is None:
        return "null"
    return float.__repr__(number) if isinstance(number, float) and isfinite(number) else json.dumps(number)
