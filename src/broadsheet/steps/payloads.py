"""What only the operator may read of a record, sealed: where it came from, why it is in its story, and its sums."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from broadsheet.errors import ItemError, Rejected
from broadsheet.formats.files import write_whole
from broadsheet.formats.sealing import KeyRing, key_of, seal, unseal
from broadsheet.model.instants import iso
from broadsheet.model.score import Score
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.steps.content import ContentFolder
from broadsheet.steps.judge import Judged, Report

FORM = 1


def record_name(path: str) -> str:
    """What a payload is bound to: the name of the record's file, which never changes."""
    return PurePosixPath(path).stem


def payload_of(judged: Judged, report: Report) -> bytes:
    """JSON with sorted keys, the same for the same facts. Instants are UTC."""
    kept, is_head = report.kept, report is judged.head
    said: dict[str, object] = {
        "form": FORM,
        "article": kept.id,
        "story": judged.story_id,
        "source": kept.source_url,
        "firstSeen": iso(kept.first_seen),
        "evidence": dict(kept.article.evidence),
        "quality": _terms(report.score),
        "receipt": kept.assignment.receipt.as_json() if kept.assignment else None,
        "copyOf": report.copy_of,
    }
    if is_head:
        said["heat"] = _terms(judged.heat)
    return packed(said)


def packed(said: Mapping[str, object]) -> bytes:
    """The one spelling of a payload."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")


def opened(sealed: str, ring: KeyRing, path: str) -> dict[str, object]:
    """The payload of the record at `path`. Raises Rejected where it can't be opened, or is no JSON object."""
    try:
        said = json.loads(unseal(sealed, ring.keys, record_name(path)))
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Rejected("the payload was sealed with our key, but it is no JSON object")
    return said


def secured(ring: KeyRing, there: bytes | None, path: str, payload: bytes) -> str | None:
    """What a record at `path` is to have as `secured`; `there` are the bytes of its file. Without a key, and where
    somebody else's key sealed it, what is there stays."""
    before = _secured_of(there, path)
    if ring.sealing is None or (before is not None and key_of(before) not in ring.keys):
        return before
    return seal(payload, ring.sealing, record_name(path))


def _secured_of(body: bytes | None, path: str) -> str | None:
    try:
        return read_record(body, path=path).secured if body else None
    except ItemError:
        return None


def _terms(score: Score) -> list[dict[str, object]]:
    return [term.as_json() for term in score.terms if term.points]


@dataclass(frozen=True, slots=True)
class Renewed:
    """A record whose payload was sealed anew, or why it wasn't."""

    path: str
    error: str = ""


def renew(content: ContentFolder, ring: KeyRing) -> Iterator[Renewed]:
    """Seals with the present key what older keys of ours sealed; all else stays byte for byte. What a person changed in
    a record stays theirs. Raises StorageError."""
    if ring.sealing is None:
        raise Rejected("there is no key to seal with")
    older = ring.without(ring.sealing.id).keys
    for path in sorted(content.record_paths()):
        body = content.read(path)
        sealed = _secured_of(body, path)
        if body is not None and sealed is not None and key_of(sealed) in older:
            try:
                payload = unseal(sealed, older, record_name(path))
            except Rejected as error:
                yield Renewed(path, str(error))
                continue
            _put(content, path, body.replace(sealed.encode(), seal(payload, ring.sealing, record_name(path)).encode()))
            yield Renewed(path)


def _put(content: ContentFolder, path: str, body: bytes) -> None:
    if content.is_persons(path):
        write_whole(content.folder / path, body)
    else:
        content.write({path: body}, {})


def sealed_into(body: bytes, ring: KeyRing, path: str, said: Mapping[str, object]) -> bytes:
    """The record with another payload. Raises Rejected without a key, and ItemError for what is no record."""
    if ring.sealing is None:
        raise Rejected("there is no key to seal with", hint="broadsheet keys add makes one")
    record = read_record(body, path=path)
    return emit_record(replace(record, secured=seal(packed(said), ring.sealing, record_name(path)))).encode()


def records_under(content: ContentFolder, key_id: str) -> list[str]:
    """The records whose payloads are sealed with a key, by path."""
    bodies = ((path, content.read(path)) for path in sorted(content.record_paths()))
    return [path for path, body in bodies if (s := _secured_of(body, path)) is not None and key_of(s) == key_id]
