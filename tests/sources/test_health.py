"""What is said of a source: each trouble by what polls saw, and nothing where all is as it was."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Response
from broadsheet.model.feed import Entry, Person
from broadsheet.model.images import Image
from broadsheet.model.source import Rhythm, Source, SourceState
from broadsheet.model.vitals import Finding, Look, Trouble, Vitals, vitals_from_json
from broadsheet.stages.sources.advice import advice_on, words_on
from broadsheet.stages.sources.health import LOOKS, examined
from broadsheet.stages.sources.looks import instead_of_feed, look_at, look_at_error, look_unchanged

URL = "https://paper.example/feed"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def entries(until: datetime, number: int = 10, gap: timedelta = 4 * HOUR) -> list[Entry]:
    return [
        Entry(
            id=f"{URL}#{(at := until - gap * i):%s}",
            url=f"https://paper.example/{at:%s}",
            title="What happened",
            summary="Something.",
            authors=(Person("A. Writer"),),
            images=(Image("https://paper.example/a.jpg"),),
            published=at,
        )
        for i in range(number)
    ]


class Watched:
    """A source that is polled every four hours."""

    def __init__(self) -> None:
        self.now, self.vitals = START, Vitals()
        self.state = SourceState(Source(URL), last_success=START)

    def sees(self, listed: Sequence[Entry], times: int = 1, name: str = "Paper", **answer: object) -> set[Trouble]:
        for _ in range(times):
            self.now += 4 * HOUR
            response = Response(URL, URL, 200, b"", self.now, **answer)  # type: ignore[arg-type]
            look, known, named = look_at(self.vitals, response, listed, name)
            self.vitals = examined(self.vitals, look, self.state, known, named)
            assert vitals_from_json(self.vitals.as_json()) == self.vitals
        return self.open

    def healthy(self, times: int = 6) -> "Watched":
        for _ in range(times):
            self.sees(entries(self.now))
        return self

    def fails(self, error: ItemError, times: int = 1, gap: timedelta = HOUR) -> set[Trouble]:
        for _ in range(times):
            self.now += gap
            self.vitals = examined(self.vitals, look_at_error(self.now, error), self.state)
        return self.open

    @property
    def open(self) -> set[Trouble]:
        return {f.trouble for f in self.vitals.open}


def changed(listed: Sequence[Entry], **fields: object) -> list[Entry]:
    return [replace(entry, **fields) for entry in listed]  # type: ignore[arg-type]


LOSSES = [
    (Trouble.LOST_DATES, {"published": None}),
    (Trouble.LOST_TITLES, {"title": None}),
    (Trouble.LOST_LINKS, {"url": None}),
    (Trouble.LOST_TEXTS, {"summary": None}),
    (Trouble.LOST_AUTHORS, {"authors": ()}),
    (Trouble.LOST_IMAGES, {"images": ()}),
]


@pytest.mark.parametrize(("trouble", "fields"), LOSSES)
def test_a_field_that_used_to_be_there(trouble: Trouble, fields: dict[str, object]) -> None:
    source = Watched().healthy()
    listed = changed(entries(source.now), **fields)
    assert source.sees(listed) == set()  # one look proves nothing
    assert trouble in source.sees(listed)
    assert trouble in source.sees(listed, times=3 * LOOKS)  # it does not become usual
    since = next(f.since for f in source.vitals.open if f.trouble is trouble)
    assert source.sees(entries(source.now), times=2) == set()
    assert since < source.now - 4 * HOUR * LOOKS


def test_a_field_that_only_the_new_entries_lack() -> None:
    source = Watched().healthy(10)
    for new in range(1, 6):
        listed = entries(source.now)
        listed[:new] = changed(listed[:new], authors=())
        source.sees(listed)
    assert source.open == {Trouble.LOST_AUTHORS}


def test_a_field_that_was_seldom_there_is_not_missed() -> None:
    source = Watched()
    for number in range(10):
        listed = entries(source.now)
        listed[::2] = changed(listed[::2], images=())
        source.sees(listed if number < 8 else changed(listed, images=()))
    assert source.open == set()


def test_hardly_anything_listed() -> None:
    assert Watched().healthy().sees([], times=2) == {Trouble.EMPTIED}
    source = Watched().healthy()
    assert Trouble.EMPTIED in source.sees(entries(source.now, number=2), times=2)
    source = Watched().healthy()
    assert source.sees(entries(source.now, number=6), times=4) == set()


def test_dates_ahead_and_dates_all_alike() -> None:
    source = Watched().healthy()
    ahead = [replace(e, published=source.now + timedelta(days=300 + i)) for i, e in enumerate(entries(source.now))]
    assert source.sees(ahead, times=2) == {Trouble.FUTURE}
    source = Watched().healthy()
    assert source.sees(changed(entries(source.now), published=source.now), times=2) == {Trouble.SAME_DATES}


@pytest.mark.parametrize("title", ["Caf\u00c3\u00a9", "Caf\ufffd", "It\u00e2\u20ac\u2122s"])
def test_broken_letters(title: str) -> None:
    source = Watched().healthy()
    assert source.sees(changed(entries(source.now), title=title), times=2) == {Trouble.GARBLED}


def test_letters_of_many_languages_are_not_broken() -> None:
    source = Watched().healthy()
    for title in (
        "S\u00e3o Paulo: a\u00e7\u00e3o",
        "\u041d\u043e\u0432\u043e\u0441\u0442\u0438",
        "\u00c3o \u00c2nimo",
        "\u65b0\u805e",
    ):
        assert source.sees(changed(entries(source.now), title=title), times=2) == set()


def test_another_feed_at_the_address() -> None:
    source = Watched().healthy()
    strange = [replace(e, url=f"{e.url}?casino", id=f"{e.id}?casino") for e in entries(source.now)]
    assert Trouble.REPLACED in source.sees(strange, times=2, name="Casino")
    assert Trouble.REPLACED not in source.sees(strange, times=100, name="Casino")  # what it is now, after weeks


def test_new_ids_at_every_poll() -> None:
    source = Watched().healthy()
    for number in range(2):
        source.sees([replace(e, id=f"{number} {e.id}") for e in entries(source.now)])
    assert source.open == {Trouble.CHURN}


def test_an_older_copy_and_its_end() -> None:
    source = Watched().healthy()
    old = entries(source.now - 5 * 4 * HOUR)
    assert source.sees(old, times=2) == {Trouble.STALE}
    assert source.sees(entries(source.now), times=2) == set()


def test_slow_answers() -> None:
    source = Watched().healthy(8)
    assert source.sees(entries(source.now), times=3, seconds=9.0) == {Trouble.SLOW}
    assert source.sees(entries(source.now), times=3, seconds=0.2) == set()
    source = Watched()
    source.sees(entries(source.now), times=12, seconds=9.0)
    assert source.open == set()  # it always was


def test_a_certificate_that_is_not_renewed() -> None:
    source = Watched()
    ends = source.now + timedelta(days=60)
    source.sees(entries(source.now), times=3, certificate_ends=ends)
    source.now = ends - timedelta(days=10)
    assert source.sees(entries(source.now), certificate_ends=ends) >= {Trouble.CERTIFICATE_ENDS}
    renewed = source.now + timedelta(days=90)
    assert Trouble.CERTIFICATE_ENDS not in source.sees(entries(source.now), certificate_ends=renewed)


def test_a_certificate_that_lives_for_days() -> None:
    source = Watched()
    for _ in range(20):
        source.sees(entries(source.now), certificate_ends=source.now + timedelta(days=4))
    assert source.open == set()


ERRORS = [
    (Trouble.GONE, GoneForGood("u: HTTP 410")),
    (Trouble.MISSING, GoneForGood("u: HTTP 404")),
    (Trouble.BLOCKED, Rejected("u: HTTP 403")),
    (Trouble.BLOCKED, Rejected("u: a challenge", blocked="a challenge")),
    (Trouble.NO_FEED, Rejected('an HTML page titled "Home", not a feed')),
    (Trouble.PARKED, instead_of_feed(Rejected("an HTML page, not a feed"), b"<html>Buy this domain")),
    (Trouble.CERTIFICATE, RetryLater("u: its certificate is not valid (certificate has expired)")),
    (Trouble.THROTTLED, RetryLater("u: HTTP 429")),
    (Trouble.FAILING, RetryLater("u: HTTP 503")),
    (Trouble.FAILING, Rejected("malformed")),
]


@pytest.mark.parametrize(("trouble", "error"), ERRORS)
def test_errors_have_names_once_they_last(trouble: Trouble, error: ItemError) -> None:
    source = Watched().healthy()
    assert source.fails(error) == set()
    assert source.fails(error, times=3) == {trouble}
    assert source.fails(error, times=2 * LOOKS) == {trouble}
    assert error.message in words_on(source.vitals.open[0]) or trouble is Trouble.PARKED
    assert source.sees(entries(source.now)) == set()


def test_a_stumble_is_nothing() -> None:
    source = Watched().healthy()
    assert source.fails(RetryLater("u: HTTP 503"), times=6, gap=timedelta(minutes=5)) == set()


def test_trouble_with_answers_stays_while_there_are_none() -> None:
    source = Watched().healthy()
    source.sees(changed(entries(source.now), summary=None), times=2)
    assert source.fails(GoneForGood("u: HTTP 404"), times=2) == {Trouble.LOST_TEXTS, Trouble.MISSING}


def test_not_modified_is_the_same_again() -> None:
    source = Watched().healthy()
    source.sees(changed(entries(source.now), summary=None))
    source.now += HOUR
    look = look_unchanged(source.vitals, Response(URL, URL, 304, b"", source.now))
    assert look is not None
    source.vitals = examined(source.vitals, look, source.state)
    assert source.open == {Trouble.LOST_TEXTS}
    assert look_unchanged(Vitals(), Response(URL, URL, 304, b"", source.now)) is None


def test_a_move_is_told() -> None:
    source = Watched()
    source.state = replace(source.state, moved_to="https://new.example/", moved_since=START, moved_polls=2)
    assert source.healthy(2).open == {Trouble.MOVED}
    assert "https://new.example/" in words_on(source.vitals.open[0])


def speaks(source: Watched, days: Sequence[int], hour: int = 9) -> None:
    times = tuple(int((START.replace(hour=hour) + timedelta(days=d)).timestamp()) for d in days)
    source.state = replace(source.state, rhythm=Rhythm(times=times))


def test_silence_is_judged_by_the_source_s_own_days() -> None:
    """An entry every working day; a weekend is no silence, a missed Tuesday is."""
    source = Watched()
    speaks(source, [d for d in range(40) if d % 7 < 5])
    source.now = START + timedelta(days=39)  # a Friday
    assert source.sees(entries(source.now)) == set()
    source.now = START + timedelta(days=42, hours=2)
    assert source.sees(entries(source.now)) == set()
    source.now = START + timedelta(days=44)
    assert source.sees(entries(source.now)) >= {Trouble.SILENT}
    assert "longest pause was 3 days" in words_on(next(f for f in source.vitals.open if f.trouble is Trouble.SILENT))


def test_little_known_is_no_reason_to_say_anything() -> None:
    source = Watched()
    speaks(source, [0, 1])
    source.now = START + timedelta(days=300)
    assert Trouble.SILENT not in source.sees(entries(source.now))


def test_what_ended_is_kept_until_it_was_told() -> None:
    source = Watched().healthy()
    source.fails(GoneForGood("u: HTTP 404"), times=2)
    told = tuple(replace(f, told=True) for f in source.vitals.findings)
    source.vitals = replace(source.vitals, findings=told)
    source.sees(entries(source.now))
    (ended,) = source.vitals.findings
    assert (ended.trouble, ended.ended, ended.told) == (Trouble.MISSING, source.now, False)
    assert source.vitals.open == ()


@pytest.mark.parametrize("trouble", list(Trouble))
def test_everything_has_words_and_advice(trouble: Trouble) -> None:
    finding = Finding(trouble, START, "7200")
    assert words_on(finding)
    assert "{" not in words_on(finding)
    assert advice_on(finding).endswith(tuple("abcdefghijklmnopqrstuvwxyz]"))


LOOK = st.builds(
    Look, at=st.integers(0, 4 * 10**9), error=st.sampled_from(["", *[t.value for t in Trouble]]),
    seconds=st.floats(0, 1e4), entries=st.integers(0, 10**4), fresh=st.integers(0, 10**4), lost=st.integers(0, 99),
    having=st.tuples(*[st.integers(0, 10**4)] * 6), renamed=st.integers(0, 99), strange=st.booleans(),
    future=st.integers(0, 99), certificate_ends=st.integers(0, 4 * 10**9),
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(LOOK, max_size=12), st.lists(st.integers(0, 4 * 10**9), max_size=60))
def test_whatever_polls_saw_is_judged_and_kept(looks: list[Look], times: list[int]) -> None:
    vitals, state = Vitals(), SourceState(Source(URL), rhythm=Rhythm(times=tuple(sorted(times))))
    for look in looks:
        vitals = examined(vitals, look, state)
        assert len(vitals.looks) <= LOOKS
        assert vitals_from_json(vitals.as_json()) == vitals
        assert len({f.trouble for f in vitals.open}) == len(vitals.open)
