"""The news of the JSON API as static files, each item equal to the origin's: lists of all news and of each topic."""

from collections.abc import Iterable, Iterator, Sequence
from json import dumps
from json.encoder import encode_basestring as quoted

from broadsheet.model.images import Image
from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile
from broadsheet.model.record import FiledRecord
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
    lines = (
        ("path", quoted(filed.path)),
        ("title", quoted(record.title)),
        ("excerpt", _text(record.excerpt)),
        ("sourceUrl", "null"),
        ("webUrl", _text(record.web_url)),
        ("originalUrl", quoted(record.original_url)),
        ("featuredContent", _text(record.featured_content)),
        ("highlight", "null"),
        ("heat", _number(record.heat)),
        ("tags", "null"),
        ("images", _images(record.images, "      ")),
        ("content", '""'),
        ("type", quoted(record.type)),
        ("ampWebUrl", _text(record.amp_web_url)),
        ("cdnAmpWebUrl", _text(record.cdn_amp_web_url)),
        ("publishedDateTime", _text(iso(record.published_date_time))),
        ("updatedDateTime", "null"),
        ("provider", _provider(filed)),
        ("locale", quoted(locale)),
        ("categories", _list([quoted(record.category)], "      ")),
        ("topics", _list([quoted(topic) for topic in record.topics], "      ")),
    )
    return _map(lines, "    ")


def _provider(filed: FiledRecord) -> str:
    provider = filed.record.provider
    lines = (
        ("name", quoted(provider.name)),
        ("domain", quoted(provider.domain)),
        ("images", _images(provider.images, "        ")),
        ("publishers", "null"),
        ("authors", "null"),
    )
    return _map(lines, "      ")


def _images(images: Sequence[Image], indent: str) -> str:
    return _list([_image(image, f"{indent}  ") for image in images], indent)


def _image(image: Image, indent: str) -> str:
    lines = (
        ("url", quoted(image.url)),
        ("width", _number(image.width)),
        ("height", _number(image.height)),
        ("title", "null"),
        ("attribution", "null"),
        ("isCached", "true" if image.is_cached else "false"),
    )
    return _map(lines, indent)


def _map(lines: Iterable[tuple[str, str]], indent: str) -> str:
    body = f",\n{indent}  ".join(f'"{key}": {value}' for key, value in lines)
    return f"{{\n{indent}  {body}\n{indent}}}"


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
