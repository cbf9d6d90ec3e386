"""`broadsheet explain`: why this score, this topic, this head, this story."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import marked, print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError
from broadsheet.steps.explain import ExplainedMember, Explanation, explain, find_record


@click.command()
@click.argument("record", metavar="RECORD or URL")
@publication_option
def command(record: str, folder: Path) -> None:
    """Why a record has its quality, heat and topics, why the head is the head, and why each report is in the story.

    RECORD is its path (_news/2026-11-20-a-title.md) or its file's name; a URL is that of the article. On a terminal
    it prints tables, in a pipe one JSON object.

    \b
    Example:
      broadsheet explain -C demo _news/2026-11-20-a-title.md
    """
    from broadsheet.app import read_publication

    settings = settings_of(folder)
    publication, _ = read_publication(settings)
    filed = find_record(publication, record)
    if filed is None:
        hint = f"Look for it in {settings.folder / '_news'}"
        raise UsageError(f"no record has the path or the address {record}", hint=hint)
    explanation = explain(publication, filed, settings.publish.official, settings.publish.threshold)
    if sys.stdout.isatty():
        _print(Console(highlight=False), explanation)
    else:
        print_line(explanation.as_json())


def _print(console: Console, said: Explanation) -> None:
    console.print(f"\n[bold]{marked(said.title)}[/bold]\n{marked(said.path)}\n")
    console.print(_sum("Quality", said.quality))
    console.print(_sum("Heat", said.heat))
    console.print(f"Readers see a story from heat {said.threshold} on; this record is {said.visibility}.\n")
    for topic, keywords in said.topics:
        found = ", ".join(f"“{k}”" for k in keywords) or "on every record of this site"
        console.print(f"Topic [bold]{marked(topic)}[/bold]: {marked(found)}")
    console.print()
    for reason in said.head_reasons:
        console.print(f"Head: {marked(reason)}")
    for member in said.members:
        console.print(f"\n[bold]{marked(member.provider)}[/bold] {marked(member.title)}")
        for line in _why(member):
            console.print(f"  {marked(line)}")


def _sum(title: str, terms: tuple[tuple[str, int], ...]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, points in terms:
        table.add_row(f"{points:+d}", marked(name))
    table.add_row(f"[bold]{sum(points for _, points in terms)}[/bold]", "[bold]in all[/bold]")
    return table


def _why(member: ExplainedMember) -> Iterator[str]:
    receipt = member.receipt
    if member.copy_of is not None:
        yield f"repeats {member.copy_of} ({(member.shared_text or 0):.0%} of its text)"
    if receipt.similarity is None:
        yield "the first report of the story"
    elif receipt.threshold is not None:
        yield f"as close to the others as {receipt.similarity:.3f}; {receipt.threshold:.3f} was needed"
    if receipt.runner_up is not None and receipt.runner_up_similarity is not None:
        yield f"the next best story, {receipt.runner_up}, reached {receipt.runner_up_similarity:.3f}"
    if receipt.names:
        yield f"shares the words {', '.join(receipt.names)}"
    if receipt.numbers:
        yield f"shares the figures {', '.join(receipt.numbers)}"
