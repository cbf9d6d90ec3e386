"""A story as search knows it, and the files that hold it for the page of results."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from broadsheet.errors import Rejected
from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import provider_step
from broadsheet.stages.publish.site.views import StoryView

PER_FILE = 16
"""Stories in one file of `search/stories/`: a page of results opens as many of these files as it has results."""
_DECK, _TITLE = 220, 300
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff]")
_EPOCH = date(1970, 1, 1).toordinal()
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class SearchDoc(NamedTuple):
    """What a result shows of a story, and what is searched: `title` and `deck`.

    `number` is the story's permanent one; `topics` are ids of topics with a page, the kicker first; `provider` is the
    name of the head's publisher, `domain` the step of its page's address or empty; `day` the archive's, counted
    from 1970-01-01; `language` that of the head where it is not the site's.
    """

    number: int
    id: str
    title: str
    deck: str
    topics: tuple[str, ...]
    provider: str
    domain: str
    day: int
    heat: int
    independent: int
    copies: int
    language: str | None


def search_doc(number: int, view: StoryView | Card) -> SearchDoc:
    """The story of this number as search shows it: title and deck cut to what a list has room for."""
    return SearchDoc(
        number=number,
        id=view.id,
        title=_clipped(view.title, _TITLE),
        deck=_clipped(view.deck, _DECK),
        topics=tuple(t.id for t in view.topics),
        provider=_clipped(view.head.chip.name, _DECK),
        domain=provider_step(view.head.chip.domain) or "",
        day=view.day.toordinal() - _EPOCH,
        heat=view.heat,
        independent=len(view.independent),
        copies=len(view.copies),
        language=view.head.lang,
    )


def _clipped(text: str, width: int) -> str:
    """The text in one line, cut between words. Letters of scripts without spaces count for two."""
    line = " ".join(text.split())
    if not line.isascii() and _WIDE.search(line):
        width //= 2
    if len(line) <= width:
        return line
    cut = line[:width]
    return (cut[: cut.rfind(" ")] if cut.rfind(" ") > width // 2 else cut[:-1]) + "…"


def line_of(doc: SearchDoc) -> str:
    """The document as a line of a file."""
    return _encode(doc) + ",\n"


def doc_of(line: str) -> SearchDoc:
    """The document of a line. Raises Rejected where it is none."""
    try:
        number, story, title, deck, topics, *rest = json.loads(line.rstrip().removesuffix(","))
        return SearchDoc(number, story, title, deck, tuple(topics), *rest)
    except (ValueError, TypeError) as error:
        raise Rejected(f"a file of the search holds {line!r:.60} where a story should be") from error


def encoded(path: str, text: str) -> OutputFile:
    """The file of this text; what is no character becomes a question mark."""
    return OutputFile(path, text.encode("utf-8", "replace"))


def stories_path(block: int) -> str:
    """Where the documents of the numbers from `block * PER_FILE` on are."""
    return f"search/stories/{block}.js"


def stories_file(block: int, lines: Iterable[str]) -> OutputFile:
    """The documents of one block, in order of number."""
    return encoded(stories_path(block), f'broadsheet("stories/{block}",[\n{"".join(lines)}])\n')
