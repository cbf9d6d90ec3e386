"""`broadsheet rules`: what comes in, what stays out, and what changed rules would do."""

import sys
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import marked, print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError
from broadsheet.settings import Settings, read_rules
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.steps.ruling import Ruled, rehearse

EXAMPLES = 3


@click.group()
def command() -> None:
    """Rules: include, exclude, mute and tag."""


@command.command()
@publication_option
@click.option(
    "--file",
    "draft",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A TOML file with [[rules]] to try in the place of the publication's own.",
)
@click.option("--days", type=click.IntRange(1, 3660), default=30, help="How far back (default: 30).")
@click.option("--all", "everything", is_flag=True, help="Also what no rule matches and nothing changes for.")
def test(folder: Path, draft: Path | None, days: int, everything: bool) -> None:
    """Shows what the rules would have made of the last month; nothing is changed.

    Of every article that was published and of every item that a rule kept out: what is true of it now and what the
    rules would make of it. On a terminal a table by rule with examples, in a pipe a line of JSON for each.

    \b
    Example:
      broadsheet rules test --file draft.toml -C my-paper
    """
    settings = settings_of(folder)
    rows = (r for r in _rehearsed(settings, draft, days) if everything or r.verdict.matched or r.before != r.after)
    if sys.stdout.isatty():
        Console().print(_table(rows, days))
    else:
        for row in rows:
            print_line(_line(row))


@command.command("list")
@publication_option
def list_(folder: Path) -> None:
    """The rules in their order, a line of JSON each.

    \b
    Example:
      broadsheet rules list -C my-paper
    """
    for rule in settings_of(folder).rules:
        said: dict[str, object] = {"name": rule.name, "action": rule.action.value, "line": rule.line}
        print_line(said | {k: list(getattr(rule, k)) for k in _LISTS if getattr(rule, k)})


_LISTS = ("words", "unless", "regex", "where", "providers", "languages", "topics", "sources", "tags")


def _rehearsed(settings: Settings, draft: Path | None, days: int) -> Iterable[Ruled]:
    from broadsheet.app.registry import read_registry
    from broadsheet.app.state import has_store
    from broadsheet.app.stores import look_into_store

    rules = read_rules(draft) if draft else settings.rules
    if not rules:
        raise UsageError(f"{draft or settings.file} has no [[rules]]", hint="docs/rules.md shows how to write one")
    if not has_store(settings):
        raise UsageError(
            "nothing has been fetched yet, so that there is nothing to try rules on",
            hint="Run once first: broadsheet run --once",
        )
    book = RuleBook(rules, read_registry(settings)[0])
    now = datetime.now(UTC)
    with look_into_store(settings) as store:
        yield from rehearse(book, store, settings.sources, (now - timedelta(days=days), now))


def _line(row: Ruled) -> dict[str, object]:
    verdict = row.verdict
    return {
        "url": row.url,
        "title": row.title,
        "before": row.before,
        "after": row.after,
        "decidedBy": verdict.rule or None,
        "matched": list(verdict.matched),
        "tags": list(verdict.tags),
    }


def _table(rows: Iterable[Ruled], days: int) -> Table:
    """A line a rule: what it decided, for how many that would be a change, and some of them."""
    decided: Counter[str] = Counter()
    changed: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    for row in rows:
        for name in {*row.verdict.matched, row.verdict.rule or "(no rule)"}:
            decided[name] += 1
            changed[name] += row.before != row.after and name == (row.verdict.rule or "(no rule)")
            if len(examples.setdefault(name, [])) < EXAMPLES:
                examples[name].append(f"{row.before} → {row.after}: {row.title or row.url}")
    table = Table("rule", f"matched in {days} days", "would change", "such as", box=None)
    for name, count in decided.most_common():
        table.add_row(marked(name), str(count), str(changed[name]), "\n".join(marked(e) for e in examples[name]))
    return table
