"""WARC archives (ISO 28500): web answers as they were recorded, in and out.

Reading gives what the live client would have given: names of headers in lower case, transfer and content coding
undone. Writing gives the same bytes for the same answers, so that an archive kept in git changes only when they do.
"""

import gzip
import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from broadsheet.errors import Rejected, StorageError
from broadsheet.formats.codings import decode_body, header_text
from broadsheet.model.exchange import Response
from broadsheet.model.instants import iso

MAX_BODY = 64 * 1024 * 1024
_MAX_HEADERS = 256 * 1024
# What is no longer true once a body is decoded, and what was meant for somebody else.
_LEFT_OUT = frozenset({"transfer-encoding", "content-encoding", "content-length", "set-cookie"})

OnBad = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Capture:
    """Where in an archive an answer lies. `offset` is that of its record (of the gzip member, if compressed)."""

    url: str
    fetched_at: datetime
    offset: int


def read_responses(source: Path | BinaryIO, on_bad: OnBad | None = None) -> Iterator[Response]:
    """The recorded answers of an archive, plain or compressed, in its order.

    `status` is whatever was recorded, so also 301, 404 or 503. `fetched_at` is the record's WARC-Date; `url` and
    `final_url` are its target. A record that can't be read is skipped and `on_bad(url, reason)` called; damage from
    which the reader can't recover ends the archive, also with a call. Raises StorageError where the file can't be
    opened.
    """
    report = on_bad or _ignore
    with closing(_open(source)) as stream:
        for record in _records(stream, report):
            response = _read_one(record, report)
            if response is not None:
                yield response


def index_captures(path: Path, on_bad: OnBad | None = None) -> Iterator[Capture]:
    """Where each recorded answer of the archive at `path` lies, without reading the bodies. Raises StorageError."""
    report = on_bad or _ignore
    with closing(_open(path)) as stream:
        for record in _records(stream, report):
            try:
                yield Capture(_target(record), _date(record), record.stream_pos)
            except Rejected as error:
                report(record.headers.get("WARC-Target-URI") or "", error.message)


def read_capture(path: Path, offset: int) -> Response:
    """The answer whose record begins at `offset`. Raises Rejected where none is there, StorageError on open."""
    with closing(_open(path)) as stream:
        stream.seek(offset)
        for record in _records(stream, _refuse):
            return _response(record)
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


def _records(stream: BinaryIO, report: OnBad) -> Iterator[WarcRecord]:
    """The response records; damage to the archive's own framing is reported and ends it."""
    found = False
    archive = ArchiveIterator(
        stream, record_types=WarcRecordType.any_type, parse_http=False, max_header_len=_MAX_HEADERS, quirks_mode=True
    )
    while True:
        try:
            record = next(archive)
        except StopIteration:
            if not found:
                report("", "no WARC record can be found in it")
            return
        except (OSError, ValueError, EOFError) as error:
            report("", f"the archive can't be read from here on: {error}")
            return
        found = True
        if record.record_type == WarcRecordType.response:
            yield record


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
        body = record.reader.read(MAX_BODY + 1)
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
    text = record.headers.get("WARC-Date") or ""
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise Rejected(f"the record's WARC-Date can't be read: {text[:40]!r}") from error
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def _record_bytes(response: Response) -> bytes:
    block = _http_block(response)
    stamp = iso(response.fetched_at)
    identity = hashlib.sha256(f"{response.url}\n{stamp}\n".encode() + block).digest()
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\n"
        f"WARC-Record-ID: <urn:uuid:{uuid.UUID(bytes=identity[:16], version=4)}>\r\n"
        f"WARC-Date: {stamp}\r\nWARC-Target-URI: {_one_line(response.url)}\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode("utf-8", "replace") + block + b"\r\n\r\n"


def _http_block(response: Response) -> bytes:
    lines = [f"HTTP/1.1 {response.status} Recorded"]
    lines += [
        f"{_one_line(name)}: {_one_line(value)}"
        for name, value in response.headers.items()
        if name.lower() not in _LEFT_OUT
    ]
    lines += [f"content-length: {len(response.body)}", "", ""]
    return "\r\n".join(lines).encode("utf-8", "replace") + response.body


def _one_line(text: str) -> str:
    """A header's text can't hold a line break: it would begin another header."""
    return "".join(char if char.isprintable() else " " for char in text).strip()
