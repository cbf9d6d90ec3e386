"""What it costs to read a content folder: CPU in microseconds a record, at two sizes, garbage collection resting.

    python -m bench contents

`whole` is all of it as the printer gets it, stories with their records; `look` is what a running process needs to find
out that nothing changed. The peer reads the same files in the same run with `pathlib`, and the stories with `json`, and
makes nothing of them; the records it does not even take apart.
"""

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.publication.content import stories, write_content
from broadsheet.steps.contents import Contents

SIZES = (1_000, 10_000)
ROUNDS = 5


def main() -> None:
    for records in SIZES:
        with TemporaryDirectory() as folder:
            content = Path(folder) / "content"
            write_content(content, stories(records))
            _print(content, records)


def _print(content: Path, records: int) -> None:
    contents = Contents(content)
    whole = _microseconds(lambda: sum(1 for _ in contents.whole()), records)
    look = _microseconds(contents.changed, records)
    peer = _microseconds(lambda: _peer(content), records)
    row = {"bench": "contents", "records": records, "wholeMicrosecondsEach": whole, "lookMicrosecondsEach": look}
    print(json.dumps({**row, "peerMicrosecondsEach": peer, "wholeToPeer": round(whole / peer, 2)}), flush=True)


def _peer(content: Path) -> None:
    for path in sorted((content / "_news").glob("*.md")):
        path.read_text()
    for path in sorted((content / "_stories").glob("*/*.json")):
        json.loads(path.read_bytes())


def _microseconds(work: Callable[[], object], records: int) -> float:
    return round(min(_round(work) for _ in range(ROUNDS)) / records * 1e6, 1)


def _round(work: Callable[[], object]) -> float:
    gc.disable()
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.enable()
        gc.collect()


if __name__ == "__main__":
    main()
