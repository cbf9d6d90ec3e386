"""What names of classes and first words of blocks tell: two dictionaries learned from labelled pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
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
            scores = [self._names.get(name) or self.of_name(name) for name in names]
            high, low = (max(scores)[0], min(low for _, low in scores)) if scores else _NOTHING
            known = (high, low, HIDDEN * hidden | IS_BODY * is_body, names[0] if names else "")
            _remember(self._elements, attributes, known, _CACHE // 4)
        return known

    def of_name(self, name: str) -> Scores:
        """The scores of one name of a class or an id."""
        known = self._names.get(name)
        if known is None:
            of_token = self.attributes.get
            values = [value for token in name_tokens(name) if (value := of_token(token)) is not None]
            known = (max(values), min(values)) if values else _NOTHING
            _remember(self._names, name, known)
        return known

    def of_text(self, text: str) -> float:
        """The score of a short block by its first words, 0 for long ones."""
        if len(text) > _MAX_TEXT:
            return 0.0
        score = self._texts.get(text) if len(text) <= _SHORT else None
        if score is None:
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
    names: list[str] = []
    hidden = is_body = False
    for key, value in _ATTRIBUTE.findall(attributes):
        if key in {"hidden", "aria-hidden", "style"}:
            hidden = (
                hidden
                or key == "hidden"
                or (key == "aria-hidden" and value == "true")
                or bool(_HIDDEN_STYLE.search(value))
            )
        elif key in {"class", "id"}:
            names += value.split()[:_MAX_NAMES]
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
    words = _FIRST_WORDS.findall(text[:48].lower())
    if not words:
        return words
    first, *rest = words[:4]
    tokens = [f"^{first}", first, *rest]
    for word in rest:
        tokens.append(f"{first} {word}")
        first = word
    return tokens
