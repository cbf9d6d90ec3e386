"""`broadsheet explain`: why this score, this topic, this head, this story."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from broadsheet.cli._lines import marked, print_line, shown
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError
from broadsheet.model.story import Story
from broadsheet.settings import Settings
from broadsheet.stages.rank.head import HeadChoice
from broadsheet.steps.desk import Desk
from broadsheet.steps.editorial import read_decisions
from broadsheet.steps.explain import Explanation, check, choose_again, explain, find_record
from broadsheet.steps.judge import Rules
from broadsheet.steps.receipt_words import why


@click.command()
@click.argument("wanted", metavar="STORY|RECORD|URL", required=False)
@click.option("--check", "checking", is_flag=True, help="Decide again from every receipt, and say how many hold.")
@publication_option
def command(wanted: str | None, folder: Path, checking: bool) -> None:
    """Why a record has its quality, heat and topics, why the head is the head, and why each report is in the story.

    STORY is an id or its beginning, or the address of its page: its head is explained. RECORD is its path
    (_news/2026-11-20-a-title.md) or its file's name; a URL is that of the article. On a terminal it prints tables, in
    a pipe one JSON object. With --check every receipt is decided again, of the named story or of all, and the exit
    code is 1 if one does not hold.

    \b
    Example:
      broadsheet explain -C demo _news/2026-11-20-a-title.md
      broadsheet explain -C demo --check
    """
    from broadsheet.app.publications import read_publication

    settings = settings_of(folder)
    publication, _ = read_publication(settings)
    desk = Desk(publication, read_decisions(settings.folder)[0])
    if wanted is None and not checking:
        raise UsageError("say what to explain: a story, a record or an address", hint="Or check all with --check")
    explanation = None
    if wanted is not None:
        filed = find_record(desk, wanted)
        explanation = explain(desk, filed, settings.publish.official, settings.publish.threshold)
        explanation = replace(explanation, choice=_choice(settings, desk, explanation.story))
    if checking:
        sys.exit(_check([s for s in publication.stories if explanation is None or s.id == explanation.story]))
    elif explanation is not None:
        _show(explanation)


def _choice(settings: Settings, desk: Desk, story: str | None) -> HeadChoice | None:
    """The head chosen again, where a run has left its store."""
    from broadsheet.app.registry import read_registry
    from broadsheet.app.state import has_store
    from broadsheet.app.stores import look_into_store

    if story is None or not has_store(settings):
        return None
    topics, organizations = read_registry(settings)
    rules = Rules(settings.site, topics, organizations, settings.publish.official, settings.publish.threshold)
    with look_into_store(settings) as store:
        return choose_again(store, rules, story, desk.placements)


def _check(stories: Sequence[Story]) -> int:
    """Names each receipt that does not hold, then how many do. The exit code."""
    checked = list(check(stories))
    wrong = [one for one in checked if not one.holds]
    if sys.stdout.isatty():
        for one in wrong:
            click.echo(f"{shown(one.story)} {shown(one.record)}: its figures do not bear out the decision")
        click.echo(f"{len(checked) - len(wrong)} of {len(checked)} receipts of {len(stories)} stories hold.")
    else:
        for one in wrong:
            print_line({"story": one.story, "record": one.record, "error": "its figures do not bear out the decision"})
        print_line({"stories": len(stories), "receipts": len(checked), "hold": len(checked) - len(wrong)})
    return int(bool(wrong))


def _show(explanation: Explanation) -> None:
    if sys.stdout.isatty():
        _print(Console(highlight=False), explanation)
    else:
        print_line(explanation.as_json())


def _print(console: Console, said: Explanation) -> None:
    console.print(f"\n[bold]{marked(said.title)}[/bold]\n{marked(said.path)}\n")
    if said.story is not None:
        console.print(f"Story [bold]{marked(said.story)}[/bold]\n")
    for decision in said.decisions:
        console.print(f"Editor: {marked(decision)}", soft_wrap=True)
    console.print(_sum("Quality", said.quality))
    console.print(_sum("Heat", said.heat))
    console.print(f"Readers see a story from heat {said.threshold} on; this record is {said.visibility}.\n")
    for topic, keywords in said.topics:
        found = ", ".join(f"“{k}”" for k in keywords) or "on every record of this site"
        console.print(f"Topic [bold]{marked(topic)}[/bold]: {marked(found)}")
    console.print()
    for reason in said.head_reasons:
        console.print(f"Head: {marked(reason)}", soft_wrap=True)
    for standing in said.choice.standings if said.choice else ():
        sum_of = ", ".join(f"{term.name} {term.points:+d}" for term in standing.score.terms)
        who = standing.candidate.provider_name or standing.candidate.id
        console.print(f"  {standing.score.total} points: {marked(who)} ({sum_of})", soft_wrap=True)
    for member in said.members:
        console.print(f"\n[bold]{marked(member.provider)}[/bold] {marked(member.title)}", soft_wrap=True)
        for line in why(member, alone=len(said.members) == 1):
            console.print(f"  {marked(line)}", soft_wrap=True)


def _sum(title: str, terms: tuple[tuple[str, int], ...]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, points in terms:
        table.add_row(f"{points:+d}", marked(name))
    table.add_row(f"[bold]{sum(points for _, points in terms)}[/bold]", "[bold]in all[/bold]")
    return table
