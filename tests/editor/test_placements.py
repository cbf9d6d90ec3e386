"""What follows from an editor's decisions: whatever is merged and split, every address leads to the right story."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.editorial import Decision, Placements, What, resolve

START = datetime(2026, 11, 22, tzinfo=UTC)
DECISIONS = 100_000


def decision(number: int, what: What, **said: object) -> Decision:
    return Decision(f"d{number:06}", START + timedelta(seconds=number), "Ann", what, **said)  # type: ignore[arg-type]


class Newsdesk:
    """Stories as an editor sees them, told apart in the plainest way, against which `resolve` is held."""

    def __init__(self, articles: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.stories = {f"s{n}": [f"a{n}-{m}" for m in range(self.random.randint(1, 4))] for n in range(articles)}
        self.place = {a: s for s, members in self.stories.items() for a in members}
        self.ended: dict[str, str] = {}
        self.alive = list(self.stories)
        self.decisions: list[Decision] = []

    def _some(self) -> str:
        """A story; who is asked for one that ended draws again."""
        while True:
            at = self.random.randrange(len(self.alive))
            if self.alive[at] in self.stories:
                return self.alive[at]
            self.alive[at] = self.alive[-1]
            self.alive.pop()

    def _listing(self, *stories: str) -> dict[str, tuple[str, ...]]:
        """The members with a head that changes as it likes."""
        for story in stories:
            self.random.shuffle(self.stories[story])
        return {s: tuple(self.stories[s]) for s in stories}

    def _put(self, article: str, into: str) -> None:
        before = self.place[article]
        self.stories[before].remove(article)
        self.stories.setdefault(into, []).append(article)
        self.place[article] = into

    def step(self) -> None:
        number, kind = len(self.decisions), self.random.random()
        story = self._some()
        if kind < 0.45:
            self._merge(number, story, self._some())
        elif kind < 0.9:
            self._split(number, story)
        else:
            self._move(number, self._some(), story)

    def _merge(self, number: int, story: str, into: str) -> None:
        if story == into or len(self.stories[story]) + len(self.stories[into]) > 40:
            return
        listing = self._listing(story, into)
        self.decisions.append(decision(number, What.MERGE, story=story, into=into, members=listing))
        for article in listing[story]:
            self._put(article, into)
        self._end(story, listing[story][0])

    def _split(self, number: int, story: str) -> None:
        listing = self._listing(story)
        if len(listing[story]) < 2:
            return
        leaving = tuple(self.random.sample(listing[story], self.random.randint(1, len(listing[story]) - 1)))
        new = f"n{number}"
        said = {"story": story, "into": new, "articles": leaving, "members": listing}
        self.decisions.append(decision(number, What.SPLIT, **said))
        for article in leaving:
            self._put(article, new)
        self.alive.append(new)

    def _move(self, number: int, story: str, into: str) -> None:
        if story == into:
            return
        listing = self._listing(story, into)
        article = self.random.choice(listing[story])
        said = {"story": story, "into": into, "articles": (article,), "members": listing}
        self.decisions.append(decision(number, What.MOVE, **said))
        self._put(article, into)
        if not self.stories[story]:
            self._end(story, article)

    def _end(self, story: str, head: str) -> None:
        del self.stories[story]
        self.ended[story] = head


def test_after_a_hundred_thousand_merges_and_splits_every_address_leads_to_where_its_head_is() -> None:
    desk = Newsdesk(20_000, seed=7)
    while len(desk.decisions) < DECISIONS:
        desk.step()
    placements = resolve(desk.decisions)
    assert len(desk.ended) > 20_000
    assert placements.stories.items() <= desk.place.items()
    assert placements.moved == {story: desk.place[head] for story, head in desk.ended.items()}
    assert not placements.moved.keys() & set(placements.moved.values())
    assert not placements.problems


IDS = st.sampled_from([f"s{n}" for n in range(6)])
ARTICLES = st.sampled_from([f"a{n}" for n in range(12)])
SOME = st.lists(ARTICLES, min_size=1, max_size=4, unique=True).map(tuple)
MEMBERS = st.dictionaries(IDS, SOME, max_size=3)


@st.composite
def anything(draw: st.DrawFn) -> list[Decision]:
    """Decisions of editors who know nothing of each other, some of them against all sense."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        what = draw(st.sampled_from(list(What)))
        undoes = f"d{draw(st.integers(0, 14)):06}" if what is What.UNDO else ""
        made = decision(number, what, story=draw(IDS), into=draw(IDS), articles=draw(SOME), members=draw(MEMBERS), decision=undoes)  # fmt: skip
        found.append(replace(made, at=START + timedelta(seconds=draw(st.integers(0, 5)))))
    return found


def sound(placements: Placements) -> None:
    assert not set(placements.stories.values()) & placements.merged.keys()
    assert not set(placements.merged.values()) & placements.merged.keys()
    assert not set(placements.moved.values()) & placements.moved.keys()
    assert not set(placements.stories.values()) & placements.moved.keys()


@given(anything(), st.randoms())
def test_no_address_leads_in_a_ring_and_the_order_of_files_says_nothing(
    decisions: Sequence[Decision], chance: random.Random
) -> None:
    placements = resolve(decisions)
    sound(placements)
    shuffled = list(decisions)
    chance.shuffle(shuffled)
    assert resolve(shuffled) == placements


@given(anything())
def test_what_undoes_everything_leaves_nothing_and_undone_itself_brings_all_back(decisions: list[Decision]) -> None:
    plain = [d for d in decisions if d.what is not What.UNDO]
    undoing = [decision(100 + n, What.UNDO, decision=d.name) for n, d in enumerate(plain)]
    nothing = resolve([*plain, *undoing])
    assert (nothing.stories, nothing.merged, nothing.pinned) == ({}, {}, ())
    sound(nothing)
    again = [decision(200 + n, What.UNDO, decision=d.name) for n, d in enumerate(undoing)]
    back, before = resolve([*plain, *undoing, *again]), resolve(plain)
    assert (back.stories, back.merged, back.moved, back.pinned) == (
        before.stories,
        before.merged,
        before.moved,
        before.pinned,
    )


def test_two_editors_who_merge_at_the_same_time_both_get_their_way() -> None:
    one = decision(1, What.MERGE, story="a", into="b", members={"a": ("a1",), "b": ("b1",)})
    other = decision(2, What.MERGE, story="b", into="c", members={"b": ("b1",), "c": ("c1",)})
    for first, second in ((one, other), (replace(one, at=other.at, name="z"), other)):
        found = resolve([first, second])
        assert found.stories == dict.fromkeys(("a1", "b1", "c1"), "c")
        assert found.moved == {"a": "c", "b": "c"}


def test_what_an_editor_moved_stays_moved_though_another_saw_it_at_its_old_place() -> None:
    moved = decision(1, What.MOVE, story="a", into="b", articles=("a2",), members={"a": ("a1", "a2"), "b": ("b1",)})
    split = decision(2, What.SPLIT, story="a", into="n", articles=("a3",), members={"a": ("a1", "a2", "a3")})
    assert resolve([moved, split]).stories == {"a1": "a", "b1": "b", "a2": "b", "a3": "n"}


def test_the_later_pin_holds_and_what_is_unpinned_is_free() -> None:
    pins = [decision(n, What.PIN, articles=(a,)) for n, a in enumerate(("x", "y"))]
    assert resolve(pins).head_of(["x", "y", "z"]) == "y"
    assert resolve(pins).head_of(["x", "z"]) == "x"
    assert resolve([*pins, decision(3, What.UNPIN, articles=("y", "x"))]).head_of(["x", "y"]) is None


def test_undoing_what_is_not_there_or_not_yet_is_told() -> None:
    problems = resolve([decision(1, What.UNDO, decision="d000002"), decision(2, What.UNDO, decision="gone")]).problems
    assert problems == {
        "d000001": "no decision d000002 is earlier than it",
        "d000002": "no decision gone is there",
    }


def test_the_address_of_a_split_that_was_undone_leads_back() -> None:
    split = decision(1, What.SPLIT, story="a", into="n", articles=("a2",), members={"a": ("a1", "a2")})
    found = resolve([split, decision(2, What.UNDO, decision=split.name)])
    assert found.moved == {"n": "a"}
    assert found.undone == {split.name}
