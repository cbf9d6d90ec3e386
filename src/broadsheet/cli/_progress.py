"""How a run shows itself: a bar on a terminal, a line a stage in a log, nothing when nobody watches."""

import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

TITLES = {
    "poll": "Asking the sources",
    "gather": "Reading the pages",
    "stories": "Telling the stories apart",
    "pictures": "Asking again for pictures",
    "publish": "Ranking and filing",
    "marks": "Fetching publishers' marks",
    "build": "Building the site",
    "deploy": "Deploying",
    "announce": "Announcing",
    "newsletter": "Writing the letter",
}


class TerminalProgress:
    """Implements the `Progress` port on standard error: a moving bar, then one line that stays."""

    def __init__(self, console: Console | None = None, prefix: str = "") -> None:
        self.console = console or Console(stderr=True, highlight=False)
        self.prefix = prefix
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._title = ""

    def begin(self, stage: str, total: int) -> None:
        """Shows the stage's bar; in a log there is none."""
        self._title = TITLES.get(stage, stage)
        if not self.console.is_terminal:
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self._bar = Progress(*columns, console=self.console, transient=True)
        self._task = self._bar.add_task(self._title, total=total)
        self._bar.start()

    def advance(self) -> None:
        """Moves the bar."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task)

    def end(self, summary: str) -> None:
        """Takes the bar away and leaves the line."""
        if self._bar is not None:
            self._bar.stop()
        self.console.print(f"{self.prefix}[bold]{self._title:<26}[/bold] {summary}", soft_wrap=True)


class QuietProgress:
    """Implements the `Progress` port for a pipe: nothing is shown, the report says it all."""

    def begin(self, stage: str, total: int) -> None:
        """Nothing."""

    def advance(self) -> None:
        """Nothing."""

    def end(self, summary: str) -> None:
        """Nothing."""


def progress_for_this_terminal() -> TerminalProgress | QuietProgress:
    """A bar where standard error is a terminal, else quiet."""
    return TerminalProgress() if sys.stderr.isatty() else QuietProgress()
