"""`broadsheet demo`: the bundled sample week, replayed without network."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import click
from rich.console import Console

from broadsheet.cli._lines import marked
from broadsheet.cli._progress import TerminalProgress
from broadsheet.errors import UsageError
from broadsheet.pipeline import run_once
from broadsheet.settings import FILE, STATE_FOLDER, read_settings
from broadsheet.steps.newsroom import RunReport

FIRST, LAST = datetime(2026, 11, 16, 6, tzinfo=UTC), datetime(2026, 11, 22, 22, tzinfo=UTC)
STEP = timedelta(hours=8)
MARK = ".broadsheet-demo"
ARCHIVE = "week.warc.gz"


@click.command()
@click.option(
    "--out", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), help="Where to."
)
@click.option("--serve/--no-serve", default=False, help="Open the built site on localhost.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, help="The port to serve on; 0 for any free one.")
def command(folder: Path, serve: bool, port: int) -> None:
    """Replays the bundled sample week, without network: polls, reads, groups, ranks, and builds the publication.

    The week has seven days of invented publishers. Three times a day the main job runs with the clock of that hour,
    as it would have run; what a publisher corrected on Thursday is a correction on Thursday.

    \b
    Example:
      broadsheet demo --out demo --serve
    """
    console = Console(stderr=True, highlight=False)
    folder = folder.resolve()
    with ExitStack() as stack:
        sample = stack.enter_context(as_file(files("broadsheet") / "sample"))
        _prepare(folder, sample)
        started = time.monotonic()
        reports = [_replay(folder, instant, console) for instant in _hours()]
    _conclude(console, folder, reports, time.monotonic() - started)
    if serve:
        from broadsheet.web.static import serve as serve_folder

        def tell(address: str) -> None:
            console.print(f"Read it at [bold]{address}[/bold] (Ctrl-C stops)")

        serve_folder(folder / "public", port=port, ready=tell)


def _hours() -> Iterator[datetime]:
    instant = FIRST
    while instant <= LAST:
        yield instant
        instant += STEP


def _prepare(folder: Path, sample: Path) -> None:
    """A fresh copy of the sample publication; an earlier demo is replaced, anything else is not touched."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise UsageError(f"{folder} holds something that is no demo", hint="Name an empty folder with --out")
        shutil.rmtree(folder)
    shutil.copytree(sample / "publication", folder, dirs_exist_ok=True)
    (folder / MARK).write_text("Made by `broadsheet demo`, which replaces this folder when it runs again.\n", "utf-8")
    (folder / ".gitignore").write_text(f"/{STATE_FOLDER}/\n/public/\n/{ARCHIVE}\n/{MARK}\n", "utf-8")
    shutil.copyfile(sample / ARCHIVE, folder / ARCHIVE)
    settings = (folder / FILE).read_text("utf-8")
    (folder / FILE).write_text(settings.replace("[fetch]\n", f'[fetch]\nreplay = ["{ARCHIVE}"]\n', 1), "utf-8")
    _commit(folder)


def _commit(folder: Path) -> None:
    """The publication as an editor would have set it up, in git before the first run."""
    from broadsheet.app.clocks import FixedClock
    from broadsheet.app.repositories import make_repository

    ours = (p.relative_to(folder) for p in folder.rglob("*") if p.is_file())
    names = sorted(p.as_posix() for p in ours if p.name not in (ARCHIVE, MARK))
    make_repository(folder, FixedClock(FIRST)).commit(names, "The sample publication")


def _replay(folder: Path, instant: datetime, console: Console) -> RunReport:
    """One round, told stage by stage."""
    from broadsheet.app.clocks import FixedClock
    from broadsheet.app.newsroom import open_newsroom

    console.print(f"\n[bold]{instant:%A %d %B %Y, %H:%M} UTC[/bold]")
    with open_newsroom(read_settings(folder), FixedClock(instant), TerminalProgress(console, "  ")) as room:
        report = run_once(room)
    for failure in report.failures:
        console.print(
            f"  [yellow]{failure.stage}[/yellow] {marked(failure.item)}: {marked(failure.reason)}", soft_wrap=True
        )
    return report


def _conclude(console: Console, folder: Path, reports: list[RunReport], seconds: float) -> None:
    def total(stage: str, what: str) -> int:
        return sum(r.counted(stage, what) for r in reports)

    settings = read_settings(folder)
    stories = len(list((folder / "_stories").glob("*/*.json")))
    records = len(list((folder / "_news").glob("*.md")))
    console.print(
        f"\n[bold]{marked(settings.site.title)}[/bold]: {len(reports)} rounds in {seconds:.1f} s, "
        f"{total('poll', 'polled')} polls, {total('gather', 'pages fetched')} pages, {records} records, "
        f"{stories} stories filed, {total('gather', 'corrections')} corrected articles, "
        f"{total('publish', 'commits')} commits; {sum(len(r.failures) for r in reports)} failures, each told above.",
        soft_wrap=True,
    )
    console.print(f"The site is in {folder / 'public'}, the records in {folder / '_news'}.", soft_wrap=True)
    console.print("Open it with: make serve")
