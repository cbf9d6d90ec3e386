"""The JSON API as static files, equal to the origin's: every page of all news, and of each topic that offers news."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from json import dumps
from json.encoder import encode_basestring as quoted

from broadsheet.model.images import Image
from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.record import FiledRecord
from broadsheet.stages.publish.site.links import story_path
from broadsheet.stages.publish.stories import end_of
from broadsheet.stages.publish.story_files import emit_moved, emit_story

PAGE_SIZE = 25
_OFFERS_NEWS = "news"


def api_files(publication: Publication) -> Iterator[OutputFile]:
    """`api/news/index.json` and `api/news/page/<n>/index.json`, and the same under `api/news/<topic id>/`.

    25 items a page, only published records, newest first. A page is `{"page", "value", "nextPage"}`, indented by two.
    A topic without a single item has one page, an empty one.
    """
    shown = in_order(publication.records)
    items = {filed.path: item_as_text(filed, publication.site.locale) for filed in shown}
    yield from _pages("api/news", [items[filed.path] for filed in shown])
    for topic in publication.topics:
        if _OFFERS_NEWS in topic.services and not topic.is_site:
            having = [items[filed.path] for filed in shown if topic.name in filed.record.topics]
            yield from _pages(f"api/news/{topic.id}", having)


def story_api_files(publication: Publication) -> Iterator[OutputFile]:
    """`api/stories/<id>/index.json` of every filed story whose address readers have or had: the story as it is filed,
    with the receipts of its members; of one without reports `{"id", "mergedInto"}`, which names the one to read."""
    there = {s.id: s for s in publication.stories if s.published or s.reachable}
    for story in there.values():
        yield OutputFile(f"api/{story_path(story.id)}index.json", emit_story(story))
    for gone in sorted(publication.moved):
        into = end_of(gone, publication.moved)
        if gone not in there and into in there:
            yield OutputFile(f"api/{story_path(gone)}index.json", emit_moved(gone, into))


def in_order(records: Iterable[FiledRecord]) -> list[FiledRecord]:
    """The records that readers see, newest first; of one instant in the order of their paths.

    A record in the older form says nothing of being published, and is: there was no other kind when it was written.
    """
    shown = [filed for filed in records if filed.record.published is not False]
    return sorted(shown, key=_newest_first)


def _newest_first(filed: FiledRecord) -> tuple[float, str]:
    return -(filed.record.published_date_time - _EPOCH).total_seconds(), filed.path


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _pages(folder: str, items: Sequence[str]) -> Iterator[OutputFile]:
    last = max(1, -(-len(items) // PAGE_SIZE))
    for number in range(1, last + 1):
        value = items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        body = _page_as_text(number, value, number + 1 if number < last else None)
        if number == 1:
            yield OutputFile(f"{folder}/index.json", body)
        yield OutputFile(f"{folder}/page/{number}/index.json", body)


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
