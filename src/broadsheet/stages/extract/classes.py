"""Elements by words in their classes, for several words at once: a selector would visit each element for each word."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode


class Classes:
    """The elements of a page that have a class, in its order."""

    def __init__(self, tree: "LexborHTMLParser") -> None:
        self._nodes = tree.css("[class]")
        classes = [(node.attrs.get("class") or "").replace("\n", " ") for node in self._nodes]
        self._text = "\n".join(classes).lower()

    def having(self, words: Iterable[str], most: int) -> "list[LexborNode]":
        """The first `most` elements with one of `words`, in small letters, anywhere in their class."""
        found = {number for word in words for number in self._lines(word, most)}
        return [self._nodes[number] for number in sorted(found)[:most]]

    def _lines(self, word: str, most: int) -> Iterator[int]:
        text, number, counted = self._text, 0, 0
        at = text.find(word)
        while at >= 0 and most:
            number += text.count("\n", counted, at)
            yield number
            counted, most = at, most - 1
            end = text.find("\n", at)
            at = text.find(word, end) if end >= 0 else -1
