"""Story files: written by hand as `json` would, read quickly as the patient reader reads them."""

import copy
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.model.instants import iso
from broadsheet.model.story import Correction, DecidedBy, Member, Receipt, Story
from broadsheet.stages.publish import story_reading
from broadsheet.stages.publish.story_files import emit_story, story_path, story_text
from broadsheet.stages.publish.story_quick import read_quickly
from broadsheet.stages.publish.story_reading import read_story

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
maybe = st.none() | text
number = st.none() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-(10**9), 10**9)
instant = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))
texts = st.lists(text, max_size=3).map(tuple)
AT = datetime(2026, 1, 2, 12, tzinfo=UTC)
LONG_NUMBER = re.compile(rb": -?[0-9.]*([0-9]\.[0-9]{7}|e)|: -?1000000000,")
receipts = st.builds(
    Receipt,
    similarity=number, threshold=number, runner_up=maybe, runner_up_similarity=number, names=texts, numbers=texts,
    terms=st.dictionaries(text, st.floats(-1, 1), max_size=3), decided_by=st.sampled_from(DecidedBy),
    together=st.integers(1, 9), decision=st.none() | text.filter(bool),
)  # fmt: skip
members = st.builds(
    Member,
    record=text, title=text, url=text, provider_name=text, provider_domain=text, published=instant, receipt=receipts,
    excerpt=maybe, language=maybe, type=text, quality=whole, is_head=st.just(False), copy_of=maybe, shared_text=number,
    adds=maybe,
)  # fmt: skip
heads = st.builds(
    Member, record=text, title=text, url=text, provider_name=text, provider_domain=text, published=instant,
    receipt=receipts, is_head=st.just(True),
)  # fmt: skip
stories = st.builds(
    Story,
    id=st.from_regex(r"[a-z0-9]{3,12}", fullmatch=True), title=text, heat=whole, published=st.booleans(),
    members=st.tuples(heads, st.lists(members, max_size=3)).map(lambda m: (m[0], *m[1])), topics=texts,
    heat_terms=st.lists(st.tuples(text, whole), max_size=3).map(tuple), head_reasons=texts,
    corrections=st.lists(st.builds(Correction, text, instant, text, text, text), max_size=2).map(tuple),
    reachable=st.booleans(),
)  # fmt: skip


def by_json(story: Story) -> bytes:
    """The form of the file, said in another way than the writer says it."""
    values: dict[str, Any] = {"id": story.id, "title": story.title, "heat": story.heat, "published": story.published}
    if story.reachable:
        values["reachable"] = True
    values |= {
        "topics": story.topics,
        "heatTerms": [{"name": name, "points": points} for name, points in story.heat_terms],
        "headReasons": story.head_reasons,
        "members": [_member(m) for m in story.members],
        "corrections": [
            {"record": c.record, "at": iso(c.at), "field": c.field, "before": c.before, "after": c.after}
            for c in story.corrections
        ],
    }
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


def _member(m: Member) -> dict[str, Any]:
    return {
        "record": m.record, "title": m.title, "url": m.url, "providerName": m.provider_name,
        "providerDomain": m.provider_domain, "publishedDateTime": iso(m.published), "excerpt": m.excerpt,
        "language": m.language, "type": m.type, "quality": m.quality, "isHead": m.is_head, "copyOf": m.copy_of,
        "sharedText": m.shared_text, "adds": m.adds, "receipt": m.receipt.as_json(),
    }  # fmt: skip


@given(stories)
def test_the_text_is_what_json_gives(story: Story) -> None:
    assert emit_story(story) == by_json(story)


@given(stories)
def test_what_was_written_is_read_quickly_and_right(story: Story) -> None:
    data = emit_story(story)
    quick = read_quickly(data)
    assert quick == story or b"\\u" in data or LONG_NUMBER.search(data)
    assert read_story(data, path=story_path(story.id)) == story


@given(whole, st.integers(-(10**13), 10**13), st.integers(0, 6), st.integers(-30, -5))
def test_numbers_as_we_give_them_are_read_quickly(number: int, digits: int, places: int, power: int) -> None:
    values = {"a": round(number / 10**6, 6), "b": round(digits * 10.0**power, 6), "c": digits % 1000 / 10**places}
    terms = {**values, "d": float(f"{digits % 99 + 1}e{power - 1}"), "e": -0.0, "f": 0.0, "g": 1e-05, "h": 0.0001}
    story = Story("abc", "t", 1, True, (Member("r", "", "", "", "", AT, Receipt(terms=terms), is_head=True),))
    quick = read_quickly(emit_story(story))
    assert quick == story
    assert emit_story(quick) == emit_story(story)


odd: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | text | st.just("\ud800") | st.just([]) | st.just({})
    | st.just([1]) | st.just({"a": "b"}) | st.just(10**400) | st.just("2026-01-01T00:00:00+05:00") | st.just("../x")
)  # fmt: skip


@settings(max_examples=400)
@given(stories, st.data())
def test_it_takes_nothing_that_the_patient_reader_takes_otherwise(story: Story, data: st.DataObject) -> None:
    values = json.loads(emit_story(story))
    spoiled = copy.deepcopy(values)
    place: Any = spoiled
    while True:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = data.draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            continue
        if data.draw(st.booleans()) or not isinstance(place, dict):
            place[key] = data.draw(odd)
        else:
            del place[key]
        break
    body = json.dumps(spoiled, ensure_ascii=data.draw(st.booleans()), indent=2) + "\n"
    agree(body.encode("utf-8", "surrogatepass"))


@settings(max_examples=400)
@given(stories, st.data())
def test_it_takes_no_text_that_we_would_write_otherwise(story: Story, data: st.DataObject) -> None:
    text = story_text(story)
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 4))
    put = data.draw(st.text(st.sampled_from(' \n\t-+:,"\\/bfnrtu{}[].0159eETZ\x00\x7f\u2028é'), max_size=4))
    agree((text[:at] + put + text[at + cut :]).encode())


@pytest.mark.parametrize(
    ("ours", "other"),
    [
        ('"similarity": 0.5', '"similarity": 0.50'), ('"similarity": 0.5', '"similarity": 5e-1'),
        ('"similarity": 0.5', '"similarity": 0.00001'), ('"similarity": 0.5', '"similarity": -0'),
        ('"similarity": 0.5', '"similarity": 1.5e-04'), ('"similarity": 0.5', '"similarity": 1.50e-05'),
        ('"similarity": 0.5', '"similarity": 0.1234567890123456789'), ('"similarity": 0.5', '"similarity": NaN'),
        ('"similarity": 0.5', '"similarity": 0'), ('"heat": 1,', '"heat": -0,'), ('"heat": 1,', '"heat": 01,'),
        ('"heat": 1,', '"heat": 1.0,'), ('"together": 1,', '"together": 0,'), ('"w": 0.5', '"w": 0.5,\n          "w": 1'),
        ('"title": "t"', '"title": "\\/"'), ('"title": "t"', '"title": "\x01"'), ('"title": "t"', '"title": "\\"\\\\"'),
        ('"published": true,', '"published": true,\n  "reachable": false,'), ("00Z", "00.000Z"), ("00Z", "60Z"),
        ('"published": true,', '"published": true,\n  "reachable": true,'), ("T12", "T24"), ("-01-", "-13-"),
        ('"decision": "d"', '"decision": ""'), ('"decision": "d"', '"decision": null'), ("2026", "0000"),
        ('"isHead": true', '"isHead": false'), ('"corrections": []\n}\n', '"corrections": []\n}'),
        ('"corrections": []\n}\n', '"corrections": []\n}\n\n'), ('"names": []', '"names": [\n        ]'),
        ('"copy"', '"chance"'), ('"title": "t",\n  "heat": 1', '"heat": 1,\n  "title": "t"'),
    ],
)  # fmt: skip
def test_other_ways_of_writing(ours: str, other: str) -> None:
    receipt = Receipt(similarity=0.5, terms={"w": 0.5}, decided_by=DecidedBy.COPY, decision="d")
    text = story_text(Story("abc", "t", 1, True, (Member("r", "", "", "", "", AT, receipt, is_head=True),)))
    assert ours in text
    agree(text.replace(ours, other, 1).encode())


def agree(body: bytes) -> None:
    """What is read quickly is what the patient reader makes of it, and written again just so."""
    quick = read_quickly(body)
    if quick is not None:
        assert quick == patient(body)
        assert emit_story(quick) == body


def patient(body: bytes) -> Story | None:
    """What the patient reader makes of it."""
    try:
        return story_reading._story(story_reading._Row(json.loads(body)))
    except (ValueError, OverflowError, Rejected):
        return None


@given(
    st.binary(max_size=60) | st.sampled_from([b"[]", b"{}", b"null", b'{"id": "a", "mergedInto": "b"}', b"[" * 9999])
)
def test_other_bytes_are_left_to_the_patient_reader(body: bytes) -> None:
    assert read_quickly(body) is None
