"""What is wrong with a source: pure functions from what its polls saw to findings, each judged by its own past.

Nothing is said after one look: what is in the answers must hold for two, an error for two polls or an hour. What is
usual is the median of the looks before; while something is wrong, those from before it began stay remembered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

from broadsheet.model.source import SourceState
from broadsheet.model.vitals import FIELDS, Finding, Known, Look, Trouble, Vitals
from broadsheet.stages.sources.silence import days_with, longest_usual_gap, silent_after, weight_of

LOOKS = 30
_LOOKS_SINCE = 10
_CONFIRMED = 2
_LEAST_USUAL = 3
_HELD = 14 * 86_400  # so long what a source was before a change counts more than what it is since
_HOUR, _DAY = 3_600, 86_400
_SLOW_SECONDS, _SLOW_TIMES, _SLOW_LOOKS = 5.0, 4.0, 3
_HAD, _HAS, _FRESH = 0.7, 0.15, 3
_SELDOM_WITHOUT, _NO_CHANCE = 0.2, 1e-5
_COLLAPSE, _FEW = 0.25, 8
_MANY = 0.3  # of the entries, and at least two
_ENDED_KEPT = 20

_LOST = tuple(Trouble(f"lost_{name}") for name in FIELDS)
_AT_ONCE = frozenset(
    {Trouble.GONE, Trouble.MISSING, Trouble.BLOCKED, Trouble.NO_FEED, Trouble.PARKED, Trouble.CERTIFICATE}
)

Found = tuple[Trouble, int, str]
"""The trouble, since when (seconds since 1970), and what to say of it."""


def examined(before: Vitals, look: Look, state: SourceState, known: Sequence[Known] = (), name: int = 0) -> Vitals:
    """The vitals after one more poll. `state` is the source's after it; `known` and `name` are what a good answer
    listed and was called."""
    times = [at for at in state.rhythm.times if at > before.newest]
    days, newest = days_with(before.days, before.newest, times)
    vitals = replace(before, looks=_kept(before, look), days=days, newest=newest)
    if known and not _is_held(before, look):
        vitals = replace(vitals, known=tuple(known), name=name)
    now = datetime.fromtimestamp(look.at, UTC)
    return replace(vitals, findings=_merged(before.findings, {f[0]: f for f in _found(vitals, state)}, now))


def _kept(before: Vitals, look: Look) -> tuple[Look, ...]:
    """The looks to remember: the last ones, and those from before anything now wrong began."""
    looks = (*before.looks, look)
    began = [f.since.timestamp() for f in before.open if f.trouble.is_in_answers and f.trouble != Trouble.SILENT]
    if not began:
        return looks[-LOOKS:]
    healthy = [known for known in looks if known.at < min(began)]
    return (*healthy[_LOOKS_SINCE - LOOKS :], *[known for known in looks if known.at >= min(began)][-_LOOKS_SINCE:])


def _is_held(before: Vitals, look: Look) -> bool:
    """Whether the answer is so unlike the one before that it is compared with that one for some time still."""
    odd = look.strange or (look.lost >= _FRESH and not look.fresh)
    since = [f.since.timestamp() for f in before.open if f.trouble in (Trouble.REPLACED, Trouble.STALE)]
    return odd and not (since and look.at - min(since) > _HELD)


def _merged(before: Sequence[Finding], found: dict[Trouble, Found], now: datetime) -> tuple[Finding, ...]:
    """What was open and still is stays as it began; what is over is kept until that was told, if its beginning was."""
    merged = [f for f in before if f.ended is not None][-_ENDED_KEPT:]
    known = {f.trouble: f for f in before if f.ended is None}
    for trouble, finding in known.items():
        if trouble in found:
            merged.append(replace(finding, said=found[trouble][2]))
        elif finding.told:
            merged.append(replace(finding, ended=now, told=False))
    fresh = [found[trouble] for trouble in found if trouble not in known]
    return (*merged, *(Finding(t, datetime.fromtimestamp(since, UTC), said) for t, since, said in fresh))


def _found(vitals: Vitals, state: SourceState) -> Iterator[Found]:
    """Everything that is wrong now. While a source can't be had, what was wrong with its answers stays."""
    if state.moved_to and state.moved_since and state.moved_polls >= _CONFIRMED:
        yield Trouble.MOVED, int(state.moved_since.timestamp()), state.moved_to
    if vitals.looks[-1].error:
        yield from _errors(vitals, state)
        yield from ((f.trouble, int(f.since.timestamp()), f.said) for f in vitals.open if f.trouble.is_in_answers)
        return
    yield from _silence(vitals)
    good = [look for look in vitals.looks if not look.error]
    for trouble, rule in _RULES.items():
        since = next((int(f.since.timestamp()) for f in vitals.open if f.trouble == trouble), None)
        usual = [look for look in good if look.at < since] if since is not None else good[:-_CONFIRMED]
        if len(usual) >= _LEAST_USUAL and (found := rule(usual, good)) is not None:
            yield trouble, since or good[-_CONFIRMED].at, found
    yield from _certificate(good)
    yield from _slow(vitals, good)


def _errors(vitals: Vitals, state: SourceState) -> Iterator[Found]:
    """The trouble of the last polls, all of which failed: its own name where most of them say the same."""
    failed: list[Look] = []
    for look in reversed(vitals.looks):
        if not look.error:
            break
        failed.append(look)
    kinds = [look.error for look in failed]
    kind = kinds[0] if kinds.count(kinds[0]) * 2 > len(kinds) else Trouble.FAILING.value
    trouble, since = Trouble(kind), failed[-1].at
    lasts = failed[0].at - since
    enough = len(failed) >= 2 if trouble in _AT_ONCE else len(failed) >= 3 and lasts >= _HOUR
    if enough or state.retired:
        yield trouble, since, failed[0].said


def _silence(vitals: Vitals) -> Iterator[Found]:
    after, now = silent_after(vitals.days), vitals.looks[-1].at
    if after is None or not vitals.newest or weight_of(vitals.days, vitals.newest, now) <= after:
        return
    yield Trouble.SILENT, vitals.newest, str(longest_usual_gap(vitals.days) or 0)


def _certificate(good: Sequence[Look]) -> Iterator[Found]:
    """A certificate that should have been renewed: by what was left when it was newest, since some live for days."""
    last = good[-1]
    if not last.certificate_ends:
        return
    longest = max(look.certificate_ends - look.at for look in good if look.certificate_ends)
    limit = 14 * _DAY if longest > 30 * _DAY else 7 * _DAY if longest > 10 * _DAY else 2 * _DAY
    if last.certificate_ends - last.at < limit:
        ends = datetime.fromtimestamp(last.certificate_ends, UTC)
        since = next(look.at for look in good if look.certificate_ends - look.at < limit)
        yield Trouble.CERTIFICATE_ENDS, since, ends.date().isoformat()


def _slow(vitals: Vitals, good: Sequence[Look]) -> Iterator[Found]:
    since = next((f.since.timestamp() for f in vitals.open if f.trouble == Trouble.SLOW), None)
    usual = [look for look in good if look.at < since] if since is not None else good[:-_SLOW_LOOKS]
    if len(usual) < _LEAST_USUAL:
        return
    seconds = median(look.seconds for look in good[-_SLOW_LOOKS:])
    if seconds > max(_SLOW_SECONDS, _SLOW_TIMES * median(look.seconds for look in usual)):
        yield Trouble.SLOW, int(since or good[-_SLOW_LOOKS].at), f"{seconds:.0f}"


Rule = Callable[[Sequence[Look], Sequence[Look]], str | None]
"""From the usual looks and all good ones, of which the last count, to what to say; None where all is well."""


def _lost(number: int) -> Rule:
    """Nearly all entries had it, and hardly one has; or nearly all had it, and all that came since have not."""

    def rule(usual: Sequence[Look], good: Sequence[Look]) -> str | None:
        shares = [look.having[number] / look.entries for look in usual if look.entries]
        if len(shares) < _LEAST_USUAL:
            return None
        now = [look.having[number] / look.entries if look.entries > 1 else 1.0 for look in good[-_CONFIRMED:]]
        all_lost = median(shares) >= _HAD and max(now) <= _HAS
        return f"{median(shares):.0%}" if all_lost or _new_ones_lost(good, number) else None

    return rule


def _new_ones_lost(good: Sequence[Look], number: int) -> bool:
    """Whether so many new entries in a row, at two polls at least, are without it that this is no chance: by how often
    an entry was without it before, in the worst of those looks (Laplace's rule of succession)."""
    fresh = polls = at = 0
    for at in range(len(good) - 1, -1, -1):
        if good[at].fresh_having[number]:
            break
        fresh, polls = fresh + good[at].fresh, polls + (good[at].fresh > 0)
    before = [look for look in good[: at + 1] if look.entries > 1]
    if len(before) < _LEAST_USUAL or polls < _CONFIRMED:
        return False
    without = max((look.entries - look.having[number] + 1) / (look.entries + 2) for look in before)
    return without <= _SELDOM_WITHOUT and without**fresh <= _NO_CHANCE


def _emptied(usual: Sequence[Look], good: Sequence[Look]) -> str | None:
    before = median(look.entries for look in usual)
    now = max(look.entries for look in good[-_CONFIRMED:])
    collapsed = now == 0 if before < _FEW else now <= _COLLAPSE * before
    return f"{now} / {before:.0f}" if before >= 1 and collapsed else None


def _share(count: Callable[[Look], int]) -> Rule:
    """Many entries are so, and hardly one was."""

    def rule(usual: Sequence[Look], good: Sequence[Look]) -> str | None:
        many = all(count(look) >= max(2, _MANY * look.entries) for look in good[-_CONFIRMED:])
        seldom = median(count(look) / max(look.entries, 1) for look in usual) < _HAS
        return str(count(good[-1])) if many and seldom else None

    return rule


def _same_dates(usual: Sequence[Look], good: Sequence[Look]) -> str | None:
    return (
        ""
        if all(look.same_dates for look in good[-_CONFIRMED:]) and not median(look.same_dates for look in usual)
        else None
    )


def _replaced(usual: Sequence[Look], good: Sequence[Look]) -> str | None:  # noqa: ARG001 - a Rule
    return "" if all(look.strange for look in good[-_CONFIRMED:]) else None


def _churn(usual: Sequence[Look], good: Sequence[Look]) -> str | None:  # noqa: ARG001 - a Rule
    return "" if all(look.renamed >= max(3, 0.8 * look.entries) for look in good[-_CONFIRMED:]) else None


def _stale(usual: Sequence[Look], good: Sequence[Look]) -> str | None:  # noqa: ARG001 - a Rule
    old = all(look.lost >= _FRESH and not look.fresh and look.entries for look in good[-_CONFIRMED:])
    return str(good[-1].lost) if old else None


_RULES: dict[Trouble, Rule] = {
    **{trouble: _lost(number) for number, trouble in enumerate(_LOST)},
    Trouble.EMPTIED: _emptied,
    Trouble.FUTURE: _share(lambda look: look.future),
    Trouble.GARBLED: _share(lambda look: look.garbled),
    Trouble.SAME_DATES: _same_dates,
    Trouble.REPLACED: _replaced,
    Trouble.CHURN: _churn,
    Trouble.STALE: _stale,
}


def expected_interval(vitals: Vitals, state: SourceState) -> timedelta | None:
    """The longest that a source usually keeps us waiting for something new; None where too little is known."""
    gap = longest_usual_gap(vitals.days)
    return None if gap is None else timedelta(seconds=max(gap, state.interval_seconds))
