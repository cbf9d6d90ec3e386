"""Titles that one publisher prints over and over, with one word or the figures changed: columns, filled-in forms.

"Weather for Berlin", "Weather for Hamburg" and ten more of one house are no story, however alike they are. Of many
publishers, or of few articles, such titles are what the same news looks like.
"""

import zlib
from collections import Counter
from collections.abc import Sequence

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.words import is_number

MOST_OF_A_HOUSE, MOST_OF_NOBODY = 12, 60
"""From so many articles with one form in the window on the next says nothing by its title; more where the publisher
isn't known, since several may be meant."""
FEWEST_WORDS = 2
MOST_WORDS = 20
FIGURE = "#"

Form = tuple[int, ...]


def form_of(article: StoryArticle, title: Sequence[str]) -> Form:
    """Hashes of what the article's title may be filled in of: all its words, whatever the figures, and all but one, by
    publisher. They are odd where the publisher is known. Nothing for a title that is too short, or tells enough by its
    length."""
    if not FEWEST_WORDS <= len(title) <= MOST_WORDS:
        return ()
    house = article.provider_domain or _host(article.url)
    start = zlib.crc32(house.encode("utf-8", "surrogatepass"))
    words = [f"\0{FIGURE if is_number(word) else word}".encode("utf-8", "surrogatepass") for word in title]
    left_out = range(len(words) if len(words) > FEWEST_WORDS else 0)
    wanted = [b"".join(words), *(b"".join(words[:n] + words[n + 1 :]) for n in left_out)]
    return tuple(zlib.crc32(some, start) << 1 | bool(house) for some in wanted)


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


class Forms:
    """Counts the forms of the window's articles."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def enter(self, form: Form) -> None:
        """An article of this form arrives."""
        self._counts.update(form)

    def leave(self, form: Form) -> None:
        """One leaves."""
        for key in form:
            self._counts[key] -= 1
            if not self._counts[key]:
                del self._counts[key]

    def is_filled_in(self, form: Form) -> bool:
        """Whether the window has so many of this form that another one says nothing."""
        most = MOST_OF_A_HOUSE if form and form[0] & 1 else MOST_OF_NOBODY
        return any(self._counts[key] > most for key in form)
