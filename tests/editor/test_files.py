"""Decisions as files: what is written is read again, and whatever else lies there is told with file and line."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.model.editorial import Decision, What
from broadsheet.stages.publish.decisions import decision_path, emit_decision, emit_members, name_of, read_decision
from broadsheet.steps.editorial import read_decisions

PATH = "_decisions/one.yaml"
MERGE = "what: merge\nat: 2026-11-22T10:00:00Z\nby: Ann\nstory: 4f2a9c\ninto: 12e456789012\n"
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"))
TEXTS = WORDS.map(lambda t: " ".join(t.split())).filter(lambda t: len(t) < 500)
IDS = st.from_regex(r"[0-9a-f]{12}", fullmatch=True)
ADDRESSES = st.lists(
    st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9%?=&-]{0,20}", fullmatch=True), min_size=1, max_size=5, unique=True
).map(tuple)  # fmt: skip


@given(
    at=st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC)).map(lambda d: d.replace(microsecond=0)),
    by=TEXTS.filter(bool),
    why=TEXTS,
    story=IDS,
    into=IDS,
    articles=ADDRESSES,
    stay=ADDRESSES,
)
def test_what_is_written_is_read(
    *, at: datetime, by: str, why: str, story: str, into: str, articles: tuple[str, ...], stay: tuple[str, ...]
) -> None:
    members = {story: (*articles, *(f"{a}-stays" for a in stay))}
    made = Decision("one", at, by, What.SPLIT, why, story, into if into != story else "n", articles, members)
    assert read_decision(emit_decision(made).encode(), path=PATH) == made


@given(st.one_of(st.text().map(lambda t: t.encode("utf-8", "replace")), st.binary()))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for body in (data, MERGE.encode() + data):
        assert outcome(body).startswith(PATH)


def outcome(body: bytes) -> str:
    try:
        return decision_path(read_decision(body, path=PATH).name)
    except Rejected as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ":1: a decision begins with what: merge or split or move or pin or unpin or undo"),
        (MERGE.replace("merge", "marge"), ":1: what: 'marge' is none of merge, split, move, pin, unpin, undo; merge was"),
        (MERGE + "wy: because\n", ":6: wy: is no key of a merge; why was meant, perhaps"),
        (MERGE.replace("into: 12e456789012\n", ""), ":1: into is missing; a merge needs it"),
        (MERGE.replace("12e456789012", "4f2a9c"), ":5: into: is the story itself"),
        (MERGE.replace("12e456789012", "../etc"), ":5: into: '../etc' is not the id of a story"),
        (MERGE.replace("2026-11-22T10:00:00Z", "yesterday"), ":2: at: is not an instant with a zone"),
        (MERGE.replace("by: Ann", "by:"), ":3: by: is empty"),
        (MERGE + "story: 77\n", ":6: the key 'story' stands twice"),
        (MERGE + "members: {4f2a9c: [not an address]}\n", ":6: members: 'not an address' is neither the address"),
        ("what: pin\nat: 2026-11-22T10:00:00Z\nby: Ann\narticles: []\n", ":4: articles: is not a list of articles"),
        ("what: pin\nat: 2026-11-22T10:00:00Z\nby: Ann\narticles: ../_news/a.md\n", ":4: articles: '../_news/a.md' is"),
        ("what: [", ":2: "),
        ("what: !!python/object x", ":1: the tag"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(text: str, told: str) -> None:
    with pytest.raises(Rejected) as caught:
        read_decision(text.encode(), path=PATH)
    assert str(caught.value).startswith(f"{PATH}{told}")


def test_written_by_hand_an_id_of_digits_is_no_number_and_one_article_no_list() -> None:
    assert read_decision(MERGE.encode(), path=PATH).into == "12e456789012"
    move = "what: move\nat: 2026-11-22T11:00:00+01:00\nby: Ann\narticles: _news/2026-11-22-a.md\ninto: 4f2a9c\n"
    read = read_decision(move.encode(), path=PATH)
    assert read.articles == ("_news/2026-11-22-a.md",)
    assert read.at == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_split_by_hand_has_an_id_that_follows_from_its_name() -> None:
    split = "what: split\nat: 2026-11-22T10:00:00Z\nby: Ann\nstory: 4f2a9c\narticles: https://a.example/1\n"
    one, other = (read_decision(split.encode(), path=f"_decisions/{n}.yaml").into for n in ("one", "other"))
    assert one == read_decision(split.encode(), path=PATH).into != other


def test_members_added_at_the_end_are_read() -> None:
    text = MERGE + emit_members({"4f2a9c": ("https://a.example/1",)})
    assert read_decision(text.encode(), path=PATH).members == {"4f2a9c": ("https://a.example/1",)}


def test_two_editors_never_write_the_same_file() -> None:
    at = datetime(2026, 11, 22, 10, tzinfo=UTC)
    names = {name_of(Decision("", at, by, What.MERGE, story="a", into="b")) for by in ("Ann", "Ben")}
    assert len(names) == 2
    assert all(n.startswith("20261122T100000Z-merge-") for n in names)


def test_one_bad_file_stops_no_other_and_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "_decisions"
    folder.mkdir()
    (folder / "one.yaml").write_text(MERGE, "utf-8")
    (folder / "bad.yaml").write_text("what: no\n", "utf-8")
    (folder / "large.yaml").write_text("#" * 2_000_000, "utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "elsewhere")
    (folder / "notes.txt").write_text("ours", "utf-8")
    decisions, failures = read_decisions(tmp_path)
    assert [d.name for d in decisions] == ["one"]
    assert [f.item for f in failures] == [decision_path(n) for n in ("bad", "large", "link")]
