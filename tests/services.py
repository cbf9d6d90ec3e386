"""Servers that speak the protocols of the services that stories are announced on, and refuse what those would refuse."""

import base64
import hashlib
import hmac
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from broadsheet.model.outgoing import StoryNews

TOKEN, PASSWORD, ACCOUNT, DID = "toot-token-1", "app-pass-word", "paper.example", "did:plc:abcdefghijklmnop"
SIGNED = "whsec_" + base64.b64encode(b"thirty-two bytes of a secret ...").decode()

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
NEWS = StoryNews(
    id="ab12cd34ef56",
    title="Saltmere weir opens its salmon ladder 🐟",
    url="https://weir.example/stories/ab12cd34ef56/",
    publisher="The Ledger",
    source_url="https://ledger.example/ladder",
    published=NOW,
    began=NOW,
    heat=90,
    reports=2,
    copies=1,
    deck="Two years late.",
    language="en",
    topics=("weirs",),
    records=("_news/a.md",),
)


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Services:
    """One server for all of them. `plan` are statuses to answer with instead, in turn; `lose` does what is asked and
    then drops the connection; `garbage` answers with what is no JSON."""

    origin: str = ""
    seen: list[Seen] = field(default_factory=list)
    plan: deque[int | str] = field(default_factory=deque)
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    hooks: dict[str, dict[str, Any]] = field(default_factory=dict)
    pinged: list[str] = field(default_factory=list)
    indexed: list[str] = field(default_factory=list)
    now: float = 0.0

    def posts(self, part: str) -> list[Seen]:
        return [one for one in self.seen if one.method == "POST" and part in one.path]

    def answer(self, one: Seen) -> tuple[int, Any]:
        known = {
            "/api/v1/statuses": self._toot,
            "/xrpc/com.atproto.server.createSession": self._session,
            "/xrpc/com.atproto.repo.createRecord": self._record,
            "/xrpc/com.atproto.repo.getRecord": self._look,
            "/api/v1/accounts/lookup": lambda one: (200, {"id": "7"}) if one.path.endswith("=paper") else (404, {}),
            "/api/v1/accounts/7/statuses": self._timeline,
            "/hub": self._ping,
            "/hook": self._hook,
            "/indexnow": self._index,
        }
        found = known.get(urlsplit(one.path).path)
        return found(one) if found else (404, {"error": "nothing here"})

    def _session(self, one: Seen) -> tuple[int, dict[str, Any]]:
        right = one.json == {"identifier": ACCOUNT, "password": PASSWORD}
        return (200, {"accessJwt": "jwt", "did": DID, "handle": ACCOUNT}) if right else (401, {"error": "Auth"})

    def _timeline(self, one: Seen) -> tuple[int, Any]:
        return 200, [{**said, "content": f"<p>{said['status']}</p>"} for said in self.statuses.values()]

    def _look(self, one: Seen) -> tuple[int, dict[str, Any]]:
        asked = dict(parse_qsl(urlsplit(one.path).query))
        found = self.records.get(asked["rkey"]) if asked["repo"] in (ACCOUNT, DID) else None
        return (200, found) if found else (400, {"error": "RecordNotFound"})

    def _ping(self, one: Seen) -> tuple[int, None]:
        form = parse_qs(one.body.decode())
        self.pinged += form["hub.url"] if form["hub.mode"] == ["publish"] else []
        return 204, None

    def _index(self, one: Seen) -> tuple[int, None]:
        listed = one.json
        fits = all(urlsplit(url).netloc == listed["host"] for url in listed["urlList"])
        self.indexed += listed["urlList"] if fits else []
        return (202, None) if fits else (422, None)

    def _toot(self, one: Seen) -> tuple[int, dict[str, Any]]:
        if one.headers.get("authorization") != f"Bearer {TOKEN}":
            return 401, {"error": "The access token is invalid"}
        said, key = one.json, one.headers["idempotency-key"]
        if len(said["status"]) > 500 + len(said["status"].rsplit("\n", 1)[-1]):
            return 422, {"error": "too long"}
        made = {"id": str(len(self.statuses) + 1), "url": f"{self.origin}/@paper/{len(self.statuses) + 1}", **said}
        return 200, self.statuses.setdefault(key, made)

    def _record(self, one: Seen) -> tuple[int, dict[str, Any]]:
        if one.headers.get("authorization") != "Bearer jwt":
            return 401, {"error": "AuthMissing"}
        said = one.json
        text = said["record"]["text"].encode()
        for facet in said["record"]["facets"]:
            text[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode()
        if said["rkey"] in self.records or said["repo"] != DID or len(said["rkey"]) != 13:
            return 400, {"error": "InvalidRequest", "message": "Record already exists"}
        uri = f"at://{DID}/{said['collection']}/{said['rkey']}"
        self.records[said["rkey"]] = {"uri": uri, "cid": "bafy", "value": said["record"]}
        return 200, {"uri": uri, "cid": "bafy"}

    def _hook(self, one: Seen) -> tuple[int, dict[str, Any] | None]:
        name, at = one.headers["webhook-id"], one.headers["webhook-timestamp"]
        key = base64.b64decode(SIGNED.removeprefix("whsec_"))
        wanted = hmac.new(key, f"{name}.{at}.".encode() + one.body, hashlib.sha256).digest()
        given = [base64.b64decode(part[3:]) for part in one.headers["webhook-signature"].split() if part[:3] == "v1,"]
        if wanted not in given or abs(self.now - int(at)) > 300:
            return 400, {"error": "not signed"}
        self.hooks.setdefault(name, one.json)
        return 204, None


class _Handler(BaseHTTPRequestHandler):
    services: Services

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, body: bytes) -> None:
        services = self.services
        one = Seen(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        services.seen.append(one)
        planned = services.plan.popleft() if services.plan else None
        if isinstance(planned, int):
            self._say(planned, b'{"error": "planned"}')
            return
        status, said = services.answer(one)
        if planned == "lose":
            self.close_connection = True
            return
        answer = b"" if said is None else json.dumps(said).encode()
        self._say(status, {"garbage": b"<html>", "huge": b" " * 2_000_000}.get(str(planned), answer))

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status in (429, 503):
            self.send_header("Retry-After", "7200")
        if status == 307:
            self.send_header("Location", "/elsewhere")
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 204:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def open_services() -> tuple[Services, ThreadingHTTPServer]:
    services = Services()
    handler = type("Handler", (_Handler,), {"services": services})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    services.origin = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return services, server
