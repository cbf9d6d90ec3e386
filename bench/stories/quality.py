"""Quality on the labelled sets: final and first labels, and what the cut into batches moves."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bench.stories import sets
from bench.stories.engine import open_engine
from bench.stories.models import Remembering
from bench.stories.printing import say
from broadsheet.model.story import StoryArticle
from broadsheet.stages.stories.assign import embedded_text

FIGURES = ("bcubedF1", "bcubedPrecision", "bcubedRecall", "pairF1", "goldStories", "foundStories")
CUTS = (1, 25, 100, 500, 1_000_000)
BATCH = 100
LATE, LATEST = 0.1, timedelta(hours=12)


@dataclass
class Labels:
    """What the engine said of each article at once and in the end; `complete` is False if patience ran out."""

    first: dict[str, str] = field(default_factory=dict)
    final: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    complete: bool = True


def stream(articles: Sequence[StoryArticle], model: Remembering | None, batch: int, patience: float) -> Labels:
    """Feed the articles in this order, `batch` at a time; the model's own time is not counted."""
    labels = Labels()
    engine = open_engine(model.dimensions, model.name) if model else open_engine()
    for at in range(0, len(articles), batch):
        if labels.seconds > patience:
            labels.complete = False
            break
        new = articles[at : at + batch]
        rows = model.embed([embedded_text(a) for a in new]) if model else None
        start = time.process_time()
        said = engine.add(new, rows)
        labels.seconds += time.process_time() - start
        labels.final.update((a.article_id, a.story_id) for a in said)
        labels.first.update((a.id, labels.final[a.id]) for a in new)
    return labels


def measure_quality(model: Remembering | None, patience: float) -> None:
    """Three sets with one setting, in batches of a hundred."""
    for kind, scores in _by_kind(model, patience).items():
        means = {f"mean_{key}": round(sum(s[key] for s in scores) / len(scores), 4) for key in ("bcubedF1", "pairF1")}
        say("quality", set="mean of the three", model=_name(model), labels=kind, **means)


def _by_kind(model: Remembering | None, patience: float) -> dict[str, list[dict[str, float]]]:
    scores: dict[str, list[dict[str, float]]] = {}
    for known in map(sets.labelled, sets.NAMES):
        labels = stream(known.articles, model, BATCH, patience)
        if not labels.complete:
            say("quality", set=known.name, model=_name(model), gave_up_after=len(labels.final))
            return {}
        speed = round(len(known.articles) / labels.seconds, 1)
        for kind, found in (("final", labels.final), ("first", labels.first)):
            scored = sets.score(known.truth, found)
            scores.setdefault(kind, []).append(scored)
            figures = {key: scored[key] for key in FIGURES}
            say("quality", set=known.name, model=_name(model), labels=kind, **figures, articles_per_cpu_second=speed)
    return scores


def measure_cuts(model: Remembering | None, patience: float) -> None:
    """How far the cut of the stream into batches moves the final labels' F1."""
    for known in map(sets.labelled, sets.NAMES):
        found = dict(_cuts(known, model, patience))
        if found:
            most = round(max(found.values()) - min(found.values()), 4)
            say("cuts", set=known.name, model=_name(model), bcubedF1=found, biggest_difference=most)


def measure_late(model: Remembering | None, patience: float) -> None:
    """What it costs that every tenth article arrives up to half a day after its time."""
    for known in map(sets.labelled, sets.NAMES):
        labels = stream(_delayed(known.articles), model, BATCH, patience)
        if labels.complete:
            score = sets.score(known.truth, labels.final)["bcubedF1"]
            say("late", set=known.name, model=_name(model), share_late=LATE, bcubedF1=score)


def _delayed(articles: Sequence[StoryArticle]) -> list[StoryArticle]:
    """In the order of arrival."""
    chance = random.Random(1)
    arrivals = [a.published + LATEST * (chance.random() if chance.random() < LATE else 0) for a in articles]
    return [article for _, article in sorted(zip(arrivals, articles, strict=True), key=lambda pair: pair[0])]


def _cuts(known: sets.Labelled, model: Remembering | None, patience: float) -> Iterator[tuple[str, float]]:
    for batch in CUTS:
        name = str(batch) if batch <= len(known.articles) else "whole"
        labels = stream(known.articles, model, batch, patience)
        if labels.complete:
            yield name, sets.score(known.truth, labels.final)["bcubedF1"]
        else:
            say("cuts", set=known.name, model=_name(model), batch=name, gave_up_after=len(labels.final))


def _name(model: Remembering | None) -> str:
    return model.name if model else "none"
