"""Rules of a publication: what comes in, what stays out, what is kept quiet, and what is tagged."""

from dataclasses import dataclass
from enum import StrEnum

RULED = "rule: "
"""How the reason begins for which a rule drops an item or mutes an article; the rule's name follows."""


class RuleAction(StrEnum):
    """What a rule does with what it matches."""

    INCLUDE = "include"
    EXCLUDE = "exclude"
    MUTE = "mute"
    TAG = "tag"


class RuleField(StrEnum):
    """Where the words and expressions of a rule are looked for."""

    TITLE = "title"
    EXCERPT = "excerpt"
    TEXT = "text"
    URL = "url"
    AUTHOR = "author"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Each condition that is given must hold; of the values of one condition any will do.

    `words` and `regex` must stand in one of the fields `where`, `unless` must not; `sources` are addresses, names or
    tags of sources. `tags` are what a `tag` rule gives. `line` is where the rule begins in its file.
    """

    name: str
    action: RuleAction
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()
    where: tuple[RuleField, ...] = (RuleField.TITLE,)
    providers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    line: int = 0
