"""The labelled sets, and the scorer that lies beside them."""

import gzip
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import bench
from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.reading import read_articles

NAMES = ("uci2014", "groundnews2025", "allsides_lab")


@dataclass(frozen=True)
class Labelled:
    """Articles in order of time, and the story of each by its id."""

    name: str
    articles: tuple[StoryArticle, ...]
    truth: Mapping[str, str]


@cache
def labelled(name: str) -> Labelled:
    folder = bench.SHARED / "data" / "stories"
    with gzip.open(folder / f"{name}.jsonl.gz") as lines:
        articles = [row for row in read_articles(lines) if isinstance(row, StoryArticle)]
    with gzip.open(folder / f"{name}.truth.jsonl.gz") as lines:
        rows = [json.loads(line) for line in lines]
    ordered = sorted(articles, key=lambda a: (a.published, a.id))
    return Labelled(name, tuple(ordered), {row["id"]: row["story"] for row in rows})


def score(truth: Mapping[str, str], found: Mapping[str, str]) -> dict[str, Any]:
    """B-cubed and pair figures, by the very scorer that judges."""
    return dict(_scorer().score(truth, found))


@cache
def _scorer() -> ModuleType:
    path = bench.SHARED / "tools" / "score_stories.py"
    spec = importlib.util.spec_from_file_location("score_stories", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
