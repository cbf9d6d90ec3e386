"""Whether reading it costs money, as far as the page says so itself."""

from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page

_WORDS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}


def find_paywall(page: Page) -> Found[bool] | None:
    """JSON-LD isAccessibleForFree, else the content tier that publishers tell to Facebook; None where neither is."""
    for node in (page.linked.article, page.linked.page):
        value = node.get("isAccessibleForFree")
        free = value if isinstance(value, bool) else _WORDS.get(str(value).strip().lower().rsplit("/", 1)[-1])
        if free is not None:
            return Found(not free, "json-ld isAccessibleForFree")
    tier = page.metas.get("article:content_tier", ("",))[0].lower()
    return Found(tier == "locked", "meta article:content_tier") if tier in {"free", "locked"} else None
