"""What names of classes and first words of blocks tell: two dictionaries learned from labelled pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_ATTRIBUTE = re.compile(
    r'(class|id|role|itemprop|aria-label|data-testid|data-component|data-type|hidden|aria-hidden|style)="([^"]*)"'
)
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_FIRST_WORDS = re.compile(r"[^\W\d_]+|\d|[©@#|»›]")
_HIDDEN_STYLE = re.compile(r"display:\s*none|visibility:\s*hidden", re.I)
_MAX_NAME, _MAX_NAMES, _MAX_TEXT = 40, 10, 160
_CACHE, _SHORT = 50_000, 30  # entries of menus are met again and again

Scores = tuple[float, float]  # the highest and the lowest of the known tokens; (0, 0) where none is known


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token -> log odds that the text it stands at is article text."""

    attributes: Mapping[str, float]
    texts: Mapping[str, float]
    _names: dict[str, Scores] = field(default_factory=dict)
    _texts: dict[str, float] = field(default_factory=dict)

    def of_name(self, name: str) -> Scores:
        """The scores of one name of a class or an id, with a memory: pages use the same names again and again."""
        known = self._names.get(name)
        if known is None:
            values = [self.attributes[t] for t in name_tokens(name) if t in self.attributes]
            known = (max(values, default=0.0), min(values, default=0.0))
            if len(self._names) < _CACHE:
                self._names[name] = known
        return known

    def of_text(self, text: str) -> float:
        """The score of a short block by its first words, 0 for long ones."""
        if len(text) > _MAX_TEXT:
            return 0.0
        score = self._texts.get(text)
        if score is None:
            known = self.texts
            values = [known[t] for t in text_tokens(text) if t in known]
            score = max(values) + min(values) if values else 0.0
            if len(text) <= _SHORT and len(self._texts) < _CACHE:
                self._texts[text] = score
        return score


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


def name_tokens(name: str) -> Iterator[str]:
    """A name as a whole, and its words (marked ~): `articleBody-text` gives also `~article`, `~body`, `~text`."""
    if len(name) <= _MAX_NAME:
        yield name.lower()
    for word in _WORD.findall(name[:80])[:_MAX_NAMES]:
        yield f"~{word.lower()}"


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
