"""A whole publication as files, and into a folder."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from broadsheet.errors import StorageError
from broadsheet.formats.output_tree import OutputTree, TreeReport
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.ledger import Ledger
from broadsheet.stages.publish.printing import Printer, sheets_of


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
    yield from printer.around(publication)
    yield from copies_of(publication.files)


def copies_of(files: Mapping[str, Path]) -> Iterator[OutputFile]:
    """The files that are taken over as they are. Raises StorageError where one can't be read."""
    for path, source in sorted(files.items()):
        try:
            yield OutputFile(path, source.read_bytes())
        except OSError as error:
            raise StorageError(f"can't read {source}, which {path} is a copy of: {error.strerror}") from error
