"""What the catalogue is made of: values in order, who holds a key, texts that are kept or made anew."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.printing.entries import Facts, Item, packed, unpacked
from broadsheet.stages.publish.printing.in_order import InOrder
from broadsheet.stages.publish.printing.shelves import Holders
from broadsheet.stages.publish.printing.texts import Texts

AT = datetime(2026, 5, 1, tzinfo=UTC)


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(0, 50), max_size=40))))
def test_values_are_in_order_whenever_they_are_asked_for(steps: list[tuple[bool, list[int]]]) -> None:
    ordered, plain = InOrder[int](), list[int]()
    for taken, values in steps:
        for value in values:
            if taken and value in plain:
                ordered.remove(value)
                plain.remove(value)
            else:
                ordered.add(value)
                plain.append(value)
        assert list(ordered.values()) == sorted(plain)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from("xyz"), st.sampled_from("abc"))))
def test_of_several_holders_the_first_counts(steps: list[tuple[bool, str, str]]) -> None:
    holders, plain = Holders(), dict[str, set[str]]()
    for put, key, holder in steps:
        (holders.put if put else holders.drop)(key, holder)
        there = plain.setdefault(key, set())
        (there.add if put else there.discard)(holder)
        assert holders.get(key) == min(there, default=None)


@given(st.text(), st.lists(st.text()), st.lists(st.text()))
def test_texts_come_back_from_where_they_are_packed(summary: str, items: list[str], told: list[str]) -> None:
    texts = [text.replace("\0", "") for text in (summary, *items, *told)]
    whole = packed(texts[0], texts[1 : len(items) + 1], texts[len(items) + 1 :])
    assert [unpacked(whole, number) for number in range(len(texts))] == texts


def facts(story: str) -> Facts:
    items = (Item(f"{story}.md", AT, ("news",), own_page=False),)
    return Facts(story, None, (), items, (), (), (), "", None, has_page=True)


def test_the_texts_that_are_not_kept_are_made_anew() -> None:
    made: list[str] = []

    def anew(story: str) -> bytes:
        made.append(story)
        return packed(f"{story}!", [f"item of {story}"], [f"report of {story}"])

    texts = Texts(anew, most=2)
    for story in "abcd":
        texts.put(story, packed(story, ["item"], ["report"]))
    texts.trim(newest="ac")
    assert [texts.summary(story) for story in "abcd"] == ["a", "b!", "c", "d!"]
    assert (texts.item(facts("b"), 0), texts.told(facts("b"), 0)) == ("item of b", "report of b")
    assert made == ["b", "d"]
    texts.trim()
    assert [texts.summary(story) for story in "bd"] == ["b!", "d!"]
    texts.drop("d")
    assert (texts.summary("d"), made) == ("d!", ["b", "d", "d"])


def test_texts_that_were_used_last_are_kept() -> None:
    texts = Texts(lambda story: packed(f"{story}!", (), ()), most=1)
    texts.put("a", packed("a", (), ()))
    texts.put("b", packed("b", (), ()))
    assert texts.summary("a") == "a"
    texts.trim()
    assert (texts.summary("a"), texts.summary("b")) == ("a", "b!")
