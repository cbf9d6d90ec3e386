"""Readers ask for the letter, confirm it, leave; and are left alone when mail to them comes back."""

import csv
import io
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.newsletter.conftest import AT, LETTER, MailServer, make_paper, people, subscribe

from broadsheet.app.letters import letter_signer
from broadsheet.app.reception import open_receiver
from broadsheet.app.stores import open_store
from broadsheet.cli._letters import letterbox_of
from broadsheet.errors import Rejected
from broadsheet.model.letter import DeliveryState, Subscriber, SubscriberState
from broadsheet.ports import Store
from broadsheet.settings import Settings
from broadsheet.stages.publish.newsletter.bounces import is_for_good, read_bounce
from broadsheet.stages.publish.newsletter.mail import canonical_address, read_mailbox
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.steps.bounces import hear_bounces
from broadsheet.steps.subscribers import ask, bring_in, confirm, csv_rows, failed, leave, suppress
from broadsheet.web.reception import Reception, open_reception

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SIGNER = Signer(b"a secret of this test")


@pytest.fixture
def settings(tmp_path: Path, smtp: MailServer) -> Settings:
    return make_paper(tmp_path, smtp.port)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as opened:
        yield opened


def test_nobody_gets_the_letter_before_they_confirmed(store: Store) -> None:
    asked = ask(store, " Inga@Inbox.Internal ", "Inga", AT)
    assert asked is not None
    assert (asked.address, asked.state) == ("inga@inbox.internal", SubscriberState.PENDING)
    assert list(store.letters.waiting("x")) == []
    assert confirm(store, asked.id, asked.asked, AT + HOUR)
    assert confirm(store, asked.id, asked.asked, AT + HOUR)
    assert [s.address for s in store.letters.waiting("x")] == ["inga@inbox.internal"]


def test_an_address_is_asked_once_a_day_and_never_when_it_has_the_letter(store: Store) -> None:
    asked = ask(store, "inga@inbox.internal", "", AT)
    assert asked is not None
    assert ask(store, "INGA@inbox.internal", "", AT + HOUR) is None
    again = ask(store, "inga@inbox.internal", "", AT + DAY)
    assert again is not None
    assert not confirm(store, asked.id, asked.asked, AT + DAY), "an older question is not open any more"
    assert confirm(store, again.id, again.asked, AT + DAY)
    assert ask(store, "inga@inbox.internal", "", AT + 3 * DAY) is None


def test_who_left_does_not_come_back_by_an_old_link(store: Store) -> None:
    asked = ask(store, "inga@inbox.internal", "", AT)
    assert asked is not None
    assert leave(store, asked.id, AT + HOUR)
    assert leave(store, asked.id, AT + 2 * HOUR)
    assert not confirm(store, asked.id, asked.asked, AT + 3 * HOUR)
    assert ask(store, "inga@inbox.internal", "", AT + 4 * HOUR) is not None, "only a new question brings them back"


def test_who_may_never_get_mail_is_never_asked(store: Store) -> None:
    suppress(store, "inga@inbox.internal", "said so", AT)
    assert ask(store, "inga@inbox.internal", "", AT) is None
    assert next(iter(bring_in(store, ["inga@inbox.internal"], AT, AT))).reason.startswith("must never")
    assert store.subscribers.release("inga@inbox.internal")
    assert ask(store, "inga@inbox.internal", "", AT) is not None


def test_a_confirming_word_ends_after_a_week_and_is_good_for_nothing_else() -> None:
    token = SIGNER.confirm_token("a" * 24, AT)
    assert SIGNER.confirming(token, AT + 6 * DAY) == ("a" * 24, AT)
    assert SIGNER.confirming(token, AT + 8 * DAY) is None
    assert SIGNER.leaving(token) is None
    assert SIGNER.confirming(SIGNER.leave_token("a" * 24), AT) is None
    assert SIGNER.leaving(SIGNER.leave_token("a" * 24)) == "a" * 24
    assert SIGNER.copy(SIGNER.copy_mark("weir-2026-03-12", "a" * 24)) == ("weir-2026-03-12", "a" * 24)
    assert Signer(b"another").leaving(SIGNER.leave_token("a" * 24)) is None


@given(st.integers(0, 60), st.characters(codec="utf-8"))
def test_no_changed_word_is_believed(at: int, letter: str) -> None:
    token = SIGNER.leave_token("a" * 24)
    at %= len(token)
    changed = token[:at] + letter + token[at + 1 :]
    assert SIGNER.leaving(changed) == ("a" * 24 if changed == token else None)


@given(st.text(max_size=200))
def test_any_text_is_no_word_of_ours(text: str) -> None:
    assert SIGNER.leaving(text) is SIGNER.confirming(text, AT) is SIGNER.copy(text) is None


@pytest.mark.parametrize(
    "said", ["", "a", "a@", "@b.internal", "a@b", "a b@c.internal", "a@b.internal\r\nBcc: x@y.internal", "a@b..internal", "<a@b.internal>", "a@-b.internal", "a,b@c.internal", "a@b.internal,c@d.internal", "x" * 65 + "@b.internal", "a@" + "b" * 250 + ".internal", "é@b.internal", "a@[127.0.0.1]", "\x00@b.internal"]
)  # fmt: skip
def test_what_is_no_address_is_refused(said: str) -> None:
    with pytest.raises(Rejected, match="no address"):
        canonical_address(said)


def test_addresses_have_one_form() -> None:
    assert canonical_address(" Inga.Rolle+weir@INBOX.internal. ") == "inga.rolle+weir@inbox.internal"
    assert canonical_address("inga@bücher.internal") == "inga@xn--bcher-kva.internal"
    assert read_mailbox('"The Weir" <Letter@weir.internal>').header() == "The Weir <letter@weir.internal>"


def test_subscribers_are_brought_in_with_their_consent_only(store: Store) -> None:
    left = ask(store, "left@inbox.internal", "", AT)
    assert left is not None
    leave(store, left.id, AT)
    lines = [
        "\ufeffEmail,Name,Confirmed",
        "a@inbox.internal,Inga,2025-01-02",
        "b@inbox.internal,,",
        "nonsense,,2025-01-02",
        "left@inbox.internal,,2025-01-02",
        "a@inbox.internal,,2025-01-02",
        "",
    ]
    reasons = [b.reason for b in bring_in(store, lines, None, AT)]
    assert reasons[0] == ""
    assert [bool(r) for r in reasons] == [False, True, True, True, True]
    assert [(s.address, s.name) for s in store.letters.waiting("x")] == [("a@inbox.internal", "Inga")]
    assert [b.reason for b in bring_in(store, ["c@inbox.internal", "d@inbox.internal"], AT - DAY, AT)] == ["", ""]


def test_what_is_exported_can_be_brought_in_and_runs_in_no_spreadsheet(store: Store, tmp_path: Path) -> None:
    names = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(1)", "\tx", 'In "quotes", and commas', "Inga"]
    store.subscribers.keep([replace(p, name=name) for p, name in zip(people(len(names)), names, strict=True)])
    store.subscribers.keep([replace(people(8)[7], address="=1+1@inbox.internal")])
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(csv_rows(store.subscribers.all()))
    cells = [cell for row in csv.reader(io.StringIO(text.getvalue())) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]
    with open_store(make_paper(tmp_path / "other", 1)) as other:
        assert {b.reason for b in bring_in(other, text.getvalue().splitlines(), None, AT)} == {""}
        assert {s.address for s in other.subscribers.all()} == {s.address for s in store.subscribers.all()}


def report(
    mark: str, status: str = "5.1.1", action: str = "failed", diagnostic: str = "550 5.1.1 no such user"
) -> bytes:
    """A report as Postfix writes it."""
    return (
        "From: MAILER-DAEMON@mx.internal\r\nTo: letter@paper.internal\r\nSubject: Undelivered Mail\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b1\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.internal\r\n\r\n"
        f"Final-Recipient: rfc822; x@inbox.internal\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {diagnostic}\r\n\r\n"
        f"--b1\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{mark}@paper.internal>\r\nSubject: x\r\n\r\n--b1--\r\n"
    ).encode()


def mark_of(settings: Settings, subscriber: Subscriber, letter: str = LETTER.name) -> str:
    return letter_signer(settings).copy_mark(letter, subscriber.id)


def heard(settings: Settings, store: Store, *reports: bytes, at: timedelta = HOUR) -> list[str]:
    folder = settings.folder / "bounces"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number, body in enumerate(reports):
        (folder / f"{number}.eml").write_bytes(body)
    return [h.what for h in hear_bounces(store, letter_signer(settings), [folder], AT + at)]


def test_an_address_that_fails_for_good_gets_no_more(settings: Settings, store: Store) -> None:
    (reader,) = people(1)
    store.subscribers.keep([reader])
    body = report(mark_of(settings, reader))
    assert heard(settings, store, body, body) == ["hard", "known"]
    known = store.subscribers.by_id(reader.id)
    assert known is not None
    assert known.state is SubscriberState.BOUNCED
    assert store.subscribers.is_suppressed(reader.address)
    assert store.letters.counts(LETTER.name) == {DeliveryState.BOUNCED: 1}


def test_a_report_on_what_we_did_not_send_is_not_believed(settings: Settings, store: Store) -> None:
    (reader,) = people(1)
    store.subscribers.keep([reader])
    mark = mark_of(settings, reader)
    forged = [
        report(mark[:-1] + ("A" if mark[-1] != "A" else "B")),
        report("no-mark"),
        report(mark).replace(b"report-type=delivery-status", b"x=y"),
        b"Subject: hello\r\n\r\nHow are you?\r\n",
        b"",
    ]
    assert heard(settings, store, *forged) == ["ignored"] * 5
    assert heard(settings, store, report(mark, action="delayed"), report(mark, "2.0.0", "delivered")) == ["ignored"] * 2
    known = store.subscribers.by_id(reader.id)
    assert known is not None
    assert known.state is SubscriberState.CONFIRMED


def test_passing_failures_end_it_only_when_they_go_on(settings: Settings, store: Store) -> None:
    (reader,) = people(1)
    store.subscribers.keep([reader])
    for number in range(4):
        body = report(mark_of(settings, reader, f"weir-2026-03-0{number + 1}"), "5.2.2", diagnostic="552 mailbox full")
        assert heard(settings, store, body, at=number * DAY) == ["soft"]
    late = report(mark_of(settings, reader, "weir-2026-05-01"), "5.2.2")
    assert heard(settings, store, late, at=50 * DAY) == ["soft"], "after a quiet month it is counted anew"
    known = store.subscribers.by_id(reader.id)
    assert known is not None
    assert (known.state, known.soft) == (SubscriberState.CONFIRMED, 1)
    for _ in range(3):
        known = store.subscribers.by_id(reader.id)
        assert known is not None
        assert not failed(store, known, hard=False, said="full", now=AT + 51 * DAY)
    known = store.subscribers.by_id(reader.id)
    assert known is not None
    assert failed(store, known, hard=False, said="full", now=AT + 52 * DAY)


def test_a_reader_who_calls_it_unwanted_gets_no_more(settings: Settings, store: Store) -> None:
    (reader,) = people(1)
    store.subscribers.keep([reader])
    body = report(mark_of(settings, reader)).replace(b"report-type=delivery-status", b"report-type=feedback-report")
    assert heard(settings, store, body) == ["complaint"]
    assert store.subscribers.is_suppressed(reader.address)


def test_an_mbox_is_read_message_by_message(settings: Settings, store: Store, tmp_path: Path) -> None:
    readers = people(2)
    store.subscribers.keep(readers)
    mbox = tmp_path / "box"
    mbox.write_bytes(b"".join(b"From MAILER-DAEMON Thu Mar 12\r\n" + report(mark_of(settings, r)) for r in readers))
    found = list(hear_bounces(store, letter_signer(settings), [mbox], AT))
    assert [(h.what, h.address) for h in found] == [("hard", r.address) for r in readers]


@pytest.mark.parametrize(
    ("said", "hard"),
    [("5.1.1", True), ("550 5.1.1 x", True), ("550 no such user", True), ("550 5.7.1 blocked", False), ("452 4.2.2 full", False), ("554 message refused", False), ("5.2.1 disabled", True), ("", False)],
)  # fmt: skip
def test_what_counts_as_for_good(said: str, hard: bool) -> None:
    assert is_for_good(said) is hard


@given(st.binary(max_size=600))
def test_any_bytes_are_a_report_or_none(data: bytes) -> None:
    read_bounce(data)
    read_bounce(b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n" + data)


def test_deep_reports_end() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000))
    try:
        read_bounce(deep)
    except Rejected:
        return


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    with open_receiver(settings) as receiver:
        box = letterbox_of(settings, receiver.store)
        reception = Reception(settings.out_folder, receiver, "t" * 20, frozenset({"letters.paper.internal"}), box)
        server = open_reception(reception, host="127.0.0.1", port=0)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        server.server_close()


def get(url: str) -> tuple[int, str]:
    return _open(urllib.request.Request(url))


def post(url: str, **fields: str) -> tuple[int, str]:
    origin = fields.pop("origin", "")
    headers = {"Origin": origin} if origin else {}
    return _open(urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), headers))


def _open(request: urllib.request.Request) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def message_to(smtp: MailServer, address: str) -> EmailMessage:
    waited = threading.Event()
    for _ in range(200):
        if address in smtp.inbox.addresses:
            return smtp.inbox.message(smtp.inbox.addresses.index(address))
        waited.wait(0.05)
    raise AssertionError(f"no mail to {address}")


def test_from_asking_to_leaving_by_the_web(settings: Settings, smtp: MailServer) -> None:
    with serving(settings) as server:
        status, form = get(f"{server}/letter/subscribe")
        assert status == 200
        assert 'type="email"' in form
        assert post(f"{server}/letter/subscribe", address="Inga@inbox.internal", name="Inga\r\nBcc: x")[0] == 200
        question = message_to(smtp, "inga@inbox.internal")
        link = re.search(r"https://letters\.paper\.internal(/letter/confirm\?t=\S+)", question.get_content())
        assert link is not None
        assert "Bcc" not in question
        with open_store(settings) as store:
            status, page = get(server + link[1])
            assert status == 200
            assert "<button" in page
            assert list(store.letters.waiting("x")) == [], "a link alone confirms nothing: programs open links too"
            assert post(server + link[1])[0] == 200
            (reader,) = store.letters.waiting("x")
            leave_url = f"{server}/letter/leave?t={letter_signer(settings).leave_token(reader.id)}"
            assert get(leave_url)[0] == 200
            assert len(list(store.letters.waiting("x"))) == 1
            status, _ = post(leave_url, **{"List-Unsubscribe": "One-Click"})
            assert status == 200
            assert list(store.letters.waiting("x")) == []
            assert post(server + link[1])[0] == 404


def test_an_answer_does_not_tell_who_gets_the_letter(settings: Settings, smtp: MailServer) -> None:
    subscribe(settings, people(1))
    with serving(settings) as server:
        answers = {post(f"{server}/letter/subscribe", address=a) for a in (people(1)[0].address, "new@inbox.internal")}
        message_to(smtp, "new@inbox.internal")
    assert len(answers) == 1
    assert smtp.inbox.addresses == ["new@inbox.internal"]


def test_what_is_not_ours_is_refused_by_the_web(settings: Settings, smtp: MailServer) -> None:
    subscribe(settings, people(1))
    token = Signer(b"somebody else's").leave_token(people(1)[0].id)
    with serving(settings) as server:
        assert get(f"{server}/letter/leave?t={token}")[0] == 404
        assert post(f"{server}/letter/leave?t={token}")[0] == 404
        assert post(f"{server}/letter/confirm", t="<script>alert(1)</script>")[0] == 404
        assert post(f"{server}/letter/subscribe", address="no address")[0] == 400
        assert post(f"{server}/letter/subscribe", address="a@inbox.internal", origin="https://evil.internal")[0] == 403
        assert get(f"{server}/letter/other")[0] == 404
        status, page = get(f"{server}/letter/leave?t=%3Cscript%3E")
        assert (status, "<script" in page) == (404, False)
    with open_store(settings) as store:
        assert len(list(store.letters.waiting("x"))) == 1
    assert smtp.inbox.taken == []


def test_a_question_that_could_not_be_sent_can_be_asked_again(settings: Settings, smtp: MailServer) -> None:
    smtp.inbox.refuse = lambda address: "451 4.7.1 later"
    waited = threading.Event()
    with serving(settings) as server, open_store(settings) as store:
        post(f"{server}/letter/subscribe", address="inga@inbox.internal")
        for _ in range(200):
            known = store.subscribers.by_address("inga@inbox.internal")
            if known is not None and known.state is SubscriberState.LEFT:
                break
            waited.wait(0.05)
        smtp.inbox.refuse = lambda address: None
        post(f"{server}/letter/subscribe", address="inga@inbox.internal")
        message_to(smtp, "inga@inbox.internal")
