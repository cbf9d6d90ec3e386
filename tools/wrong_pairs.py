"""Draws wrong pairs of articles for a person to look at, and counts what the person found.

    broadsheet stories uci2014.jsonl.gz > found.jsonl
    python tools/wrong_pairs.py draw uci2014.jsonl.gz uci2014.truth.jsonl.gz found.jsonl > pairs.jsonl
    python tools/wrong_pairs.py kinds
    python tools/wrong_pairs.py table labels.json

`draw` takes half of the pairs from false merges (in one story, and should not be), half from missed ones, at random by
`--seed`, at most one for each first article. Its first line counts: all wrong pairs, and how many of them lie in the
groups that have most. The others are pairs with titles and receipts; they hold what belongs to publishers, so keep them
out of the project. A label file says of each pair's name the kind it is: `{"uci2014-false-1": "strands", ...}`; `table`
prints the counts of one or several such files as Markdown.
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
    "strands": "two strands of one running story",
    "recurrent": "the same kind of event with other figures, another date or place",
    "subject": "one subject, different events",
    "wide": "a side angle of a story that the truth draws wide",
    "comment": "opinion, framing or reaction, with few words in common",
    "paraphrase": "the same event in other words",
    "wordless": "a headline that names nothing of the story",
    "plain": "the same event in the same words",
    "unrelated": "nothing in common that a reader would see",
    "doubtful": "the truth itself is doubtful",
}
WRONG = ("false", "missed")
_NAME = re.compile(r"(?P<set>.+)-(?P<wrong>false|missed)-\d+")

Row = Mapping[str, Any]
Pair = tuple[str, str]


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
    counts: Counter[tuple[str, str, str]] = Counter()
    for name, kind in labels.items():
        match = _NAME.fullmatch(name)
        if not match or kind not in KINDS:
            raise ValueError(f"{name}: {kind!r} is no kind, or the name is none of `draw`; kinds: {', '.join(KINDS)}")
        counts[match["set"], match["wrong"], kind] += 1
    columns = sorted({(known, wrong) for known, wrong, _ in counts}, key=lambda c: (WRONG.index(c[1]), c[0]))
    yield "| kind | " + " | ".join(f"{known}, {wrong}" for known, wrong in columns) + " | all |"
    yield "|---" * (len(columns) + 2) + "|"
    for kind, meaning in KINDS.items():
        row = [counts[known, wrong, kind] for known, wrong in columns]
        if any(row):
            yield f"| {meaning} | " + " | ".join(str(n or "") for n in row) + f" | {sum(row)} |"
    sums = [sum(counts[known, wrong, kind] for kind in KINDS) for known, wrong in columns]
    yield "| all | " + " | ".join(map(str, sums)) + f" | {sum(sums)} |"


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


def main() -> None:
    """Draw, or count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    drawing = commands.add_parser("draw", help="wrong pairs of one set, as JSON lines")
    for name in ("articles", "truth", "found"):
        drawing.add_argument(name, type=Path)
    drawing.add_argument("--count", type=int, default=34)
    drawing.add_argument("--seed", type=int, default=1)
    commands.add_parser("kinds", help="the kinds that a label may be")
    commands.add_parser("table", help="labels counted").add_argument("labels", nargs="+", type=Path)
    given = parser.parse_args()
    if given.command == "draw":
        outcome = _read(given.articles, given.truth, given.found)
        sys.stdout.writelines(f"{json.dumps(row)}\n" for row in lines(outcome, given.count, given.seed))
    elif given.command == "kinds":
        sys.stdout.writelines(f"{kind:12}{meaning}\n" for kind, meaning in KINDS.items())
    else:
        labels = {k: v for path in given.labels for k, v in json.loads(path.read_text("utf-8")).items()}
        sys.stdout.writelines(f"{line}\n" for line in table(labels))


if __name__ == "__main__":
    main()
