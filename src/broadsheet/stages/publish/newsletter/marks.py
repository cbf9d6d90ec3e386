"""Signed words: who a link belongs to, so that nobody can make one for another, and the mark of a copy of a letter."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

CONFIRM_WITHIN = timedelta(days=7)
_TOKEN = re.compile(r"([0-9a-f]{8,32})\.([0-9a-z]{1,10})\.([A-Za-z0-9_-]{22})")
_MARK = re.compile(r"([a-z0-9-]{1,200})\.([0-9a-f]{8,32})\.([A-Za-z0-9_-]{22})")


class Purpose(StrEnum):
    """What a signed word is good for; one for another purpose is refused."""

    CONFIRM = "confirm"
    LEAVE = "leave"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with HMAC-SHA256, cut to 128 bits; `secret` is known to this publication alone."""

    secret: bytes

    def confirm_token(self, subscriber: str, asked: datetime) -> str:
        """The word that confirms what was asked at that instant; a later question makes it worthless."""
        return self._token(Purpose.CONFIRM, subscriber, f"{int(asked.timestamp())}")

    def leave_token(self, subscriber: str) -> str:
        """The word to leave by; it is good for ever."""
        return self._token(Purpose.LEAVE, subscriber, "0")

    def copy_mark(self, letter: str, subscriber: str) -> str:
        """The mark of one copy, for its Message-ID: a report on its failure is believed only with it."""
        return f"{letter}.{subscriber}.{self._signature(Purpose.COPY, letter, subscriber)}"

    def confirming(self, token: str, now: datetime) -> tuple[str, datetime] | None:
        """Whose the token is and when they asked; None where it isn't ours or is too old."""
        parts = self._read(Purpose.CONFIRM, token)
        if parts is None:
            return None
        asked = datetime.fromtimestamp(int(parts[1]), UTC)
        return (parts[0], asked) if now - asked <= CONFIRM_WITHIN else None

    def leaving(self, token: str) -> str | None:
        """Whose the token is; None where it isn't ours."""
        parts = self._read(Purpose.LEAVE, token)
        return parts[0] if parts else None

    def copy(self, mark: str) -> tuple[str, str] | None:
        """Letter and subscriber of a mark; None where it isn't ours."""
        found = _MARK.fullmatch(mark)
        if found is None or not self._is_signed(Purpose.COPY, *found.groups()):
            return None
        return found[1], found[2]

    def _token(self, purpose: Purpose, subscriber: str, stamp: str) -> str:
        return f"{subscriber}.{stamp}.{self._signature(purpose, subscriber, stamp)}"

    def _read(self, purpose: Purpose, token: str) -> tuple[str, str] | None:
        found = _TOKEN.fullmatch(token)
        if found is None or not self._is_signed(purpose, *found.groups()) or not found[2].isdecimal():
            return None
        return found[1], found[2]

    def _is_signed(self, purpose: Purpose, first: str, second: str, signature: str) -> bool:
        return hmac.compare_digest(self._signature(purpose, first, second), signature)

    def _signature(self, purpose: Purpose, first: str, second: str) -> str:
        said = f"{purpose}\n{first}\n{second}".encode()
        digest = hmac.new(self.secret, said, hashlib.sha256).digest()[:16]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
