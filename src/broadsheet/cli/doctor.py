"""`broadsheet doctor`: what is wrong with a publication, and what to do."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console

from broadsheet.cli._lines import marked, print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import BroadsheetError
from broadsheet.model.language_models import ENGLISH, MULTILINGUAL
from broadsheet.model.source import SourceState
from broadsheet.model.vitals import SourceHealth
from broadsheet.ports import Store
from broadsheet.settings import Settings
from broadsheet.stages.sources.advice import advice_on, words_on
from broadsheet.steps.source_health import source_health

ROOM_NEEDED = 200 * 1024 * 1024
SILENT_AFTER = timedelta(days=14)
RECORDS_NAMED = 10

Finding = tuple[str, str, str]
"""Its weight (`ok`, `warning`, `error`), what was found, what to do."""


@click.command()
@publication_option
def command(folder: Path) -> None:
    """Looks at the configuration, the store, the sources, the records and the machine, and says what to do.

    A line for each finding: on a terminal for people, in a pipe as {weight, found, advice}. Exit code 2 if the
    settings can't be read, 1 if anything else is an error, 0 with warnings or without.

    \b
    Example:
      broadsheet doctor -C my-paper
    """
    settings = settings_of(folder)
    console = Console()
    worst = 0
    for finding in _findings(settings):
        _show(console, finding)
        worst |= finding[0] == "error"
    sys.exit(int(worst))


def _show(console: Console, finding: Finding) -> None:
    weight, found, advice = finding
    if not sys.stdout.isatty():
        print_line({"weight": weight, "found": found, "advice": advice})
        return
    colour = {"ok": "green", "warning": "yellow", "error": "red"}[weight]
    console.print(
        f"[{colour}]{weight:>8}[/{colour}] {marked(found)}" + (f". [bold]{marked(advice)}[/bold]" if advice else "")
    )


def _findings(settings: Settings) -> Iterator[Finding]:
    """Every check; one that stumbles is itself a finding."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _settings,
        _registry,
        _records,
        _machine,
        _language_model,
        _store,
    )
    for check in checks:
        try:
            yield from check(settings)
        except BroadsheetError as error:
            yield "error", error.message, error.hint


def _settings(settings: Settings) -> Iterator[Finding]:
    yield "ok", f"{settings.file} can be read", ""
    if not settings.sources:
        yield "warning", "there are no sources", "Add one with: broadsheet sources add URL"
    if settings.sources and not settings.fetch.contact:
        advice = "Set contact in [fetch], so that a webmaster can write to you instead of blocking you"
        yield "warning", "requests carry no contact", advice
    if not settings.site.url:
        yield "warning", "url is empty, so feeds and sitemaps have no addresses", "Set url at the top of the file"
    for source in settings.sources:
        if source.kind.value == "warc" and not (settings.folder / source.url).is_file():
            yield "error", f"the archive {source.url} is not there", "Correct its url in [[sources]], or put it there"


def _registry(settings: Settings) -> Iterator[Finding]:
    from broadsheet.app.registry import read_registry

    topics, organizations = read_registry(settings)
    yield "ok", f"{len(topics)} topics and {len(organizations)} publishers can be read", ""
    if not topics:
        yield "warning", "there is no topic", "Write _data/topics/00-<id>.yaml: its keywords decide what is on subject"
    if not organizations:
        advice = "Without a listed publisher few stories reach the heat that readers need; see _data/organizations"
        yield "warning", "no publisher is listed as trusted", advice


def _records(settings: Settings) -> Iterator[Finding]:
    from broadsheet.app.publications import read_publication

    publication, failures = read_publication(settings)
    shown = sum(r.record.published is not False for r in publication.records)
    yield "ok", f"{len(publication.records)} records can be read, {shown} of them for readers", ""
    for failure in failures[:RECORDS_NAMED]:
        yield "error", failure.reason, "See: broadsheet records check"
    if len(failures) > RECORDS_NAMED:
        yield "error", f"and {len(failures) - RECORDS_NAMED} more files can't be read", "See: broadsheet records check"
    paths = {r.path for r in publication.records}
    for story in publication.stories:
        missing = [m.record for m in story.members if m.record not in paths]
        if missing:
            advice = "Restore it from git; a story whose record is gone can't be shown whole"
            yield "error", f"story {story.id} names {missing[0]}, which is not there", advice


def _machine(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.folder).free
    if free < ROOM_NEEDED:
        yield "error", f"only {free // 1024**2} MB are free on the disk", "Free some space before the next run"
    if settings.publish.commit and shutil.which("git") is None:
        yield "error", "git is not installed", "Install git, or set commit = false in [publish]"
    if not (settings.out_folder / "index.html").is_file():
        yield "warning", f"nothing is built in {settings.out_folder}", "Run: broadsheet build"


def _language_model(settings: Settings) -> Iterator[Finding]:
    from broadsheet.app.models import installed_models

    wanted, installed = settings.stories.model, installed_models()
    model = next((m for m in installed if wanted in ("auto", m.name)), None)
    if wanted == "none":
        yield "ok", 'stories are told by words, names and numbers alone, as [stories] model = "none" says', ""
    elif model == MULTILINGUAL:
        yield "ok", f"the multilingual language model reads {model.reads}", ""
    elif model:
        yield "ok", "the language model reads English; in other languages words, names and numbers decide alone", ""
    elif wanted == "auto":
        advice = f"{MULTILINGUAL.install} (fifteen languages) or {ENGLISH.install} (English only)"
        yield "warning", "no language model is installed: stories are told by words, names and numbers alone", advice
    else:
        named = next(m for m in (MULTILINGUAL, ENGLISH) if m.name == wanted)
        yield "error", f"[stories] model names the {wanted} language model, which is not installed", named.install


def _store(settings: Settings) -> Iterator[Finding]:
    from broadsheet.app.state import has_store
    from broadsheet.app.stores import look_into_store

    if not has_store(settings):
        if settings.sources:
            yield "warning", "there was no run yet", "Run: broadsheet run --once"
        return
    with look_into_store(settings) as store:
        damage = store.damage()
        for line in damage:
            yield (
                "error",
                f"the store is damaged: {line}",
                "Move .broadsheet away and run again: records are safe in git",
            )
        if not damage:
            yield "ok", f"the store is sound, with {store.articles.count()} articles", ""
            yield from _work(store)
            now = datetime.now(UTC)
            for state in store.sources.all():
                yield from _source(state, now)
            for health in source_health(settings, store):
                yield from _health(health)


def _work(store: Store) -> Iterator[Finding]:
    last = store.journal.last_run()
    if last is None:
        yield "warning", "there was no run yet", "Run: broadsheet run --once"
        return
    when, _, failures = last
    yield "ok", f"the last run ended {when:%Y-%m-%d %H:%M} UTC with {len(failures)} failures", ""
    uncommitted = store.files.dirty()
    if uncommitted:
        advice = "A run was interrupted; the next one commits them"
        yield "warning", f"{len(uncommitted)} written files are not committed", advice


def _health(health: SourceHealth) -> Iterator[Finding]:
    """What is wrong with the answers of a source; what is wrong with getting any is told by its state."""
    for finding in health.findings:
        if finding.trouble.is_in_answers:
            weight = "error" if finding.trouble.is_loss else "warning"
            yield weight, f"{health.url}: {words_on(finding)}", advice_on(finding)


def _source(state: SourceState, now: datetime) -> Iterator[Finding]:
    name = state.source.url
    if state.moved_to:
        yield "warning", f"{name} has moved for good to {state.moved_to}", "Change its url in [[sources]]"
    if state.retired:
        yield "error", f"{name} is gone: {state.last_error}", "Remove it, or find its new address"
    elif state.failures >= 3:
        advice = "Open it in a browser; if it moved, change its url"
        yield "error", f"{name} failed {state.failures} times in a row: {state.last_error}", advice
    elif state.failures:
        yield "warning", f"{name} failed: {state.last_error}", f"It is asked again {state.next_due:%Y-%m-%d %H:%M} UTC"
    elif state.last_success and now - state.last_success > SILENT_AFTER:
        yield "warning", f"{name} was last read {state.last_success:%Y-%m-%d}", "Is broadsheet run still running?"
