"""What the process holds follows what it uses."""

import subprocess
import sys

import pytest

_USE = """
import threading
from pathlib import Path
from broadsheet.adapters.memory import give_memory_back
give_memory_back()
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
def read():
    for _ in range(20):
        kept = [bytes(100_000) for _ in range(100)], bytearray(20_000_000)
before = resident()
threads = [threading.Thread(target=read) for _ in range(12)]
[t.start() for t in threads]
[t.join() for t in threads]
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the settings are those of the GNU C library")
def test_many_threads_leave_little_behind() -> None:
    found = subprocess.run([sys.executable, "-c", _USE], capture_output=True, text=True, check=True)
    assert float(found.stdout) < 40
