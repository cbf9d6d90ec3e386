"""`broadsheet seal`: puts a payload into a record that only the operator can read."""

import json
from pathlib import Path
from typing import BinaryIO

import click

from broadsheet.cli._lines import print_line
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import UsageError


@click.command()
@click.argument("record", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--payload",
    type=click.File("rb"),
    default="-",
    show_default="standard input",
    help="A JSON object: what only you are to read.",
)
@publication_option
def command(record: Path, payload: BinaryIO, folder: Path) -> None:
    """Seal a payload into RECORD; the one that it had goes. `broadsheet unseal` reads it.

    A run seals what it writes by itself, once there is a key (`broadsheet keys add`). A record changed by hand is a
    person's, and later runs leave it alone.

    \b
    Example:
      echo '{"source": "a letter to the editor"}' | broadsheet seal _news/2026-11-22-rivers-rise.md
    """
    from broadsheet.app.keys import open_key_file
    from broadsheet.formats.files import write_whole
    from broadsheet.steps.payloads import sealed_into

    ring = open_key_file(settings_of(folder)).read()
    body = sealed_into(record.read_bytes(), ring, record.name, _object(payload.read()))
    write_whole(record, body)
    print_line({"path": str(record), "sealedWith": ring.seals})


def _object(body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise UsageError(f"the payload is no JSON: {error}") from error
    if not isinstance(said, dict):
        raise UsageError("the payload must be a JSON object", hint='As in {"source": "a letter"}')
    return said
