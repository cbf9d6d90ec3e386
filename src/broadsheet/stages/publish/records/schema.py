"""The record format, said once: which keys there are, in which order and form, and where a blank line stands.

The emitter, the fast reader and the careful reader are all made from this. The format is the origin's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields

from broadsheet.model.images import Image
from broadsheet.model.record import Record, RecordProvider, Related
from broadsheet.stages.publish.records.scalars import Form

MAX_BYTES = 1024 * 1024
"""The largest record, as a file. The origin's largest has some ten thousand bytes."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the front matter and the attribute of ours that it holds.

    `form` is the form of its one value. A block key has `shape` instead, a map of that shape, or with `is_list` a list:
    of maps of that shape, or of values of the form. A `gap` is one blank line before the key.
    """

    name: str
    attribute: str
    form: Form = Form.QUOTED
    shape: "Shape | None" = None
    is_list: bool = False
    required: bool = False
    gap: bool = False

    @property
    def is_block(self) -> bool:
        """Whether the value stands on the lines below the key."""
        return self.shape is not None or self.is_list


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of a map, in their order, and the class whose values it holds."""

    holds: type
    keys: tuple[Key, ...]

    def unwritten(self) -> Iterator[tuple[str, object]]:
        """The attributes that have no key here, each with the only value that it may have."""
        written = {key.attribute for key in self.keys}
        for field in fields(self.holds):
            if field.name not in written:
                yield field.name, None if field.default is MISSING else field.default


def _image_keys() -> tuple[Key, ...]:
    return (
        Key("url", "url", required=True),
        Key("width", "width", Form.PIXELS),
        Key("height", "height", Form.PIXELS),
    )


LOGO = Shape(Image, _image_keys())

IMAGE = Shape(Image, (*_image_keys(), Key("isCached", "is_cached", Form.BOOLEAN, required=True)))

NAMED_PROVIDER = Shape(
    RecordProvider,
    (
        Key("name", "name", Form.BARE, required=True),
        Key("domain", "domain", Form.BARE, required=True),
    ),
)

PROVIDER = Shape(
    RecordProvider,
    (*NAMED_PROVIDER.keys, Key("images", "images", shape=LOGO, is_list=True)),
)

RELATED = Shape(
    Related,
    (
        Key("title", "title", required=True),
        Key("excerpt", "excerpt"),
        Key("publishedDateTime", "published_date_time", Form.INSTANT, required=True),
        Key("webUrl", "web_url"),
        Key("ampWebUrl", "amp_web_url"),
        Key("cdnAmpWebUrl", "cdn_amp_web_url"),
        Key("type", "type", Form.KIND, required=True),
        Key("provider", "provider", shape=NAMED_PROVIDER, required=True),
        Key("quality", "quality", Form.INTEGER),
        Key("images", "images", shape=IMAGE, is_list=True),
    ),
)

RECORD = Shape(
    Record,
    (
        Key("category", "category", Form.BARE, required=True),
        Key("title", "title", required=True),
        Key("excerpt", "excerpt"),
        Key("publishedDateTime", "published_date_time", Form.INSTANT, required=True),
        Key("originalUrl", "original_url", required=True),
        Key("webUrl", "web_url"),
        Key("ampWebUrl", "amp_web_url"),
        Key("cdnAmpWebUrl", "cdn_amp_web_url"),
        Key("type", "type", Form.KIND, required=True),
        Key("quality", "quality", Form.INTEGER),
        Key("heat", "heat", Form.INTEGER),
        Key("published", "published", Form.BOOLEAN),
        Key("featuredContent", "featured_content", gap=True),
        Key("provider", "provider", shape=PROVIDER, required=True, gap=True),
        Key("topics", "topics", Form.BARE, is_list=True, required=True, gap=True),
        Key("images", "images", shape=IMAGE, is_list=True, gap=True),
        Key("related", "related", shape=RELATED, is_list=True, gap=True),
        Key("secured", "secured", gap=True),
    ),
)


@dataclass(frozen=True, slots=True)
class Lack:
    """A key that is missing beside one that is there: both with their parents, and what is wrong."""

    missing: str
    beside: str
    reason: str


def is_consistent(record: Record) -> bool:
    """Whether `inconsistencies` finds nothing, in a tenth of the time."""
    no_score = record.quality is None
    return (
        (record.heat is None) is no_score
        and (record.published is None) is no_score
        and _is_amp_whole(record)
        and (not record.related or all(map(_is_amp_whole, record.related)))
    )


def inconsistencies(record: Record) -> Iterator[Lack]:
    """What no single key shows to be wrong: of some keys all must stand there, or none."""
    if record.quality is None or record.heat is None or record.published is None:
        scores = {"quality": record.quality, "heat": record.heat, "published": record.published}
        reason = "is missing; quality, heat and published stand together, or none of them (the older form)"
        yield from _lacks(scores, reason)
    yield from _lone_amp(record)
    for number, related in enumerate(record.related):
        yield from _lone_amp(related, f"related[{number}].")


def _lone_amp(item: Record | Related, parent: str = "") -> Iterator[Lack]:
    if not _is_amp_whole(item):
        pair = {f"{parent}ampWebUrl": item.amp_web_url, f"{parent}cdnAmpWebUrl": item.cdn_amp_web_url}
        yield from _lacks(pair, "is missing; ampWebUrl and cdnAmpWebUrl stand together, or neither")


def _is_amp_whole(item: Record | Related) -> bool:
    return (item.amp_web_url is None) is (item.cdn_amp_web_url is None)


def _lacks(together: Mapping[str, object], reason: str) -> Iterator[Lack]:
    there = [name for name, value in together.items() if value is not None]
    if there:
        for name, value in together.items():
            if value is None:
                yield Lack(name, there[0], reason)
