"""The address to hand URLs to, over real HTTP: who may, what is taken, and what is refused."""

import http.client
import json
import re
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from broadsheet.app.reception import open_receiver, submit_token
from broadsheet.app.stores import open_store
from broadsheet.cli import broadsheet
from broadsheet.settings import Settings, read_settings
from broadsheet.web.reception import LARGEST_SUBMISSION, Reception, open_reception
from worlds import make_publication

TOKEN = "a-token-of-twenty-letters"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = make_publication(tmp_path / "paper", "")
    (folder / "public").mkdir()
    (folder / "public" / "index.html").write_text("<p>The site", "utf-8")
    return read_settings(folder)


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    with open_receiver(settings) as receiver:
        reception = Reception(settings.out_folder, receiver, TOKEN, frozenset({"paper.example"}))
        with open_reception(reception, host="127.0.0.1", port=0) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
            yield server.server_address[1]
            server.shutdown()


def ask(port: int, body: bytes, path: str = "/submit", **headers: str) -> tuple[int, dict[str, object]]:
    named = {"Authorization": f"Bearer {TOKEN}"} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", path, body, named)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"{}")


def test_addresses_in_every_form(port: int, settings: Settings) -> None:
    status, said = ask(port, b"https://ledger.example/a?utm_source=x\n\njavascript:alert(1)\n")
    assert (status, said["results"]) == (
        200,
        [
            {"url": "https://ledger.example/a", "state": "taken"},
            {"url": "javascript:alert(1)", "state": "refused", "error": "not an http(s) address"},
        ],
    )
    form = ask(port, b"url=https%3A%2F%2Fledger.example%2Fb&x=1", Content_Type="application/x-www-form-urlencoded")
    as_json = ask(
        port,
        b'{"url":"https://ledger.example/c","urls":["https://ledger.example/a",7]}',
        Content_Type="application/json",
    )
    assert form[1]["results"] == [{"url": "https://ledger.example/b", "state": "taken"}]
    assert [r["state"] for r in as_json[1]["results"]] == ["taken", "known"]  # type: ignore[attr-defined]
    with open_store(settings) as store:
        assert store.items.counts() == {"waiting": 3}


def test_who_may_not(port: int, settings: Settings) -> None:
    body = b"https://ledger.example/a"
    assert ask(port, body, Authorization="Bearer wrong")[0] == 401
    assert ask(port, body, Authorization="")[0] == 401
    assert ask(port, body, Host="evil.example")[0] == 421
    assert ask(port, body, Origin="https://evil.example")[0] == 403
    assert ask(port, body, Origin="null")[0] == 403
    assert ask(port, body, path="/other")[0] == 404
    assert ask(port, b"")[0] == 400
    for wrong in (b"[" * 1000, b'{"urls":7}', b'{"url":[]}'):
        assert ask(port, wrong, Content_Type="application/json")[0] == 400
    assert ask(port, b"x" * (LARGEST_SUBMISSION + 1))[0] == 413
    with open_store(settings) as store:
        assert store.items.counts() == {}
    assert ask(port, body, Host="paper.example", Origin="https://paper.example")[0] == 200


def test_a_body_without_a_length_is_refused(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("POST", "/submit")
    connection.putheader("Authorization", f"Bearer {TOKEN}")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    assert connection.getresponse().status == 411


def test_the_site_is_served_beside_it(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().read() == b"<p>The site"
    connection.request("GET", "/websub/nobody?hub.mode=subscribe&hub.challenge=x")
    assert connection.getresponse().status == 404


def test_the_token_is_the_owners_alone(settings: Settings) -> None:
    with open_receiver(settings):
        token = submit_token(settings)
    file = settings.state_folder / "submit.token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert submit_token(settings) == token
    assert len(token) > 40


def test_the_command_hands_over_too(settings: Settings) -> None:
    arguments = ["sources", "submit", "-C", str(settings.folder), "https://ledger.example/a", "-"]
    said = CliRunner().invoke(broadsheet, arguments, input="https://ledger.example/b\nnonsense\n")
    assert said.exit_code == 1
    assert [json.loads(line)["state"] for line in said.stdout.splitlines()] == ["taken", "taken", "refused"]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_and_takes_addresses(settings: Settings, end: signal.Signals) -> None:
    command = [sys.executable, "-m", "broadsheet", "serve", "-C", str(settings.folder), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            assert running.stderr is not None
            told = running.stderr.readline()
            port = int(re.search(r"http://127\.0\.0\.1:(\d+)/", told)[1])  # type: ignore[index]
            token = (settings.state_folder / "submit.token").read_text("ascii").strip()
            status, said = ask(port, b"https://ledger.example/a", Authorization=f"Bearer {token}")
            assert (status, said["results"]) == (200, [{"url": "https://ledger.example/a", "state": "taken"}])
        finally:
            running.send_signal(end)
            try:
                assert running.wait(timeout=30) == 0
            finally:
                running.kill()
