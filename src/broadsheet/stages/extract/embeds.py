"""Videos: whether the page is one, and the player that shows it."""

import html

from broadsheet.formats.markup import safe_embed
from broadsheet.stages.extract.address import absolute
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page
from broadsheet.stages.extract.structured import kinds, text_of

_LITTLE_TEXT = 1200  # characters; a page with a video and more text than this is an article with a video


def find_video(page: Page, text: str) -> Found[str | None] | None:
    """The sanitised player of a page that is a video, None as value where no player is allowed; None for articles."""
    where = _why_video(page, text)
    if where is None:
        return None
    for address in _players(page):
        url = absolute(page, address)
        if url and (embed := safe_embed(f'<iframe src="{html.escape(url)}" allowfullscreen></iframe>')):
            return Found(embed, where)
    return Found(None, where)


def _why_video(page: Page, text: str) -> str | None:
    kind = page.metas.get("og:type", ("",))[0].lower()
    if kind.startswith("video"):
        return "og:type"
    if page.linked.video and len(text) < _LITTLE_TEXT and kind != "article":
        article = page.linked.article
        if not article or kinds(article) & {"newsvideoobject", "videoobject"}:
            return "json-ld VideoObject"
    return None


def _players(page: Page) -> list[str]:
    linked = [text_of(page.linked.video.get("embedUrl"))]
    metas = [
        page.metas.get(name, ("",))[0] for name in ("og:video:secure_url", "og:video:url", "og:video", "twitter:player")
    ]
    return [address for address in [*linked, *metas] if address]
