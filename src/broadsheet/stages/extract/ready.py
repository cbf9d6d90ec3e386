"""Importing this makes extraction ready: a fork server imports it, so that its processes begin with what is loaded.

Models are loaded when the first page needs them, which takes longer than a page does. Here that page is one of ours.
"""

from datetime import UTC, datetime

from broadsheet.model.exchange import Response
from broadsheet.stages.extract.article import extract_article

_PAGE = (
    "<html lang=en><title>The first page</title><body><article><h1>The first page</h1><p>Nobody will ever read this"
    " page, but it has a title, a name and enough words to make out its language, its date and its text.</p>"
    "</article></body></html>"
)

extract_article(Response("https://example.org/", "https://example.org/", 200, _PAGE.encode(), datetime.now(UTC)))
