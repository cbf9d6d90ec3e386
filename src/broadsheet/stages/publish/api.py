"""The news of the JSON API as static files, each item equal to the origin's: lists of all news and of each topic."""

from collections.abc import Iterator, Sequence
from json import dumps
from json.encoder import encode_basestring as quoted

from broadsheet.model.images import Image
from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile
from broadsheet.model.record import FiledRecord, RecordProvider
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.ledger import RECORDS_A_PAGE

PAGE_SIZE = RECORDS_A_PAGE
_OFFERS_NEWS = "news"


def offers_news(topic: Topic) -> bool:
    """Whether a topic has a list of its own in the API; the site's own topic has that of all news."""
    return _OFFERS_NEWS in topic.services and not topic.is_site


def news_page_files(folder: str, number: int, items: Sequence[str], *, is_open: bool) -> Iterator[OutputFile]:
    """`api/<folder>/page/<n>/index.json`, and `api/<folder>/index.json` of the open page, which is the same.

    25 items a page, only published records, newest first. A page is `{"page", "value", "nextPage"}`, indented by two.
    Pages are numbered from the oldest: the next page of one is the one before it.
    """
    body = _page_as_text(number, items, number - 1 or None)
    yield OutputFile(f"api/{folder}/page/{number}/index.json", body)
    if is_open:
        yield OutputFile(f"api/{folder}/index.json", body)


def origin_files(folder: str, items: Sequence[str]) -> Iterator[OutputFile]:
    """The same in the origin's form, whose pages are numbered from the newest: every new item moves all of them.

    A list without a single item has one page, an empty one.
    """
    last = max(1, -(-len(items) // PAGE_SIZE))
    for number in range(1, last + 1):
        value = items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        body = _page_as_text(number, value, number + 1 if number < last else None)
        if number == 1:
            yield OutputFile(f"api/{folder}/index.json", body)
        yield OutputFile(f"api/{folder}/page/{number}/index.json", body)


def _page_as_text(number: int, items: Sequence[str], following: int | None) -> bytes:
    value = "[\n    " + ",\n    ".join(items) + "\n  ]" if items else "[]"
    return f'{{\n  "page": {number},\n  "value": {value},\n  "nextPage": {dumps(following)}\n}}'.encode()


def item_as_text(filed: FiledRecord, locale: str) -> str:
    """An item as JSON, its lines indented for the place that it has in a page.

    Written out rather than through `json`, which needs ten times as long where it must indent. Every key is there,
    null where nothing is known, in the origin's order.
    """
    record = filed.record
    return (
        f'{{\n      "path": {quoted(filed.path)},\n      "title": {quoted(record.title)},\n'
        f'      "excerpt": {_text(record.excerpt)},\n      "sourceUrl": null,\n'
        f'      "webUrl": {_text(record.web_url)},\n      "originalUrl": {quoted(record.original_url)},\n'
        f'      "featuredContent": {_text(record.featured_content)},\n      "highlight": null,\n'
        f'      "heat": {_number(record.heat)},\n      "tags": null,\n'
        f'      "images": {_images(record.images, "      ")},\n      "content": "",\n'
        f'      "type": {quoted(record.type)},\n      "ampWebUrl": {_text(record.amp_web_url)},\n'
        f'      "cdnAmpWebUrl": {_text(record.cdn_amp_web_url)},\n'
        f'      "publishedDateTime": "{iso(record.published_date_time)}",\n      "updatedDateTime": null,\n'
        f'      "provider": {_provider(record.provider)},\n      "locale": {quoted(locale)},\n'
        f'      "categories": [\n        {quoted(record.category)}\n      ],\n'
        f'      "topics": {_list([quoted(topic) for topic in record.topics], "      ")}\n    }}'
    )


def _provider(provider: RecordProvider) -> str:
    return (
        f'{{\n        "name": {quoted(provider.name)},\n        "domain": {quoted(provider.domain)},\n'
        f'        "images": {_images(provider.images, "        ")},\n'
        f'        "publishers": null,\n        "authors": null\n      }}'
    )


def _images(images: Sequence[Image], indent: str) -> str:
    return _list([_image(image, f"{indent}  ") for image in images], indent) if images else "null"


def _image(image: Image, indent: str) -> str:
    return (
        f'{{\n{indent}  "url": {quoted(image.url)},\n{indent}  "width": {_number(image.width)},\n'
        f'{indent}  "height": {_number(image.height)},\n{indent}  "title": null,\n{indent}  "attribution": null,\n'
        f'{indent}  "isCached": {"true" if image.is_cached else "false"}\n{indent}}}'
    )


def _list(values: Sequence[str], indent: str) -> str:
    """A list; one without values is null, as in the origin's files."""
    if not values:
        return "null"
    body = f",\n{indent}  ".join(values)
    return f"[\n{indent}  {body}\n{indent}]"


def _text(text: str | None) -> str:
    return "null" if text is None else quoted(text)


def _number(number: int | None) -> str:
    return "null" if number is None else str(number)
