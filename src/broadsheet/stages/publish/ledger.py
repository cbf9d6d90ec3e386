"""The ledger of pages: which page of which list holds what, so that a page once full never changes its place.

Lists are numbered from the oldest: what joins a list goes onto its last page, and when that is full, the next begins.
What leaves leaves a gap; what comes back finds its old place. So a page is a fact that is stored, not a count: the
ledger is appended to and nothing else, and a page is the place in the list divided by the page's size.

Filed as JSON Lines in `_pages/NNNNNN.jsonl` of the content repository, 200 lines a file, each `[key, list, ...]`: this
key joined these lists. Lists are `news`, `news/<topic>` and `providers/<domain>` (of records, by path), `stories` and
`stories/<topic>` (of stories, by id), and `search`, of how many stories there were when its files were regrouped.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring as quoted
from operator import itemgetter

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


class _List:
    """A list: the numbers of the lines by which it grew. `lines` says which lines name a key in lists of this kind."""

    __slots__ = ("grew", "lines", "size")

    def __init__(self, size: int, lines: dict[str, int | tuple[int, ...]]) -> None:
        self.grew = array("I")
        self.size = size
        self.lines = lines


class Ledger:
    """The lists with all that ever joined them, in the order of their joining.

    What is kept is a number a line for each list that it names, and for each key: a key is in many lists.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._keys: list[str] = []
        self._joined: list[tuple[str, ...]] = []
        self._same: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._lists: dict[str, _List] = {}
        self._kinds: dict[str, dict[str, int | tuple[int, ...]]] = {kind: {} for kind in _SIZES}
        self.unread = 0
        """How many lines were no lines of a ledger, as a merge of two branches may leave them."""
        for line in lines:
            self._read(line)
        self._filed = len(self._keys)

    def _read(self, line: str) -> None:
        try:
            words = json.loads(line)
        except (ValueError, RecursionError):
            words = None
        if not isinstance(words, list) or len(words) < 2 or not all(isinstance(w, str) for w in words):
            self.unread += 1
            return
        self.join(words[0], tuple(dict.fromkeys(w for w in words[1:] if w.partition("/")[0] in _SIZES)))

    def join(self, key: str, lists: tuple[str, ...]) -> Sequence[str]:
        """The key joins those of the lists that it never was in before. Gives those of them that it opens a page of."""
        new = lists
        if any(key in self._list(name).lines for name in lists):
            new = tuple([name for name in lists if self.place(name, key) is None])
        return self._append(key, self._same.setdefault(new, new)) if new else ()

    def _append(self, key: str, lists: tuple[str, ...]) -> Sequence[str]:
        number, opened = len(self._keys), []
        self._keys.append(key)
        self._joined.append(lists)
        for name in lists:
            one = self._list(name)
            if len(one.grew) % one.size == 0:
                opened.append(name)
            one.grew.append(number)
            known = one.lines.setdefault(key, number)
            if known != number:
                older = known if isinstance(known, tuple) else (known,)
                one.lines[key] = older if older[-1] == number else (*older, number)
        return opened

    def _list(self, name: str) -> _List:
        found = self._lists.get(name)
        if found is None:
            found = self._lists[name] = _List(page_size(name), self._kinds[name.partition("/")[0]])
        return found

    def place(self, name: str, key: str) -> int | None:
        """The place in a list, from 0; None where the key never joined it."""
        one = self._lists.get(name)
        lines = one.lines.get(key) if one else None
        if one is None or lines is None:
            return None
        for line in lines if isinstance(lines, tuple) else (lines,):
            if name in self._joined[line]:
                return bisect_left(one.grew, line)
        return None

    def page(self, name: str, key: str) -> int | None:
        """The page of a list that holds the key, from 1; None where it never joined it."""
        place = self.place(name, key)
        return None if place is None else place // self._lists[name].size + 1

    def last(self, name: str) -> int:
        """The open page of a list, 1 where nothing ever joined it."""
        one = self._lists.get(name)
        return max(1, -(-len(one.grew) // one.size)) if one else 1

    def count(self, name: str) -> int:
        """How many ever joined a list."""
        return len(self._list(name).grew)

    def keys(self, name: str, page: int) -> Sequence[str]:
        """What joined a list on this page, in the order of joining, whether it still is in the list or not."""
        one = self._list(name)
        lines = one.grew[(page - 1) * one.size : page * one.size]
        return itemgetter(*lines)(self._keys) if len(lines) > 1 else [self._keys[line] for line in lines]

    def since(self, name: str, page: int) -> int:
        """When a page was opened: how many lines the ledger had. By this, pages of all lists are in one order."""
        one = self._list(name)
        at = (page - 1) * one.size
        return one.grew[at] if at < len(one.grew) else len(self._keys)

    def all(self, name: str) -> Sequence[str]:
        """All that ever joined a list, in the order of joining."""
        return [self._keys[line] for line in self._list(name).grew]

    def lines(self) -> Sequence[str]:
        """All lines, filed or not."""
        return [self._line(number) for number in range(len(self._keys))]

    def _line(self, number: int) -> str:
        return f"[{','.join([quoted(word) for word in (self._keys[number], *self._joined[number])])}]"

    def unfiled(self) -> dict[str, bytes]:
        """The files of the content repository that are to be written, by path, for what joined since they were."""
        first = self._filed // LINES
        last = -(-len(self._keys) // LINES) if len(self._keys) > self._filed else first
        return {_path(n): self._file(n) for n in range(first, last)}

    def filed(self) -> None:
        """Says that what `unfiled` gave is written."""
        self._filed = len(self._keys)

    def _file(self, number: int) -> bytes:
        lines = range(number * LINES, min((number + 1) * LINES, len(self._keys)))
        return "".join([f"{self._line(n)}\n" for n in lines]).encode()


def read_ledger(files: Mapping[str, bytes]) -> Ledger:
    """The ledger of these files, by path. Lines that are none are left out and counted."""
    return Ledger(_lines(files))


def _lines(files: Mapping[str, bytes]) -> Iterator[str]:
    for path in sorted(files):
        yield from filter(None, files[path].decode("utf-8", "replace").split("\n"))


def _path(number: int) -> str:
    return f"{FOLDER}/{number + 1:06}.jsonl"
