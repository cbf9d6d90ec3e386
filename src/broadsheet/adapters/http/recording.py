"""Keeps what was fetched as WARC day files, so that a publication can be built again from what was seen.

What is written can be read by any tool for WARC, and by `[fetch] replay`. A file only ever grows by whole records. A
process that is killed leaves at most a record that is cut off at the end: nothing is added to such a file any more.
"""

import re
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from broadsheet.adapters.http.answers import Answer, conditions
from broadsheet.errors import ItemError, StorageError
from broadsheet.formats import warc_records
from broadsheet.model.exchange import Request, Response
from broadsheet.ports import Clock

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(\d{4,})\.warc\.gz")
_MIN_BODY = 256  # below that a revisit is no shorter than the body
_TAIL = 64 * 1024 * 1024
_MEMBER = b"\x1f\x8b\x08"

Ask = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the files lie, how many days they are kept (0: for ever), and when the next one is begun, in bytes."""

    folder: Path
    days: int = 0
    file_bytes: int = 256 * 1024 * 1024


@dataclass(slots=True)
class _File:
    """The file that is being written, and what it has: by address the digest of the last body, and when it came."""

    path: Path
    day: date
    size: int
    bodies: dict[str, tuple[str, datetime]] = field(default_factory=dict)


class WarcRecorder:
    """Writes down every answer, redirects and errors included, and every request that got none. Safe from several
    threads. Raises StorageError where the disk fails: what can't be kept must not be taken for kept.

    `agent` is the name under which is asked.
    """

    def __init__(self, keeping: Keeping, clock: Clock, agent: str) -> None:
        self._keeping = keeping
        self._clock = clock
        self._agent = agent
        self._lock = threading.Lock()
        self._file: _File | None = None

    def watch(self, request: Request, ask: Ask) -> Ask:
        """`ask`, with a record of what came of it."""

        def asked(url: str) -> Answer:
            try:
                answer = ask(url)
            except ItemError as error:
                at = self._clock.now()
                with self._lock:
                    self._append(self._open(at), warc_records.failure_record(url, at, error))
                raise
            self._keep(url, request, answer)
            return answer

        return asked

    def _keep(self, url: str, request: Request, answer: Answer) -> None:
        response = Response(url, url, answer.status, answer.body, answer.fetched_at, answer.headers)
        name = warc_records.new_id()
        asked = warc_records.request_record(name, response, conditions(request, answer.fetched_at), self._agent)
        with self._lock:
            file = self._open(answer.fetched_at)
            self._append(file, self._answer_record(file, name, request, response) + asked)

    def _answer_record(self, file: _File, name: str, request: Request, response: Response) -> bytes:
        if response.status == 304:
            return warc_records.revisit_record(name, response, None)
        if request.first_bytes is not None or len(response.body) < _MIN_BODY:
            return warc_records.response_record(name, response, is_cut=request.first_bytes is not None)
        body = warc_records.digest(response.body)
        known = file.bodies.get(response.url)
        if known and known[0] == body:
            return warc_records.revisit_record(name, response, known[1])
        file.bodies[response.url] = (body, response.fetched_at)
        return warc_records.response_record(name, response, is_cut=False)

    def _append(self, file: _File, data: bytes) -> None:
        try:
            with file.path.open("ab", buffering=0) as out:
                out.write(data)
        except OSError as error:
            self._file = None  # it may end in half a record now
            raise StorageError(f"{file.path}: {error.strerror}", hint="Is the disk full?") from error
        file.size += len(data)

    def _open(self, at: datetime) -> _File:
        """The file of the day, or the next one where it is full."""
        file = self._file
        if file is None or file.day != at.date() or file.size >= self._keeping.file_bytes:
            file = self._file = self._begin(at)
        return file

    def _begin(self, at: datetime) -> _File:
        folder, day = self._keeping.folder, at.date()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            known = _files(folder)
            self._forget(known, day)
            numbers = [number for (of, number) in known if of == day]
            last = max(numbers, default=0)
            path = known.get((day, last))
            if path and self._can_go_on(path):
                return _File(path, day, path.stat().st_size)
            file = _File(folder / f"{day.isoformat()}-{last + 1:04}.warc.gz", day, 0)
        except OSError as error:
            raise StorageError(f"{folder}: {error.strerror}") from error
        self._append(file, warc_records.file_record(at, self._agent))
        return file

    def _can_go_on(self, path: Path) -> bool:
        return path.stat().st_size < self._keeping.file_bytes and ends_whole(path)

    def _forget(self, known: dict[tuple[date, int], Path], today: date) -> None:
        if self._keeping.days:
            oldest = today - timedelta(days=self._keeping.days - 1)
            for (day, _), path in known.items():
                if day < oldest:
                    path.unlink(missing_ok=True)


def kept_archives(path: Path) -> list[Path]:
    """The archives of a folder in the order in which they were written; a file stands for itself."""
    return [found for _, found in sorted(_files(path).items())] if path.is_dir() else [path]


def ends_whole(path: Path) -> bool:
    """Whether the last gzip member of the file is there to its end."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    start = tail.rfind(_MEMBER)
    while start >= 0:
        with suppress(zlib.error):  # it only looked like the beginning of one
            decoder = zlib.decompressobj(wbits=31)
            if decoder.decompress(tail[start:], 5).startswith(b"WARC/"):
                decoder.decompress(decoder.unconsumed_tail)
                return decoder.eof and not decoder.unused_data
        start = tail.rfind(_MEMBER, 0, start)
    return size == 0


def _files(folder: Path) -> dict[tuple[date, int], Path]:
    """Ours among the files of the folder, by day and number."""
    found = {}
    for path in folder.iterdir():
        if named := _NAME.fullmatch(path.name):
            found[date.fromisoformat(named[1]), int(named[2])] = path
    return dict(sorted(found.items()))
