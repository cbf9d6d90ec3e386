"""Who repeats whose text, article by article as they arrive."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.copy_index import CopyIndex, Known, known_of
from broadsheet.stages.stories.likeness import likeness
from broadsheet.stages.stories.sketches import Hashes, sketch
from broadsheet.stages.stories.spans import earlier

__all__ = ["Copy", "CopyFinder", "find_copies", "sketch"]


@dataclass(frozen=True, slots=True)
class Copy:
    """The article at `original` (an index) holds `share` (0 to 1) of this one's text."""

    original: int
    share: float


class CopyFinder:
    """Finds for each article that arrives the one whose text it repeats.

    The copies of one text are a family, and the one that was published first is the original of all; what arrives
    late and was published earlier takes its place (see `revised`). A newcomer is compared with one member of each
    family, the original while it is there, so the work does not grow with how often a release is printed. Copies
    are linked as long as the family has a member within `within` before or after, also where the original has left.

    The state is a function of the articles that are there, in their order of arrival, and of the copies they are.
    """

    def __init__(self, within: timedelta) -> None:
        self._within = within
        self._index = CopyIndex()
        self._articles: dict[int, Known] = {}
        self._roots: dict[int, int] = {}
        self._shares: dict[int, float] = {}
        self._families: dict[int, list[int]] = {}
        self._speakers: dict[int, int] = {}
        self._revised: set[int] = set()

    def add(self, index: int, article: StoryArticle, sketched: Hashes) -> Copy | None:
        """Take the next article in; `sketched` is the sketch of its text (empty where it has none), `index` a number
        that is its own, ascending as they arrive. Gives what it is a copy of, as known now."""
        mine = known_of(article, sketched)
        self._articles[index] = mine
        before, after = self._related(mine, self._index.candidates(mine))
        if before is None:
            self._found(index, index, 1.0)
        else:
            self._found(index, self._roots[before[0]], before[1])
        for speaker, share in after:
            self._merge(self._roots[speaker], index, share)
        self._settle(self._roots[index])
        return self.copy_of(index)

    def restore(self, index: int, article: StoryArticle, sketched: Hashes, copy: Copy | None) -> None:
        """Take an article in that was added before a restart, with the copy that it was found to be. To be called in
        the order of arrival; an original that has left is named by any number that no article has."""
        self._articles[index] = known_of(article, sketched)
        self._found(index, copy.original if copy else index, copy.share if copy else 1.0)
        self._settle(self._roots[index])

    def forget(self, index: int) -> None:
        """Let an article go that has left the window. Its copies stay its copies."""
        root = self._roots[index]
        self._families[root].remove(index)
        if self._speakers.get(root) == index:
            self._silence(root)
        del self._articles[index], self._roots[index], self._shares[index]
        self._settle(root)
        self._revised.discard(index)
        if not self._families[root]:
            del self._families[root]

    def copy_of(self, index: int) -> Copy | None:
        """What an article that is here is a copy of."""
        root = self._roots[index]
        return None if root == index else Copy(root, self._shares[index])

    def revised(self) -> dict[int, Copy]:
        """What became a copy, or the copy of another one, after it was added, since this was asked last."""
        found = {index: copy for index in sorted(self._revised) if (copy := self.copy_of(index))}
        self._revised.clear()
        return found

    def _related(
        self, mine: Known, candidates: Sequence[int]
    ) -> tuple[tuple[int, float] | None, list[tuple[int, float]]]:
        """The best original among the candidates with its share, and those of which this is the original."""
        best: tuple[int, float] | None = None
        after = []
        for candidate in candidates:
            other = self._articles[candidate]
            if not self._is_near(mine.published, other.published):
                continue
            is_later = mine.published >= other.published
            share = likeness(mine, other) if is_later else likeness(other, mine)
            if share is None:
                continue
            if not is_later:
                after.append((candidate, share))
            elif best is None or share > best[1]:
                best = (candidate, share)
        return best, after

    def _is_near(self, one: datetime, other: datetime) -> bool:
        return abs(one - other) <= self._within

    def _found(self, index: int, root: int, share: float) -> None:
        self._roots[index] = root
        self._shares[index] = share
        self._families.setdefault(root, []).append(index)

    def _merge(self, old: int, index: int, share: float) -> None:
        """All of the family `old` are copies of what `index` is a copy of, or of itself."""
        root = self._roots[index]
        if old == root:
            return
        self._silence(old)
        members = self._families.pop(old)
        original = self._articles.get(root)
        for member in members:
            known = self._articles[member]
            held = likeness(known, original) if original and member != old else None
            self._roots[member] = root
            self._shares[member] = share if member == old else held or self._shares[member]
            self._revised.add(member)
        self._families[root].extend(members)
        if original is None:
            self._silence(root)

    def _settle(self, root: int) -> None:
        """The original speaks for the family while it is there, then whoever was published first of those left."""
        here = root if root in self._articles else self._first_left(root)
        if here != self._speakers.get(root):
            self._silence(root)
            if here is not None:
                self._speakers[root] = here
                self._index.insert(here, self._articles[here])

    def _first_left(self, root: int) -> int | None:
        """Compares only the newest member where the others were compared before, so that a text which thousands print
        costs each of them the same."""
        members = self._families[root]
        speaker = self._speakers.get(root)
        asked = members if speaker not in self._articles else [speaker, *members[-1:]]
        return min(asked, key=self._time_of, default=None)

    def _silence(self, root: int) -> None:
        speaker = self._speakers.pop(root, None)
        if speaker is not None:
            self._index.remove(speaker, self._articles[speaker])

    def _time_of(self, index: int) -> tuple[datetime, int]:
        return self._articles[index].published, index


def find_copies(articles: Sequence[StoryArticle], within: timedelta) -> dict[int, Copy]:
    """Copies among articles that are sorted by time, by index: the earliest article with the text is the original."""
    finder = CopyFinder(within)
    copies: dict[int, Copy] = {}
    start = 0
    for index, article in enumerate(articles):
        while articles[start].published < earlier(article.published, within):
            finder.forget(start)
            start += 1
        found = finder.add(index, article, sketch(article.text))
        if found:
            copies[index] = found
        copies.update(finder.revised())
    return copies
