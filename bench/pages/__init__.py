"""Pages to articles: speed, memory and quality beside our peers on the same pages, and what hostile pages cost.

    python -m bench pages                 all of it, as JSON lines
    python -m bench pages --table         and docs/extraction-peers.md made of it
    python -m bench pages --only speed    one of: speed, quality, memory, hostile
    python -m bench pages --only memory --memory-pages 100000

The peers are measured where they are installed, and said to be missing where not. They are given text that was decoded
before the clock ran; we are given the bytes.
"""

import argparse
import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bench import SHARED
from bench.pages.hostile import hostile
from bench.pages.memory import memory
from bench.pages.quality import quality
from bench.pages.speed import speed
from bench.pages.table import write_table
from broadsheet.formats.warc import read_responses

Row = dict[str, object]
_STEP = 12  # every twelfth page for the speeds: the peers take their time
_TABLE = Path(__file__).parents[2] / "docs" / "extraction-peers.md"


def main() -> None:
    """Prints one JSON line a measurement."""
    options = _options()
    folder = SHARED / "data" / "pages"
    archive = folder / "pages.warc.gz"
    parts: dict[str, Callable[[], list[Row]]] = {
        "speed": lambda: speed(list(islice(read_responses(archive), 0, None, _STEP))),
        "quality": lambda: quality(archive, folder / "pages.truth.jsonl.gz", SHARED / "tools" / "score_pages.py"),
        "memory": lambda: memory(archive, options.memory_pages),
        "hostile": hostile,
    }
    rows: list[Row] = []
    for name, measure in parts.items():
        for found in measure() if options.only in {None, name} else ():
            rows.append({"bench": "pages", "part": name, **found})
            print(json.dumps(rows[-1]), flush=True)
    if options.table:
        write_table(rows, _TABLE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench pages", description=__doc__)
    parser.add_argument("--only", choices=["speed", "quality", "memory", "hostile"])
    parser.add_argument(
        "--memory-pages", type=int, default=3000, metavar="N", help="how many pages one after the other"
    )
    parser.add_argument("--table", action="store_true", help=f"write docs/{_TABLE.name}")
    return parser.parse_args()
