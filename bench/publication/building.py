"""A process of its own that builds a content folder once, and prints what it took.

python -m bench.publication.building FOLDER OUT WORKERS
"""

import json
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

from broadsheet.app.printing import print_publication
from broadsheet.settings import read_settings


def main() -> None:
    """Builds all of it."""
    folder, out, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    started = time.process_time()
    settings = read_settings(folder)
    settings = replace(settings, publish=replace(settings.publish, processes=workers))
    printed = print_publication(settings, out)
    built = time.process_time()
    records = max(1, printed.records)
    row = {
        "records": records,
        "failures": len(printed.failures),
        "files": printed.tree.written,
        "startMilliseconds": round(started * 1e3, 1),
        "buildMillisecondsEach": round((built - started) / records * 1e3, 4),
        "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main()
