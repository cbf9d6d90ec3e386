"""What a command costs: processor time, wall time and peak memory, of itself and of the processes that it starts."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds, and the peak memory of the largest of its processes in megabytes."""

    cpu: float
    wall: float
    peak: float

    def each(self, records: int) -> dict[str, float]:
        """The figures as they are printed."""
        return {
            "cpuMillisecondsEach": round(self.cpu / records * 1e3, 4),
            "cpuSeconds": round(self.cpu, 2),
            "wallSeconds": round(self.wall, 2),
            "peakMegabytes": round(self.peak, 1),
        }


def cost_of(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Runs a command to its end; its output is not shown. Exits where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    stderr = process.stderr.read() if process.stderr else b""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{' '.join(command)}: ended with {process.returncode}\n{stderr.decode(errors='replace')[-2000:]}")
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)
