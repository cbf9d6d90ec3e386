"""YAML of settings: strict, with file and line, and impossible to blow up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import SettingsError
from broadsheet.formats.yaml_files import line_of, load_yaml, split_front_matter


def test_values_and_their_lines() -> None:
    loaded = load_yaml("# a comment\na: 1\nb:\n  - c: yes\n    d: text\n", name="x.yml")
    assert loaded == {"a": 1, "b": [{"c": True, "d": "text"}]}
    assert isinstance(loaded, dict)
    assert (line_of(loaded, "b"), line_of(loaded["b"][0], "d"), line_of({}, "a")) == (3, 5, 1)


def test_as_text_takes_every_value_for_what_stands_there() -> None:
    assert load_yaml("a: yes\nb: 0x1F\nc:\nd: 2026-01-01\n", name="x", as_text=True) == {
        "a": "yes", "b": "0x1F", "c": "", "d": "2026-01-01",
    }  # fmt: skip


def test_an_empty_document_is_none() -> None:
    assert load_yaml("", name="x") is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yml:3: the key 'a' stands twice"),
        ("a:\n  b: 1\n  b: 2\n", "x.yml:3: the key 'b' stands twice"),
        ("a: 1\nb: &c 2\n", "x.yml:2: an anchor (c)"),
        ("a: *c\n", "x.yml:1: an alias (c)"),
        ("a: 1\nb: !!python/object/apply:os.system [id]\n", "x.yml:2: the tag"),
        ("a: !!str 1\n", "x.yml:1: the tag"),
        ("a: [1\n", "x.yml:2:"),
        ("a: 1\n---\nb: 2\n", "x.yml:2: but found another document"),
        ("a: \0\n", "x.yml: unacceptable character"),
        ("? [a]\n: 1\n", "x.yml:1: a key must be a single value"),
        ("[" * 1000, "x.yml:1: nested deeper than 32"),
        ("a" * 300_000, "x.yml: more than 256 KiB"),
        ("[" + "1," * 30_000 + "]", "x.yml:1: more than 20000 values"),
        ("a: 2026-99-99\n", "x.yml: month must be in 1..12"),
        ("a: " + "1" * 5_000, "x.yml: Exceeds the limit"),
        ("<<: 1\n", "x.yml:1: expected a mapping"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(text: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_yaml(text, name="x.yml")
    assert str(raised.value).startswith(told)
    assert "\n" not in str(raised.value)


def test_anchors_and_merge_keys_where_they_are_allowed() -> None:
    text = "base: &base\n  a: 1\n  b: 2\nmore:\n  <<: *base\n  b: 3\n"
    assert load_yaml(text, name="x", allow_anchors=True) == {"base": {"a": 1, "b": 2}, "more": {"a": 1, "b": 3}}


def test_anchors_do_not_multiply_without_end() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    with pytest.raises(SettingsError, match="more than 20000 values"):
        load_yaml(bomb, name="x", allow_anchors=True)
    with pytest.raises(SettingsError, match="stands for nothing"):
        load_yaml("a: &a [*a]\n", name="x", allow_anchors=True)


@given(st.text(max_size=60), st.booleans(), st.booleans())
def test_any_text_is_read_or_refused(text: str, allow_anchors: bool, as_text: bool) -> None:
    try:
        load_yaml(text, name="x", allow_anchors=allow_anchors, as_text=as_text)
    except SettingsError as error:
        refused = str(error)
        assert refused.startswith("x:")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("---\na: 1\n---\nBody\n", ("a: 1\n", "Body\n")),
        ("---\na: 1\n---", ("a: 1\n", "")),
        ("---\n---\nBody", ("", "Body")),
        ("No matter", ("", "No matter")),
        ("---\nnever closed\n", ("", "---\nnever closed\n")),
        ("", ("", "")),
    ],
)
def test_front_matter(text: str, parts: tuple[str, str]) -> None:
    assert split_front_matter(text) == parts
