"""The ledger of pages: which page of which list holds what, so that a page once full never changes its place.

Lists are numbered from the oldest: what joins a list goes onto its last page, and when that is full, the next begins.
What leaves leaves a gap; what comes back finds its old place. So a page is a fact that is stored, not a count: the
ledger is appended to and nothing else, and a page is the place in the list divided by the page's size.

Filed as JSON Lines in `_pages/NNNNNN.jsonl` of the content repository, 200 lines a file, each `[key, list, ...]`: this
key joined these lists. Lists are `news`, `news/<topic>` and `providers/<domain>` (of records, by path), `stories` and
`stories/<topic>` (of stories, by id), and `search`, of how many stories there were when its files were regrouped.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

FOLDER = "_pages"
LINES = 200
RECORDS_A_PAGE = 25
"""Of `news` and its topics: the origin's number."""
STORIES_A_PAGE = 25
REPORTS_A_PAGE = 25
NEWS, STORIES, PROVIDERS, SEARCH = "news", "stories", "providers", "search"
_SIZES = {NEWS: RECORDS_A_PAGE, STORIES: STORIES_A_PAGE, PROVIDERS: REPORTS_A_PAGE, SEARCH: 1}


def page_size(name: str) -> int:
    """How many a page of this list holds."""
    return _SIZES[name.partition("/")[0]]


class Ledger:
    """The lists with all that ever joined them, in the order of their joining."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._order: dict[str, list[str]] = {}
        self._place: dict[str, dict[str, int]] = {}
        self._lines: list[str] = []
        self._filed = 0
        self.unread = 0
        """How many lines were no lines of a ledger, as a merge of two branches may leave them."""
        for line in lines:
            self._read(line)
        self._filed = len(self._lines)

    def _read(self, line: str) -> None:
        try:
            words = json.loads(line)
        except (ValueError, RecursionError):
            words = None
        if not isinstance(words, list) or len(words) < 2 or not all(isinstance(w, str) for w in words):
            self.unread += 1
            return
        self.join(words[0], [w for w in words[1:] if w.partition("/")[0] in _SIZES])

    def join(self, key: str, lists: Sequence[str]) -> None:
        """The key joins those of the lists that it never was in before."""
        new = [name for name in lists if key not in self._place.setdefault(name, {})]
        for name in new:
            self._place[name][key] = len(self._order.setdefault(name, []))
            self._order[name].append(key)
        if new:
            self._lines.append(json.dumps([key, *new], ensure_ascii=False, separators=(",", ":")))

    def place(self, name: str, key: str) -> int | None:
        """The place in a list, from 0; None where the key never joined it."""
        return self._place.get(name, {}).get(key)

    def page(self, name: str, key: str) -> int | None:
        """The page of a list that holds the key, from 1; None where it never joined it."""
        place = self.place(name, key)
        return None if place is None else place // page_size(name) + 1

    def last(self, name: str) -> int:
        """The open page of a list, 1 where nothing ever joined it."""
        return max(1, -(-len(self._order.get(name, ())) // page_size(name)))

    def count(self, name: str) -> int:
        """How many ever joined a list."""
        return len(self._order.get(name, ()))

    def keys(self, name: str, page: int) -> list[str]:
        """What joined a list on this page, in the order of joining, whether it still is in the list or not."""
        size = page_size(name)
        return self._order.get(name, [])[(page - 1) * size : page * size]

    def all(self, name: str) -> Sequence[str]:
        """All that ever joined a list, in the order of joining."""
        return self._order.get(name, ())

    def lines(self) -> Sequence[str]:
        """All lines, filed or not."""
        return self._lines

    def unfiled(self) -> dict[str, bytes]:
        """The files of the content repository that are to be written, by path, for what joined since they were."""
        first = self._filed // LINES
        last = -(-len(self._lines) // LINES) if len(self._lines) > self._filed else first
        return {_path(n): self._file(n) for n in range(first, last)}

    def filed(self) -> None:
        """Says that what `unfiled` gave is written."""
        self._filed = len(self._lines)

    def _file(self, number: int) -> bytes:
        return "".join(f"{line}\n" for line in self._lines[number * LINES : (number + 1) * LINES]).encode()


def read_ledger(files: Mapping[str, bytes]) -> Ledger:
    """The ledger of these files, by path. Lines that are none are left out and counted."""
    return Ledger(_lines(files))


def _lines(files: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(files):
        yield from filter(None, files[path].decode("utf-8", "replace").split("\n"))


def _path(number: int) -> str:
    return f"{FOLDER}/{number + 1:06}.jsonl"
