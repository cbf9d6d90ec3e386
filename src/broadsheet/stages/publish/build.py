"""A whole publication as files, and into a folder."""

from collections.abc import Iterator
from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.formats.output_tree import OutputTree, TreeReport
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.ads import ad_files
from broadsheet.stages.publish.api_entry import entry_files
from broadsheet.stages.publish.directions import direction_files
from broadsheet.stages.publish.ledger import Ledger
from broadsheet.stages.publish.printing import Printer, sheets_of
from broadsheet.stages.publish.source_files import source_files


def build(publication: Publication, out: Path, ledger: Ledger | None = None) -> TreeReport:
    """Writes the publication into `out`, which is made if need be.

    A file is written only if its bytes changed; what an earlier build wrote and this one does not is removed; readers
    see all of it at once. Raises Rejected for a path that leaves `out`, UsageError where a file that is not ours is in
    the way, StorageError when the machine fails.
    """
    return OutputTree(out).replace((file.path, file.body) for file in files_of(publication, ledger))


def files_of(publication: Publication, ledger: Ledger | None = None) -> Iterator[OutputFile]:
    """Every file of the publication, a function of the publication and of the ledger of its pages alone."""
    sheets = {sheet.story.id: sheet for sheet in sheets_of(publication)}
    printer = Printer(publication, ledger or Ledger(), sheets.get, lambda _: None)
    yield from printer.whole(sheets.values())
    yield from site_wide_files(publication)


def site_wide_files(publication: Publication) -> Iterator[OutputFile]:
    """What no article changes."""
    yield from source_files(publication)
    yield from entry_files(publication)
    yield from direction_files(publication)
    yield from ad_files(publication)
    for path, source in sorted(publication.files.items()):
        try:
            yield OutputFile(path, source.read_bytes())
        except OSError as error:
            raise StorageError(f"can't read {source}, which {path} is a copy of: {error.strerror}") from error
