"""Counts in how many articles each word stands, for the story engine's general frequencies.

    python tools/count_words.py articles.jsonl more.jsonl.gz --out src/broadsheet/stages/stories/frequencies.tsv.gz

Each line of the inputs is an article as `broadsheet stories` reads it. The first line of the output is the number of
articles; the others are `word<TAB>count`, sorted, of the words that stand in `--least` articles or more.
"""

import argparse
import gzip
from collections import Counter
from pathlib import Path

from broadsheet.stages.stories.reading import read_articles
from broadsheet.stages.stories.words import words_of


def main() -> None:
    """Read, count, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--least", type=int, default=3)
    arguments = parser.parse_args()
    counts: Counter[str] = Counter()
    seen = set()
    for path in arguments.files:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rb") as lines:
            for article in read_articles(lines):
                if not isinstance(article, dict) and (words := words_of(article)) not in seen:
                    seen.add(words)
                    counts.update(set(words.title + words.lead))
    rows = [str(len(seen)), *(f"{w}\t{n}" for w, n in sorted(counts.items()) if n >= arguments.least)]
    arguments.out.write_bytes(gzip.compress("\n".join(rows).encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
