"""Corrections: what a publisher changed of what it had said."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.article import Article
from broadsheet.stages.enrich.revisions import changes_between

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BEFORE = "The barge weighs 40 tonnes. It was built in Aberdeen. The owner is the port."


def changed(before: str, after: str, title: str = "T") -> list[tuple[str, str, str]]:
    found = changes_between("a", Article("u", "T", text=before), Article("u", title, text=after), NOW)
    return [(c.field, c.before, c.after) for c in found]


def test_a_changed_figure_is_a_change() -> None:
    after = BEFORE.replace("40", "48")
    assert changed(BEFORE, after) == [("text", "The barge weighs 40 tonnes.", "The barge weighs 48 tonnes.")]


def test_what_is_only_added_or_laid_out_anew_is_none() -> None:
    assert changed(BEFORE, BEFORE + " The crew has nine members.") == []
    assert changed(BEFORE, BEFORE.replace(". ", ".\n\n")) == []


def test_a_changed_title_is_a_change() -> None:
    assert changed(BEFORE, BEFORE, "U") == [("title", "T", "U")]


def test_a_rewritten_article_tells_at_most_five() -> None:
    before = "\n".join(f"Sentence number {n} says that the tide is {n}." for n in range(50))
    after = "\n".join(f"Sentence number {n} says that the tide was {n}." for n in range(50))
    assert len(changed(before, after)) == 5


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_texts(before: str, after: str) -> None:
    assert len(changed(before, after)) <= 5
    assert changed(before, before) == []
