"""A process of its own that builds a content folder once, and prints what each part of the work took.

python -m bench.publication.building FOLDER OUT WORKERS
"""

import json
import resource
import sys
import time
from pathlib import Path

from broadsheet.app import read_publication
from broadsheet.settings import read_settings
from broadsheet.stages.publish.build import build


def main() -> None:
    """Reads, then builds."""
    folder, out, _workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    started = time.process_time()
    publication, failures = read_publication(read_settings(folder))
    read = time.process_time()
    report = build(publication, out)
    built = time.process_time()
    records = max(1, len(publication.records))
    row = {
        "records": records,
        "failures": len(failures),
        "files": report.written,
        "startMilliseconds": round(started * 1e3, 1),
        "readMillisecondsEach": round((read - started) / records * 1e3, 4),
        "buildMillisecondsEach": round((built - read) / records * 1e3, 4),
        "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(json.dumps(row))


if __name__ == "__main__":
    main()
