"""WARC archives (ISO 28500): web answers as they were recorded, in and out.

Reading gives what the live client would have given: names of headers in lower case, transfer and content coding
undone. Writing gives the same bytes for the same answers, so that an archive kept in git changes only when they do.
"""

import gzip
import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater, StorageError
from broadsheet.formats.codings import decode_body, header_text
from broadsheet.formats.warc_frames import Frame, read_frames
from broadsheet.model.exchange import Response
from broadsheet.model.instants import iso

MAX_BODY = 64 * 1024 * 1024
_MAX_HEADERS = 256 * 1024
# What is no longer true once a body is decoded, and what was meant for somebody else.
_LEFT_OUT = frozenset({"transfer-encoding", "content-encoding", "content-length", "set-cookie"})

OnBad = Callable[[str, str], None]

ANSWERS = WarcRecordType.response
WHAT_HAPPENED = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.metadata
_FAILED = b"\r\nfetch-failed: "


@dataclass(frozen=True, slots=True)
class Capture:
    """Where in an archive an answer lies. `offset` is that of its record (of the frame, if compressed), `part` its
    number in that frame. `kind` is `response`; or, of what was recorded beside answers, `revisit` (the body is that of
    an earlier capture), `failure` (there was no answer) or `part` (only the first bytes of the body)."""

    url: str
    fetched_at: datetime
    offset: int
    part: int = 0
    kind: str = "response"


@dataclass(frozen=True, slots=True)
class Revisit:
    """The same body as before (ISO 28500, 6.7.2): `response` is without it, `earlier` says where it is."""

    response: Response
    earlier: tuple[str, datetime]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A request that got no answer, as the error that it was."""

    error: ItemError


def read_responses(source: Path | BinaryIO, on_bad: OnBad | None = None) -> Iterator[Response]:
    """The recorded answers of an archive, plain, gzip or Zstandard, in its order.

    `status` is whatever was recorded, so also 301, 404 or 503. `fetched_at` is the record's WARC-Date; `url` and
    `final_url` are its target. A record or a stretch that can't be read is skipped and `on_bad(url, reason)` called;
    what follows is read. Requests, metadata and revisits are passed over. Raises StorageError where the file can't be
    opened.
    """
    report = on_bad or _ignore
    with closing(_open(source)) as stream:
        for _, record in _records(stream, report, ANSWERS):
            response = _read_one(record, report)
            if response is not None:
                yield response


def index_captures(path: Path, on_bad: OnBad | None = None, *, everything: bool = False) -> Iterator[Capture]:
    """Where each recorded answer of the archive at `path` lies; with `everything` also revisits, answers of which only
    the first bytes were taken, and requests that got none. Raises StorageError."""
    report = on_bad or _ignore
    with closing(_open(path)) as stream:
        for frame, record in _records(stream, report, WHAT_HAPPENED if everything else ANSWERS):
            kind = _kind(record, frame.data)
            if kind is None or (kind == "part" and not everything):
                continue
            try:
                yield Capture(_target(record), _date(record), frame.offset, frame.part, kind)
            except Rejected as error:
                report(record.headers.get("WARC-Target-URI") or "", error.message)


def read_capture(path: Path, offset: int, part: int = 0) -> Response:
    """The answer whose record begins at `offset`. Raises Rejected where none is there, StorageError on open."""
    found = read_recorded(path, offset, part)
    if not isinstance(found, Response):
        raise Rejected(f"{path.name}: no recorded answer at byte {offset}")
    return found


def read_recorded(path: Path, offset: int, part: int = 0) -> Response | Revisit | Unanswered:
    """What was recorded at `offset`. Raises Rejected where nothing is there, StorageError on open."""
    with closing(_open(path)) as stream:
        for frame, record in _records(stream, _refuse, WHAT_HAPPENED, offset):
            if frame.offset != offset or frame.part > part:
                break
            if frame.part == part and (kind := _kind(record, frame.data)):
                return _READERS[kind](record)
    raise Rejected(f"{path.name}: no recorded answer at byte {offset}")


class WarcWriter:
    """Writes answers as gzip-compressed `response` records, one member each, to a new file at `path`.

    A context manager. The record's id follows from its content, so the same answers give the same file.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("wb")
        except OSError as error:
            raise StorageError(f"{path}: {error.strerror}") from error

    def write(self, response: Response) -> None:
        """Append one answer under the address `response.url`. Raises StorageError."""
        member = gzip.compress(_record_bytes(response), mtime=0)
        try:
            self._file.write(member)
        except OSError as error:
            raise StorageError(f"{self._file.name}: {error.strerror}") from error

    def close(self) -> None:
        """Finish the file. Raises StorageError."""
        try:
            self._file.close()
        except OSError as error:
            raise StorageError(f"{self._file.name}: {error.strerror}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _ignore(url: str, reason: str) -> None:
    """What happens to bad records when nobody asked to hear of them."""


def _refuse(_url: str, reason: str) -> None:
    raise Rejected(reason)


def _open(source: Path | BinaryIO) -> BinaryIO:
    if not isinstance(source, Path):
        return source
    try:
        return source.open("rb")
    except OSError as error:
        raise StorageError(f"{source}: {error.strerror}") from error


def _records(
    stream: BinaryIO, report: OnBad, wanted: WarcRecordType, start: int = 0
) -> Iterator[tuple[Frame, WarcRecord]]:
    """The records of the wanted types with their frames."""
    found = damaged = False

    def on_damage(reason: str) -> None:
        nonlocal damaged
        damaged = True
        report("", reason)

    for frame in read_frames(stream, on_damage, start):
        found = True
        record = _parsed(frame.data, wanted, report)
        if record is not None:
            yield frame, record
    if not (found or damaged):
        report("", "no WARC record can be found in it")


def _parsed(data: bytes, wanted: WarcRecordType, report: OnBad) -> WarcRecord | None:
    try:
        return next(ArchiveIterator(BytesIO(data), wanted, False, quirks_mode=True, stream_detect=False), None)
    except (OSError, ValueError, EOFError) as error:
        report("", f"a record can't be read: {error}")
        return None


def _read_one(record: WarcRecord, report: OnBad) -> Response | None:
    try:
        return _response(record)
    except Rejected as error:
        report(record.headers.get("WARC-Target-URI") or "", error.message)
        return None


def _response(record: WarcRecord) -> Response:
    url, fetched_at = _target(record), _date(record)
    body, headers, status = _http(record)
    try:
        body = decode_body(body, headers.get("transfer-encoding", ""), headers.get("content-encoding", ""), MAX_BODY)
    except Rejected as error:
        raise Rejected(f"{url}: {error.message}") from error
    kept = {name: value for name, value in headers.items() if name not in _LEFT_OUT}
    return Response(url=url, final_url=url, status=status, body=body, fetched_at=fetched_at, headers=kept)


def _revisit(record: WarcRecord) -> Revisit:
    """Raises Rejected where it doesn't say what it repeats."""
    url, headers = _target(record), record.headers
    earlier = (headers.get("WARC-Refers-To-Target-URI") or url).strip("<> ")
    said = headers.get("WARC-Refers-To-Date") or ""
    _, http_headers, status = _http(record)
    kept = {name: value for name, value in http_headers.items() if name not in _LEFT_OUT}
    return Revisit(Response(url, url, status, b"", _date(record), kept), (earlier, _instant(said)))


def _unanswered(record: WarcRecord) -> Unanswered:
    lines = record.reader.read(_MAX_HEADERS).decode("utf-8", "replace").split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    reason = fields.get("fetch-failed", "there was no answer")
    if fields.get("failure") == "later":
        return Unanswered(RetryLater(reason, after_seconds=_seconds(fields.get("retry-after", ""))))
    return Unanswered(GoneForGood(reason) if fields.get("failure") == "gone" else Rejected(reason))


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,20})?", text, re.ASCII) else None


_READERS: dict[str, Callable[[WarcRecord], Response | Revisit | Unanswered]] = {
    "response": _response,
    "part": _response,
    "revisit": _revisit,
    "failure": _unanswered,
}


def _kind(record: WarcRecord, data: bytes) -> str | None:
    """As `Capture.kind`; None for what tells of no fetch."""
    if record.record_type == WarcRecordType.response:
        return "part" if record.headers.get("WARC-Truncated") == "length" else "response"
    if record.record_type == WarcRecordType.revisit:
        return "revisit" if "identical-payload-digest" in (record.headers.get("WARC-Profile") or "") else None
    return "failure" if _FAILED in data else None


def _http(record: WarcRecord) -> tuple[bytes, dict[str, str], int]:
    """The recorded body as sent, the headers, the status."""
    length = record.content_length
    if length > MAX_BODY:
        raise Rejected(f"the recorded answer has {length} bytes, more than {MAX_BODY}")
    try:
        record.parse_http(quirks_mode=True, max_header_len=_MAX_HEADERS)
        http = record.http_headers
        status = http.status_code if http is not None else None
        headers = _headers(http.items()) if http is not None else {}
        body = record.reader.read(record.content_length) if record.content_length else b""
    except (OSError, ValueError, EOFError) as error:
        raise Rejected(f"the recorded answer can't be read: {error}") from error
    if not status or not 100 <= status <= 999:
        raise Rejected("the record holds no HTTP answer")
    if len(body) < record.content_length:
        raise Rejected("the recorded answer is cut off")
    return body, headers, status


def _headers(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names in lower case, values of repeated headers joined by commas.

    The reader takes values for Latin-1; many are UTF-8.
    """
    joined: dict[str, str] = {}
    for name, raw in pairs:
        key, value = name.lower(), header_text(raw.encode("latin-1", "replace"))
        joined[key] = f"{joined[key]}, {value}" if key in joined else value
    return joined


def _target(record: WarcRecord) -> str:
    url = (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")
    if not url:
        raise Rejected("the record has no WARC-Target-URI")
    return url


def _date(record: WarcRecord) -> datetime:
    return _instant(record.headers.get("WARC-Date") or "")


def _instant(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise Rejected(f"the record's WARC-Date can't be read: {text[:40]!r}") from error
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _record_bytes(response: Response) -> bytes:
    block = http_block(response)
    stamp = iso(response.fetched_at)
    identity = hashlib.sha256(f"{response.url}\n{stamp}\n".encode() + block).digest()
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.UUID(bytes=identity[:16], version=4)}>\r\n"
        f"WARC-Date: {stamp}\r\nWARC-Target-URI: {one_line(response.url)}\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode("utf-8", "replace") + block + b"\r\n\r\n"


def http_block(response: Response) -> bytes:
    """The answer as HTTP/1.1, with the body as it is decoded."""
    lines = [f"HTTP/1.1 {response.status} Recorded"]
    lines += [
        f"{one_line(name)}: {one_line(value)}"
        for name, value in response.headers.items()
        if name.lower() not in _LEFT_OUT
    ]
    lines += [f"content-length: {len(response.body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace") + response.body


def one_line(text: str) -> str:
    """A header's text can't hold a line break: it would begin another header."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
