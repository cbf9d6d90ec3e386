"""Names of record files."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.slugs import LONGEST_WORD, MAX_LENGTH, record_path, slug

NIGHT = datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ferry Sails", "ferry-sails"),
        ("  It’s 3.5 % — really! ", "its-35-really"),
        ("Zürich café, ǅ and ñ", "zurich-cafe-and-n"),
        ("a -- b---c", "a-b-c"),
        ("-x-", "x"),
        ("low-code & no_code", "low-code-nocode"),
        ("../../etc/passwd", "etcpasswd"),
        ("x\n---\nevil: 1", "x-evil-1"),
    ],
)
def test_the_rule(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_cut_at_a_word() -> None:
    assert slug("word " * 60) == "-".join(["word"] * 29)
    assert len(slug("word " * 28 + "four five")) == 144
    assert slug("x" * 300) == "x" * LONGEST_WORD
    assert slug("x" * 90 + " y") == "x" * 90 + "-y"


def test_a_title_of_which_nothing_is_left_has_a_name_all_the_same() -> None:
    assert re.fullmatch(r"story-[0-9a-f]{10}", slug("渡轮启航"))
    assert slug("渡轮启航") != slug("渡轮")
    assert slug("") == slug("")


def test_the_day_is_in_utc_and_a_taken_name_gets_a_number() -> None:
    assert record_path(NIGHT, "Ferry", ()) == "_news/2026-02-28-ferry.md"
    taken = {"_news/2026-02-28-ferry.md", "_news/2026-02-28-ferry-2.md"}
    assert record_path(NIGHT, "Ferry", taken) == "_news/2026-02-28-ferry-3.md"


@given(st.text())
def test_any_title(title: str) -> None:
    name = slug(title)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name)
    assert len(name) <= MAX_LENGTH
    assert slug(name) == name
    path = record_path(datetime(2026, 1, 1, tzinfo=UTC), title, ())
    assert re.fullmatch(r"_news/2026-01-01-[a-z0-9-]+\.md", path)
