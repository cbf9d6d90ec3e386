"""The page of the search, with all that its script says."""

import json

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.search.words import STOP_WORDS
from broadsheet.stages.publish.site.theme import Theme, stamped

SEARCH = "search/"
_TEXTS = (
    "stories",
    "independent",
    "copies",
    "heat",
    "all_publishers",
    "search_label",
    "search_idle",
    "search_common",
    "search_busy",
    "search_failed",
    "search_none",
    "search_some",
    "search_also_some",
    "search_among",
    "search_more",
    "search_older",
)


def search_page(theme: Theme) -> OutputFile:
    """`search/index.html`. It changes with the site's topics and words only, never with a story."""
    return theme.page(
        "search.html",
        SEARCH,
        heading=theme.words("search"),
        description=theme.words("search_description", title=theme.title),
        script=stamped("search.js"),
        look=stamped("search.css"),
        said=json.dumps(_said(theme), ensure_ascii=False, separators=(",", ":")),
    )


def _said(theme: Theme) -> dict[str, object]:
    words = theme.words
    return {
        **{key: words.texts[key] for key in _TEXTS},
        "page_title": f"{words('search')} | {theme.title}",
        "comma": words.calendar.comma,
        "thousands": words.calendar.thousands,
        "months": words.calendar.months_short,
        "date": words.calendar.dated,
        "topics": [(t.id, t.name, t.path) for t in theme.topics],
        "stop_words": sorted(STOP_WORDS),
    }
