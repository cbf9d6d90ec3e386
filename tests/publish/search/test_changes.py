"""Whatever happens to the stories, the patched files are those of a full build, byte for byte."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broadsheet.errors import Rejected
from broadsheet.stages.publish.search import (
    SearchDoc,
    changed_files,
    full_files,
    next_boundaries,
    regrouped_files,
)
from broadsheet.stages.publish.search import segments as segments_module
from broadsheet.stages.publish.search.segments import segments

WORDS = [
    "tide",
    "Tides",
    "mill",
    "Kelp",
    "été",
    "潮汐発電",
    "المدينة",
    "the",
    "ﷺ",
    "a`b$c\\d",
    "\u2028",
    "\x85",
    "\ud800",
    "9",
    "",
    "x" * 90,
]
TITLES = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
TOPICS = st.lists(st.sampled_from(["energy", "law", "work.2"]), max_size=2, unique=True).map(tuple)
PROVIDERS = st.sampled_from(["The Kelp Ledger", "Ridge & Valley", "`", ""])


def docs_of(number: int) -> st.SearchStrategy[SearchDoc]:
    small = st.integers(0, 3)
    return st.builds(
        SearchDoc, st.just(number), st.just(f"s{number}"), TITLES, TITLES, TOPICS, PROVIDERS, st.sampled_from(["kelp.example", ""]),
        st.integers(19_999, 20_001), small, small, small, st.sampled_from([None, "de"]),
    )  # fmt: skip


class Paper:
    """The documents, the files as patched, and what was done."""

    def __init__(self) -> None:
        self.docs: dict[int, SearchDoc] = {}
        self.count = 0
        self.boundaries: tuple[int, ...] = ()
        self.files = {f.path: f.body for f in full_files([], ())}

    def change(self, afters: Iterable[tuple[int, SearchDoc | None]]) -> None:
        changes = [(self.docs.get(number), after) for number, after in dict(afters).items()]
        changes = [c for c in changes if c != (None, None)]
        written = list(changed_files(self.files.get, changes, self.boundaries))
        assert len({f.path for f in written}) == len(written)
        self.files.update({f.path: f.body for f in written})
        for before, after in changes:
            if after:
                self.docs[after.number] = after
            elif before:
                del self.docs[before.number]

    def keep_house(self) -> None:
        new = next_boundaries(self.boundaries, self.count)
        if new != self.boundaries:
            for item in list(regrouped_files(self.files.get, self.boundaries, new)):
                if isinstance(item, str):
                    del self.files[item]
                else:
                    self.files[item.path] = item.body
        self.boundaries = new

    def check(self) -> None:
        whole = {f.path: f.body for f in full_files((self.docs[n] for n in sorted(self.docs)), self.boundaries)}
        assert self.files == whole


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_patched_files_are_those_of_a_full_build(data: st.DataObject) -> None:
    paper = Paper()
    for _ in range(data.draw(st.integers(1, 12))):
        what = data.draw(st.sampled_from(["many", "one", "edit", "edit", "delete", "house"]))
        if what == "house":
            paper.keep_house()
        elif what in ("many", "one"):
            some = data.draw(docs_of(paper.count))
            new = range(paper.count, paper.count + (data.draw(st.integers(1, 150)) if what == "many" else 1))
            paper.count = new.stop
            left = data.draw(st.sampled_from([1, 2, 7]))
            paper.change((n, some._replace(number=n, title=f"{some.title} {n % left}")) for n in new if n % left == 0)
        elif paper.docs:
            chosen = data.draw(st.lists(st.sampled_from(sorted(paper.docs)), min_size=1, max_size=4, unique=True))
            paper.change((n, data.draw(docs_of(n)) if what == "edit" else None) for n in chosen)
        paper.check()


def test_forty_days_of_a_paper() -> None:
    """The same from day to day, as a paper grows."""
    paper = Paper()
    for day in range(40):
        new = range(paper.count, paper.count + 20 + day * 11 % 97)
        paper.count = new.stop
        paper.change((n, a_doc(n)) for n in new)
        paper.change((n, a_doc(n, f"Mill number {n} reopened")) for n in range(day, paper.count, 331))
        paper.change((n, None) for n in range(day + 3, paper.count, 577) if n in paper.docs)
        paper.keep_house()
    paper.check()
    assert paper.count > 2000


def a_doc(number: int, title: str = "Tide mill feeds the ferry") -> SearchDoc:
    return SearchDoc(
        number,
        f"s{number}",
        title,
        f"What the mill found on day {number % 50}.",
        ("energy",),
        "The Kelp Ledger",
        "kelp.example",
        20_000 + number // 40,
        12,
        2,
        1,
        None,
    )


def test_a_new_story_changes_one_file() -> None:
    boundaries = next_boundaries((), 5000)
    files = {f.path: f.body for f in full_files((a_doc(n) for n in range(5000)), boundaries)}
    assert [f.path for f in changed_files(files.get, [(None, a_doc(5000))], boundaries)] == ["search/recent.js"]
    assert list(changed_files(files.get, [(a_doc(70), a_doc(70))], boundaries)) == []
    heated = changed_files(files.get, [(a_doc(70), a_doc(70)._replace(heat=90))], boundaries)
    assert [f.path for f in heated] == ["search/stories/4.js"]
    renamed = [
        f.path for f in changed_files(files.get, [(a_doc(70), a_doc(70, "Tide mill feeds the tram"))], boundaries)
    ]
    assert len(renamed) == 3  # the story, and the words ferry and tram
    assert renamed[0] == "search/stories/4.js"


@pytest.mark.parametrize("count", [0, 1, 63, 64, 79, 80, 1000, 16_384, 16_400, 100_000, 1_000_000])
def test_boundaries_of_a_first_build(count: int) -> None:
    boundaries = next_boundaries((), count)
    assert count - (boundaries[-1] if boundaries else 0) < segments_module.OPEN + 16
    assert len(boundaries) <= count // segments_module.LARGEST + 1
    assert next_boundaries(boundaries, count) == boundaries


@given(st.lists(st.integers(0, 900), max_size=120))
def test_boundaries_of_many_days(days: list[int]) -> None:
    boundaries: tuple[int, ...] = ()
    count = 0
    for new in days:
        count += new
        boundaries = next_boundaries(boundaries, count)
        segments(boundaries)
        assert len(boundaries) <= count / 10_000 + 7


def test_what_is_not_ours_is_refused() -> None:
    boundaries = next_boundaries((), 200)
    files = {f.path: f.body for f in full_files((a_doc(n) for n in range(200)), boundaries)}
    changes = [*((a_doc(n), None) for n in range(200)), (None, a_doc(200))]
    for needed in changed_files(files.get, changes, boundaries):
        body = files[needed.path]
        for broken in (b"", b"broadsheet(", body.replace(b"broadsheet", b"other", 1), body[:-3]):
            with pytest.raises(Rejected):
                list(changed_files((files | {needed.path: broken}).get, changes, boundaries))
        with pytest.raises(Rejected):
            list(changed_files({p: b for p, b in files.items() if p != needed.path}.get, changes, boundaries))


def test_a_change_that_can_not_be_is_refused() -> None:
    boundaries = next_boundaries((), 200)
    files = {f.path: f.body for f in full_files((a_doc(n) for n in range(200)), boundaries)}
    with pytest.raises(Rejected):
        list(changed_files(files.get, [(a_doc(5, "Never was here"), None)], boundaries))
    with pytest.raises(Rejected):
        list(changed_files(files.get, [(a_doc(5), a_doc(6))], boundaries))
    with pytest.raises(Rejected):
        list(full_files([], (7,)))
    with pytest.raises(Rejected):
        list(regrouped_files(files.get, boundaries, ()))
