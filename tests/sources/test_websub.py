"""WebSub against a real hub over HTTP: subscribed, verified, told, renewed, left."""

import hashlib
import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.app.clocks import FixedClock
from broadsheet.app.registry import read_registry
from broadsheet.app.stores import open_store
from broadsheet.model.exchange import Response
from broadsheet.model.feed import Feed
from broadsheet.model.subscription import Subscription, SubscriptionState
from broadsheet.ports import Store
from broadsheet.settings import read_settings
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.stages.sources.websub import answer_to_hub, hub_of, is_signed, is_to_be_asked
from broadsheet.steps.websub import Receiver
from broadsheet.web.reception import Reception, open_reception
from worlds import MORNING, make_publication, run_at

FEED = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>t</id><link rel='hub' href='{base}/hub'/>"
    "<link rel='self' href='{base}/feed'/><entry><id>{n}</id><title>The weir, part {n}, is told</title>"
    "<link href='{base}/news/{n}'/><updated>2026-11-20T07:00:0{n}Z</updated></entry></feed>"
)


class Hub:
    """A publisher and its hub: it verifies what it is asked for, and tells its subscribers."""

    def __init__(self) -> None:
        self.letters: list[dict[str, str]] = []
        self.verified: list[bool] = []
        self.polled = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.polled += self.path == "/feed"
                body = FEED.format(base=outer.base, n=1).encode() if self.path == "/feed" else b""
                self.answer(200 if body else 404, body)

            def do_POST(self) -> None:
                said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                letter = {name: values[0] for name, values in said.items()}
                outer.letters.append(letter)
                outer.verified.append(outer.verify(letter))
                self.answer(202, b"")

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        self.base = f"http://{self.address}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def verify(self, letter: dict[str, str]) -> bool:
        asked = {k: letter[k] for k in ("hub.mode", "hub.topic")} | {
            "hub.challenge": "say this",
            "hub.lease_seconds": "864000",
        }
        try:
            with urllib.request.urlopen(f"{letter['hub.callback']}?{urlencode(asked)}", timeout=10) as answer:
                return answer.read() == b"say this"
        except urllib.error.HTTPError:
            return False

    def tell(self, letter: dict[str, str], number: int, secret: str | None = None, method: str = "sha256") -> int:
        body = FEED.format(base=self.base, n=number).encode()
        digest = hmac.new((secret or letter["hub.secret"]).encode(), body, method).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={digest}", "Content-Type": "application/atom+xml"}
        return post(letter["hub.callback"], body, headers)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture
def hub() -> Iterator[Hub]:
    running = Hub()
    yield running
    running.server.shutdown()
    running.server.server_close()


@contextmanager
def reception(folder: Path, store: Store) -> Iterator[str]:
    """Our own server beside the runs, on the clock of the first."""
    settings = read_settings(folder)
    sources = {s.url: s for s in settings.sources}
    receiver = Receiver(store, sources, RuleBook(settings.rules, read_registry(settings)[0]), FixedClock(MORNING))
    with open_reception(Reception(folder, receiver, "t" * 20, frozenset()), host="127.0.0.1", port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def write(folder: Path, hub: Hub, public: str, sources: str) -> None:
    made = make_publication(folder, sources + (f'\n[serve]\npublic_url = "{public}"\n' if public else ""))
    toml = made / "broadsheet.toml"
    said = toml.read_text("utf-8").replace(
        'replay = ["world.warc.gz"]', f'allow = ["{hub.address}"]\nhost_delay_seconds = 0'
    )
    toml.write_text(said, "utf-8")


def test_a_subscription_from_beginning_to_end(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "paper"
    source = f'\n[[sources]]\nurl = "{hub.base}/feed"\n'
    write(folder, hub, "", source)
    with open_store(read_settings(folder)) as store, reception(folder, store) as public:
        run_at(folder)
        assert (hub.letters, store.subscriptions.all()) == ([], []), "without a public address nobody is asked"
        write(folder, hub, public, source)
        store.sources.keep([], MORNING)
        run_at(folder, MORNING + timedelta(days=1))
        (live,) = store.subscriptions.all()
        assert live.state is SubscriptionState.LIVE
        assert hub.letters[0]["hub.callback"] == f"{public}/websub/{live.token}"
        assert hub.verified == [True]

        before = sum(store.items.counts().values())
        assert hub.tell(hub.letters[0], 2) == 202
        assert sum(store.items.counts().values()) == before + 1
        assert hub.tell(hub.letters[0], 3, secret="guessed") == 202
        assert hub.tell(hub.letters[0], 4, method="md5") == 202
        assert post(hub.letters[0]["hub.callback"], b"<feed/>", {}) == 202
        assert post(f"{public}/websub/nobody", b"<feed/>", {}) == 410
        assert sum(store.items.counts().values()) == before + 1
        assert not hub.verify({**hub.letters[0], "hub.topic": "https://elsewhere.example/"})
        assert not hub.verify({**hub.letters[0], "hub.mode": "unsubscribe"}), "we did not ask to leave"

        polled = hub.polled
        run_at(folder, MORNING + timedelta(days=1, hours=3))
        assert hub.polled == polled + 1, "the poll that was due before anything was live"
        run_at(folder, MORNING + timedelta(days=1, hours=9))
        assert hub.polled == polled + 1, "seldom, while the hub tells us"
        run_at(folder, MORNING + timedelta(days=9, hours=12))
        assert len(hub.letters) == 2, "renewed before the lease ends"

        write(folder, hub, public, "")
        run_at(folder, MORNING + timedelta(days=9, hours=13))
        assert hub.letters[-1]["hub.mode"] == "unsubscribe"
        assert store.subscriptions.all() == []


def subscription(state: SubscriptionState = SubscriptionState.ASKED, days: int | None = None) -> Subscription:
    expires = MORNING + timedelta(days=days) if days else None
    return Subscription(
        "https://a.example/f", "https://hub.example/", "https://a.example/f", "t", "s", state, MORNING, expires
    )


def test_hubs_in_headers_go_before_those_in_feeds() -> None:
    link = '<https://hub.example/>; rel="hub"; title="a, b", </feed.xml>; rel=self'
    answer = Response("https://a.example/f", "https://a.example/f", 200, b"", MORNING, {"link": link})
    feed = Feed(hub="https://other.example/", feed_url="https://a.example/own")
    assert hub_of(answer, feed, "x") == ("https://hub.example/", "https://a.example/feed.xml")
    silent = Response("https://a.example/f", "https://a.example/f", 200, b"", MORNING)
    assert hub_of(silent, feed, "x") == ("https://other.example/", "https://a.example/own")
    assert hub_of(silent, Feed(), "x") is None
    assert hub_of(silent, Feed(hub="ftp://hub.example/"), "x") is None


def test_when_a_hub_is_asked() -> None:
    asked, live, denied = (
        subscription(),
        subscription(SubscriptionState.LIVE, 10),
        subscription(SubscriptionState.DENIED),
    )
    hours = {"asked": next(h for h in range(300) if is_to_be_asked(asked, MORNING + timedelta(hours=h)))}
    hours["live"] = next(h for h in range(300) if is_to_be_asked(live, MORNING + timedelta(hours=h)))
    hours["denied"] = next(h for h in range(300) if is_to_be_asked(denied, MORNING + timedelta(hours=h)))
    assert hours == {"asked": 6, "live": 192, "denied": 168}


def test_a_denial_is_kept_with_its_reason() -> None:
    said = {"hub.mode": "denied", "hub.topic": "https://a.example/f", "hub.reason": "too many"}
    after, challenge = answer_to_hub(subscription(), said, MORNING)
    assert (after.state, after.reason, challenge) == (SubscriptionState.DENIED, "too many", "")  # type: ignore[union-attr]


@pytest.mark.parametrize("lease", ["", "-1", "1", "9" * 400, "864000"])
def test_leases_are_held_within_bounds(lease: str) -> None:
    said = {
        "hub.mode": "subscribe",
        "hub.topic": "https://a.example/f",
        "hub.challenge": "c",
        "hub.lease_seconds": lease,
    }
    after, _ = answer_to_hub(subscription(), said, MORNING)
    assert timedelta(seconds=300) <= after.expires - MORNING <= timedelta(days=90)  # type: ignore[union-attr, operator]


@given(st.binary(max_size=200), st.text(max_size=100), st.sampled_from(["sha1", "sha256", "sha384", "sha512"]))
def test_signatures(body: bytes, odd: str, method: str) -> None:
    digest = hmac.new(b"secret", body, getattr(hashlib, method)).hexdigest()
    assert is_signed(body, f"{method}={digest}", "secret")
    assert is_signed(body, f"{method.upper()}={digest.upper()}", "secret")
    assert not is_signed(body + b"x", f"{method}={digest}", "secret")
    assert not is_signed(body, odd, "secret")
