"""A paper with a letter that is ready to go, and a real mail server on this machine that remembers what it took."""

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from broadsheet.app.stores import open_store
from broadsheet.model.letter import FiledLetter, Subscriber, SubscriberState
from broadsheet.settings import Settings, read_settings
from broadsheet.stages.publish.newsletter.filing import emit_letter

AT = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)
LEAVE = "https://letters.paper.internal/letter/leave"
HTML = f"""<!doctype html><html lang="en"><head><title>Weir opens</title></head><body>
<div style="display:none">Two stories</div>
<table><tr><td><h1>Weir Every Day</h1><p>Thursday. <a href="https://paper.internal/newsletter/weir-2026-03-12/">On the web</a></p></td></tr>
<tr><td><h2><a href="https://paper.internal/stories/4t7k/">Weir opens its salmon ladder</a></h2><p>Two years late &amp; over its budget.</p></td></tr>
<tr><td><p>You asked for this. <a class="leave" href="{LEAVE}">Leave in one step</a></p></td></tr></table></body></html>
"""
LETTER = FiledLetter(
    name="weir-2026-03-12",
    title="Weir opens its salmon ladder",
    excerpt="2 stories from 5 reports.",
    published=AT,
    web_url="https://paper.internal/newsletter/weir-2026-03-12/",
    html=HTML,
    topics=("Weirs",),
)


def settings_text(port: int, more: str = "") -> str:
    return f"""\
title = "Weir Every Day"
url = "https://paper.internal"

[publish]
commit = false

[serve]
public_url = "https://letters.paper.internal"

[mail]
host = "127.0.0.1"
port = {port}
security = "none"

[newsletter]
every = "daily"
sender = "Weir Every Day <letter@paper.internal>"
imprint = "The Weir, 4 Quay Row, Saltmere"
{more}
"""


def make_paper(folder: Path, port: int, letter: FiledLetter = LETTER) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "broadsheet.toml").write_text(settings_text(port), "utf-8")
    file = folder / letter.path
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(emit_letter(letter))
    return read_settings(folder)


def people(count: int) -> list[Subscriber]:
    return [
        Subscriber(f"{n:024x}", f"reader{n}@inbox.internal", SubscriberState.CONFIRMED, AT, confirmed=AT)
        for n in range(count)
    ]


def subscribe(settings: Settings, subscribers: list[Subscriber]) -> None:
    with open_store(settings) as store:
        store.subscribers.keep(subscribers)


@dataclass
class Inbox:
    """What the server took, in order. `meddle` may refuse a recipient or a message, or do worse, by what it returns."""

    taken: list[tuple[str, bytes]] = field(default_factory=list)
    refuse: Callable[[str], str | None] = lambda address: None
    meddle: Callable[[str], str | None] = lambda address: None
    options: list[list[str]] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 - the server calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.options.append(options)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        refused = self.refuse(address)
        if refused:
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        said = self.meddle(address)
        if said == "drop":
            self.taken.append((address, bytes(envelope.content or b"")))
            assert server.transport is not None
            server.transport.abort()
            return "250 OK"
        if said:
            return said
        self.taken.append((address, bytes(envelope.content or b"")))
        return "250 OK"

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.taken]

    def message(self, at: int = 0) -> EmailMessage:
        parsed = email.message_from_bytes(self.taken[at][1], policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


@dataclass
class MailServer:
    inbox: Inbox
    port: int


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def smtp() -> Iterator[MailServer]:
    inbox = Inbox()
    port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailServer(inbox, port)
    controller.stop()
