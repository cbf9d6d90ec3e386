"""Articles from JSON Lines."""

import json

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.reading import EARLIEST, read_articles


def read(*lines: object) -> list[StoryArticle | dict[str, object]]:
    return list(read_articles([line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]))


def test_only_the_id_must_be_there():
    assert read({"id": "a"}) == [StoryArticle("a", "", EARLIEST)]


def test_all_fields():
    [found] = read(
        {
            "id": 7, "url": "https://e.org/a", "title": "T", "excerpt": "E", "text": "X", "language": "de",
            "publishedDateTime": "2026-03-02T09:00:00+01:00", "provider": {"name": "N", "domain": "e.org"},
        }
    )  # fmt: skip
    assert isinstance(found, StoryArticle)
    assert (found.id, found.provider_domain, found.published.isoformat()) == ("7", "e.org", "2026-03-02T08:00:00+00:00")


def test_bad_lines_are_named_by_their_number():
    found = read(
        {"id": "a"}, b"  ", b"{", [1], {"title": "x"}, {"id": "a"}, {"id": ""}, {"id": True}, b"\xff", {"id": "b"}
    )
    assert [row["line"] if isinstance(row, dict) else row.id for row in found] == ["a", 3, 4, 5, 6, 7, 8, 9, "b"]


def test_nesting_and_wrong_types_do_no_harm():
    found = read(b'{"id":' + b"[" * 100_000, {"id": "a", "title": 3, "provider": "p", "publishedDateTime": [1]})
    assert [isinstance(row, dict) for row in found] == [True, False]


@given(st.lists(st.one_of(st.binary(max_size=60), st.builds(lambda v: json.dumps(v).encode(), st.recursive(
    st.none() | st.text() | st.floats(), lambda inner: st.dictionaries(st.sampled_from(["id", "title"]), inner)
))), max_size=10))  # fmt: skip
def test_any_bytes_give_articles_or_errors(lines):
    assert len(list(read_articles(lines))) == sum(bool(line.strip()) for line in lines)
