"""The mail server is spoken to in secret, after its certificate was looked at, and logged in to."""

import asyncio
import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from tests.newsletter.conftest import Inbox, free_port, make_paper

from broadsheet.adapters.mail.smtp import MailServer, SmtpMailer
from broadsheet.app.letters import open_mailer
from broadsheet.errors import SettingsError
from broadsheet.model.letter import DeliveryState
from broadsheet.settings import Settings, read_settings

MESSAGE = b"Subject: x\r\n\r\nx\r\n"


@dataclass
class Secret:
    inbox: Inbox
    port: int
    authority: Path


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object) -> AuthResult:
    return AuthResult(success=given == LoginPassword(b"letter", b"right"))


@pytest.fixture(params=["starttls", "tls"])
def secret(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Secret]]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate, and is not here")
    key, made = tmp_path / "key.pem", tmp_path / "made.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    call = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, "-keyout", str(key)]
    subprocess.run([*call, "-out", str(made)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, key)
    inbox, port = Inbox(), free_port()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(_listening(request.param, inbox, port, context), loop).result(20)
    yield request.param, Secret(inbox, port, made)
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(20)


async def _listening(kind: str, inbox: Inbox, port: int, context: ssl.SSLContext) -> asyncio.Server:
    more = {} if kind == "tls" else {"tls_context": context, "require_starttls": True}

    def connected() -> SMTP:
        needs = kind != "tls"
        return SMTP(inbox, authenticator=_login, auth_required=True, auth_require_tls=needs, **more)  # type: ignore[arg-type]

    loop = asyncio.get_running_loop()
    return await loop.create_server(connected, "localhost", port, ssl=context if kind == "tls" else None)


def mailer_of(kind: str, server: Secret, password: str = "right") -> SmtpMailer:
    return SmtpMailer(MailServer("localhost", server.port, kind, "letter", password, 10))


def test_a_message_goes_in_secret(secret: tuple[str, Secret], monkeypatch: pytest.MonkeyPatch) -> None:
    kind, server = secret
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    mailer = mailer_of(kind, server)
    outcome = mailer.send("a@paper.internal", "b@inbox.internal", MESSAGE)
    mailer.close()
    assert outcome.state is DeliveryState.SENT, outcome
    assert server.inbox.addresses == ["b@inbox.internal"]


def test_a_wrong_password_ends_it(secret: tuple[str, Secret], monkeypatch: pytest.MonkeyPatch) -> None:
    kind, server = secret
    monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
    outcome = mailer_of(kind, server, "wrong").send("a@paper.internal", "b@inbox.internal", MESSAGE)
    assert (outcome.state, outcome.connected) == (DeliveryState.LATER, False)
    assert server.inbox.taken == []


def test_a_certificate_that_nobody_vouches_for_ends_it(secret: tuple[str, Secret]) -> None:
    kind, server = secret
    outcome = mailer_of(kind, server).send("a@paper.internal", "b@inbox.internal", MESSAGE)
    assert (outcome.state, outcome.connected) == (DeliveryState.LATER, False)
    assert server.inbox.taken == []


def settings_with(tmp_path: Path, mail: str) -> Settings:
    make_paper(tmp_path, 1)
    file = tmp_path / "broadsheet.toml"
    head, _, rest = file.read_text("utf-8").partition("[mail]")
    file.write_text(f"{head}[mail]\n{mail}\n[newsletter]{rest.partition('[newsletter]')[2]}", "utf-8")
    return read_settings(tmp_path)


@pytest.mark.parametrize(
    ("mail", "said"),
    [("", "host is needed"), ("host = 'mx.paper.internal'\nsecurity = 'none'", "starttls or tls"), ("host = 'mx.paper.internal'\nuser = 'x'\npassword = '$NOT_SET_HERE'", "password of x is empty")],
)  # fmt: skip
def test_settings_that_would_not_do_are_told(tmp_path: Path, mail: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        open_mailer(settings_with(tmp_path, mail))


def test_a_password_comes_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "right")
    settings = settings_with(tmp_path, "host = 'mx.paper.internal'\nuser = 'x'\npassword = '$MAIL_PASSWORD'")
    assert open_mailer(settings).server.password == "right"
