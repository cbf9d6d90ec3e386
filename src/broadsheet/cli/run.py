"""`broadsheet run`: the main job."""

import signal
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._progress import progress_for_this_terminal
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.model.instants import from_iso
from broadsheet.pipeline import run_once
from broadsheet.steps.newsroom import Newsroom, RunReport

SHORTEST_SLEEP = timedelta(seconds=10)
LONGEST_SLEEP = timedelta(minutes=15)
LOOK_EVERY = timedelta(minutes=1)


@click.command()
@publication_option
@click.option("--once", is_flag=True, help="One round, then stop.")
@click.option("--at", "instant", metavar="INSTANT", help="Run as if it were this instant, e.g. 2026-11-22T10:00:00Z.")
def command(folder: Path, once: bool, instant: str | None) -> None:
    """The main job: ask the sources that are due, and publish what changed.

    Prints a JSON line a round: what each stage did, its seconds and its peak memory; then a line for each item that
    failed. Exit code 1 if any did. Without --once it goes on until it is told to stop (Ctrl-C, SIGTERM), which it does
    at the end of the round; killed outright it goes on, the next time, where it was.

    \b
    Example:
      broadsheet run --once -C my-paper
    """
    from broadsheet.app.clocks import FixedClock, SystemClock
    from broadsheet.app.newsroom import open_newsroom

    settings = settings_of(folder)
    clock = FixedClock(_instant(instant)) if instant else SystemClock()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _ask_to_stop(stop))
    with open_newsroom(settings, clock, progress_for_this_terminal()) as room:
        report = _round(room)
        while not (once or instant or _sleep(room, stop)):
            report = _round(room)
    sys.exit(int(bool(report.failures)))


def _ask_to_stop(stop: threading.Event) -> None:
    """The first signal ends the run after its round, the second at once."""
    if stop.is_set():
        raise KeyboardInterrupt
    stop.set()


def _round(room: Newsroom) -> RunReport:
    report = run_once(room)
    print_line(report.as_json())
    for failure in report.failures:
        print_line({"stage": failure.stage, "item": failure.item, "error": failure.reason})
    sys.stdout.flush()
    return report


def _sleep(room: Newsroom, stop: threading.Event) -> bool:
    """Waits for the next round: until a source is due, or somebody has handed something over (a hub, a person), which
    is looked for every minute. True if the run is to stop."""
    left = _until_next(room)
    while left > timedelta(0):
        step = min(left, LOOK_EVERY)
        if stop.wait(step.total_seconds()):
            return True
        left -= step
        if room.store.items.ready(room.clock.now()):
            return False
    return stop.is_set()


def _until_next(room: Newsroom) -> timedelta:
    """Until the first source is due, but not longer than it takes to notice a change of the settings' clock."""
    dues = [s.next_due for s in room.store.sources.all() if s.next_due is not None and not s.retired]
    wait = min(dues, default=room.clock.now() + LONGEST_SLEEP) - room.clock.now()
    return max(SHORTEST_SLEEP, min(wait, LONGEST_SLEEP))


def _instant(text: str) -> datetime:
    try:
        return from_iso(text).astimezone(UTC)
    except ValueError as error:
        raise click.UsageError(f"--at {text}: is not an instant with a zone, such as 2026-11-22T10:00:00Z") from error
