"""`broadsheet newsletter build`: today's letter as a file."""

from datetime import UTC
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError
from broadsheet.model.instants import from_iso


@click.command()
@publication_option
@click.option("--anew", is_flag=True, help="Also over what a person changed or deleted in the file.")
@click.option("--at", "instant", metavar="INSTANT", help="As if it were this instant, e.g. 2026-11-22T11:00:00Z.")
def command(folder: Path, anew: bool, instant: str | None) -> None:
    """Makes today's letter from the stories that are new since the last one, and files it in _newsletters.

    What lies in the file is what is sent: change it as you like. Prints {path, subject, preheader, stories, problems};
    a letter with problems is not sent. A letter that was sent already is left alone.

    \b
    Example:
      broadsheet newsletter build -C my-paper
    """
    from broadsheet.app.clocks import FixedClock, SystemClock
    from broadsheet.app.letters import open_letter_desk
    from broadsheet.app.publications import read_publication
    from broadsheet.stages.publish.newsletter.checking import problems_of
    from broadsheet.steps.newsletter import commit_draft, compose_draft, file_draft
    from broadsheet.steps.sending import allowed_in

    settings = settings_of(folder)
    clock = FixedClock(from_iso(instant).astimezone(UTC)) if instant else SystemClock()
    with open_letter_desk(settings, clock) as desk:
        draft = compose_draft(desk, read_publication(settings)[0])
        if draft is None:
            raise UsageError("too little is new for a letter", hint="See fewest in [newsletter]")
        if not file_draft(desk, draft, anew=anew):
            hint = "Send it as it is, or build it again with --anew"
            raise UsageError(f"{draft.letter.path} was changed by a person and stays as it is", hint=hint)
        commit_draft(desk, draft.letter)
        problems = list(problems_of(draft.letter, allowed_in(settings, desk.store, draft.letter.name)))
    letter = draft.letter
    row = {"path": letter.path, "subject": letter.title, "preheader": letter.excerpt}
    print_line({**row, "stories": [v.story.id for v in draft.issue.stories], "problems": problems})
