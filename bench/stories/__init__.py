"""Which articles tell one story: quality on labelled sets in the streaming form, speed, memory, and a peer.

    python -m bench stories                                  everything, streams of 10,000 and 50,000 articles
    python -m bench stories --full                           streams up to 400,000 articles
    python -m bench stories --parts speed --sizes 10000 --rates 2000 --models none
    python -m bench stories --parts quality,cuts,peer

Prints JSON lines. `quality`: final and first labels of each set, in batches of a hundred, with one setting; `cuts`: how
far another cut into batches, and articles that come late, move them; `peer`: TF-IDF with average link from
scikit-learn, with the best common threshold; `speed`: a long stream made of the real articles (see `stream`), at 10,000
and at 2,000 articles a day.
Whatever takes more CPU seconds than `--patience` is given up, and says so.
"""

import argparse
import os
import sys
from itertools import islice

from bench.stories import sets
from bench.stories.models import Remembering, find_embedder
from bench.stories.printing import say
from bench.stories.quality import measure_cuts, measure_late, measure_quality
from bench.stories.speed import Plan, measure_speed
from bench.stories.stream import Stream
from broadsheet.stages.stories.assign import embedded_text

SMALL, FULL = "10000,50000", "10000,50000,200000,400000"
PEER_WINDOW = 5_000


def main() -> None:
    options = _options()
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    models = [(name, find_embedder(name)) for name in options.models.split(",")]
    for name, model in models:
        if model is None and name != "none":
            say("models", model=name, lacking="not installed: measured without it")
    for model in dict.fromkeys(model for name, model in models if model or name == "none"):
        _measure(model, options)
    if "peer" in options.parts:
        _peer()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench stories", description=__doc__.splitlines()[0])
    parser.add_argument("--parts", default="quality,cuts,peer,speed")
    parser.add_argument("--sizes", default=SMALL)
    parser.add_argument("--full", action="store_const", const=FULL, dest="sizes")
    parser.add_argument("--rates", default="10000,2000", help="articles a day")
    parser.add_argument("--models", default="none,english", help="none, english, multilingual or auto")
    parser.add_argument("--patience", type=float, default=3_600, help="CPU seconds for each thing measured")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(sys.argv[1:])


def _measure(model: Remembering | None, options: argparse.Namespace) -> None:
    if "quality" in options.parts:
        measure_quality(model, options.patience)
    if "cuts" in options.parts:
        measure_cuts(model, options.patience)
        measure_late(model, options.patience)
    if "speed" in options.parts:
        sizes = tuple(sorted(int(size) for size in options.sizes.split(",")))
        for rate in map(int, options.rates.split(",")):
            plan = Plan(
                sizes, rate, model.name if model else "none", model.dimensions if model else 0, options.patience
            )
            measure_speed(long_stream(rate, model, options.seed), plan)
    if model:
        say("new texts", model=model.name, dimensions=model.dimensions, **model.speed())


def _peer() -> None:
    from bench.stories.peer import (
        measure_peer,
        measure_peer_speed,
    )  # scikit-learn, which the measured process must lack

    measure_peer()
    measure_peer_speed([told.article for told in islice(long_stream(10_000, None), PEER_WINDOW)])


def long_stream(a_day: int, model: Remembering | None, seed: int = 1) -> Stream:
    """A stream without end, made of all articles of the sets."""
    known = [sets.labelled(name) for name in sets.NAMES]
    articles = [a for one in known for a in one.articles]
    truth = {article: story for one in known for article, story in one.truth.items()}
    rows = model.embed([embedded_text(a) for a in articles]) if model else None
    return Stream(articles, truth, a_day, rows, seed)
