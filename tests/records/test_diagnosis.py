"""Everything that can be wrong with a record is told with its line, its key and a reason."""

import pytest

from broadsheet.stages.publish.records.diagnosis import diagnose
from broadsheet.stages.publish.records.problems import RecordProblems
from broadsheet.stages.publish.records.reader import read_record
from broadsheet.stages.publish.records.schema import MAX_BYTES

GOOD = """---
category: news
title: "Ferry sails"
excerpt: "It did."
publishedDateTime: 2026-03-01T12:00:05Z
originalUrl: "https://kelp.example/1"
webUrl: "https://kelp.example/1"
ampWebUrl: "https://kelp.example/1/amp"
cdnAmpWebUrl: "https://kelp-example.cdn.ampproject.org/c/s/kelp.example/1/amp"
type: article
quality: 72
heat: 82
published: true

provider:
  name: The Kelp Ledger
  domain: kelp.example
  images:
    - url: "https://a.example/50.png"
      width: 50
      height: 50

topics:
  - Small News
  - Energy

images:
  - url: "https://kelp.example/1.jpg"
    width: 640
    height: 480
    isCached: true

related:
  - title: "Ferry sailed"
    publishedDateTime: 2026-03-01T13:00:05Z
    webUrl: "https://ridge.example/1"
    type: article
    provider:
      name: Ridge
      domain: ridge.example
    quality: 7
---

"""

# (what is replaced, by what, [(line, key, a part of the reason)])
WRONG = {
    "missing key": ('title: "Ferry sails"\n', "", [(3, "title", "missing")]),
    "missing block": ("topics:\n  - Small News\n  - Energy\n\n", "", [(23, "topics", "missing")]),
    "missing below": ("  domain: kelp.example\n", "", [(17, "provider.domain", "missing")]),
    "missing in an item": ('url: "https://kelp.example/1.jpg"\n    width', "width", [(28, "images[0].url", "missing")]),
    "missing in related": ("    type: article\n", "", [(37, "related[0].type", "missing")]),
    "heat without quality": ("quality: 72\n", "", [(11, "quality", "together")]),
    "AMP without its cache": ("ampWebUrl", "xWebUrl", [(8, "xWebUrl", "no key"), (9, "ampWebUrl", "together")]),
    "no such day": ("2026-03-01T12:00:05Z", "2026-02-30T12:00:05Z", [(5, "publishedDateTime", "no such day")]),
    "no such hour": ("2026-03-01T12:00:05Z", "2026-03-01T24:00:00Z", [(5, "publishedDateTime", "must be an instant")]),
    "no zone": ("2026-03-01T12:00:05Z", "2026-03-01 12:00", [(5, "publishedDateTime", "must be an instant")]),
    "order": ("quality: 72\nheat: 82\n", "heat: 82\nquality: 72\n", [(12, "quality", "stands after heat")]),
    "unknown key": ("type: article\n", "type: article\nlayout: evil\n", [(11, "layout", "no key")]),
    "unknown block": ("type: article\n", "type: article\na:\n  b:\n    - c\n", [(11, "a", "no key")]),
    "twice": ("type: article\n", "type: article\ntype: video\n", [(11, "type", "twice")]),
    "anchor": ("name: The", "name: &a The", [(16, "provider.name", "an anchor")]),
    "alias": ("name: The Kelp Ledger", "name: *a", [(16, "provider.name", "an alias")]),
    "tag": ("name: The", "name: !!str The", [(16, "provider.name", "a tag")]),
    "Python tag": ('title: "', 'title: !!python/object/apply:os.system "', [(3, "title", "a tag")]),
    "flow list": ("topics:\n  - Small News\n  - Energy\n", "topics: [a, b]\n", [(23, "topics", "a flow collection")]),
    "flow map": ("name: The Kelp Ledger", "name: {a: b}", [(16, "provider.name", "a flow collection")]),
    "merge key": ("provider:\n", "provider:\n  <<: *x\n", [(16, None, "a merge key")]),
    "complex key": ("type: article\n", "? type\n: article\n", [(10, None, "a complex key"), (11, None, "key: value")]),
    "block of lines": ('"It did."', "|\n  It did.", [(4, "excerpt", "a block of lines"), (5, None, "indented")]),
    "folded value": ('"It did."', '"It\n  did."', [(4, "excerpt", "closing quote"), (5, None, "one line")]),
    "null": ("quality: 72", "quality: null", [(11, "quality", "a null")]),
    "comment": ("type: article\n", "# a note\ntype: article\n", [(10, None, "a comment")]),
    "tab": ("  name: The", "\tname: The", [(16, None, "tab")]),
    "no blank": ("type: article", "type:article", [(10, None, "blank is missing"), (11, "type", "missing")]),
    "list for map": ("provider:\n  name", "provider:\n  - name", [(16, None, "an item of a list")]),
    "map for list": ("  - Small News\n", "  small: news\n", [(24, "topics", "hyphen")]),
    "second document": ("type: article\n", "type: article\n---\nlayout: evil\n", [(12, None, "after the closing")]),
    "document end": ("type: article\n", "type: article\n...\n", [(11, None, "document mark")]),
    "indent": ("  - Small News\n", "   - Small News\n", [(24, None, "indented by 3")]),
    "no value": ("name: The Kelp Ledger", "name:", [(16, "provider.name", "no value")]),
    "empty list": ("topics:\n  - Small News\n  - Energy\n", "topics:\n", [(23, "topics", "no value")]),
    "no quotes": ('"Ferry sails"', "Ferry: sails", [(3, "title", "double quotes")]),
    "no escape": ("Ferry sails", "Ferry \\q", [(3, "title", "no escape")]),
    "behind the quote": ('"Ferry sails"', '"Ferry" sails', [(3, "title", "behind the closing quote")]),
    "a number for text": ("quality: 72", 'quality: "72"', [(11, "quality", "whole number")]),
    "a fraction": ("quality: 72", "quality: 7.2", [(11, "quality", "whole number")]),
    "yes for true": ("published: true", "published: yes", [(13, "published", "true or false")]),
    "negative pixels": ("width: 640", "width: -640", [(29, "images[0].width", "pixels")]),
    "another type": ("type: article", "type: podcast", [(10, "type", "article or video")]),
    "NUL": ("Ferry", "Fer\0ry", [(3, None, "NUL"), (3, "title", "NUL")]),
    "escape character": ("Ferry", "\x1b[31mFerry", [(3, None, "U+001B")]),
    "lone carriage return": ("Ferry", "Ferry\r", [(3, None, "U+000D")]),
    "text behind": ("quality: 7\n---\n\n", "quality: 7\n---\n\nHello\n", [(44, None, "text after")]),
    "no end": ("quality: 7\n---\n\n", "quality: 7\n", [(42, None, "closing --- is missing")]),
    "no front matter": ("---\ncategory", "category", [(1, None, "first line")]),
}  # fmt: skip

# Matters of form, where the meaning is beyond doubt.
FORM = {
    "order": ("quality: 72\nheat: 82\n", "heat: 82\nquality: 72\n", (12, "quality", "stands after")),
    "blank line missing": ("\n\nprovider", "\nprovider", (14, None, "blank line is missing")),
    "blank line too many": ("type: article\n", "\ntype: article\n", (10, None, "blank line")),
    "blanks at the end": ("type: article\n", "type: article  \n", (10, "type", "blanks")),
    "single quotes": ('"Ferry sails"', "'Ferry sails'", (3, "title", "single quotes")),
    "quotes missing": ('"Ferry sails"', "Ferry sails", (3, "title", "double quotes")),
    "quotes too many": ("name: The Kelp Ledger", 'name: "The Kelp Ledger"', (16, "provider.name", "does not need")),
    "other escapes": ("Ferry sails", "Ferry\\x20sails", (3, "title", "escaped otherwise")),
    "raw tab": ("Ferry sails", "Ferry\tsails", (3, "title", "escaped otherwise")),
    "no empty line": ("---\n\n", "---\n", (42, None, "one empty line")),
    "more empty lines": ("---\n\n", "---\n\n\n", (42, None, "one empty line")),
}


def changed(old: str, new: str) -> bytes:
    assert old in GOOD
    return GOOD.replace(old, new, 1).encode()


def test_the_good_record_is_good() -> None:
    assert read_record(GOOD.encode(), path="r.md").title == "Ferry sails"
    assert diagnose(GOOD.encode(), "r.md").problems == ()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told(name: str) -> None:
    old, new, expected = WRONG[name]
    with pytest.raises(RecordProblems) as raised:
        read_record(changed(old, new), path="r.md")
    told = [(problem.line, problem.key, problem.reason) for problem in raised.value.problems]
    for line, key, reason in expected:
        assert any((line, key) == (at, of) and reason in why for at, of, why in told), told
    assert str(raised.value).startswith("r.md:")


@pytest.mark.parametrize("name", FORM)
def test_matters_of_form_leave_the_meaning_clear(name: str) -> None:
    old, new, (line, key, reason) = FORM[name]
    diagnosis = diagnose(changed(old, new), "r.md")
    good = read_record(GOOD.encode(), path="r.md")
    assert diagnosis.record is not None
    assert diagnosis.record.provider == good.provider
    assert [problem.of_form for problem in diagnosis.problems] == [True]
    [problem] = diagnosis.problems
    assert (problem.line, problem.key) == (line, key)
    assert reason in problem.reason


def test_ends_of_lines_and_byte_order_mark_are_matters_of_form() -> None:
    for data in (GOOD.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + GOOD.encode()):
        diagnosis = diagnose(data, "r.md")
        assert diagnosis.record == read_record(GOOD.encode(), path="r.md")
        assert [problem.line for problem in diagnosis.problems] == [1]


def test_several_problems_are_told_in_the_order_of_their_lines() -> None:
    text = GOOD.replace("type: article", "type: podcast", 1).replace("width: 50", "width: wide").replace("72", "x")
    problems = diagnose(text.encode(), "r.md").problems
    assert [(p.line, p.key) for p in problems] == [(10, "type"), (11, "quality"), (20, "provider.images[0].width")]


def test_not_utf8_names_the_line() -> None:
    [problem] = diagnose(GOOD.encode().replace(b"Ferry sails", b"F\xffrry"), "r.md").problems
    assert (problem.line, problem.key) == (3, None)
    assert "UTF-8" in problem.reason


HOSTILE = {
    "too large": GOOD.replace("It did.", "x" * MAX_BYTES),
    "anchor bomb": "---\na: &a [x,x,x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a,*a]\n" for n in range(9_000)) + "---\n\n",
    "deep": "---\n" + "".join(" " * n + "a:\n" for n in range(1_000)) + "---\n\n",
    "deep flow": "---\ntitle: " + "[" * 900_000 + "\n---\n\n",
    "backslashes": '---\ntitle: "' + "\\" * 900_000 + "\n---\n\n",
    "quotes": "---\ntitle: " + '"' * 900_000 + "\n---\n\n",
    "single quotes": "---\ntitle: " + "'" * 900_000 + "\n---\n\n",
    "blanks": "---\n" + " " * 900_000 + "x\n---\n\n",
    "blank lines": "---\n" + "\n" * 900_000 + "---\n\n",
    "colons": "---\n" + "a: " * 300_000 + "\n---\n\n",
    "items": "---\ntopics:\n" + "  - x\n" * 150_000 + "---\n\n",
    "bad items": "---\nimages:\n" + "  - x: y\n" * 100_000 + "---\n\n",
    "keys": "---\n" + "".join(f"k{n}: v\n" for n in range(90_000)) + "---\n\n",
    "bare": "---\nprovider:\n  name: " + "a #" * 300_000 + "\n---\n\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_reported_briefly(name: str) -> None:
    problems = diagnose(HOSTILE[name].encode(), "r.md").problems
    assert 0 < len(problems) <= 51
    assert all(len(problem.reason) < 300 for problem in problems)


def test_an_anchor_in_an_unknown_key_is_named() -> None:
    problems = diagnose(HOSTILE["anchor bomb"].encode(), "r.md").problems
    assert "an anchor is not allowed" in problems[0].reason
