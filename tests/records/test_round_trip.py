"""What is written is read back as it was, means the same to YAML, and what was read is written back byte for byte."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.model.images import Image
from broadsheet.model.record import Record, RecordProvider, Related, Verbatim
from broadsheet.stages.publish.records.diagnosis import diagnose
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.problems import Problem, RecordProblems
from broadsheet.stages.publish.records.reader import _read_quickly, read_record
from broadsheet.stages.publish.records.schema import inconsistencies, is_consistent

NASTY = (
    "", " ", "yes", "No", "null", "~", "123", "1e3", "0x1F", "0o17", "1_000", "12:30:45", "2026-11-22", ".inf", ".NaN",
    "<<", "=", "- dash", "-", "---", "...", "? key", "a: b", "a:", "a #b", "#b", "{{ site }}", "{a: b}", "[a]", "&a",
    "*a", "!tag", "| x", "> x", "%YAML", "@at", "`tick", "'t is", '"x"', "a\nb", "a\r\nb", "a\tb", "\\", '\\"',
    "x\n---\nevil: 1\n---\n", "\x07bell", "\x1b[31m", "\x7f", "\x85", "\u2028", "a \u2028 b", "\u2029", "\ufeff",
    "\ufffe", "\xa0", "😀", "é", "e\u0301", "trailing ", " leading", "a  b", "3D", "9to5 News", "1&1", "$100",
    "x" * 2000, "y\u2028", "O'Neil & Sons", "ünïcode",
)  # fmt: skip

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.one_of(st.sampled_from(NASTY), st.text(characters, max_size=40))
instants = st.datetimes(timezones=st.just(UTC), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(
    lambda when: when.replace(microsecond=0)
)
numbers = st.integers(-999_999_999, 999_999_999)
pixels = st.none() | st.integers(0, 999_999_999)
kinds = st.sampled_from(["article", "video"])
logos = st.builds(Image, url=texts, width=pixels, height=pixels)
images = st.builds(Image, url=texts, width=pixels, height=pixels, is_cached=st.booleans())
some_images = st.lists(images, max_size=2).map(tuple)
maybe = st.none() | texts
amp = st.one_of(
    st.just({"amp_web_url": None, "cdn_amp_web_url": None}),
    st.fixed_dictionaries({"amp_web_url": texts, "cdn_amp_web_url": texts}),
)
scores = st.one_of(
    st.just({"quality": None, "heat": None, "published": None}),
    st.fixed_dictionaries({"quality": numbers, "heat": numbers, "published": st.booleans()}),
)


@st.composite
def related_items(draw: st.DrawFn) -> Related:
    return Related(
        title=draw(texts),
        published_date_time=draw(instants),
        provider=RecordProvider(draw(texts), draw(texts)),
        excerpt=draw(maybe),
        web_url=draw(maybe),
        type=draw(kinds),
        quality=draw(st.none() | numbers),
        images=draw(some_images),
        **draw(amp),
    )


@st.composite
def records(draw: st.DrawFn) -> Record:
    return Record(
        title=draw(texts),
        published_date_time=draw(instants),
        original_url=draw(texts),
        provider=RecordProvider(draw(texts), draw(texts), draw(st.lists(logos, max_size=2).map(tuple))),
        topics=draw(st.lists(texts, min_size=1, max_size=3).map(tuple)),
        category=draw(texts),
        excerpt=draw(maybe),
        web_url=draw(maybe),
        type=draw(kinds),
        featured_content=draw(maybe),
        images=draw(some_images),
        related=draw(st.lists(related_items(), max_size=2).map(tuple)),
        secured=draw(maybe),
        **draw(amp),
        **draw(scores),
    )


def small(**more: Any) -> Record:
    values: dict[str, Any] = {
        "title": "Ferry sails",
        "published_date_time": datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC),
        "original_url": "https://kelp.example/1",
        "provider": RecordProvider("The Kelp Ledger", "kelp.example"),
        "topics": ("Energy",),
    }
    return Record(**(values | more))


def meaning(record: Record | Related | RecordProvider | Image, *, logo: bool = False) -> dict[str, Any]:
    """The record as YAML should understand it, keys without a value left out."""
    names = {
        "published_date_time": "publishedDateTime", "original_url": "originalUrl", "web_url": "webUrl",
        "amp_web_url": "ampWebUrl", "cdn_amp_web_url": "cdnAmpWebUrl", "featured_content": "featuredContent",
        "is_cached": "isCached",
    }  # fmt: skip
    found = {names.get(name, name): getattr(record, name) for name in record.__slots__}
    if isinstance(record, RecordProvider):
        found["images"] = [meaning(image, logo=True) for image in record.images]
    elif isinstance(record, (Record, Related)):
        found["provider"] = meaning(record.provider)
        found["images"] = [meaning(image) for image in record.images]
    if isinstance(record, Record):
        found["topics"] = list(record.topics)
        found["related"] = [meaning(item) for item in record.related]
    if logo:
        del found["isCached"]
    return {name: value for name, value in found.items() if value not in (None, [], ())}


def record_or_problems(data: bytes) -> Record | tuple[Problem, ...]:
    try:
        return read_record(data, path="r.md")
    except RecordProblems as error:
        return error.problems


@settings(max_examples=250, deadline=None)
@given(records())
def test_what_is_written_is_read_back(record: Record) -> None:
    text = emit_record(record)
    assert read_record(text.encode(), path="r.md") == record
    assert emit_record(read_record(text.encode(), path="r.md")) == text


@settings(max_examples=150, deadline=None)
@given(records())
def test_what_is_written_means_the_same_to_yaml(record: Record) -> None:
    text = emit_record(record)
    start, matter, end = text.split("---\n", 1)[0], text[4:-5], text[-5:]
    assert (start, end) == ("", "---\n\n")
    assert yaml.safe_load(matter) == meaning(record)


@settings(max_examples=150, deadline=None)
@given(records())
def test_the_careful_reader_agrees_with_the_fast_one(record: Record) -> None:
    data = emit_record(record).encode()
    diagnosis = diagnose(data, "r.md")
    assert diagnosis.problems == ()
    assert diagnosis.record == record
    quick = _read_quickly(data)
    assert quick is None or quick == record


@given(records(), st.lists(st.sampled_from(["quality", "heat", "published", "amp_web_url", "cdn_amp_web_url"])))
def test_what_is_consistent(record: Record, without: list[str]) -> None:
    record = replace(record, **dict.fromkeys(without))
    assert is_consistent(record) == (not list(inconsistencies(record)))
    alike = [replace(item, amp_web_url=None) for item in record.related]
    assert is_consistent(replace(record, related=tuple(alike))) == (
        not list(inconsistencies(replace(record, related=tuple(alike))))
    )


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_everywhere(text: str) -> None:
    record = small(title=text, excerpt=text, topics=(text, text), provider=RecordProvider(text, text), category=text)
    written = emit_record(record)
    assert read_record(written.encode(), path="r.md") == record
    assert yaml.safe_load(written[4:-5]) == meaning(record)


@settings(max_examples=250, deadline=None)
@given(st.data(), records())
def test_a_changed_file_comes_back_byte_for_byte_or_is_reported(data: st.DataObject, record: Record) -> None:
    text = emit_record(record)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 12))
    put = data.draw(st.text(st.sampled_from(" \n\t-:\"'#&*!|>{}[]\\\r0aé~"), max_size=5))
    changed = (text[:at] + put + text[at + cut :]).encode()
    found = record_or_problems(changed)
    if isinstance(found, Record):
        assert emit_record(found).encode() == changed
    else:
        assert found


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
@example(b"")
@example(b"---\n---\n\n")
@example(b"\xef\xbb\xbf---\r\n---\r\n\r\n")
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    for body in (data, b"---\n" + data + b"\n---\n\n"):
        found = record_or_problems(body)
        assert isinstance(found, Record) or all(problem.line >= 1 and problem.reason for problem in found)


def test_the_form_that_readers_know() -> None:
    record = small(
        excerpt='It said "no".\nThen yes.',
        quality=72,
        heat=82,
        published=True,
        featured_content='<iframe src="x"></iframe>',
        provider=RecordProvider("The Kelp Ledger", "kelp.example", (Image("https://a.example/50.png", 50, 50),)),
        images=(Image("https://kelp.example/1.jpg", 640, 480, is_cached=True),),
        related=(
            Related("Other", datetime(2026, 3, 2, tzinfo=UTC), RecordProvider("Yes: News", "yes.example"), quality=4),
        ),
        secured="YQ==;Yg==",
    )
    assert emit_record(record) == (
        '---\ncategory: news\ntitle: "Ferry sails"\nexcerpt: "It said \\"no\\".\\nThen yes."\n'
        'publishedDateTime: 2026-03-01T12:00:05Z\noriginalUrl: "https://kelp.example/1"\ntype: article\n'
        'quality: 72\nheat: 82\npublished: true\n\nfeaturedContent: "<iframe src=\\"x\\"></iframe>"\n\n'
        'provider:\n  name: The Kelp Ledger\n  domain: kelp.example\n  images:\n    - url: "https://a.example/50.png"\n'
        "      width: 50\n      height: 50\n\ntopics:\n  - Energy\n\nimages:\n"
        '  - url: "https://kelp.example/1.jpg"\n    width: 640\n    height: 480\n    isCached: true\n\n'
        'related:\n  - title: "Other"\n    publishedDateTime: 2026-03-02T00:00:00Z\n    type: article\n'
        '    provider:\n      name: "Yes: News"\n      domain: yes.example\n    quality: 4\n\n'
        'secured: "YQ==;Yg=="\n---\n\n'
    )


@pytest.mark.parametrize("name", ["yes", "123", "a: b", "a #b", "- x", "{{ x }}", "'t Gooi", "#tag", "@x", "x: y: z "])
def test_what_stood_bare_stays_bare(name: str) -> None:
    text = emit_record(small()).replace("name: The Kelp Ledger", f"name: {name}")
    record = read_record(text.encode(), path="r.md")
    assert record.provider.name == name.strip()
    assert emit_record(record) == text


def test_a_separator_that_stood_raw_stays_raw() -> None:
    text = emit_record(small()).replace("Ferry sails", "Ferry\u2028sails")
    record = read_record(text.encode(), path="r.md")
    assert record.title == "Ferry\u2028sails"
    assert isinstance(record.title, Verbatim)
    assert emit_record(record) == text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"title": "a\0b"}, "title: the text holds a NUL"),
        ({"title": "a\ud800b"}, "title: the text holds half of a surrogate pair"),
        ({"topics": ()}, "topics: is missing"),
        ({"title": None}, "title: is missing"),
        ({"amp_web_url": "https://a.example"}, "cdnAmpWebUrl: is missing"),
        ({"heat": 3}, "quality: is missing"),
        ({"type": "podcast"}, "type: 'podcast' is neither"),
        ({"quality": 10**9, "heat": 0, "published": False}, "quality: 1000000000 is out of bounds"),
        ({"images": (Image("u", -1),)}, "images.width: -1 is no number of pixels"),
        ({"provider": RecordProvider("n", "d", (Image("u", is_cached=True),))}, "provider.images.is_cached"),
        ({"excerpt": "é" * 600_000}, "the record has more than 1024 KiB"),
    ],
)
def test_what_no_record_can_hold_is_refused_by_name(change: dict[str, Any], told: str) -> None:
    with pytest.raises(Rejected, match="^" + told.replace("(", r"\(")):
        emit_record(small(**change))


def test_an_instant_is_written_in_utc() -> None:
    east = datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    assert "publishedDateTime: 2026-02-28T23:00:00Z\n" in emit_record(small(published_date_time=east))
    with pytest.raises(ValueError, match="zone"):
        emit_record(small(published_date_time=datetime(2026, 3, 1)))
