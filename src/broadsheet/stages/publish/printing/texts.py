"""The texts of stories that documents of the API are made of: those used last are kept, others are made anew."""

from collections.abc import Callable, Sequence
from itertools import islice

from broadsheet.stages.publish.printing.entries import Facts, unpacked


class Texts:
    """The texts by story. `anew` makes those of a story that are not kept; when `trim` is called, `most` stay."""

    def __init__(self, anew: Callable[[str], bytes], most: int) -> None:
        self._anew, self._most = anew, most
        self._kept: dict[str, bytes] = {}

    def put(self, story: str, texts: bytes) -> None:
        """These are the story's texts now."""
        self._kept.pop(story, None)
        self._kept[story] = texts

    def drop(self, story: str) -> None:
        """The story is no more."""
        self._kept.pop(story, None)

    def trim(self, newest: Sequence[str] = ()) -> None:
        """Forgets what is too much, these stories last, and before them those that were used last."""
        if len(self._kept) <= self._most + self._most // 8:
            return  # not with every story: to begin anew takes longer than to keep some more
        for story in newest[-self._most :]:
            if story in self._kept:
                self._kept[story] = self._kept.pop(story)
        self._kept = dict(islice(self._kept.items(), len(self._kept) - self._most, None))

    def _text(self, story: str, number: int) -> str:
        texts = self._kept.pop(story, None)
        if texts is None:
            texts = self._anew(story)
        self._kept[story] = texts
        return unpacked(texts, number)

    def summary(self, story: str) -> str:
        """The story's line."""
        return self._text(story, 0)

    def item(self, story: Facts, number: int) -> str:
        """The item of this number among those of the story."""
        return self._text(story.id, 1 + number)

    def told(self, story: Facts, number: int) -> str:
        """The report of this number among those of the story."""
        return self._text(story.id, 1 + len(story.items) + number)
