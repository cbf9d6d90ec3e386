"""Draws wrong pairs of articles for a person to look at, counts what the person found, and says what it is worth.

    broadsheet stories uci2014.jsonl.gz > found.jsonl
    python tools/wrong_pairs.py draw uci2014.jsonl.gz uci2014.truth.jsonl.gz found.jsonl > pairs.jsonl
    python tools/wrong_pairs.py kinds
    python tools/wrong_pairs.py table labels.jsonl
    python tools/wrong_pairs.py mend labels.jsonl uci2014.truth.jsonl.gz found.jsonl

`draw` takes half of the pairs from false merges (in one story, and should not be), half from missed ones, at random by
`--seed`, at most one for each first article. Its first line counts: all wrong pairs, and how many of them lie in the
groups that have most. The others are pairs with titles and receipts; they hold what belongs to publishers, so keep them
out of the project. A label file has a pair a line, with ids only: `{"pair": "uci2014-false-1", "articles": ["5f0c",
"91ab"], "kind": "strands"}`; `table` prints the counts of one or several such files as Markdown. `mend` mends groups by
the truth and scores again: how much B-cubed F1 the worst groups cost, and about how much each kind does.
"""

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

KINDS = {
    "strands": "two strands of one running story, at the same time",
    "steps": "an earlier and a later step of one story",
    "recurrent": "the same kind of event with other figures, another date or place",
    "subject": "one subject, different events",
    "wide": "a side angle of a story that the truth draws wide",
    "comment": "opinion, framing or reaction, with few words in common",
    "paraphrase": "the same event in other words",
    "wordless": "a headline that names nothing of the story",
    "plain": "the same event in the same words",
    "roundup": "a roundup of many subjects: markets, television, letters",
    "language": "two languages",
    "noise": "an excerpt that is a menu or a notice",
    "unrelated": "nothing in common that a reader would see",
    "doubtful": "the truth itself is doubtful",
}
WRONG = ("false", "missed")
_NAME = re.compile(r"(?P<set>.+)-(?P<wrong>false|missed)-\d+")

Row = Mapping[str, Any]
Pair = tuple[str, str]
Grouped = tuple[Mapping[str, str], Mapping[str, str]]


@dataclass(frozen=True)
class Outcome:
    """A set as it was grouped: articles and assignments by id, and the true story of each id."""

    name: str
    articles: Mapping[str, Row]
    truth: Mapping[str, str]
    found: Mapping[str, Row]

    def wrong(self) -> dict[str, list[Pair]]:
        """All wrong pairs, each in the order of the ids."""
        stories = {article: row["story"] for article, row in self.found.items() if article in self.truth}
        together, meant = set(_pairs(stories)), set(_pairs(self.truth))
        return {"false": sorted(together - meant), "missed": sorted(meant - together)}


def _pairs(stories: Mapping[str, str]) -> Iterator[Pair]:
    members = defaultdict(list)
    for article in sorted(stories):
        members[stories[article]].append(article)
    for group in members.values():
        yield from combinations(group, 2)


def draw(wrong: Sequence[Pair], count: int, seed: str) -> list[Pair]:
    """So many pairs at random, at most one for each first article: a large blob must not fill the sample."""
    shuffled = list(wrong)
    random.Random(seed).shuffle(shuffled)
    firsts: dict[str, Pair] = {}
    for pair in shuffled:
        firsts.setdefault(pair[0], pair)
    return list(firsts.values())[:count]


def lines(outcome: Outcome, count: int, seed: int) -> Iterator[dict[str, object]]:
    """The counts, then the pairs."""
    wrong = outcome.wrong()
    yield {"set": outcome.name, **{kind: _concentration(outcome, kind, pairs) for kind, pairs in wrong.items()}}
    for kind, share in zip(WRONG, (count - count // 2, count // 2), strict=True):
        for number, pair in enumerate(draw(wrong[kind], share, f"{seed}/{outcome.name}/{kind}"), 1):
            yield {"pair": f"{outcome.name}-{kind}-{number}", **_shown(outcome, pair)}


def _concentration(outcome: Outcome, kind: str, pairs: Sequence[Pair]) -> dict[str, int]:
    """How many pairs are wrong, and how many of these the worst groups hold: found ones of false merges, true ones
    of missed pairs."""
    group = (lambda a: outcome.found[a]["story"]) if kind == "false" else outcome.truth.__getitem__
    counts = [n for _, n in Counter(group(a) for a, _ in pairs).most_common()]
    return {"pairs": len(pairs), **{f"in the worst {n}": sum(counts[:n]) for n in (1, 3, 10)}}


def _shown(outcome: Outcome, pair: Pair) -> dict[str, object]:
    gold, found = Counter(outcome.truth.values()), Counter(row["story"] for row in outcome.found.values())
    shown: dict[str, object] = {}
    for side, article in zip("ab", pair, strict=True):
        row, said = outcome.articles[article], outcome.found[article]
        receipt = said.get("receipt") or {}
        shown[side] = {
            "id": article,
            "title": row.get("title"),
            "excerpt": str(row.get("excerpt") or "")[:200],
            "articles in its story": found[said["story"]],
            "in its true story": gold[outcome.truth[article]],
            **{key: receipt[key] for key in receipt if receipt[key] not in (None, [], {})},
        }
    one, other = (outcome.found[article] for article in pair)
    runners_up = ((one.get("receipt") or {}).get("runnerUp"), (other.get("receipt") or {}).get("runnerUp"))
    return shown | {"one is runner-up of the other": one["story"] in runners_up or other["story"] in runners_up}


def table(labels: Mapping[str, str]) -> Iterator[str]:
    """Markdown: kinds down, sets and what was wrong across. Raises ValueError for a name or kind that is none."""
    counts = _counted(labels)
    columns = sorted({(known, wrong) for known, wrong, _ in counts}, key=lambda c: (WRONG.index(c[1]), c[0]))
    yield "| kind | " + " | ".join(f"{known}, {wrong}" for known, wrong in columns) + " | all |"
    yield "|---" * (len(columns) + 2) + "|"
    for kind, meaning in KINDS.items():
        row = [counts[known, wrong, kind] for known, wrong in columns]
        if any(row):
            yield f"| {meaning} | " + " | ".join(str(n or "") for n in row) + f" | {sum(row)} |"
    sums = [sum(counts[known, wrong, kind] for kind in KINDS) for known, wrong in columns]
    yield "| all | " + " | ".join(map(str, sums)) + f" | {sum(sums)} |"


def _counted(labels: Mapping[str, str]) -> Counter[tuple[str, str, str]]:
    """How often each set, what was wrong and kind."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for name, kind in labels.items():
        match = _NAME.fullmatch(name)
        if not match or kind not in KINDS:
            raise ValueError(f"{name}: {kind!r} is no kind, or the name is none of `draw`; kinds: {', '.join(KINDS)}")
        counts[match["set"], match["wrong"], kind] += 1
    return counts


def bcubed(truth: Mapping[str, str], found: Mapping[str, str]) -> float:
    """B-cubed F1 of found stories by article (Bagga and Baldwin, 1998)."""
    both = Counter((truth[a], found[a]) for a in truth)
    gold, made = Counter(truth.values()), Counter(found[a] for a in truth)
    precision = sum(n * n / made[story] for (_, story), n in both.items()) / len(truth)
    recall = sum(n * n / gold[story] for (story, _), n in both.items()) / len(truth)
    return 2 * precision * recall / (precision + recall)


def mended(truth: Mapping[str, str], found: Mapping[str, str], wrong: str, worst: int | None) -> dict[str, str]:
    """The stories found, with the groups that have most wrong pairs put right by the truth: for "false" a found group
    is parted, for "missed" a true story moves to where most of it is. All groups where `worst` is None."""
    by, other = (found, truth) if wrong == "false" else (truth, found)
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for article in truth:
        groups[by[article]][other[article]] += 1
    ordered = sorted(groups, key=lambda group: (-_wrong_pairs(groups[group]), group))
    chosen = set(ordered[:worst])
    put = dict(found)
    for article in truth:
        group = by[article]
        if group in chosen:
            put[article] = f"{group}/{truth[article]}" if wrong == "false" else groups[group].most_common(1)[0][0]
    return put


def _wrong_pairs(parts: Counter[str]) -> int:
    return parts.total() ** 2 - sum(n * n for n in parts.values())


def worth(sets: Mapping[str, Grouped]) -> Iterator[str]:
    """Markdown: B-cubed F1 of each set as found, and with the worst groups mended."""
    steps = [(wrong, worst) for wrong in WRONG for worst in (1, 3, None)]
    verbs = {"false": "parted", "missed": "joined"}
    yield "| set | as found | " + " | ".join(f"{f'worst {n}' if n else 'all'} {verbs[w]}" for w, n in steps) + " |"
    yield "|---" * (len(steps) + 2) + "|"
    for name, (truth, found) in sets.items():
        scores = [bcubed(truth, found), *(bcubed(truth, mended(truth, found, *step)) for step in steps)]
        yield f"| {name} | " + " | ".join(f"{score:.3f}" for score in scores) + " |"


def gains(labels: Mapping[str, str], sets: Mapping[str, Grouped]) -> Iterator[str]:
    """Markdown: by kind, its share of a set's labelled pairs times the F1 that mending all such groups gains. Rough: a
    kind's share of the groups may be another than its share of the pairs."""
    counts = _counted(labels)
    total: defaultdict[tuple[str, str], float] = defaultdict(float)
    for (name, (truth, found)), wrong in ((s, w) for s in sets.items() for w in WRONG):
        drawn = sum(n for (known, how, _), n in counts.items() if (known, how) == (name, wrong))
        gain = bcubed(truth, mended(truth, found, wrong, None)) - bcubed(truth, found)
        for kind in KINDS:
            total[name, kind] += counts[name, wrong, kind] / max(1, drawn) * gain
    yield "| kind | " + " | ".join(sets) + " | mean |"
    yield "|---" * (len(sets) + 2) + "|"
    for kind, meaning in KINDS.items():
        row = [total[name, kind] for name in sets]
        if any(row):
            yield f"| {meaning} | " + " | ".join(f"{n:.3f}" for n in [*row, sum(row) / len(row)]) + " |"


def _rows(path: Path) -> Iterable[Row]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as text:
        yield from (json.loads(line) for line in text if line.strip())


def _read(articles: Path, truth: Path, found: Path) -> Outcome:
    return Outcome(
        articles.name.partition(".")[0],
        {row["id"]: row for row in _rows(articles)},
        {row["id"]: row["story"] for row in _rows(truth)},
        {row["id"]: row for row in _rows(found) if "story" in row},
    )


def read_labels(paths: Iterable[Path]) -> dict[str, str]:
    """The kind of each pair, by its name."""
    return {row["pair"]: row["kind"] for path in paths for row in _rows(path)}


def _scored(paths: Sequence[Path]) -> dict[str, Grouped]:
    """True and found stories of each set, from a truth and a found file for each, in turn."""
    sets = {}
    for truth, found in zip(paths[::2], paths[1::2], strict=True):
        told, said = ({row["id"]: row["story"] for row in _rows(path) if "story" in row} for path in (truth, found))
        sets[truth.name.partition(".")[0]] = told, said
    return sets


def main() -> None:
    """Draw, count or mend."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="wrong pairs of one set, as JSON lines")
    for name in ("articles", "truth", "found"):
        drawing.add_argument(name, type=Path)
    drawing.add_argument("--count", type=int, default=34)
    drawing.add_argument("--seed", type=int, default=1)
    commands.add_parser("kinds", help="the kinds that a label may be")
    commands.add_parser("table", help="labels counted").add_argument("labels", nargs="+", type=Path)
    mending = commands.add_parser("mend", help="what the worst groups and each kind cost")
    mending.add_argument("labels", type=Path)
    mending.add_argument("files", nargs="+", type=Path, metavar="TRUTH FOUND")
    given = parser.parse_args()
    if given.command == "draw":
        outcome = _read(given.articles, given.truth, given.found)
        sys.stdout.writelines(f"{json.dumps(row)}\n" for row in lines(outcome, given.count, given.seed))
    elif given.command == "kinds":
        sys.stdout.writelines(f"{kind:12}{meaning}\n" for kind, meaning in KINDS.items())
    elif given.command == "table":
        sys.stdout.writelines(f"{line}\n" for line in table(read_labels(given.labels)))
    else:
        sets = _scored(given.files)
        sys.stdout.writelines(f"{line}\n" for line in [*worth(sets), "", *gains(read_labels([given.labels]), sets)])


if __name__ == "__main__":
    main()
