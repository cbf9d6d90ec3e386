"""Permanent ids of stories: a group keeps the id that most of its articles hold."""

import hashlib
from collections.abc import Mapping, Sequence


def carried_ids(votes: Sequence[Mapping[str, float]], reserved: Mapping[int, str]) -> dict[int, str]:
    """The story id of each group that can keep one, by the group's number.

    `votes` says for each group how many of its articles hold which id. An id goes to one group, the largest share
    first; `reserved` ids are given already, by an editor.
    """
    given = dict(reserved)
    taken = set(reserved.values())
    ballots = sorted((-count, number, story) for number, held in enumerate(votes) for story, count in held.items())
    for _, number, story in ballots:
        if number not in given and story not in taken:
            given[number] = story
            taken.add(story)
    return given


def story_id(article_id: str, salt: int = 0) -> str:
    """The id of a story that begins with this article; `salt` where that one is taken."""
    text = f"{article_id}\n{salt}" if salt else article_id
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
