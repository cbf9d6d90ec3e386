"""Copies: how well they are found on cases made from the real pages, and what an article costs.

    python -m bench copies

Prints JSON lines: for each half of the pages precision, recall and F1 of pairs, the share found of each kind and the
share of what is no copy that was taken for one; then milliseconds of CPU time for articles of 400 words, with only an
excerpt, and with only a headline, beside `re.findall` of the same words in the same run, and the memory of a window.
"""

import json
import random
import re
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import timedelta

from tests.quality.copy_cases import START, Source, make_cases, read_sources
from tests.quality.copy_scores import score

import bench
from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.copies import CopyFinder
from broadsheet.stages.stories.sketches import Hashes, sketch

ARTICLES, WORDS, WINDOW = 5_000, 400, timedelta(days=4)


def main() -> None:
    sources = [read_sources(bench.SHARED, half=half) for half in (0, 1)]
    for half, pages in enumerate(sources):
        found = score(make_cases(pages))
        row = {"bench": "copies", "half": half, "pages": len(pages), "f1": round(found.f1, 4), **asdict(found)}
        print(json.dumps(row), flush=True)
    speed(articles_from([*sources[0], *sources[1]]))


def articles_from(sources: Sequence[Source]) -> list[StoryArticle]:
    """Texts of 400 words, one in five a real beginning, the others with four words of five replaced."""
    dice = random.Random(3)
    texts = [words[:WORDS] for s in sources if len(words := s.text.split()) >= WORDS]
    words = [word for text in texts for word in text]
    found = []
    for number in range(ARTICLES):
        text = texts[number % len(texts)]
        if number % 5:
            text = [word if dice.random() < 0.2 else dice.choice(words) for word in text]
        when = START + timedelta(minutes=number / 10)
        url, title = f"https://p{number % 500}.example/news/{number}", " ".join(text[3:11])
        found.append(StoryArticle(str(number), title, when, url, " ".join(text)[:200], " ".join(text)))
    return found


def speed(articles: Sequence[StoryArticle]) -> None:
    sketch(articles[0].text)  # makes the tables
    words = re.compile(r"\w+")
    tell("words by re.findall, for comparison", len(articles), lambda: [words.findall(a.text) for a in articles])
    sketches: list[Hashes] = []
    tell("sketch", len(articles), lambda: sketches.extend(sketch(a.text) for a in articles))
    tell("add, 400 words", len(articles), lambda: add(articles, sketches))
    none = [sketch("")] * len(articles)
    tell("add, excerpt only", len(articles), lambda: add([replace(a, text="") for a in articles], none))
    tell("add, headline only", len(articles), lambda: add([replace(a, text="", excerpt="") for a in articles], none))
    tracemalloc.start()
    kept = add([replace(a, text="") for a in articles], [s.copy() for s in sketches])
    size = tracemalloc.get_traced_memory()[0]
    print(
        json.dumps({"bench": "copies", "what": "memory", "bytes_per_article": round(size / len(articles))}), flush=True
    )
    del kept


def add(articles: Sequence[StoryArticle], sketches: Sequence[Hashes]) -> CopyFinder:
    finder = CopyFinder(WINDOW)
    for index, (article, sketched) in enumerate(zip(articles, sketches, strict=True)):
        finder.add(index, article, sketched)
    return finder


def tell(what: str, count: int, work: Callable[[], object]) -> None:
    begun = time.process_time()
    work()
    spent = (time.process_time() - begun) / count
    print(json.dumps({"bench": "copies", "what": what, "cpu_ms_per_article": round(1000 * spent, 4)}), flush=True)
