"""How well trouble with sources is named: failures are put into healthy sources, and healthy ones are only watched.

The sources are made up: seeded, of five rhythms, with the small irregularities of real ones (edited titles, an author
missing now and then, a server that stumbles). The real times of ../shared, where they are there, are watched as well:
their gaps are the hard part of not crying wolf.
"""

import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import bench
from broadsheet.errors import GoneForGood, ItemError, Rejected, RetryLater
from broadsheet.model.exchange import Response
from broadsheet.model.feed import Entry, Person
from broadsheet.model.images import Image
from broadsheet.model.source import Source, SourceState
from broadsheet.model.vitals import Trouble, Vitals
from broadsheet.stages.sources.health import examined, expected_interval
from broadsheet.stages.sources.looks import instead_of_feed, look_at, look_at_error
from broadsheet.stages.sources.schedule import Poll, after_failure, after_success
from broadsheet.stages.sources.silence import days_with, silent_after, weight_of

START = datetime(2026, 3, 2, tzinfo=UTC)
LISTED = 20
HEALTHY_DAYS = 24.0
DAY = 86_400.0
PRICE = 1_500.0


@dataclass(frozen=True)
class Answer:
    """What a source gives to one poll: entries and what comes with them, or an error."""

    entries: tuple[Entry, ...] = ()
    name: str = "The Paper"
    seconds: float = 0.3
    certificate_ends: datetime | None = None
    moved_to: str | None = None
    error: ItemError | None = None


Failure = Callable[[Answer, random.Random], Answer]


@dataclass
class Patient:
    """One source: when it publishes, seconds since START, and the dice for all that is irregular about it."""

    seed: int
    rhythm: str
    days: float
    dice: random.Random = field(init=False)
    times: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.times = sorted(t for t in _RHYTHMS[self.rhythm](self.dice, self.days) if 0 <= t < self.days * DAY)

    def answer(self, now: float) -> Answer:
        """What it gives when nothing is wrong, but for what happens to anybody."""
        if self.dice.random() < 0.005:
            return Answer(error=RetryLater("https://paper.example/feed: HTTP 503"))
        there = [t for t in self.times if t <= now][-LISTED:]
        ends = START + timedelta(days=20 + 60 * (int(now / DAY + self.seed) // 60 + 1))
        return Answer(
            tuple(self._entry(t) for t in reversed(there)),
            seconds=0.3 * self.dice.lognormvariate(0, 0.4),
            certificate_ends=ends,
        )

    def _entry(self, at: float) -> Entry:
        own = random.Random(f"{self.seed} {at}")
        url = f"https://paper.example/{self.seed}/{at:.0f}"
        return Entry(
            id=url + "#id",
            url=url,
            title=f"What happened at {at:.0f}",
            summary="Something was said.",
            authors=(Person("A. Writer"),) if own.random() < 0.95 else (),
            images=(Image(url + ".jpg"),) if own.random() < 0.9 else (),
            published=START + timedelta(seconds=at),
        )


def _poisson(dice: random.Random, days: float, a_day: float) -> list[float]:
    at, found = 0.0, []
    while at < days * DAY:
        at += dice.expovariate(a_day / DAY)
        found.append(at)
    return found


def _office(dice: random.Random, days: float) -> list[float]:
    """Some entries an hour from eight to eight, few at night, half as many at weekends."""
    wanted = _poisson(dice, days, 48)
    chance = [1.0 if 8 <= hour < 20 else 0.08 for hour in range(24)]
    return [t for t in wanted if dice.random() < chance[int(t / 3600) % 24] * (0.5 if t // DAY % 7 >= 5 else 1)]


def _workdays(dice: random.Random, days: float) -> list[float]:
    """One entry every working day at about nine."""
    return [d * DAY + 9 * 3600 + dice.gauss(0, 900) for d in range(int(days)) if d % 7 < 5]


def _weekly(dice: random.Random, days: float) -> list[float]:
    return [d * DAY + 15 * 3600 + dice.gauss(0, 5400) for d in range(2, int(days), 7)]


_RHYTHMS: dict[str, Callable[[random.Random, float], list[float]]] = {
    "wire": lambda dice, days: _poisson(dice, days, 60),
    "office": _office,
    "blog": lambda dice, days: _poisson(dice, days, 1.5),
    "workdays": _workdays,
    "weekly": _weekly,
}


def _without(**fields: object) -> Failure:
    return lambda answer, _: replace(answer, entries=tuple(replace(e, **fields) for e in answer.entries))  # type: ignore[arg-type]


def _only_new_without(since: datetime, **fields: object) -> Failure:
    def failure(answer: Answer, _: random.Random) -> Answer:
        new = (replace(e, **fields) if e.published and e.published > since else e for e in answer.entries)  # type: ignore[arg-type]
        return replace(answer, entries=tuple(new))

    return failure


def _error(error: ItemError) -> Failure:
    return lambda _, __: Answer(error=error)


def _page(body: bytes) -> Failure:
    return _error(instead_of_feed(Rejected("an HTML page, not a feed"), body))


def _each(change: Callable[[int, Entry], Entry]) -> Failure:
    return lambda answer, _: replace(answer, entries=tuple(change(i, e) for i, e in enumerate(answer.entries)))


def _new_ids(answer: Answer, dice: random.Random) -> Answer:
    return replace(answer, entries=tuple(replace(e, id=str(dice.random())) for e in answer.entries))


def _another_feed(answer: Answer, _: random.Random) -> Answer:
    entries = tuple(replace(e, url=f"{e.url}?casino", id=f"{e.id}?casino") for e in answer.entries)
    return replace(answer, entries=entries, name="Casino")


def failures(at: datetime) -> list[tuple[Trouble, str, Failure]]:
    """The forty: what should be named, the rhythm of the source, and what happens from the instant `at` on."""
    t = Trouble
    host = "https://paper.example/feed"
    ends = at + timedelta(days=5)
    ahead = timedelta(days=400)
    mojibake = "\u00c3\u00a9t\u00c3\u00a9 "
    quiet = _each(lambda _, e: e)
    return [
        *[(t.SILENT, rhythm, quiet) for rhythm in ("wire", "wire", "office", "office", "blog", "workdays", "weekly")],
        (t.SLOW, "office", lambda a, _: replace(a, seconds=14.0)),
        (t.SLOW, "workdays", lambda a, _: replace(a, seconds=25.0)),
        (t.LOST_DATES, "office", _without(published=None)),
        (t.LOST_DATES, "blog", _without(published=None)),
        (t.LOST_TITLES, "wire", _without(title=None)),
        (t.LOST_LINKS, "office", _without(url=None)),
        (t.LOST_TEXTS, "office", _only_new_without(at, summary=None)),
        (t.LOST_TEXTS, "weekly", _without(summary=None)),
        (t.LOST_AUTHORS, "wire", _without(authors=())),
        (t.LOST_IMAGES, "blog", _without(images=())),
        (t.EMPTIED, "office", lambda a, _: replace(a, entries=())),
        (t.EMPTIED, "weekly", lambda a, _: replace(a, entries=())),
        (t.EMPTIED, "wire", lambda a, _: replace(a, entries=a.entries[:2])),
        (t.NO_FEED, "office", _page(b"<html><title>Page not found</title>")),
        (t.NO_FEED, "workdays", _page(b"<html><title>Home</title>")),
        (t.PARKED, "blog", _page(b"<html>This domain is for sale")),
        (t.REPLACED, "workdays", _another_feed),
        (t.MOVED, "office", lambda a, _: replace(a, moved_to="https://new.example/feed")),
        (t.MOVED, "weekly", lambda a, _: replace(a, moved_to="https://new.example/feed")),
        (t.GONE, "blog", _error(GoneForGood(f"{host}: HTTP 410"))),
        (t.MISSING, "office", _error(GoneForGood(f"{host}: HTTP 404"))),
        (t.BLOCKED, "wire", _error(Rejected(f"{host}: HTTP 403"))),
        (t.BLOCKED, "office", _error(Rejected(f"{host}: a challenge", blocked="a challenge"))),
        (t.THROTTLED, "wire", _error(RetryLater(f"{host}: HTTP 429", after_seconds=1800))),
        (t.CERTIFICATE, "blog", _error(RetryLater(f"{host}: its certificate is not valid (certificate has expired)"))),
        (t.CERTIFICATE_ENDS, "office", lambda a, _: replace(a, certificate_ends=ends)),
        (t.FAILING, "workdays", _error(RetryLater(f"{host}: HTTP 500"))),
        (t.FAILING, "office", _error(RetryLater(f"{host}: no answer in time"))),
        (t.GARBLED, "blog", _each(lambda _, e: replace(e, title=mojibake + (e.title or "")))),
        (t.FUTURE, "office", _each(lambda _, e: replace(e, published=(e.published or at) + ahead))),
        (t.SAME_DATES, "wire", _each(lambda _, e: replace(e, published=at))),
        (t.CHURN, "blog", _new_ids),
        (t.STALE, "office", lambda a, _: a),
    ]


@dataclass(frozen=True)
class Named:
    """When a failure was named: after how many expected intervals, None if it never was; and all that was said then."""

    trouble: Trouble
    rhythm: str
    intervals: float | None
    said: tuple[Trouble, ...]


def watch(
    patient: Patient, until: float, fail: tuple[float, Trouble, Failure] | None = None
) -> Iterator[tuple[float, SourceState, Vitals]]:
    """Polls a source as a run would until a time, seconds since START; from `fail` on, it fails."""
    state, vitals, now = SourceState(Source("https://paper.example/feed"), price=PRICE), Vitals(), 2 * DAY
    dice = random.Random(patient.seed)
    while now < until:
        answer = patient.answer(min(now, fail[0]) if fail and fail[1] in (Trouble.SILENT, Trouble.STALE) else now)
        if fail and now >= fail[0]:
            if fail[1] is Trouble.STALE:
                answer = patient.answer(fail[0] - DAY)
            answer = fail[2](answer, dice)
        state, vitals = _polled(state, vitals, START + timedelta(seconds=now), answer)
        yield now, state, vitals
        assert state.next_due is not None
        now = (state.next_due - START).total_seconds()
        if state.retired:
            return


def _polled(state: SourceState, vitals: Vitals, now: datetime, answer: Answer) -> tuple[SourceState, Vitals]:
    if answer.error is not None:
        state = replace(after_failure(state, now, answer.error), price=PRICE)
        return state, examined(vitals, look_at_error(now, answer.error), state)
    url = state.source.url
    response = Response(
        *(url, url, 200, b"", now),
        moved_to=answer.moved_to,
        certificate_ends=answer.certificate_ends,
        seconds=answer.seconds,
    )
    state = after_success(state, now, Poll.of(response, answer.entries))
    look, known, name = look_at(vitals, response, answer.entries, answer.name)
    return state, examined(vitals, look, state, known, name)


def injected(seed: int) -> Iterator[Named]:
    """Each of the forty failures, and when it was named."""
    for number, (trouble, rhythm, failure) in enumerate(failures(START + timedelta(days=HEALTHY_DAYS))):
        yield _named(seed * 1000 + number, trouble, rhythm, failure)


def _named(seed: int, trouble: Trouble, rhythm: str, failure: Failure) -> Named:
    begins = HEALTHY_DAYS * DAY if rhythm != "weekly" else 10 * HEALTHY_DAYS * DAY / 3
    patient = Patient(seed, rhythm, begins / DAY * 3)
    expected, said = 0.0, ()
    for now, state, vitals in watch(patient, begins * 2, (begins, trouble, failure)):
        said = tuple(f.trouble for f in vitals.open)
        if now < begins:
            gap = expected_interval(vitals, state)
            expected = gap.total_seconds() if gap else 0.0
        elif trouble in said:
            return Named(trouble, rhythm, (now - begins) / expected if expected else None, said)
        elif expected and now - begins > 4 * expected:
            break
    return Named(trouble, rhythm, None, said)


def false_alarms(seed: int, sources: int, days: float) -> tuple[list[Trouble], float]:
    """What was said of healthy sources, and how many source-days they were watched."""
    said: list[Trouble] = []
    for number in range(sources):
        rhythm = list(_RHYTHMS)[number % len(_RHYTHMS)]
        before: set[Trouble] = set()
        for _, _, vitals in watch(Patient(seed * 1000 + number, rhythm, days), days * DAY):
            now = {f.trouble for f in vitals.open}
            said += now - before
            before = now
    return said, sources * (days - 2)


def real_silences(histories: Sequence[Sequence[float]]) -> tuple[int, float]:
    """How often sources of whose times we know would have been called silent before they spoke again, and the
    source-days that they span."""
    alarms, spans = 0, 0.0
    for times in histories:
        days, last = days_with((), 0, [int(times[0])])
        for at in map(int, times[1:]):
            after = silent_after(days)
            alarms += at > last and after is not None and weight_of(days, last, at) > after
            days, last = days_with(days, last, [at]) if at > last else (days, last)
        spans += (times[-1] - times[0]) / DAY
    return alarms, spans


def main() -> None:
    from bench.polling import real_histories

    found = list(injected(seed=1))
    in_time = [n for n in found if n.intervals is not None and n.intervals <= 2]
    for miss in (n for n in found if n not in in_time):
        print(f"not in time: {miss}", file=sys.stderr)
    said, days = false_alarms(seed=1, sources=50, days=62)
    alarms, real_days = real_silences(real_histories(bench.SHARED))
    print(
        json.dumps(
            {
                "failures": len(found),
                "namedInTime": len(in_time),
                "sourceDays": round(days),
                "falseAlarms": [t.value for t in said],
                "realSourceDays": round(real_days),
                "realFalseSilences": alarms,
                "realFalseSilencesPer1000": round(1000 * alarms / real_days, 2),
            }
        )
    )
