"""The editor's word, and going on from a state, in random streams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

import pytest
from tests.stories.test_engine import FERRY, FERRY_LAST, FERRY_LATER, OPTIONS, VOTE, Tidy, at, stories
from tests.stories.writing import article, meaning, partition, stream

from broadsheet.model.story import Assignment, DecidedBy, Receipt, StoryArticle
from broadsheet.stages.stories import StoryEngine


@dataclass
class Twins:
    """Two engines that are told the same: one is stopped and goes on from its state again and again."""

    by_id: Mapping[str, StoryArticle]
    dimensions: int
    steady: StoryEngine = field(init=False)
    restless: StoryEngine = field(init=False)
    told: dict[str, Assignment] = field(default_factory=dict)
    placed: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.steady, self.restless = StoryEngine(OPTIONS, self.dimensions), Tidy(OPTIONS, self.dimensions)

    def add(self, some: Sequence[StoryArticle]) -> None:
        rows = meaning(some) if self.dimensions else None
        said = [engine.add(some, rows, self.placed, self.closed) for engine in (self.steady, self.restless)]
        self._hear(*said)

    def obey(self) -> None:
        self._hear(self.steady.obey(self.placed, self.closed), self.restless.obey(self.placed, self.closed))

    def restart(self) -> None:
        embed = meaning if self.dimensions else None
        find = lambda ids: [self.by_id[i] for i in ids]  # noqa: E731
        self.restless = Tidy.resumed(OPTIONS, self.restless.state(), find, embed, self.dimensions)
        assert self.restless.obey(self.placed, self.closed) == []

    def _hear(self, one: list[Assignment], other: list[Assignment]) -> None:
        assert one == other
        assert all(a.receipt.holds() for a in one)
        self.told |= {a.article_id: a for a in one}

    def story(self, identity: str) -> str:
        return self.told[identity].story_id

    def in_window(self) -> list[str]:
        edge = self.steady.edge
        return [i for i in self.told if edge is not None and self.by_id[i].published >= edge]

    def check(self) -> None:
        """The placed are where they are put, nobody is in a story that was closed."""
        for identity in self.in_window():
            if identity in self.placed:
                assert self.story(identity) == self.placed[identity]
            else:
                assert self.story(identity) not in self.closed


@pytest.mark.parametrize("dimensions", [0, 16], ids=["words", "meaning"])
@pytest.mark.parametrize("seed", range(6))
def test_an_editor_is_obeyed_and_a_restart_changes_nothing(seed, dimensions):
    random = Random(seed)
    rows = stream(seed, 120, hours=random.choice([30, 120]))
    for _ in range(12):
        rows.insert(random.randrange(len(rows)), rows.pop(random.randrange(len(rows))))
    twins = Twins({row.id: row for row in rows}, dimensions)
    while rows:
        size = random.choice([1, 4, 25])
        some, rows = rows[:size], rows[size:]
        twins.placed |= {row.id: random.choice(["s1", "s2"]) for row in some if random.random() < 0.1}
        twins.add(some)
        twins.check()
        there = twins.in_window()
        for identity in random.sample(there, min(2, len(there))):
            _decide(random, twins, identity)
        twins.obey()
        twins.check()
        twins.restart()


def _decide(random: Random, twins: Twins, identity: str) -> None:
    what = random.randrange(4)
    if what == 0:
        twins.placed.pop(identity, None)
    elif what == 1:
        twins.placed[identity] = random.choice(["s1", "s2", twins.story(random.choice(twins.in_window()))])
    elif what == 2 and twins.story(identity) not in twins.placed.values():
        twins.closed.add(twins.story(identity))
    twins.closed -= set(twins.placed.values())


def engine_of(*rows: StoryArticle) -> tuple[StoryEngine, dict[str, str]]:
    engine = StoryEngine(OPTIONS)
    return engine, stories(engine.add(rows))


def test_two_that_have_nothing_in_common_are_together_and_their_like_joins_them():
    engine, first = engine_of(FERRY, VOTE)
    found = engine.obey({"f1": "s1", "v1": "s1"})
    assert stories(found) == {"f1": "s1", "v1": "s1"}
    assert {a.receipt.decided_by for a in found} == {DecidedBy.EDITOR}
    same = [replaced for replaced in (at(VOTE, 3),) for replaced in [article("v2", VOTE.title, VOTE.excerpt, 3)]]
    assert stories(engine.add(same))["v2"] == "s1"
    assert first["f1"] not in stories(
        engine.add([article("m", "Rare moth found in Cornwall", "After sixty years.", 4)])
    )


def test_of_one_story_two_are_told_apart_for_ever():
    engine, first = engine_of(FERRY, FERRY_LATER, VOTE)
    assert first["f1"] == first["f2"]
    found = stories(engine.obey({"f1": first["f1"], "f2": "s2"}))
    assert (found["f1"], found["f2"]) == (first["f1"], "s2")
    found |= stories(engine.add([FERRY_LAST], placed={"f1": first["f1"], "f2": "s2"}))
    assert found["f3"] in (first["f1"], "s2")
    assert found["f1"] != found["f2"]


def test_what_is_set_free_goes_back_to_where_it_was():
    engine, first = engine_of(FERRY, FERRY_LATER, VOTE)
    engine.obey({"f1": "s1", "v1": "s1", "f2": "s2"})
    found = engine.obey({})
    assert stories(found) == first
    assert {a.article_id: a.receipt.decided_by for a in found} == {
        "f1": DecidedBy.SCORE, "f2": DecidedBy.SCORE, "v1": DecidedBy.NOTHING
    }  # fmt: skip
    assert all(a.receipt.holds() for a in found)


def test_a_placed_id_is_given_to_nobody_else():
    engine = StoryEngine(OPTIONS)
    natural = stories(StoryEngine(OPTIONS).add([FERRY]))["f1"]
    found = stories(engine.add([VOTE, FERRY], placed={"v1": natural}))
    assert found["v1"] == natural != found["f1"]
    # Also where a group has it already.
    engine, first = engine_of(FERRY, FERRY_LATER)
    assert stories(engine.add([VOTE], placed={"v1": first["f1"]}))["v1"] == first["f1"]
    assert first["f1"] not in stories(engine.obey({"v1": first["f1"]})).values()


def test_a_closed_id_is_never_given_again():
    engine, first = engine_of(FERRY, FERRY_LATER, article("e", ""))
    closed = set(first.values())
    found = stories(engine.obey({}, closed))
    assert found.keys() == first.keys()
    assert not closed & set(found.values())
    fresh = StoryEngine(OPTIONS)
    assert not closed & set(stories(fresh.add([FERRY, FERRY_LATER, article("e", "")], closed=closed)).values())


def test_an_article_without_words_is_put_and_set_free_too():
    engine, first = engine_of(article("e", ""), FERRY)
    assert stories(engine.obey({"e": first["f1"]})) == {"e": first["f1"]}
    assert stories(engine.obey({})) == {"e": first["e"]}


def test_what_is_put_out_of_a_crowd_leaves_it_and_comes_back():
    alerts = [article(f"a{n:03}", f"Price alert for share w{n:05}x", "", n / 100) for n in range(300)]
    rows = [replace(alert, provider_domain=f"p{n % 60}.example") for n, alert in enumerate(alerts)]
    engine = StoryEngine(OPTIONS)
    told = stories(engine.add(rows))
    crowd = max(partition(Assignment(a, s, Receipt()) for a, s in told.items()), key=len)
    assert len(crowd) > 48
    [story] = {told[identity] for identity in crowd}
    chosen = dict.fromkeys(sorted(crowd)[5:80:20], "s1")
    engine.obey({**dict.fromkeys(crowd, story), **chosen})
    found = stories(engine.obey({}))
    assert found.keys() == crowd
    assert {found[identity] for identity in chosen} == {story}


def test_a_whole_filed_window_is_put_and_set_free():
    rows = stream(3, 150, hours=30)
    engine = StoryEngine(OPTIONS)
    placed = {row.id: f"s{number % 40}" for number, row in enumerate(rows)}
    assert stories(engine.add(rows, placed=placed)) == placed
    assert engine.obey(placed) == []
    assert {a.article_id for a in engine.obey({})} == placed.keys()
