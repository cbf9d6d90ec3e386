"""Story files: written by hand as `json` would, read quickly as the patient reader reads them."""

import copy
import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.model.instants import iso
from broadsheet.model.story import Correction, DecidedBy, Member, Receipt, Story
from broadsheet.stages.publish import story_reading
from broadsheet.stages.publish.story_files import emit_story, story_path
from broadsheet.stages.publish.story_quick import read_quickly
from broadsheet.stages.publish.story_reading import read_story

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
maybe = st.none() | text
number = st.none() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False)
whole = st.integers(-(10**9), 10**9)
instant = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0, tzinfo=UTC))
texts = st.lists(text, max_size=3).map(tuple)
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
    assert quick == story or b"\\u" in data
    assert read_story(data, path=story_path(story.id)) == story


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
    body = json.dumps(spoiled, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "surrogatepass")
    quick = read_quickly(body)
    if quick is not None:
        assert quick == patient(body)


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
