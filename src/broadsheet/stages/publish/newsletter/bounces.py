"""Reports on mail that could not be delivered (RFC 3464), and complaints of readers (RFC 5965), read from strangers."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from broadsheet.errors import Rejected

LARGEST = 1024 * 1024
MOST_PARTS = 60
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"^\D{0,20}?([45]\d\d)\b")
_MARKED = re.compile(r"<([a-z0-9-]{1,200}\.[0-9a-f]{8,32}\.[A-Za-z0-9_-]{22})@[^<>\s]{1,255}>")
_FOR_GOOD = frozenset(("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.8", "5.1.10", "5.2.1", "5.4.4"))


@dataclass(frozen=True, slots=True)
class Bounce:
    """What one report says of one of our messages: `marks` are the Message-IDs in it that could be ours, `hard` whether
    the address will never take mail, `complaint` whether a reader called it unwanted. `said` is for people."""

    marks: tuple[str, ...]
    hard: bool
    said: str
    complaint: bool = False


def read_bounce(data: bytes) -> Bounce | None:
    """The report in a message; None where it is no report of a failure. Raises Rejected where it is too large
    or too deep."""
    if len(data) > LARGEST:
        raise Rejected(f"a message of {len(data)} bytes is too large for a report of a failure")
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        parts = list(_parts(message))
    except RecursionError:
        raise Rejected("the message is nested too deeply") from None
    kind = str(message.get_param("report-type") or "").lower()
    if message.get_content_type() != "multipart/report" or kind not in ("delivery-status", "feedback-report"):
        return None
    marks = tuple(dict.fromkeys(_MARKED.findall(data.decode("latin-1"))))
    if kind == "feedback-report":
        return Bounce(marks, True, "a reader called it unwanted", complaint=True)
    return _delivery(parts, marks)


def is_for_good(said: str) -> bool:
    """Whether a mail server's answer means that the address will never take mail: by the enhanced status (RFC 3463),
    else by the plain code 550, 551 or 553 with words on the mailbox."""
    status = _STATUS.search(said)
    if status:
        return status[0] in _FOR_GOOD
    code = _CODE.search(said)
    words = re.search(r"user|mailbox|recipient|address|account|no such|unknown", said, re.IGNORECASE)
    return bool(code and words and code[1] in ("550", "551", "553"))


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number > MOST_PARTS:
            return
        yield part


def _delivery(parts: list[Message], marks: tuple[str, ...]) -> Bounce | None:
    """The worst that the report says of a recipient; delays and successes are no bounce."""
    fields = [part for part in parts if part.get("Action") or part.get("Status")]
    failed = [part for part in fields if _field(part, "Action").lower() == "failed"]
    if not failed:
        return None
    told = [(_field(part, "Status"), _field(part, "Diagnostic-Code")) for part in failed]
    hard = any(is_for_good(f"{status} ") if _STATUS.search(status) else is_for_good(code) for status, code in told)
    said = " ".join(f"{status} {code}".strip() for status, code in told)
    return Bounce(marks, hard, " ".join(said.split())[:300] or "failed")


def _field(part: Message, name: str) -> str:
    return str(part.get(name) or "").strip()[:500]
