"""Search without a server: the words of all stories as small files that the browser fetches when a query needs them.

Every story has a number: 0, 1, 2, ... in order of arrival, never given twice; one that readers no longer see leaves a
gap. Numbers fall into segments. `boundaries` are the ends of the closed ones, ascending: `(4096, 5120)` stands for
0..4095 and 4096..5119, and all from 5120 on is open; `()` closes nothing. Boundaries are state that the caller keeps:
they change at housekeeping only, so that no single story ever causes a burst of files.

    search_doc(number: int, view: StoryView) -> SearchDoc
    full_files(docs: Iterable[SearchDoc], boundaries: tuple[int, ...]) -> Iterator[OutputFile]
        every data file, from the documents in order of number, streamed segment by segment
    changed_files(read: Callable[[str], bytes | None], changes: Iterable[tuple[SearchDoc | None, SearchDoc | None]],
                  boundaries: tuple[int, ...]) -> Iterator[OutputFile]
        what those changes (before, after; None where there is or was none) make of the files that `read` gives: just
        what full_files would make. Each number at most once in `changes`. Never removes a path.
    next_boundaries(boundaries: tuple[int, ...], count: int) -> tuple[int, ...]
        housekeeping: the boundaries from now on, where `count` numbers are given; `next_boundaries((), count)` is how
        a first build begins; equal to `boundaries` where there is nothing to do
    regrouped_files(read: Callable[[str], bytes | None], old: tuple[int, ...], new: tuple[int, ...])
            -> Iterator[OutputFile | str]
        the files of the new boundaries, and as plain `str` the paths that go, after all changes were written
    search_page(theme: Theme) -> OutputFile
        the page `search/index.html`; changes with the site's topics and words only

All are pure. `changed_files` and `regrouped_files` raise Rejected where a file is missing or is not what an earlier
build wrote: then the caller makes all of them anew with `full_files`.
"""

from broadsheet.stages.publish.search.changes import changed_files, regrouped_files
from broadsheet.stages.publish.search.documents import SearchDoc, search_doc
from broadsheet.stages.publish.search.full import full_files
from broadsheet.stages.publish.search.page import search_page
from broadsheet.stages.publish.search.segments import next_boundaries

__all__ = [
    "SearchDoc",
    "changed_files",
    "full_files",
    "next_boundaries",
    "regrouped_files",
    "search_doc",
    "search_page",
]
