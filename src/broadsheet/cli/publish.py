"""`broadsheet publish`: what was built, brought to where readers find it."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._progress import progress_for_this_terminal
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import BroadsheetError, UsageError
from broadsheet.model.outgoing import DeploySettings
from broadsheet.ports import Deployment


@click.command()
@publication_option
@click.option("--to", "targets", multiple=True, metavar="TARGET", help="Where to (default: every [[deploy]] block).")
@click.option("--squash", is_flag=True, help="Of a branch: keep one commit only.")
@click.option("--endpoint", default="", help="Of S3: the server, where it is not Amazon's.")
@click.option("--region", default="", help="Of S3: the region.")
@click.option("--adopt", is_flag=True, help="Take over a place with files in it: they are replaced, and removed.")
def command(folder: Path, targets: tuple[str, ...], squash: bool, endpoint: str, region: str, adopt: bool) -> None:
    """Brings what was built to where readers find it, and sends only what changed since the last time.

    TARGET is a folder, git:BRANCH of the publication's own repository (pushed to its origin), a branch elsewhere
    (git+ssh://git@host/owner/paper.git#gh-pages), s3://BUCKET/PREFIX, or rsync: and what rsync takes. Prints a JSON
    line for each: {to, sent, removed, unchanged, at, seconds}. Killed at any instant, it goes on the next time.

    \b
    Example:
      broadsheet build -C my-paper
      broadsheet publish -C my-paper --to git:gh-pages
    """
    from broadsheet.app.clocks import SystemClock
    from broadsheet.app.deployments import open_deployments

    settings = settings_of(folder)
    named = [DeploySettings(to, squash=squash, endpoint=endpoint, region=region) for to in targets]
    wanted = named or list(settings.deploy)
    if not wanted:
        hint = "Name one with --to, or write [[deploy]] into the settings"
        raise UsageError(f"{settings.file} names no place to deploy to", hint=hint)
    with open_deployments(settings, SystemClock(), progress_for_this_terminal(), adopt=adopt) as open_one:
        codes = [_deliver(open_one, target, settings.out_folder) for target in wanted]
    sys.exit(max(codes))


def _deliver(open_one: Callable[[DeploySettings], Deployment], target: DeploySettings, source: Path) -> int:
    """Prints what came of it; the exit code."""
    began = time.monotonic()
    try:
        done = open_one(target).deliver(source, "Publish")
    except BroadsheetError as error:
        print_line({"to": target.shown, "error": str(error)})
        return error.exit_code
    print_line({"to": target.shown, **done.as_json(), "seconds": round(time.monotonic() - began, 3)})
    return 0
