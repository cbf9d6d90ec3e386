"""Pages to articles: pages per CPU second beside the parser alone, and the quality on labelled pages.

    python -m bench pages

Prints JSON lines. The peer is lexbor parsing the same decoded pages in the same run: the bound for whatever builds
a tree. The last line is what the scorer says of the texts, titles, authors, dates and images.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

import bench
from broadsheet.errors import Rejected
from broadsheet.formats.charsets import decode_html
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article

PAGES, PASSES = 300, 3


def main() -> None:
    responses = list(islice(read_responses(bench.SHARED / "data" / "pages" / "pages.warc.gz"), PAGES))
    speed(responses)
    quality(bench.SHARED)


def speed(responses: list[Response]) -> None:
    texts = [decode_html(r.body, r.content_type) for r in responses]
    for response in responses[:20]:
        _extract(response)  # loads the models, fills the caches of names
    parse = best(lambda: [LexborHTMLParser(t) for t in texts])
    extract = best(lambda: [_extract(r) for r in responses])
    for name, seconds in (("lexbor parse alone", parse), ("extract_article", extract)):
        row = {
            "bench": "pages",
            "what": name,
            "pages": len(texts),
            "pages_per_cpu_second": round(len(texts) / seconds, 1),
        }
        print(json.dumps(row), flush=True)
    print(
        json.dumps(
            {"bench": "pages", "what": "extract_article / lexbor parse alone", "ratio": round(extract / parse, 2)}
        )
    )


def best(work: Callable[[], object]) -> float:
    """CPU seconds of the quickest of some passes."""
    times = []
    for _ in range(PASSES):
        gc.collect()
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return min(times)


def quality(shared: Path) -> None:
    folder = shared / "data" / "pages"
    command = [sys.executable, "-m", "broadsheet", "extract", str(folder / "pages.warc.gz")]
    lines = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout
    scorer = [sys.executable, str(shared / "tools" / "score_pages.py"), str(folder / "pages.truth.jsonl.gz")]
    scores = json.loads(subprocess.run(scorer, input=lines, stdout=subprocess.PIPE, check=True).stdout)
    print(json.dumps({"bench": "pages", "what": "quality", "scores": scores}))


def _extract(response: Response) -> object:
    try:
        return extract_article(response)
    except Rejected:
        return None
