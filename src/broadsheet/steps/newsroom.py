"""Everything that a run works with, and the report that it leaves."""

import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet.errors import BroadsheetError, RetryLater
from broadsheet.formats.sealing import KeyRing
from broadsheet.model.article import Article
from broadsheet.model.exchange import Response
from broadsheet.model.failure import Failure
from broadsheet.model.outgoing import DeploySettings, PushSettings
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.ports import (
    Apart,
    Archive,
    Blobs,
    Channel,
    Clock,
    Deployment,
    Embedder,
    Engine,
    Http,
    Lanes,
    Progress,
    Repository,
    Store,
)
from broadsheet.settings import Settings
from broadsheet.stages.enrich.rules import RuleBook
from broadsheet.stages.fetch import PageFetcher
from broadsheet.steps.print_shop import PrintShop


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The settings, the registry, and the ports, filled by `app/`.

    `lanes` is for work that waits for hosts, `engine` for work that uses the processor. `pages` asks through `http` and
    obeys robots.txt. `archive` opens a WARC source by its address. `extract` reads a page in a process that can be
    killed; it raises Rejected; `apart` decodes
    pictures in such processes. `reader` is the language model, None where there is none. `ring` has the
    keys of sealed payloads. `deployment` opens a place to deploy to, `channel` one to announce on. `shop` keeps
    the built publication.
    """

    settings: Settings
    topics: tuple[Topic, ...]
    organizations: Mapping[str, Organization]
    store: Store
    http: Http
    pages: PageFetcher
    archive: Callable[[str], Archive]
    extract: Callable[[Response], Article]
    apart: Apart
    engine: Engine
    lanes: Lanes
    clock: Clock
    repository: Repository | None
    blobs: Blobs
    progress: Progress
    shop: PrintShop
    deployment: Callable[[DeploySettings], Deployment]
    channel: Callable[[PushSettings], Channel]
    reader: Embedder | None = None
    ring: KeyRing = field(default_factory=KeyRing)
    rules: RuleBook = field(default_factory=RuleBook)


@dataclass(slots=True)
class StageReport:
    """What one stage did: counts by name, CPU and wall seconds, and the peak memory of the process after it, in MB."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0

    def as_json(self) -> dict[str, object]:
        """The counts, then the seconds and the memory."""
        times = {"seconds": round(self.seconds, 3), "cpuSeconds": round(self.cpu_seconds, 3)}
        return {**dict(sorted(self.counts.items())), **times, "peakMB": round(self.peak_mb, 1)}


@dataclass(slots=True)
class RunReport:
    """What a run did, stage by stage, and everything that failed in it."""

    stages: dict[str, StageReport] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def fail(self, stage: str, item: str, error: BaseException) -> None:
        """Counts and explains a failure; the run goes on."""
        reason = str(error) if isinstance(error, BroadsheetError) else f"unexpected {type(error).__name__}: {error}"
        self.stages[stage].counts["failed"] += 1
        self.failures.append(Failure(stage, item, reason))

    def counted(self, stage: str, what: str) -> int:
        """A count of a stage, 0 where the stage did not run."""
        return self.stages[stage].counts[what] if stage in self.stages else 0

    @property
    def changed(self) -> bool:
        """Whether the content repository or the site differs from before."""
        return bool(self.counted("publish", "files") or self.counted("build", "written"))

    def as_json(self) -> dict[str, object]:
        """Stage name to what it did, and the number of failures."""
        return {**{name: stage.as_json() for name, stage in self.stages.items()}, "failures": len(self.failures)}

    @contextmanager
    def stage(self, name: str) -> Iterator[Counter[str]]:
        """Times a stage; what is counted inside is its report."""
        report = self.stages.setdefault(name, StageReport())
        wall, cpu = time.monotonic(), time.process_time()
        try:
            yield report.counts
        finally:
            report.seconds += time.monotonic() - wall
            report.cpu_seconds += time.process_time() - cpu
            report.peak_mb = peak_memory_mb()


def peak_memory_mb() -> float:
    """The most memory that this process ever held, in MB.

    On Linux from /proc, since ru_maxrss there begins with what the parent process held; else ru_maxrss, which is in
    bytes on macOS and in kB elsewhere.
    """
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"^VmHWM:\s+(\d+) kB", status.read_text("ascii", "replace"), re.MULTILINE)
        if found:
            return int(found[1]) / 1e3
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def fault_of_ours(error: Exception) -> RetryLater:
    """An error that we did not expect: the item is tried again, by then perhaps with a newer Broadsheet."""
    return RetryLater(f"unexpected {type(error).__name__}: {error}", hint="This is a fault of Broadsheet; report it")
