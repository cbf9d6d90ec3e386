"""From the bytes of a page to an Article."""

from broadsheet.stages.extract.article import extract_article

__all__ = ["extract_article"]
