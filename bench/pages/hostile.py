"""What pages that were made to harm cost: seconds of the processor and MB, each in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.pages.hostile_pages import HOSTILE

_PROGRAM = """
import json, resource, sys, time
from datetime import UTC, datetime
from broadsheet.errors import Rejected
from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article
from bench.pages.hostile_pages import HOSTILE
def page(body):
    url = "https://example.com/news/1"
    return Response(url, url, 200, body, datetime(2026, 1, 1, tzinfo=UTC), {"content-type": "text/html; charset=utf-8"})
extract_article(page(b"<html><body><p>" + b"Some words stand here. " * 20))
body = HOSTILE[sys.argv[1]]()
before, held = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    outcome = f"{len(extract_article(page(body)).text)} characters"
except Rejected as error:
    outcome = f"rejected: {error}"
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held
print(json.dumps({"bytes": len(body), "cpu_seconds": round(time.process_time() - before, 3), "mb": round(grown / 1000),
                  "outcome": outcome[:100]}))
"""


def hostile() -> list[dict[str, Any]]:
    """One row a page, the dearest first."""
    rows = []
    for name in HOSTILE:
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM, name], stdout=subprocess.PIPE, check=True, cwd=Path(__file__).parents[2]
        )
        rows.append({"what": name, **json.loads(done.stdout)})
    return sorted(rows, key=lambda row: -float(row["cpu_seconds"]))
