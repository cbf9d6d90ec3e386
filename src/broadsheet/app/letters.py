"""What letters are made with and sent with."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from broadsheet.adapters.clocks import SystemClock
from broadsheet.adapters.mail.smtp import MailServer, SmtpMailer
from broadsheet.app.locks import alone
from broadsheet.app.repositories import repository_of
from broadsheet.app.state import make_state_folder
from broadsheet.app.stores import open_store
from broadsheet.app.tokens import secret
from broadsheet.errors import SettingsError
from broadsheet.ports import Clock, Progress
from broadsheet.settings import Settings
from broadsheet.stages.publish.newsletter.marks import Signer
from broadsheet.steps.newsletter import LetterDesk
from broadsheet.steps.sending import PostRoom

LETTER_KEY_FILE, SEND_LOCK_FILE = "letter.key", "send.lock"


def letter_signer(settings: Settings) -> Signer:
    """What signs the links of letters. With another key, the links of letters that were sent lead nowhere."""
    make_state_folder(settings.state_folder)
    return Signer(secret(settings, LETTER_KEY_FILE).encode())


def open_mailer(settings: Settings) -> SmtpMailer:
    """The mail server of the settings; nothing is asked of it yet. Raises SettingsError."""
    mail, file = settings.mail, settings.file
    if not mail.host:
        hint = 'As in host = "smtp.paper.news"; docs/newsletter.md has more'
        raise SettingsError(f"{file}: [mail] host is needed to send letters", hint=hint)
    if mail.security == "none" and mail.host not in ("localhost", "127.0.0.1", "::1"):
        hint = "Only a server on this machine may be spoken to in the clear"
        raise SettingsError(f"{file}: [mail] security must be starttls or tls for {mail.host}", hint=hint)
    password = os.environ.get(mail.password[1:], "") if mail.password.startswith("$") else mail.password
    if mail.user and not password:
        hint = f"Set it in the environment: {mail.password[1:] or 'SMTP_PASSWORD'}"
        raise SettingsError(f"{file}: [mail] password of {mail.user} is empty", hint=hint)
    server = MailServer(mail.host, mail.port, mail.security, mail.user, password, mail.timeout_seconds)
    return SmtpMailer(server)


@contextmanager
def open_letter_desk(settings: Settings, clock: Clock) -> Iterator[LetterDesk]:
    """What letters are made with, held by this process alone. Raises AlreadyRunning and StorageError."""
    with alone(settings), open_store(settings) as store:
        repository = repository_of(settings, clock)
        yield LetterDesk(settings, store, clock, repository)


@contextmanager
def open_post_room(
    settings: Settings, progress: Progress, pause: Callable[[float], None], stopped: Callable[[], bool]
) -> Iterator[PostRoom]:
    """What letters are sent with: by one process at a time, also beside a run. Raises AlreadyRunning, SettingsError."""
    with (
        alone(settings, SEND_LOCK_FILE, "already sending letters of"),
        open_store(settings) as store,
        closing(open_mailer(settings)) as mailer,
    ):
        yield PostRoom(settings, store, SystemClock(), mailer, letter_signer(settings), progress, pause, stopped)
