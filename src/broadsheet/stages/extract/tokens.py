"""What names of classes and first words of blocks tell: two dictionaries learned from labelled pages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeVar

_ATTRIBUTE = re.compile(
    r'(class|id|role|itemprop|aria-label|data-testid|data-component|data-type|hidden|aria-hidden|style)="([^"]*)"'
)
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_FIRST_WORDS = re.compile(r"[^\W\d_]+|\d|[©@#|»›]")
_HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.I)
_MAX_NAME, _MAX_NAMES, _MAX_TEXT = 40, 10, 160
# Names and entries of menus are met again and again, on the page and on the next of the same publisher.
_CACHE, _SHORT = 12_000, 30
HIDDEN, IS_BODY = 1 << 20, 1 << 21

Scores = tuple[float, float]  # the highest and the lowest of the known tokens; (0, 0) where none is known
Named = tuple[float, float, int, str]  # of an element: the scores of its names, HIDDEN and IS_BODY, its first name
_NOTHING = (0.0, 0.0)
_BEYOND = 1e9
_ONLY_CLASS = ' class="'
Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token -> log odds that the text it stands at is article text."""

    attributes: Mapping[str, float]
    texts: Mapping[str, float]
    _elements: dict[str, "Named"] = field(default_factory=dict)
    _names: dict[str, Scores] = field(default_factory=dict)
    _texts: dict[str, float] = field(default_factory=dict)

    def of_element(self, attributes: str) -> "Named":
        """What an element's attributes say, as the parser writes them."""
        known = self._elements.get(attributes)
        if known is None:
            names, hidden, is_body = names_of(attributes)
            known = (*self._of_names(names), HIDDEN * hidden | IS_BODY * is_body, names[0] if names else "")
            _remember(self._elements, attributes, known, _CACHE // 4)
        return known

    def _of_names(self, names: list[str]) -> Scores:
        if not names:
            return _NOTHING
        known = self._names.get
        high, low = -_BEYOND, _BEYOND
        for name in names:
            up, down = known(name) or self.of_name(name)
            high = up if up > high else high
            low = down if down < low else low
        return high, low

    def of_name(self, name: str) -> Scores:
        """The scores of one name of a class or an id."""
        known = self._names.get(name)
        if known is None:
            of_token = self.attributes.get
            values = [value for token in name_tokens(name) if (value := of_token(token)) is not None]
            known = (max(values), min(values)) if values else _NOTHING
            _remember(self._names, name, known)
        return known

    def of_texts(self, texts: Sequence[str]) -> list[float]:
        """The scores of blocks by their first words, 0 for long ones."""
        known, new = self._texts.get, self._of_text
        return [
            (score if (score := known(text)) is not None else new(text)) if len(text) <= _MAX_TEXT else 0.0
            for text in texts
        ]

    def _of_text(self, text: str) -> float:
        of_token = self.texts.get
        values = [value for token in text_tokens(text) if (value := of_token(token)) is not None]
        score = max(values) + min(values) if values else 0.0
        if len(text) <= _SHORT:
            _remember(self._texts, text, score)
        return score


def _remember(memory: dict[str, Known], text: str, known: Known, most: int = _CACHE) -> None:
    """A full memory is emptied: what is still in use is soon there again."""
    if len(memory) >= most:
        memory.clear()
    memory[text] = known


def names_of(attributes: str) -> tuple[list[str], bool, bool]:
    """The names that an element's attributes hold, whether it is hidden, whether it says it is the article's body."""
    if attributes.startswith(_ONLY_CLASS) and attributes.find('"', len(_ONLY_CLASS)) == len(attributes) - 1:
        return attributes[len(_ONLY_CLASS) : -1].split()[:_MAX_NAMES], False, False
    names: list[str] = []
    hidden = is_body = False
    for key, value in _ATTRIBUTE.findall(attributes):
        if key in {"class", "id"}:
            names += value.split()[:_MAX_NAMES]
        elif key == "style":
            hidden = hidden or bool(_HIDDEN_STYLE.search(value))
        elif key in {"hidden", "aria-hidden"}:
            hidden = hidden or key == "hidden" or value == "true"
        else:
            names.append(f"{key}={value[:_MAX_NAME]}")
            is_body = is_body or (key == "itemprop" and "articleBody" in value)
    return names, hidden, is_body


def name_tokens(name: str) -> list[str]:
    """A name as a whole, and its words (marked ~): `articleBody-text` gives also `~article`, `~body`, `~text`."""
    tokens = ["~" + word.lower() for word in _WORD.findall(name[:80])[:_MAX_NAMES]]
    if len(name) <= _MAX_NAME:
        tokens.append(name.lower())
    return tokens


def text_tokens(text: str) -> list[str]:
    """The first words of a block, the first of them marked ^, and pairs of them."""
    words = _FIRST_WORDS.findall(text[:48].lower())[:4]
    if not words:
        return words
    first = words[0]
    pairs = [f"{word} {following}" for word, following in pairwise(words)]
    return [f"^{first}", *words, *pairs]
