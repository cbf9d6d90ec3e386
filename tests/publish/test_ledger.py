"""The ledger of pages: places that stay, files that are only ever appended to."""

import json

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.ledger import LINES, NEWS, RECORDS_A_PAGE, STORIES, Ledger, read_ledger

LISTS = (NEWS, "news/a", "news/b", STORIES, "stories/a", "providers/kelp.example", "providers/reef.example")
joins = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.lists(st.sampled_from(LISTS), min_size=1, unique=True)))


class Plain:
    """The same in the plainest way: each list is a list."""

    def __init__(self) -> None:
        self.lists: dict[str, list[str]] = {}
        self.lines: list[str] = []

    def join(self, key: str, lists: list[str]) -> None:
        new = [name for name in lists if key not in self.lists.setdefault(name, [])]
        for name in new:
            self.lists[name].append(key)
        if new:
            self.lines.append(json.dumps([key, *new], separators=(",", ":")))


@given(joins)
def test_it_is_what_plain_lists_are(joined: list[tuple[str, list[str]]]) -> None:
    ledger, plain = Ledger(), Plain()
    for key, lists in joined:
        ledger.join(key, tuple(lists))
        plain.join(key, lists)
    assert list(ledger.lines()) == plain.lines
    for name in LISTS:
        there = plain.lists.get(name, [])
        assert list(ledger.all(name)) == there
        assert ledger.count(name) == len(there)
        assert [ledger.place(name, key) for key in "abcdefgh"] == [
            there.index(key) if key in there else None for key in "abcdefgh"
        ]


@given(joins)
def test_what_was_filed_reads_back(joined: list[tuple[str, list[str]]]) -> None:
    ledger = Ledger()
    for key, lists in joined:
        ledger.join(key, tuple(lists))
    again = read_ledger(ledger.unfiled())
    assert again.lines() == ledger.lines()
    assert again.unfiled() == {}
    assert again.unread == 0


def test_pages_are_filled_from_the_oldest_and_the_one_that_opens_is_told() -> None:
    ledger = Ledger()
    opened = [number for number in range(3 * RECORDS_A_PAGE) if ledger.join(f"r{number}", (NEWS, "news/a"))]
    assert opened == [0, RECORDS_A_PAGE, 2 * RECORDS_A_PAGE]
    assert ledger.last(NEWS) == 3
    assert list(ledger.keys(NEWS, 2)) == [f"r{n}" for n in range(RECORDS_A_PAGE, 2 * RECORDS_A_PAGE)]
    assert (ledger.page(NEWS, "r0"), ledger.page(NEWS, f"r{RECORDS_A_PAGE}"), ledger.page(NEWS, "x")) == (1, 2, None)


def test_pages_of_all_lists_are_in_one_order() -> None:
    ledger = Ledger()
    for number in range(2 * RECORDS_A_PAGE):
        ledger.join(f"r{number}", (NEWS,))
        ledger.join(f"s{number}", (STORIES,))
    times = [ledger.since(name, page) for page in (1, 2, 3) for name in (NEWS, STORIES)]
    assert times == [0, 1, 2 * RECORDS_A_PAGE, 2 * RECORDS_A_PAGE + 1, 4 * RECORDS_A_PAGE, 4 * RECORDS_A_PAGE]


def test_only_the_files_that_grew_are_written() -> None:
    ledger = Ledger()
    for number in range(LINES + 1):
        ledger.join(f"r{number}", (NEWS,))
    assert sorted(ledger.unfiled()) == ["_pages/000001.jsonl", "_pages/000002.jsonl"]
    ledger.filed()
    assert ledger.unfiled() == {}
    ledger.join("later", (NEWS,))
    assert sorted(ledger.unfiled()) == ["_pages/000002.jsonl"]


def test_lines_that_are_none_are_counted_and_left_out() -> None:
    body = b'["a","news"]\n<<<<<<< ours\n["b"]\n[1,"news"]\n["c","news","news","unknown/x"]\n' + b"[" * 5_000
    ledger = read_ledger({"_pages/000001.jsonl": body})
    assert list(ledger.all(NEWS)) == ["a", "c"]
    assert ledger.unread == 4
