"""`broadsheet story`: the editor's word, which the engine obeys from then on."""

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from broadsheet.cli._lines import print_line, shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import StorageError
from broadsheet.formats.files import write_whole
from broadsheet.model.editorial import Decision, What
from broadsheet.model.instants import iso
from broadsheet.settings import Settings
from broadsheet.stages.publish.decisions import decision_path, emit_decision, read_decision
from broadsheet.steps.decision_words import decisions_about, foretold, told
from broadsheet.steps.desk import Desk, Pen
from broadsheet.steps.editorial import read_decisions

_why = click.option("--why", default="", help="The reason, for those who come after.")
_by = click.option("--by", default="", envvar="BROADSHEET_EDITOR", help="Who decides (default: your account's name).")


@dataclass(frozen=True, slots=True)
class Signature:
    """The publication's folder, who decides, and why."""

    folder: Path
    by: str
    why: str


@click.group()
def command() -> None:
    """Merge, split, move, pin: decisions about stories that hold for ever.

    Each is a file in _decisions, which git keeps and merges; the next run carries it out. STORY is an id or its
    beginning, the address of its page, or one of its records; RECORD is its path, its file's name, or the article's
    address. On a terminal it says in words what will happen, in a pipe it prints a JSON line.
    """


def _signed(function: Callable[..., None]) -> Callable[..., None]:
    return publication_option(_by(_why(function)))


@command.command()
@click.argument("story")
@click.argument("into")
@_signed
def merge(story: str, into: str, folder: Path, by: str, why: str) -> None:
    """All of STORY goes INTO another, whose id stays; the address of the first leads there.

    \b
    Example:
      broadsheet story merge 4f2a9c 77c1d0 --why "One launch, reported twice"
    """
    _decide(Signature(folder, by, why), lambda pen: pen.merge(story, into))


@command.command()
@click.argument("story")
@click.argument("records", metavar="RECORD...", nargs=-1, required=True)
@_signed
def split(story: str, records: tuple[str, ...], folder: Path, by: str, why: str) -> None:
    """These records leave STORY and are a new one; the two are never joined again.

    \b
    Example:
      broadsheet story split 77c1d0 2026-11-20-a-title.md https://example.com/another
    """
    _decide(Signature(folder, by, why), lambda pen: pen.split(story, records))


@command.command()
@click.argument("record")
@click.argument("story")
@_signed
def move(record: str, story: str, folder: Path, by: str, why: str) -> None:
    """RECORD goes from its story to STORY.

    \b
    Example:
      broadsheet story move 2026-11-20-a-title.md 77c1d0
    """
    _decide(Signature(folder, by, why), lambda pen: pen.move(record, story))


@command.command()
@click.argument("record")
@_signed
def pin(record: str, folder: Path, by: str, why: str) -> None:
    """RECORD is the head of its story, whatever comes.

    \b
    Example:
      broadsheet story pin 2026-11-20-a-title.md
    """
    _decide(Signature(folder, by, why), lambda pen: pen.pin(record))


@command.command()
@click.argument("story")
@_signed
def unpin(story: str, folder: Path, by: str, why: str) -> None:
    """STORY chooses its head by itself again.

    \b
    Example:
      broadsheet story unpin 77c1d0
    """
    _decide(Signature(folder, by, why), lambda pen: pen.unpin(story))


@command.command()
@click.argument("decision")
@_signed
def undo(decision: str, folder: Path, by: str, why: str) -> None:
    """DECISION, named as `log` names it or by a part of that, no longer holds. An undoing can be undone too.

    \b
    Example:
      broadsheet story undo merge-5d01c2
    """
    _decide(Signature(folder, by, why), lambda pen: pen.undo(decision))


@command.command()
@click.argument("story", required=False)
@publication_option
def log(story: str | None, folder: Path) -> None:
    """All decisions in the order in which they hold, or those that concern STORY. Exit code 1 if a file can't be read.

    \b
    Example:
      broadsheet story log -C my-paper
    """
    settings = settings_of(folder)
    desk, failures = _desk(settings)
    if story is not None:
        wanted = desk.story(story)
        for line in decisions_about(desk, wanted):
            click.echo(shown(line)) if sys.stdout.isatty() else print_line({"story": wanted, "says": line})
    else:
        for decision in desk.decisions:
            _show(desk, decision)
    for path, reason in failures:
        click.echo(shown(f"{path}: {reason}"), err=True)
        print_line({"file": path, "error": reason}) if not sys.stdout.isatty() else None
    sys.exit(int(bool(failures)))


def _desk(settings: Settings) -> tuple[Desk, list[tuple[str, str]]]:
    from broadsheet.app.publications import read_publication

    publication, _ = read_publication(settings)
    decisions, failures = read_decisions(settings.folder)
    desk = Desk(publication, decisions)
    problems = [(decision_path(name), reason) for name, reason in desk.placements.problems.items()]
    return desk, [(f.item, f.reason) for f in failures] + problems


def _decide(signature: Signature, choose: Callable[[Pen], Decision]) -> None:
    from broadsheet.app.clocks import SystemClock

    settings = settings_of(signature.folder)
    desk, _ = _desk(settings)
    by = " ".join(signature.by.split()) or _account()
    decision = choose(Pen(desk, by, " ".join(signature.why.split()), SystemClock().now()))
    _file(settings, decision)
    for line in foretold(desk, decision):
        click.echo(shown(line), err=not sys.stdout.isatty())
    if sys.stdout.isatty():
        click.echo(f"To take it back: broadsheet story undo {decision.name}")
    else:
        print_line(_row(desk, decision))


def _file(settings: Settings, decision: Decision) -> None:
    """Read back before it is written: what no run could read is refused now."""
    path = decision_path(decision.name)
    body = emit_decision(decision).encode()
    read_decision(body, path=path)
    try:
        write_whole(settings.folder / path, body)
    except OSError as error:
        raise StorageError(f"{settings.folder / path}: {error.strerror}") from error


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "editor"


def _show(desk: Desk, decision: Decision) -> None:
    if not sys.stdout.isatty():
        print_line(_row(desk, decision))
        return
    undone = " (undone)" if decision.name in desk.placements.undone else ""
    why = f": {decision.why}" if decision.why else ""
    click.echo(shown(f"{decision.name}  {decision.by}: {told(desk, decision)}{why}{undone}"))


def _row(desk: Desk, decision: Decision) -> dict[str, object]:
    row: dict[str, object] = {
        "decision": decision.name,
        "file": decision_path(decision.name),
        "what": decision.what.value,
        "at": iso(decision.at),
        "by": decision.by,
        "why": decision.why or None,
        "story": decision.story or None,
        "into": decision.into or None,
        "articles": list(decision.articles),
        "says": told(desk, decision),
        "undone": decision.name in desk.placements.undone,
    }
    return row | ({"undoes": decision.decision} if decision.what is What.UNDO else {})
