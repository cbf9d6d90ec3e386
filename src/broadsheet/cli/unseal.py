"""`broadsheet unseal`: what only the operator may read of records."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from broadsheet.cli._lines import print_lines
from broadsheet.cli._publication import publication_option, settings_of
from broadsheet.errors import ItemError


@click.command()
@click.argument("records", metavar="RECORD...", nargs=-1, required=True, type=click.Path(path_type=Path))
@publication_option
def command(records: tuple[Path, ...], folder: Path) -> None:
    """The sealed payload of records: where each came from, why it is in its story, and its sums.

    A JSON line for each record: {path, payload}, or {path, error} where it can't be opened. A payload holds only in its
    own record, under the file's name. The keys are those of `broadsheet keys`.

    \b
    Example:
      broadsheet unseal _news/2026-11-22-rivers-rise.md
    """
    from broadsheet.app.keys import open_key_file
    from broadsheet.formats.sealing import KeyRing
    from broadsheet.stages.publish.records.reader import read_record
    from broadsheet.steps.payloads import opened

    def row(path: Path, ring: KeyRing) -> dict[str, object]:
        try:
            sealed = read_record(path.read_bytes(), path=str(path)).secured
            if sealed is None:
                return {"path": str(path), "error": "the record has no sealed payload"}
            return {"path": str(path), "payload": opened(sealed, ring, path.name)}
        except ItemError as error:
            return {"path": str(path), "error": str(error)}
        except OSError as error:
            return {"path": str(path), "error": f"{path}: {error.strerror}"}

    def rows(paths: Iterable[Path]) -> Iterator[dict[str, object]]:
        ring = open_key_file(settings_of(folder)).read()
        return (row(path, ring) for path in paths)

    sys.exit(print_lines(rows(records)))
