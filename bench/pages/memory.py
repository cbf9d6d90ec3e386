"""What a process that reads pages grows to, set up as those of a run: the pages of the archive again and again."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_PROGRAM = """
import json, sys
from pathlib import Path
import numpy, selectolax.lexbor
from bench.pages.memory import megabytes
from broadsheet.adapters.memory import give_back_of_large_pages
give_back_of_large_pages()
base = megabytes()
from broadsheet.errors import Rejected
from broadsheet.formats.warc import read_responses
from broadsheet.stages.extract import extract_article
archive, most = Path(sys.argv[1]), int(sys.argv[2])
read, grown = 0, {"imported": megabytes() - base}
while read < most:
    for response in read_responses(archive):
        try:
            extract_article(response)
        except Rejected:
            pass
        read += 1
        if read in {1, most} or read % max(most // 10, 1) == 0:
            grown[str(read)] = megabytes() - base
        if read == most:
            break
print(json.dumps({"base": base, "grown": grown}))
"""


def memory(archive: Path, pages: int) -> list[dict[str, Any]]:
    """MB of a process that has imported everything, and what it has more after how many pages."""
    command = [sys.executable, "-c", _PROGRAM, str(archive), str(pages)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[2])
    found = json.loads(done.stdout)
    grown = {mark: round(value, 1) for mark, value in found["grown"].items()}
    return [{"what": "resident memory", "base_mb": round(found["base"], 1), "grown_mb_after_pages": grown}]


def megabytes() -> float:
    """Resident memory of this process now; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) / 1000
