"""Trouble with a source from its first failing poll to the webhook, the command, the page and the end of it."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet.app.stores import look_into_store
from broadsheet.cli import broadsheet
from broadsheet.settings import read_settings
from worlds import MORNING, make_publication, run_at

SECRET = "weir and sluice"


def feed(dates: bool = True, entries: int = 8) -> bytes:
    """Entries a day apart, all too old to be fetched: they only tell the rhythm."""
    at = MORNING - timedelta(days=40)
    items = "".join(
        f"<item><title>Day {n}</title><link>https://weir.example/{n}</link>"
        + (f"<pubDate>{format_datetime(at - timedelta(days=n))}</pubDate>" if dates else "")
        + "</item>"
        for n in range(entries)
    )
    return f"<rss version='2.0'><channel><title>Weir</title>{items}</channel></rss>".encode()


class Publisher:
    """Answers `/feed` with what it is given, and takes letters at `/hook` unless told not to."""

    def __init__(self) -> None:
        self.status, self.body, self.hook_status = 200, feed(), 204
        self.letters: list[tuple[dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = (outer.status, outer.body) if self.path == "/feed" else (404, b"")
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.letters.append(({k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(outer.hook_status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    running = Publisher()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def folder(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOOK_SECRET", SECRET)
    health = f'\n[health]\nwebhook = "http://{publisher.address}/hook"\nsecret = "$HOOK_SECRET"\n'
    source = f'\n[[sources]]\nurl = "http://{publisher.address}/feed"\nname = "Weir"\n'
    made = make_publication(tmp_path / "paper", health + source)
    toml = made / "broadsheet.toml"
    text = toml.read_text("utf-8").replace('replay = ["world.warc.gz"]', f'allow = ["{publisher.address}"]')
    toml.write_text(text.replace("[publish]", "[publish]\ncommit = false"), "utf-8")
    return made


def polls(folder: Path, times: int, at: datetime = MORNING) -> datetime:
    """So many rounds, each when the source is due; returns when the next would be."""
    for _ in range(times):
        run_at(folder, at)
        with look_into_store(read_settings(folder)) as store:
            (state,) = store.sources.all()
        assert state.next_due is not None
        at = state.next_due
    return at


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(broadsheet, ["sources", "check", "-C", str(folder), *options])


def test_from_trouble_to_its_end(publisher: Publisher, folder: Path) -> None:
    at = polls(folder, 1)
    publisher.letters.clear()  # the entries are old: that was told already
    publisher.status = 404
    at = polls(folder, 2, at)
    row = json.loads(check(folder).stdout)
    assert (row["name"], row["state"]) == ("Weir", "failing")
    missing = next(f for f in row["findings"] if f["trouble"] == "missing")
    assert "HTTP 404" in missing["found"]
    assert check(folder).exit_code == 1

    begins = [event for _, body in publisher.letters for event in json.loads(body)["events"]]
    assert [(e["event"], e["trouble"], e["source"]["name"]) for e in begins] == [("begins", "missing", "Weir")]
    headers, body = publisher.letters[0]
    signed = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-broadsheet-signature"] == f"sha256={signed}"

    page = (folder / "public" / "sources" / "index.html").read_text("utf-8")
    assert "Is not at its address any more." in page
    machine = json.loads((folder / "public" / "api" / "sources" / "health.json").read_bytes())
    assert "missing" in [f["trouble"] for f in machine["value"][0]["findings"]]

    publisher.status = 200
    polls(folder, 1, at)
    ends = [event for _, body in publisher.letters[1:] for event in json.loads(body)["events"]]
    assert [(e["event"], e["trouble"]) for e in ends] == [("ends", "missing")]
    assert "missing" not in check(folder).stdout


def test_a_letter_that_is_not_taken_is_sent_again(publisher: Publisher, folder: Path) -> None:
    at = polls(folder, 1)
    publisher.letters.clear()
    publisher.status, publisher.hook_status = 403, 500
    at = polls(folder, 2, at)
    assert len(publisher.letters) == 1
    publisher.letters.clear()
    publisher.hook_status = 200
    polls(folder, 1, at)
    assert len(publisher.letters) == 1
    (event,) = json.loads(publisher.letters[0][1])["events"]
    assert (event["event"], event["trouble"]) == ("begins", "blocked")


def test_fields_that_are_gone_are_named(publisher: Publisher, folder: Path) -> None:
    at = polls(folder, 4)
    publisher.body = feed(dates=False)
    polls(folder, 2, at)
    (row,) = [json.loads(line) for line in check(folder).stdout.splitlines()]
    assert "lost_dates" in [f["trouble"] for f in row["findings"]]


def test_a_round_that_finds_nothing_changes_no_page(publisher: Publisher, folder: Path) -> None:
    at = polls(folder, 2)
    assert not run_at(folder, at).stages["build"].counts["written"]


def test_sources_that_no_run_has_asked_are_asked(publisher: Publisher, folder: Path) -> None:
    row = json.loads(check(folder).stdout)
    assert (row["state"], row["entries"]) == ("healthy", 8)
    assert check(folder).exit_code == 0
    publisher.body = b"<html><title>Weir</title>This domain is for sale"
    row = json.loads(check(folder, "--now").stdout)
    assert row["state"] == "failing"


def test_simulate_replays_what_is_stored_and_what_is_given(publisher: Publisher, folder: Path, tmp_path: Path) -> None:
    nothing = CliRunner().invoke(broadsheet, ["sources", "simulate", "-C", str(folder)])
    assert nothing.exception is not None
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds" / "a.xml").write_bytes(feed(entries=30))
    (tmp_path / "feeds" / "b.xml").write_bytes(b"nothing")
    given = CliRunner().invoke(broadsheet, ["sources", "simulate", "--days", "20", str(tmp_path / "feeds")])
    rows = [json.loads(line) for line in given.stdout.splitlines()]
    assert [row["rule"] for row in rows] == ["adaptive", "square root", "hourly"]
    assert rows[0]["pollsPerDay"] <= 11
    assert rows[0]["meanDelay"] < rows[2]["meanDelay"]
    assert "b.xml" in given.stderr
    toml = folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8").replace("[fetch]", "[fetch]\nmax_age_days = 0\nmax_attempts = 1"), "utf-8")
    run_at(folder)
    stored = CliRunner().invoke(broadsheet, ["sources", "simulate", "-C", str(folder)])
    assert stored.exception is None, stored.exception
    assert json.loads(stored.stdout.splitlines()[0])["sources"] == 1
