"""Permanent ids of stories: a group keeps the id that most of its articles hold."""

import hashlib
from collections import Counter
from collections.abc import Container, Mapping, Sequence


def carry_ids(groups: Sequence[Sequence[str]], held: Mapping[str, str], used: set[str]) -> list[str]:
    """The story id of each group of article ids; the articles of a group are in order of time.

    A group takes the id held by most of its articles, one group per id, the largest overlap first; the others get a
    new one. `held` maps articles to the story that they have; `used` has every id that was ever given, and grows.
    """
    votes = [
        (-count, number, story)
        for number, group in enumerate(groups)
        for story, count in Counter(held[a] for a in group if a in held).items()
    ]
    given: dict[int, str] = {}
    taken: set[str] = set()
    for _, number, story in sorted(votes):
        if number not in given and story not in taken:
            given[number] = story
            taken.add(story)
    used |= taken
    for number, group in enumerate(groups):
        if number not in given:
            given[number] = _new_id(group, used)
            used.add(given[number])
    return [given[number] for number in range(len(groups))]


def _new_id(group: Sequence[str], used: Container[str]) -> str:
    """From the first article whose hash is free; if none is, from the first with a salt."""
    for article in group:
        if (candidate := _hash(article)) not in used:
            return candidate
    salt = 1
    while (candidate := _hash(f"{group[0]}\n{salt}")) in used:
        salt += 1
    return candidate


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
