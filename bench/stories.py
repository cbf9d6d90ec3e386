"""Which articles tell one story: quality on labelled sets in the streaming form, speed, and the memory it takes.

    python -m bench stories

Prints JSON lines: one for each set and the mean of their B-cubed F1; then one window of 3,000 articles in one call, and
6,000 articles spread over three years. CPU seconds are those of a process of its own, start-up included.
"""

import gzip
import json
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import bench
from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories import StoryOptions, assign_stories
from broadsheet.stages.stories.reading import read_articles

SETS = ("uci2014", "groundnews2025", "allsides_lab")


def main() -> None:
    scores = [quality(name) for name in SETS]
    print(json.dumps({"bench": "stories", "what": "mean B-cubed F1", "value": round(sum(scores) / len(scores), 4)}))
    articles = some_articles()
    speed("one window of 3,000, one call", articles[:3000])
    start = articles[0].published
    spread = [replace(a, published=start + timedelta(hours=4.4 * n)) for n, a in enumerate(articles[:6000])]
    speed("6,000 over three years, one call", spread)


def quality(name: str) -> float:
    folder = bench.SHARED / "data" / "stories"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "broadsheet", "stories", str(folder / f"{name}.jsonl.gz")]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    scorer = [sys.executable, str(bench.SHARED / "tools" / "score_stories.py"), str(folder / f"{name}.truth.jsonl.gz")]
    scored = json.loads(subprocess.run(scorer, input=run.stdout, stdout=subprocess.PIPE, check=True).stdout)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = {
        "cpu_seconds": round(seconds, 1),
        "articles_per_cpu_second": round(scored["articles"] / seconds, 1),
        "peak_mb_so_far": after.ru_maxrss // 1024,
    }
    print(json.dumps({"bench": "stories", "what": name, **scored, **figures}), flush=True)
    return float(scored["bcubedF1"])


def some_articles() -> list[StoryArticle]:
    """All articles of the sets, those with texts first."""
    found = []
    for name in reversed(SETS):
        with gzip.open(bench.SHARED / "data" / "stories" / f"{name}.jsonl.gz") as lines:
            found += [row for row in read_articles(lines) if isinstance(row, StoryArticle)]
    return found


def speed(what: str, articles: list[StoryArticle]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF)
    assign_stories(articles, {}, StoryOptions())
    after = resource.getrusage(resource.RUSAGE_SELF)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    row = {"articles": len(articles), "cpu_seconds": round(seconds, 1), "peak_mb_so_far": after.ru_maxrss // 1024}
    print(json.dumps({"bench": "stories", "what": what, **row}), flush=True)


if __name__ == "__main__":
    main()
