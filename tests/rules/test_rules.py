"""Rules: what they match, when they may decide, and that they never decide at the door what the page could change."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import SettingsError
from broadsheet.formats.patterns import Pattern, Words
from broadsheet.model.article import Article, Provider
from broadsheet.model.feed import Entry
from broadsheet.model.kept import KeptArticle
from broadsheet.model.rules import Rule, RuleAction, RuleField
from broadsheet.model.source import Source
from broadsheet.model.taxonomy import Topic
from broadsheet.settings import read_rules, read_settings
from broadsheet.stages.enrich.rules import LEFT_OUT, Fate, RuleBook, Verdict

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LEDGER = Source("https://ledger.example/feed.xml", name="The Ledger", tags=("coast",))
COURIER = Source("https://courier.example/feed.xml")
FISH = Topic("fish", "Fish", parent="Weirs", keywords=("salmon",))


def rule(action: str, **said: object) -> Rule:
    return Rule(str(said.pop("name", action)), RuleAction(action), **said)  # type: ignore[arg-type]


def door(book: RuleBook, title: str | None, source: Source = LEDGER, **said: object) -> Verdict:
    entry = Entry(title=title, **said)  # type: ignore[arg-type]
    return book.judge(book.of_entry(entry, "https://ledger.example/a", [source]))


def page(
    book: RuleBook,
    title: str,
    text: str = "",
    source: Source = LEDGER,
    language: str | None = "en",
    feed_title: str = "",
) -> Verdict:
    article = Article(
        "https://ledger.example/a",
        title,
        text=text,
        language=language,
        provider=Provider("The Ledger", "ledger.example"),
    )
    kept = KeptArticle("a", article, NOON, NOON, source.url)
    return book.judge(book.of_article(kept, Entry(title=feed_title), [source]))


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("weir", "The WEIR opens", True),
        ("weir", "weird things", False),
        ("weir*", "weirs and weirds", True),
        ("salmon ladder", "a salmon\n ladder opens", True),
        ("c++", "news of C++, again", True),
        ("don't", "Don’t wait", True),
        ("straße", "STRASSE gesperrt", True),
        ("鮭", "川に鮭が戻る", True),
        ("café", "cafés", False),
        ("a.b", "axb", False),
    ],
)
def test_words_are_whole_words(word: str, text: str, found: bool) -> None:
    assert Words([word]).found_in(text) is found


def test_expressions_take_linear_time_and_bad_ones_are_told() -> None:
    assert not Pattern("(a*)*b").found_in("a" * 200_000)
    with pytest.raises(ValueError, match="missing"):
        Pattern("(a")
    with pytest.raises(ValueError, match=r"back|escape"):
        Pattern(r"(a)\1")
    with pytest.raises(ValueError, match="no letters"):
        Words(["*"])


@given(st.text(min_size=1, max_size=30), st.text(max_size=100))
def test_any_word_can_be_looked_for_in_any_text(word: str, text: str) -> None:
    try:
        words = Words([word])
    except ValueError:
        return
    assert words.found_in(text) in {True, False}
    assert words.found_in(f"so {word} it") or word.strip() != word or "*" in word


def test_the_first_rule_that_matches_decides() -> None:
    book = RuleBook(
        [rule("include", words=("weir",)), rule("exclude", words=("bread",)), rule("mute", words=("cake",))]
    )
    assert door(book, "Bread at the weir").fate is Fate.TAKEN
    assert door(book, "Bread").fate is Fate.DROPPED
    assert door(book, "Cake").fate is Fate.MUTED
    assert door(book, "Nothing") == Verdict(Fate.DROPPED, LEFT_OUT, (), ("coast",))


def test_an_include_for_one_source_does_not_silence_the_others() -> None:
    for name in (LEDGER.url, "the ledger", "coast"):
        book = RuleBook([rule("include", words=("weir",), sources=(name,))])
        assert door(book, "Bread").fate is Fate.DROPPED
        assert door(book, "Bread", COURIER).fate is Fate.TAKEN


def test_unless_takes_back() -> None:
    book = RuleBook([rule("exclude", words=("bread",), unless=("weir",))])
    assert door(book, "Bread").fate is Fate.DROPPED
    assert door(book, "Bread at the weir").fate is Fate.TAKEN


def test_what_is_not_known_at_the_door_waits_for_the_page() -> None:
    text = RuleBook([rule("exclude", words=("bread",), where=(RuleField.TITLE, RuleField.TEXT))])
    assert door(text, "Bread").fate is Fate.DROPPED
    assert door(text, "Weir").fate is Fate.OPEN
    assert page(text, "Weir", "All about bread.").fate is Fate.DROPPED
    assert page(text, "Weir", "All about fish.").fate is Fate.TAKEN
    assert door(RuleBook([rule("include", words=("weir",))]), None).fate is Fate.OPEN
    later = RuleBook([rule("mute", languages=("de",)), rule("exclude", words=("bread",))])
    assert door(later, "Bread").fate is Fate.OPEN
    assert door(later, "Bread", language="en-GB").fate is Fate.DROPPED
    assert door(later, "Brot", language="de-AT").fate is Fate.MUTED


def test_the_feeds_title_counts_beside_that_of_the_page() -> None:
    book = RuleBook([rule("include", words=("weir",))])
    assert page(book, "Harbour opens", feed_title="Weir opens").fate is Fate.TAKEN


def test_publishers_languages_and_topics() -> None:
    for said in (
        {"providers": ("ledger.example",)},
        {"providers": ("The Ledger",)},
        {"languages": ("en",)},
        {"topics": ("fish",)},
    ):
        book = RuleBook([rule("exclude", **said)], [FISH])
        assert page(book, "Salmon").fate is Fate.DROPPED
        assert page(RuleBook([rule("exclude", **dict.fromkeys(said, ("other",)))], [FISH]), "Salmon").fate is Fate.TAKEN


def test_tags_add_up_with_those_of_the_sources() -> None:
    book = RuleBook(
        [
            rule("tag", words=("weir",), tags=("water",)),
            rule("tag", tags=("all",)),
            rule("tag", words=("x",), tags=("no",)),
        ]
    )
    assert door(book, "Weir").tags == ("coast", "water", "all")


words = st.lists(st.sampled_from(["weir", "bread", "salmon"]), min_size=1, max_size=2).map(tuple)
rules = st.builds(
    Rule,
    name=st.sampled_from("abc"),
    action=st.sampled_from([RuleAction.INCLUDE, RuleAction.EXCLUDE, RuleAction.MUTE]),
    words=words | st.just(()),
    unless=words | st.just(()),
    where=st.sets(st.sampled_from([RuleField.TITLE, RuleField.TEXT, RuleField.URL]), min_size=1).map(
        lambda s: tuple(sorted(s))
    ),
    languages=st.sampled_from([(), ("en",), ("de",)]),
    providers=st.sampled_from([(), ("ledger.example",), ("courier.example",)]),
)
titles = st.lists(st.sampled_from(["weir", "bread", "salmon", "tide"]), max_size=3).map(" ".join)


@given(st.lists(rules, max_size=5), titles, titles, st.sampled_from([None, "en", "de"]))
def test_the_door_never_decides_otherwise_than_the_page(
    listed: list[Rule], title: str, text: str, said: str | None
) -> None:
    book = RuleBook(listed)
    early = door(book, title or None, language=said)
    late = page(book, title, text, language=said or "en")
    assert early.fate in {Fate.OPEN, late.fate}
    if early.fate is not Fate.OPEN:
        assert early.rule == late.rule


BAD = {
    'action = "exclud"': r":3: \[rules\] action: must be one of include, exclude, mute, tag",
    'action = "exclude"\nregex = ["(a"]': r":4: \[rules\] regex: missing \)",
    'action = "exclude"\nwords = ["*"]': r":4: \[rules\] words: '\*' has no letters",
    'action = "exclude"\nwords = "a"': r":4: \[rules\] words: must be a list",
    'action = "exclude"\nwhere = ["titel"]': r":4: \[rules\] where: knows title",
    'action = "tag"': r":2: \[rules\] tags: are missing",
    'action = "mute"\ntags = ["a"]': r":4: \[rules\] tags: only a rule",
    'action = "mute"\nword = ["a"]': r":4: \[rules\] word: there is no such key; did you mean 'words'",
    'name = "x"': r":2: \[rules\]: lacks the key 'action'",
}


@pytest.mark.parametrize("block", BAD)
def test_a_wrong_rule_is_told_with_its_line(block: str, tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    file.write_text(f"\n[[rules]]\n{block}\n", "utf-8")
    with pytest.raises(SettingsError, match=BAD[block]):
        read_rules(file)


def test_the_line_is_that_of_the_wrong_block(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_text(
        'title = "T"\n[[rules]]\naction = "mute"\nregex = ["a"]\n\n[[rules]]\naction = "mute"\nregex = ["("]\n', "utf-8"
    )
    with pytest.raises(SettingsError, match=r"broadsheet\.toml:8: \[rules\] regex"):
        read_settings(tmp_path)
