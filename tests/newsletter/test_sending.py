"""A letter goes to each reader once, through a real mail server, whatever happens on the way."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.newsletter.conftest import AT, LEAVE, LETTER, MailServer, make_paper, people, subscribe

from broadsheet.adapters.mail.smtp import MailServer as Server
from broadsheet.adapters.mail.smtp import SmtpMailer
from broadsheet.app.letters import open_post_room
from broadsheet.app.stores import open_store
from broadsheet.cli import broadsheet
from broadsheet.cli._progress import QuietProgress
from broadsheet.errors import RetryLater, SettingsError, UsageError
from broadsheet.model.letter import DeliveryState, SubscriberState
from broadsheet.settings import Settings, read_settings
from broadsheet.stages.publish.newsletter.filing import emit_letter
from broadsheet.steps.sending import PostRoom, send_letter

Refusing = Callable[[str], str | None]


@contextmanager
def room_of(settings: Settings, stopped: Callable[[], bool] = lambda: False) -> Iterator[PostRoom]:
    with open_post_room(settings, QuietProgress(), lambda _: None, stopped) as room:
        yield room


def only(number: int, answer: str) -> Refusing:
    return lambda address: answer if address == f"reader{number}@inbox.internal" else None


def test_each_reader_gets_the_letter_once_with_links_of_their_own(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, [replace(p, name="Inga, of Saltmere") for p in people(3)])
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=3)
        assert send_letter(room, LETTER) == Counter(sent=3)
        assert room.store.letters.finished(LETTER.name) is not None
        tokens = {room.signer.leave_token(p.id) for p in people(3)}
    assert sorted(smtp.inbox.addresses) == [f"reader{n}@inbox.internal" for n in range(3)]
    message = smtp.inbox.message()
    leave = message["List-Unsubscribe"].strip("<>")
    assert leave.startswith(f"{LEAVE}?t=")
    assert leave.partition("?t=")[2] in tokens
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["From"] == "Weir Every Day <letter@paper.internal>"
    assert message["To"].addresses[0].display_name == "Inga, of Saltmere"
    assert message["Subject"] == LETTER.title
    assert len({smtp.inbox.message(n)["Message-ID"] for n in range(3)}) == 3
    html, plain = message.get_body("html"), message.get_body("plain")
    assert html is not None
    assert plain is not None
    assert html.get_content().replace("\r\n", "\n") == LETTER.html.replace(LEAVE, leave)
    assert f"\n{leave}\n" in plain.get_content().replace("\r\n", "\n")
    assert "Weir opens its salmon ladder\nhttps://paper.internal/stories/4t7k/" in plain.get_content().replace(
        "\r\n", "\n"
    )


def test_who_asks_after_it_was_sent_gets_the_next_one(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(1))
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=1)
        room.store.subscribers.keep(people(3))
        assert send_letter(room, LETTER) == Counter(sent=1)
    assert smtp.inbox.addresses == ["reader0@inbox.internal"]


def test_old_news_go_out_by_name_only(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(1))
    done = CliRunner().invoke(broadsheet, ["newsletter", "send", "-C", str(tmp_path)])
    assert "is old news" in str(done.exception)
    assert smtp.inbox.taken == []
    done = CliRunner().invoke(broadsheet, ["newsletter", "send", LETTER.name, "-C", str(tmp_path)])
    assert done.exit_code == 0
    assert smtp.inbox.addresses == ["reader0@inbox.internal"]


def test_who_is_not_confirmed_gets_nothing(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    states = (SubscriberState.PENDING, SubscriberState.LEFT, SubscriberState.BOUNCED)
    subscribe(settings, [replace(p, state=state) for p, state in zip(people(3), states, strict=True)])
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter()
    assert smtp.inbox.taken == []


def test_a_refused_address_is_not_written_to_again(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(3))
    smtp.inbox.refuse = only(1, "550 5.1.1 no such user here")
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=2, refused=1)
        known = room.store.subscribers.by_address("reader1@inbox.internal")
        assert known is not None
        assert known.state is SubscriberState.BOUNCED
        assert room.store.subscribers.is_suppressed("reader1@inbox.internal")


def test_a_refused_message_is_no_end_of_an_address(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(1))
    smtp.inbox.meddle = only(0, "554 5.7.1 looks like spam")
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(refused=1)
        known = room.store.subscribers.by_address("reader0@inbox.internal")
        assert known is not None
        assert known.state is SubscriberState.CONFIRMED
        assert known.soft == 1


def test_what_the_server_puts_off_is_tried_again(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(3))
    smtp.inbox.refuse = only(2, "451 4.7.1 greylisted, come back")
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=2, later=1)
        assert room.store.letters.finished(LETTER.name) is None
        smtp.inbox.refuse = lambda address: None
        assert send_letter(room, LETTER) == Counter(sent=3)
    assert sorted(smtp.inbox.addresses) == [f"reader{n}@inbox.internal" for n in range(3)]


def test_a_copy_whose_answer_is_lost_is_never_sent_again(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(4))
    smtp.inbox.meddle = only(1, "drop")
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=3, unknown=1)
        smtp.inbox.meddle = lambda address: None
        assert send_letter(room, LETTER) == Counter(sent=3, unknown=1)
        assert [d.subscriber for d in room.store.letters.deliveries(LETTER.name, DeliveryState.UNKNOWN)] == [
            people(2)[1].id
        ]
    assert Counter(smtp.inbox.addresses) == Counter(f"reader{n}@inbox.internal" for n in range(4))


def test_a_server_that_is_not_there_ends_the_sending_with_all_left(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = make_paper(tmp_path, port)
    subscribe(settings, people(9))
    with room_of(settings) as room:
        with pytest.raises(RetryLater, match="mail server takes nothing"):
            send_letter(room, LETTER)
        assert len(list(room.store.letters.waiting(LETTER.name))) == 9
        assert not room.store.letters.counts(LETTER.name).get(DeliveryState.UNKNOWN)


def test_many_go_over_few_connections(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(230))
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=230)
    assert len(set(smtp.inbox.addresses)) == 230


def test_somebody_may_stop_it_between_two_copies(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(5))
    with room_of(settings, lambda: len(smtp.inbox.taken) >= 2) as room:
        assert send_letter(room, LETTER) == Counter(sent=2)
    with room_of(settings) as room:
        assert send_letter(room, LETTER) == Counter(sent=5)
    assert Counter(smtp.inbox.addresses) == Counter(f"reader{n}@inbox.internal" for n in range(5))


def test_lines_that_begin_with_a_dot_arrive(tmp_path: Path, smtp: MailServer) -> None:
    letter = replace(LETTER, html=HTML_WITH_DOTS)
    settings = make_paper(tmp_path, smtp.port, letter)
    subscribe(settings, people(1))
    with room_of(settings) as room:
        send_letter(room, letter)
    html = smtp.inbox.message().get_body("html")
    assert html is not None
    assert "\n.\n..two\n" in html.get_content().replace("\r\n", "\n")


HTML_WITH_DOTS = LETTER.html.replace("<body>", "<body>\n.\n..two\n")

_KILLED = """
import sys
from broadsheet.__main__ import main
sys.argv = ["broadsheet", "newsletter", "send", "weir-2026-03-12", "-C", sys.argv[1]]
main()
"""


@pytest.mark.parametrize("when", ["at the envelope", "at the message", "after the message"])
def test_killed_in_the_middle_and_started_again_nobody_gets_it_twice(
    tmp_path: Path, smtp: MailServer, when: str
) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(20))
    process: list[subprocess.Popen[bytes]] = []

    def kill(address: str, at: int) -> None:
        if len(smtp.inbox.taken) == at and process[0].returncode is None:
            os.kill(process[0].pid, signal.SIGKILL)
            process[0].wait()

    smtp.inbox.refuse = lambda address: kill(address, 7) if when == "at the envelope" else None
    smtp.inbox.meddle = lambda address: kill(address, 7) if when == "at the message" else None
    if when == "after the message":
        smtp.inbox.refuse = lambda address: None
        smtp.inbox.meddle = lambda address: "drop" if len(smtp.inbox.taken) == 7 and not kill(address, 7) else None
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process.append(
        subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path)], env=environment, stdout=subprocess.PIPE)
    )
    process[0].communicate(timeout=60)
    assert process[0].returncode == -signal.SIGKILL
    with open_store(settings) as store:
        states = store.letters.counts(LETTER.name)
        assert states[DeliveryState.SENDING] == 1
        assert sum(states.values()) == 8
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path)], check=False, env=environment, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["sent"], told["unknown"], told["left"]) == (19, 1, 0)
    assert max(Counter(smtp.inbox.addresses).values()) == 1
    assert len(set(smtp.inbox.addresses)) >= 19


def test_two_do_not_send_at_once(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    with room_of(settings), pytest.raises(UsageError, match="already sending"), room_of(settings):
        pass


@pytest.mark.parametrize("missing", ["sender", "imprint", "public_url"])
def test_nothing_goes_out_without_what_readers_are_owed(tmp_path: Path, smtp: MailServer, missing: str) -> None:
    make_paper(tmp_path, smtp.port)
    file = tmp_path / "broadsheet.toml"
    file.write_text("\n".join(x for x in file.read_text().splitlines() if not x.startswith(missing)))
    settings = read_settings(tmp_path)
    subscribe(settings, people(1))
    with room_of(settings) as room, pytest.raises(SettingsError, match=missing):
        send_letter(room, LETTER)
    assert smtp.inbox.taken == []


@pytest.mark.parametrize(
    "wrong", ["{{ title }}", "None", "Dear [name]", "Lorem ipsum dolor sit amet", '<a href="">Go</a>']
)
def test_a_letter_with_a_placeholder_is_not_sent(tmp_path: Path, smtp: MailServer, wrong: str) -> None:
    letter = replace(LETTER, html=LETTER.html.replace("Two years late", wrong))
    settings = make_paper(tmp_path, smtp.port, letter)
    subscribe(settings, people(1))
    with room_of(settings) as room, pytest.raises(UsageError, match="is not fit to be sent"):
        send_letter(room, letter)
    assert smtp.inbox.taken == []


def test_passwords_are_never_sent_in_the_clear(tmp_path: Path, smtp: MailServer) -> None:
    mailer = SmtpMailer(Server("127.0.0.1", smtp.port, "starttls", "somebody", "secret"))
    outcome = mailer.send("a@paper.internal", "b@inbox.internal", b"Subject: x\r\n\r\nx\r\n")
    assert (outcome.state, outcome.connected) == (DeliveryState.LATER, False)
    assert "STARTTLS" in outcome.said
    assert smtp.inbox.taken == []


@pytest.mark.parametrize(
    "script",
    [b"", b"220 hello\r\n", b"220 hi\r\n250 ok\r\n250 ok\r\n250 ok\r\n", b"\x00\xff" * 9000, b"220-x\r\n" * 50],
)
def test_a_server_that_breaks_off_or_says_nonsense_is_survived(script: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = threading.Event()

        def answer() -> None:
            while not done.is_set():
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.sendall(script)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        mailer = SmtpMailer(Server("127.0.0.1", listening.getsockname()[1], "none", timeout_seconds=2))
        outcome = mailer.send("a@paper.internal", "b@inbox.internal", b"Subject: x\r\n\r\nx\r\n")
        mailer.close()
        done.set()
    assert outcome.state in (DeliveryState.LATER, DeliveryState.UNKNOWN)


def test_what_a_person_changed_in_the_file_is_what_is_sent(tmp_path: Path, smtp: MailServer) -> None:
    settings = make_paper(tmp_path, smtp.port)
    subscribe(settings, people(1))
    changed = replace(LETTER, title="A weir, at last", html=LETTER.html.replace("Two years late", "Three years late"))
    (tmp_path / LETTER.path).write_bytes(emit_letter(changed))
    from broadsheet.cli._letters import letter_named

    with room_of(settings) as room:
        send_letter(room, letter_named(tmp_path, None))
    message = smtp.inbox.message()
    plain = message.get_body("plain")
    assert message["Subject"] == "A weir, at last"
    assert plain is not None
    assert "Three years late & over its budget." in plain.get_content()
    assert message["Date"].datetime == AT
