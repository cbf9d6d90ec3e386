"""The content folder as sheets: what is read whole, and what is read again when somebody changed it, is the same."""

import itertools
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import StorageError
from broadsheet.model.record import Record, RecordProvider
from broadsheet.model.story import Member, Receipt, Story
from broadsheet.stages.publish.printing import Sheet
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.stories import story_id
from broadsheet.stages.publish.story_files import emit_moved, emit_story, story_path
from broadsheet.steps.contents import Contents

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ticks = itertools.count(1_000_000_000)


def a_record(name: str, **more: object) -> Record:
    provider, url = RecordProvider("The Kelp Ledger", "kelp.example"), f"https://kelp.example/{name}"
    record = Record(f"Title of {name}", AT, url, provider, ("Energy",), web_url=url, quality=1, heat=-1, published=True)
    return replace(record, **more)  # type: ignore[arg-type]


def a_story(story: str, *names: str, **more: object) -> Story:
    records = [a_record(name) for name in names]
    members = [
        Member(
            path(n), r.title, r.web_url or "", r.provider.name, r.provider.domain, AT, Receipt(), is_head=n == names[0]
        )
        for n, r in zip(names, records, strict=True)
    ]
    return replace(Story(story, f"Title of {names[0]}", 5, True, tuple(members), ("Energy",)), **more)  # type: ignore[arg-type]


def path(name: str) -> str:
    return f"_news/2026-03-01-{name}.md"


class Folder:
    """A content folder in which each writing has an instant of its own, however quick the test is."""

    def __init__(self, folder: Path) -> None:
        self.path = folder

    def write(self, at: str, body: bytes) -> None:
        (self.path / at).parent.mkdir(parents=True, exist_ok=True)
        (self.path / at).write_bytes(body)
        os.utime(self.path / at, (now := next(_ticks), now))

    def record(self, name: str, **more: object) -> None:
        self.write(path(name), emit_record(a_record(name, **more)).encode())

    def story(self, story: str, *names: str, **more: object) -> None:
        self.write(story_path(story), emit_story(a_story(story, *names, **more)))

    def remove(self, at: str) -> None:
        (self.path / at).unlink(missing_ok=True)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Two reports of one story, and a record that is one by itself."""
    made = Folder(tmp_path)
    for name in ("ferry", "boat", "gull"):
        made.record(name)
    made.story("abc", "ferry", "boat")
    return made


def read(folder: Folder) -> tuple[Contents, dict[str, Sheet]]:
    contents = Contents(folder.path)
    return contents, {sheet.story.id: sheet for sheet in contents.whole()}


def changed(contents: Contents) -> tuple[list[str], list[str]]:
    changes = contents.changed()
    return [sheet.story.id for sheet in changes.sheets], changes.gone


def test_all_is_read_once_and_then_nothing_differs(folder: Folder) -> None:
    contents, sheets = read(folder)
    assert sorted(sheets) == sorted(["abc", story_id(path("gull"))])
    assert list(sheets["abc"].records) == [path("ferry"), path("boat")]
    assert contents.records == 3
    assert changed(contents) == changed(contents) == ([], [])
    assert contents.any_sheet("abc") == sheets["abc"]
    assert contents.any_sheet(story_id(path("gull"))) == sheets[story_id(path("gull"))]
    assert contents.any_sheet("nobody") is None


def test_a_file_that_is_as_written_is_the_storys_document(folder: Folder) -> None:
    sheet = read(folder)[1]["abc"]
    assert sheet.document == (folder.path / story_path("abc")).read_bytes() == emit_story(sheet.story)


def test_a_file_that_somebody_has_written_otherwise_is_not(folder: Folder) -> None:
    folder.write(story_path("abc"), (folder.path / story_path("abc")).read_bytes().replace(b"\n  ", b"\n "))
    assert read(folder)[1]["abc"].document is None


@pytest.mark.parametrize(
    "other",
    [
        {"title": "Other"}, {"excerpt": "Other"}, {"web_url": "https://kelp.example/other"}, {"topics": ("Other",)},
        {"provider": RecordProvider("Other", "kelp.example")}, {"published_date_time": AT.replace(minute=1)},
        {"heat": 7}, {"heat": 0}, {"published": False},
    ],
)  # fmt: skip
def test_a_story_is_what_its_records_say(folder: Folder, other: dict[str, object]) -> None:
    before = read(folder)[1]["abc"]
    folder.record("ferry", **other)
    sheet = read(folder)[1]["abc"]
    assert sheet.document is None
    assert sheet.story != before.story


def test_the_head_s_own_heat_and_unpublished_stories_change_nothing(folder: Folder) -> None:
    folder.record("ferry", heat=5, published=False)
    folder.record("boat", heat=9, published=False)
    folder.story("abc", "ferry", "boat", published=False, title="An editor's")
    sheet = read(folder)[1]["abc"]
    assert sheet.story == a_story("abc", "ferry", "boat", published=False, title="An editor's")
    assert sheet.document == emit_story(sheet.story)


def test_a_record_that_is_gone_is_no_member(folder: Folder) -> None:
    contents, _ = read(folder)
    folder.remove(path("boat"))
    (sheet,) = contents.changed().sheets
    assert [m.record for m in sheet.story.members] == [path("ferry")]
    assert sheet.document is None


def test_what_is_named_is_no_story_by_itself(folder: Folder) -> None:
    contents, _ = read(folder)
    folder.story("abd", "gull")
    assert changed(contents) == (["abd"], [story_id(path("gull"))])
    folder.remove(story_path("abd"))
    assert changed(contents) == ([story_id(path("gull"))], ["abd"])
    folder.story(story_id(path("gull")), "gull")
    assert changed(contents) == ([story_id(path("gull"))], [])
    folder.remove(path("gull"))
    folder.remove(story_path(story_id(path("gull"))))
    assert changed(contents) == ([], [story_id(path("gull"))])


def test_what_can_not_be_read_is_told_until_it_can(folder: Folder) -> None:
    contents, _ = read(folder)
    folder.write(path("gull"), b"nonsense")
    folder.write(story_path("abc"), b"{}")
    alone = [story_id(path("boat")), story_id(path("ferry"))]
    assert changed(contents) == (alone, sorted(["abc", story_id(path("gull"))]))
    assert [failure.item for failure in contents.failures] == [path("gull"), story_path("abc")]
    assert changed(contents) == ([], [])
    folder.record("gull")
    folder.remove(story_path("abc"))
    assert changed(contents) == ([story_id(path("gull"))], [])
    assert contents.failures == []


def test_a_link_is_told_and_not_followed(folder: Folder) -> None:
    (folder.path / path("link")).symlink_to(folder.path / path("gull"))
    (folder.path / "_stories" / "li").symlink_to(folder.path / "_stories" / "ab")
    contents, sheets = read(folder)
    assert len(sheets) == 2
    assert [failure.item for failure in contents.failures] == [path("link")]
    assert f"{folder.path / path('link')}: is no plain file" in contents.failures[0].reason
    assert changed(contents) == ([], [])
    folder.remove(path("link"))
    assert changed(contents) == ([], [])
    assert contents.failures == []


def test_a_file_that_goes_while_all_are_read_is_missed_at_the_next_look(folder: Folder) -> None:
    contents = Contents(folder.path)
    (story,) = contents.story_files()
    contents.take(contents.read(story), "abc")
    (lone,) = contents.lone_records()
    folder.remove(lone)
    contents.take(contents.read(lone), None)
    assert [failure.item for failure in contents.failures] == [lone]
    assert changed(contents) == ([], [])
    assert contents.failures == []


def test_where_an_address_leads(folder: Folder) -> None:
    contents, _ = read(folder)
    folder.write(story_path("abd"), emit_moved("abd", "abc"))
    assert changed(contents) == ([], [])
    assert contents.moved == {"abd": "abc"} == read(folder)[0].moved
    folder.remove(story_path("abd"))
    assert changed(contents) == ([], [])
    assert contents.moved == {}


def test_names_that_are_no_record_s_are_not_read(folder: Folder) -> None:
    (folder.path / "secret.md").write_text("---\n")
    story = a_story("abc", "ferry", "boat")
    for record in ("secret.md", "_news/../secret.md", story_path("abc")):
        members = (story.members[0], replace(story.members[1], record=record))
        folder.write(story_path("abc"), emit_story(replace(story, members=members)))
        _, sheets = read(folder)
        assert list(sheets["abc"].records) == [path("ferry")]


def test_an_empty_folder_and_one_that_can_not_be_read(tmp_path: Path) -> None:
    assert list(Contents(tmp_path).whole()) == []
    (tmp_path / "_news").write_text("a file")
    assert list(Contents(tmp_path).whole()) == []
    (tmp_path / "_stories").symlink_to("_stories")
    with pytest.raises(StorageError, match="_stories: can't be read"):
        list(Contents(tmp_path).whole())


names = st.sampled_from(["ferry", "boat", "gull"])
acts = st.one_of(
    st.tuples(st.just("record"), names, st.sampled_from([{}, {"title": "Other"}, {"published": False}, {"heat": 3}])),
    st.tuples(st.just("no record"), names),
    st.tuples(st.just("bad record"), names),
    st.tuples(st.just("story"), st.sampled_from(["abc", "abd"]), st.lists(names, min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("moved"), st.sampled_from(["abc", "abd"])),
    st.tuples(st.just("no story"), st.sampled_from(["abc", "abd"])),
    st.tuples(st.just("look")),
)


@settings(max_examples=150)
@given(st.lists(acts, max_size=8), st.lists(acts, max_size=8))
def test_what_was_read_bit_by_bit_is_what_is_read_at_once(before: list[tuple], after: list[tuple]) -> None:
    with TemporaryDirectory() as top:
        folder = Folder(Path(top))
        for act in before:
            do(folder, act)
        contents, sheets = read(folder)
        for act in (*after, ("look",)):
            do(folder, act)
            if act[0] == "look":
                changes = contents.changed()
                for gone in changes.gone:
                    del sheets[gone]
                sheets |= {sheet.story.id: sheet for sheet in changes.sheets}
        fresh, now = read(folder)
        assert sheets == now
        assert contents.moved == fresh.moved
        assert contents.failures == fresh.failures
        assert contents.records == fresh.records
        assert {s: contents.any_sheet(s) for s in now} == now
        for sheet in now.values():
            assert sheet.document in (None, emit_story(sheet.story))


def do(folder: Folder, act: tuple) -> None:
    match act:
        case "record", name, other:
            folder.record(name, **other)
        case "no record", name:
            folder.remove(path(name))
        case "bad record", name:
            folder.write(path(name), b"---\n")
        case "story", story, members:
            folder.story(story, *members)
        case "moved", story:
            folder.write(story_path(story), emit_moved(story, "aaa"))
        case "no story", story:
            folder.remove(story_path(story))
