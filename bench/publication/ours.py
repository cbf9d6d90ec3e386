"""Our build, as a command."""

import shutil
import sys
from pathlib import Path

from bench.publication.running import Cost, cost_of


def build_cost(content: Path, out: Path, workers: int) -> Cost:
    """What a full build into an empty folder costs."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "bench.publication.building", str(content), str(out), str(workers)]
    return cost_of(command)
