"""Every error that Broadsheet raises on purpose, named by what the caller does next.

    BroadsheetError                 one clear line, and a hint what to do
    |-- UsageError                  stop; the person changes the command or its settings     (exit 2)
    |   |-- SettingsError           broadsheet.toml, _config.yml, a topic or a publisher's file
    |   |-- StoreTooNew             the store was written by a newer Broadsheet
    |   `-- AlreadyRunning          another run holds this publication
    |-- ItemError                   this item failed, the others go on                       (exit 1)
    |   |-- RetryLater              try the same again, not before `after_seconds`
    |   |-- GoneForGood             never ask for it again
    |   `-- Rejected                we refuse it: unsafe, too large, malformed, not allowed
    |       `-- TooCostly           it was stopped: beyond the time or memory that one item may use
    `-- StorageError                the machine failed us (disk full, read-only); nothing is lost (exit 1)

Errors of drivers (httpx, SQLAlchemy, lxml, git) are translated into these where they arise; none leaks.
"""


class BroadsheetError(Exception):
    """Something that a person can understand: `message` says what and where, `hint` what to do."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}. {self.hint}" if self.hint else self.message


class UsageError(BroadsheetError):
    """The command or the settings must change first."""

    exit_code = 2


class SettingsError(UsageError):
    """A settings file says something that can't be; the message begins with file, line and key."""


class StoreTooNew(UsageError):  # noqa: N818 - named by the situation, as the whole tree
    """The store's schema is of a newer Broadsheet than this one."""


class AlreadyRunning(UsageError):  # noqa: N818
    """Another process is at work on the same publication."""


class ItemError(BroadsheetError):
    """One source, entry, page or record failed; it is counted and reported, and the others go on.

    `blocked` says who keeps us out and how (a status, a challenge page); it is empty where nobody does.
    """

    def __init__(self, message: str, *, blocked: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.blocked = blocked


class RetryLater(ItemError):  # noqa: N818
    """Passing trouble. `after_seconds` is what the other side asked for, None where it said nothing."""

    def __init__(self, message: str, *, after_seconds: float | None = None, blocked: str = "", hint: str = "") -> None:
        super().__init__(message, blocked=blocked, hint=hint)
        self.after_seconds = after_seconds


class GoneForGood(ItemError):  # noqa: N818
    """It was there and will not come back (HTTP 404 and 410 of a page)."""


class Rejected(ItemError):  # noqa: N818
    """We refuse it: an unsafe address, too large, too deep, malformed, forbidden by robots.txt."""


class TooCostly(Rejected):
    """Work on it was stopped: beyond the time or the memory that one item may use, or its process broke."""


class StorageError(BroadsheetError):
    """Disk full, read-only, or damaged; what was committed before is safe."""
