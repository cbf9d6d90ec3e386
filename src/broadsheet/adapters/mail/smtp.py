"""Gives mail to a server by SMTP (RFC 5321), over one connection for many messages."""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from broadsheet.model.letter import DeliveryState
from broadsheet.ports import Outcome

PER_CONNECTION = 100
"""So many messages go over one connection: servers close it after some hundred, and some lose the last one then."""
_NOT_THERE = (OSError, smtplib.SMTPException)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where the server is and how it is spoken to; `security` is `starttls`, `tls` or `none`."""

    host: str
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password: str = ""
    timeout_seconds: float = 30.0


class SmtpMailer:
    """Implements the `Mailer` port. Certificates are checked; without TLS nothing is sent where it was asked for."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._connection: smtplib.SMTP | None = None
        self._sent = 0

    def send(self, sender: str, recipient: str, message: bytes, mark: str = "") -> Outcome:
        """One message. A connection that turns out to be closed is opened anew, once, before anything was said."""
        for _ in range(2):
            try:
                connection, fresh = self._open()
            except _NOT_THERE as error:
                self.close()
                return Outcome(DeliveryState.LATER, _told(error), connected=False)
            try:
                refused = self._envelope(connection, sender, recipient, mark)
            except _NOT_THERE as error:
                self.close()
                if fresh:
                    return Outcome(DeliveryState.LATER, _told(error), connected=False)
                continue
            return refused or self._body(connection, message)
        return Outcome(DeliveryState.LATER, "the server closes every connection", connected=False)

    def _envelope(self, connection: smtplib.SMTP, sender: str, recipient: str, mark: str) -> Outcome | None:
        """Until the server wants the message. None where it does; nothing was taken in any other case."""
        notifies = connection.has_extn("dsn")
        steps: tuple[tuple[int, Callable[[], tuple[int, bytes]]], ...] = (
            (250, lambda: connection.mail(sender, ["RET=HDRS", f"ENVID={mark}"] if notifies and mark else [])),
            (250, lambda: connection.rcpt(recipient, ["NOTIFY=FAILURE"] if notifies else [])),
            (354, lambda: _data(connection)),
        )
        for wanted, step in steps:
            code, said = step()
            if code != wanted and not (wanted == 250 and code == 251):
                self._again(connection)
                return _refusal(code, said)
        return None

    def _body(self, connection: smtplib.SMTP, message: bytes) -> Outcome:
        """The message itself. If the server is gone before it answered, nobody knows whether it has it."""
        stuffed = message.replace(b"\r\n.", b"\r\n..")
        stuffed = b"." + stuffed if stuffed.startswith(b".") else stuffed
        try:
            connection.send(stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, said = connection.getreply()
        except _NOT_THERE as error:
            self.close()
            return Outcome(DeliveryState.UNKNOWN, _told(error))
        self._sent += 1
        return Outcome(DeliveryState.SENT, _line(code, said)) if code == 250 else _refusal(code, said)

    def _open(self) -> tuple[smtplib.SMTP, bool]:
        """The connection, and whether it is a new one."""
        if self._connection is not None and self._sent < PER_CONNECTION:
            return self._connection, False
        self.close()
        server = self.server
        if server.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_seconds, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_seconds)
        self._connection, self._sent = connection, 0
        if server.security == "starttls":
            connection.starttls(context=ssl.create_default_context())
        connection.ehlo_or_helo_if_needed()
        if server.user:
            connection.login(server.user, server.password)
        return connection, True

    def _again(self, connection: smtplib.SMTP) -> None:
        try:
            connection.rset()
        except _NOT_THERE:
            self.close()

    def close(self) -> None:
        """Ends the connection, politely where the server still listens."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*_NOT_THERE):  # it is gone, which is what we want
                connection.quit()
            connection.close()


def _data(connection: smtplib.SMTP) -> tuple[int, bytes]:
    connection.putcmd("DATA")
    return connection.getreply()


def _refusal(code: int, said: bytes) -> Outcome:
    """4yz may work another time, 5yz never will (RFC 5321, 4.2.1); 421 says that the server is about to go."""
    state = DeliveryState.REFUSED if 500 <= code < 600 else DeliveryState.LATER
    return Outcome(state, _line(code, said), connected=code != 421)


def _line(code: int, said: bytes) -> str:
    return f"{code} {' '.join(said.decode('utf-8', 'replace').split())}"[:300]


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return _line(error.smtp_code, said if isinstance(said, bytes) else str(said).encode())
    return f"{type(error).__name__}: {error}"[:300]
