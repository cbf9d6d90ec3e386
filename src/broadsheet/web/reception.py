"""What `broadsheet serve` answers beside the site: hubs that call back, and addresses that are handed over.

It listens on this machine alone unless it is told otherwise; a proxy that speaks TLS stands before it where hubs have
to reach it. Nothing that comes in is believed: hubs by a path that can't be guessed and by their signature, submissions
by a token, which no page of a stranger's can send along, since a browser asks first and is not answered.
"""

import hmac
import json
import threading
import time
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

from broadsheet.errors import BroadsheetError, UsageError
from broadsheet.steps.submit import submit
from broadsheet.steps.websub import CALLBACK, Receiver, verify
from broadsheet.web.letterbox import LARGEST_FORM, PREFIX, Letterbox, Page
from broadsheet.web.static import SiteHandler

SUBMIT = "/submit"
LARGEST_DELIVERY = 10 * 1024 * 1024
LARGEST_SUBMISSION = 64 * 1024
MOST_ADDRESSES = 500
SECONDS_FOR_A_BODY = 30.0
AT_ONCE = 16
_JSON = "application/json; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reception:
    """What the server works with: the folder of the site, what takes deliveries in, the token of submissions, the
    names by which it may be called (`host`, `host:port`) beside those of this machine, and the pages of the letter."""

    folder: Path
    receiver: Receiver
    token: str
    names: frozenset[str]
    letterbox: Letterbox | None = None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    bodies = threading.BoundedSemaphore(AT_ONCE)


def open_reception(reception: Reception, *, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens already; `port` 0 takes a free one. Raises UsageError."""
    try:
        return _Server((host, port), partial(_Handler, reception))
    except OSError as error:
        raise UsageError(f"can't listen on {host}:{port}: {error.strerror}", hint="Choose another port.") from error


class _Refused(Exception):  # noqa: N818 - it ends a request, and nothing else
    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class _Handler(SiteHandler):
    timeout = 30  # seconds for which a connection may be silent

    def __init__(self, reception: Reception, *arguments: object, **named: object) -> None:
        self.reception = reception
        super().__init__(*arguments, directory=str(reception.folder), **named)  # type: ignore[arg-type]

    def do_GET(self) -> None:  # noqa: N802 - the base class calls it so
        """A hub's question, a page of the letter, or a file of the site."""
        if self.reception.letterbox is not None and self._path().startswith(PREFIX):
            self._show(self.reception.letterbox.show(self._path(), urlsplit(self.path).query))
            return
        if not self._path().startswith(CALLBACK):
            super().do_GET()
            return
        query = dict(parse_qsl(urlsplit(self.path).query[:8_000]))
        receiver = self.reception.receiver
        challenge = verify(receiver.store, self._token(), query, receiver.clock.now())
        if challenge is None:
            self._say(HTTPStatus.NOT_FOUND, _TEXT, b"not asked for\n")
        else:
            self._say(HTTPStatus.OK, _TEXT, challenge.encode("utf-8", "replace"))

    def do_POST(self) -> None:  # noqa: N802
        """A hub's delivery, addresses that are handed over, or what a reader says to the letter."""
        try:
            if self._path().startswith(CALLBACK):
                self._deliver()
            elif self._path() == SUBMIT:
                self._submit()
            elif self.reception.letterbox is not None and self._path().startswith(PREFIX):
                self._check_name()
                body = self._body(LARGEST_FORM)
                self._show(self.reception.letterbox.take(self._path(), urlsplit(self.path).query, body))
            else:
                raise _Refused(HTTPStatus.NOT_FOUND, "nothing is taken here")
        except _Refused as refusal:
            self._say_json(refusal.status, {"error": str(refusal)})
        except BroadsheetError as error:
            self._say_json(HTTPStatus.SERVICE_UNAVAILABLE, {"error": error.message})

    def _show(self, page: Page) -> None:
        """A page whose form may post back to it."""
        self._say(page[0], _HTML, page[1])

    def _deliver(self) -> None:
        said = self.headers
        body = self._body(LARGEST_DELIVERY)
        kind = said.get("Content-Type", "")
        new = self.reception.receiver.deliver(self._token(), body, said.get("X-Hub-Signature", ""), kind)
        if new is None:
            raise _Refused(HTTPStatus.GONE, "no subscription calls back here")
        self._say(HTTPStatus.ACCEPTED, _TEXT, b"")

    def _submit(self) -> None:
        self._check_name()
        given = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if not hmac.compare_digest(given.encode("utf-8", "replace"), self.reception.token.encode()):
            raise _Refused(HTTPStatus.UNAUTHORIZED, "send the token: Authorization: Bearer TOKEN")
        addresses = _addresses(self._body(LARGEST_SUBMISSION), self.headers.get("Content-Type", ""))
        if not addresses:
            raise _Refused(HTTPStatus.BAD_REQUEST, "no address in it; send lines of them, or a form or JSON with url")
        receiver = self.reception.receiver
        results = submit(receiver.store, addresses[:MOST_ADDRESSES], receiver.clock.now())
        self._say_json(HTTPStatus.OK, {"results": results})

    def _check_name(self) -> None:
        """Refuses what was sent to another name (a stranger's may lead to this machine), or by a stranger's page."""
        host, port = self.connection.getsockname()[:2]
        names = self.reception.names | {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]", host)}
        if self.headers.get("Host", "").lower() not in names:
            raise _Refused(HTTPStatus.MISDIRECTED_REQUEST, "this is not the server that was called")
        origin = self.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() not in names:
            raise _Refused(HTTPStatus.FORBIDDEN, "pages of other sites may not send this")

    def _body(self, largest: int) -> bytes:
        """The body as its header announces it, within its time. Raises _Refused."""
        said = self.headers.get("Content-Length", "")
        if not said.isascii() or not said.isdecimal():
            raise _Refused(HTTPStatus.LENGTH_REQUIRED, "say how long it is")
        if len(said) > 10 or int(said) > largest:
            self.close_connection = True
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {largest} bytes are taken")
        if not _Server.bodies.acquire(timeout=1):
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "busy, try again")
        try:
            return self._read(int(said))
        finally:
            _Server.bodies.release()

    def _read(self, length: int) -> bytes:
        ends, pieces, missing = time.monotonic() + SECONDS_FOR_A_BODY, [], length
        while missing:
            try:
                piece = self.rfile.read1(min(missing, 65_536))
            except OSError as error:
                raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "the rest did not come") from error
            if not piece or time.monotonic() > ends:
                raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "the rest did not come")
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _path(self) -> str:
        return urlsplit(self.path).path

    def _token(self) -> str:
        return self._path().removeprefix(CALLBACK)[:200]

    def _say_json(self, status: HTTPStatus, said: object) -> None:
        self._say(status, _JSON, json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n")

    def _say(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self._send(status, kind, body, True)


def _addresses(body: bytes, content_type: str) -> list[str]:
    """Lines, a form's `url`, or JSON with `url` or `urls`."""
    text = body.decode("utf-8", "replace")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            return []
        urls = said.get("urls") if isinstance(said, dict) else None
        listed = [said.get("url"), *(urls if isinstance(urls, list) else [])] if isinstance(said, dict) else []
        return [one for one in listed if isinstance(one, str)]
    if kind == "application/x-www-form-urlencoded":
        return parse_qs(text, max_num_fields=MOST_ADDRESSES).get("url", [])
    return text.splitlines()
