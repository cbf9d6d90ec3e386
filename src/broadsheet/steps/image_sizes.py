"""Reads the sizes of lead images that their pages did not say from the first bytes of the files."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Protocol, TypeVar

from broadsheet.errors import ItemError, RetryLater
from broadsheet.formats.image_head import ENOUGH, Size, image_size
from broadsheet.model.article import Article
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.images import Image
from broadsheet.steps.newsroom import Newsroom

_AT_ONCE = 100
_SMALLEST = 50  # pixels of a side; what is smaller is a counter or an icon and no picture of anything


class HasArticle(Protocol):
    """What came of an item, with its article if there is one. A frozen data class."""

    @property
    def article(self) -> Article | None:
        """The article."""
        ...


Gathered = TypeVar("Gathered", bound=HasArticle)


def with_sizes(room: Newsroom, gathered: Iterable[Gathered]) -> Iterator[Gathered]:
    """The same in the same order, the lead images of their articles with sizes as far as these can be had.

    An image is asked for once: what was read, or why it could not be, is remembered. One that can't be had now is
    asked for again when another page names it. Nothing that happens here loses an article.
    """
    rest = iter(gathered)
    while some := list(islice(rest, _AT_ONCE)):
        sizes = _sizes(room, [lead.url for one in some if (lead := _unsized(one.article)) is not None])
        for one in some:
            lead = _unsized(one.article)
            yield _sized(one, sizes[lead.url]) if lead is not None and lead.url in sizes else one


def _unsized(article: Article | None) -> Image | None:
    lead = article.images[0] if article is not None and article.images else None
    return lead if lead is not None and not (lead.width and lead.height) else None


def _sizes(room: Newsroom, urls: list[str]) -> dict[str, Size]:
    wanted = list(dict.fromkeys(urls))
    known = room.store.pictures.sizes(wanted)
    if room.settings.fetch.image_sizes:
        new = [url for url in wanted if url not in known]
        for url, (size, reason) in zip(new, room.engine.map(lambda u: _read(room, u), new), strict=True):
            known[url] = size
            if reason is not None:
                room.store.pictures.keep_size(url, size, reason)
    return {url: size for url, size in known.items() if size is not None}


def _read(room: Newsroom, url: str) -> tuple[Size | None, str | None]:
    """Runs in a worker. The size, and why there is none; None as reason where it may be asked for again."""
    try:
        response = room.http.get(Request(url, Purpose.IMAGE, first_bytes=ENOUGH))
    except RetryLater:
        return None, None
    except ItemError as error:
        return None, str(error)
    size = image_size(response.body)
    return size, "" if size else "its first bytes are those of no picture that we know"


def _sized(one: Gathered, size: Size) -> Gathered:
    article = one.article
    if article is None:
        return one
    lead, *others = article.images
    evidence = {**article.evidence, "imageSize": "first bytes"}
    if min(size) < _SMALLEST:
        doubts = {**article.doubts, "images": f"{lead.url} has {size[0]} x {size[1]} pixels"}
        return _with(one, replace(article, images=tuple(others), doubts=doubts))
    return _with(one, replace(article, images=(Image(lead.url, *size), *others), evidence=evidence))


def _with(one: Gathered, article: Article) -> Gathered:
    return replace(one, article=article)  # type: ignore[type-var]
