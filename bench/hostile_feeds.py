"""What broken and hostile feeds cost, each read by a process of its own: seconds of CPU and the most memory."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import SHARED

_LIMIT_SECONDS, _LIMIT_MEGABYTES = 2, 200


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        maker = str(SHARED / "tools/make_hostile_feeds.py")
        subprocess.run([sys.executable, maker, name], check=True, stdout=subprocess.DEVNULL)
        rows = [_cost(folder / row["file"]) for row in json.loads((folder / "manifest.json").read_text())]
    rows.sort(key=lambda row: -float(str(row["cpuSeconds"])))
    for row in rows[:5]:
        print(json.dumps(row))
    within = sum(row["withinLimits"] is True for row in rows)
    most = max(float(str(row["megabytes"])) for row in rows)
    print(json.dumps({"what": "hostile feeds", "files": len(rows), "withinLimits": within, "mostMegabytes": most}))


def _cost(path: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "broadsheet", "feed", str(path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0  # it was waited for here
    seconds, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    within = seconds <= _LIMIT_SECONDS and megabytes <= _LIMIT_MEGABYTES
    return {"what": path.name, "cpuSeconds": round(seconds, 2), "megabytes": round(megabytes), "withinLimits": within}
