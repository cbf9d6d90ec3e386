"""Speed and memory on a long stream.

The engine runs in a process of its own that does nothing else; this one makes the stream and hands it over. What
is counted is the CPU time of `add` alone. Embeddings are given: the texts count as seen before.
"""

import gc
import multiprocessing
import resource
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bench.stories import sets
from bench.stories.engine import open_engine, restart
from bench.stories.printing import say
from bench.stories.stream import Stream, Told
from broadsheet.stages.stories.engine import StoryEngine
from broadsheet.stages.stories.options import StoryOptions

BATCH, SINGLES = 100, 50
EARLY = 50_000  # to which the cost at later points is compared
LAST = 10_000  # articles over which the cost at a point of the stream is taken
MEMORY_EVERY = 50_000
SCORED = 10_000
WINDOW = timedelta(days=StoryOptions().window_days)

Batch = Sequence[Told]


@dataclass(frozen=True)
class Plan:
    """`sizes`: after how many articles figures are printed, ascending; `patience`: CPU seconds of the whole run."""

    sizes: tuple[int, ...]
    a_day: int
    model: str
    dimensions: int
    patience: float


def measure_speed(stream: Stream, plan: Plan) -> None:
    """Hand the stream to a measuring process until that has enough."""
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(theirs, plan))
    process.start()
    theirs.close()
    try:
        for batch in _handed_over(iter(stream), plan.sizes):
            ours.send(batch)
        ours.send([])
    except BrokenPipeError:
        say("speed", a_day=plan.a_day, model=plan.model, stopped="before the stream was over")
    process.join()


def _handed_over(stream: Iterator[Told], sizes: Sequence[int]) -> Iterator[Batch]:
    """Batches of a hundred; after each size fifty single articles, which are not of the size, and the window once more,
    for a restart."""
    told = 0
    window: deque[Told] = deque()
    for size in sizes:
        while told < size:
            yield _kept(list(islice(stream, min(BATCH, size - told))), window)
            told = min(size, told + BATCH)
        for _ in range(SINGLES):
            yield _kept(list(islice(stream, 1)), window)
        yield list(window)


def _kept(batch: Batch, window: "deque[Told]") -> Batch:
    """The batch; the window moves on to its end."""
    window.extend(batch)
    while window[0].article.published < batch[-1].article.published - WINDOW:
        window.popleft()
    return batch


def _measure(batches: Connection, plan: Plan) -> None:
    base = _resident_mb()
    run = Run(open_engine(plan.dimensions), plan, base)
    for size in plan.sizes:
        while run.articles < size:
            run.take(batches.recv())
            if run.seconds > plan.patience:
                run.tell(gave_up=True)
                return
        run.tell()
        run.arrivals([batches.recv() for _ in range(SINGLES)])
        run.restart(batches)
    batches.recv()


@dataclass
class Run:
    """The engine and what it has cost so far; `costs` are CPU seconds and sizes of the batches of the last stretch."""

    engine: StoryEngine
    plan: Plan
    base_mb: int
    articles: int = 0
    seconds: float = 0.0
    worst: float = 0.0
    costs: list[tuple[float, int]] = field(default_factory=list)
    early_cost: float | None = None
    told: dict[str, str] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def take(self, batch: Batch) -> float:
        """CPU seconds that one batch took."""
        spent = self._add(batch)
        self.articles += len(batch)
        self.seconds += spent
        self.worst = max(self.worst, spent)
        self.costs = [*self.costs, (spent, len(batch))][-LAST // BATCH :]
        if self.articles % MEMORY_EVERY == 0 and self.articles not in self.plan.sizes:
            self._tell_memory()
        return spent

    def _add(self, batch: Batch) -> float:
        articles = [t.article for t in batch]
        rows = None if batch[0].embedding is None else np.stack([t.embedding for t in batch if t.embedding is not None])
        if self.articles < SCORED:
            self.told.update((t.article.id, t.story) for t in batch)
        start = time.process_time()
        said = self.engine.add(articles, rows)
        spent = time.process_time() - start
        self.found.update((a.article_id, a.story_id) for a in said if a.article_id in self.told)
        return spent

    def tell(self, *, gave_up: bool = False) -> None:
        """The figures at this point of the stream."""
        last = sum(c for c, _ in self.costs) / sum(n for _, n in self.costs)
        against = {"cost_against_50000": round(last / self.early_cost, 3)} if self.early_cost else {}
        if self.articles == EARLY:
            self.early_cost = last
        say(
            "speed",
            a_day=self.plan.a_day,
            model=self.plan.model,
            articles=self.articles,
            **({"gave_up": True} if gave_up else {}),
            window=self.engine.window_size,
            articles_per_cpu_second=round(self.articles / self.seconds, 1),
            articles_per_cpu_second_last_10000=round(1 / last, 1),
            **against,
            worst_batch_of_100_seconds=round(self.worst, 3),
            bcubedF1_of_the_first_10000=sets.score(self.told, self.found)["bcubedF1"],
        )
        self._tell_memory()

    def arrivals(self, singles: Sequence[Batch]) -> None:
        """Articles that come alone, with the window as it stands."""
        spent = [self._add(single) for single in singles]
        say(
            "single arrivals",
            a_day=self.plan.a_day,
            model=self.plan.model,
            after=self.articles,
            window=self.engine.window_size,
            worst_seconds=round(max(spent), 4),
            mean_seconds=round(sum(spent) / len(spent), 4),
        )

    def restart(self, batches: Connection) -> None:
        """A new engine that goes on where this one is, in a process of its own: the window comes next through the pipe,
        and nothing of it is to count as memory of this one."""
        process = multiprocessing.get_context("fork").Process(target=lambda: self._restart(batches.recv()))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit("the engine could not be restarted")

    def _restart(self, window: Batch) -> None:
        articles = {told.article.id: told.article for told in window}
        rows = {told.article.id: told.embedding for told in window if told.embedding is not None}
        seconds = round(restart(self.engine, articles, rows), 2)
        say("restart", a_day=self.plan.a_day, model=self.plan.model, window=len(window), seconds=seconds)

    def _tell_memory(self) -> None:
        gc.collect()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        say("memory", a_day=self.plan.a_day, model=self.plan.model, after=self.articles, window=self.engine.window_size,
            rss_mb=_resident_mb(), peak_mb=peak, of_which_before_the_first_article=self.base_mb)  # fmt: skip


def _resident_mb() -> int:
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    line = next(line for line in status.read_text("ascii").splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) // 1024
