"""The scores of the texts, titles, dates, authors and images that we and the peers find on the labelled pages."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.pages.peers import Peer, installed, tried
from broadsheet.errors import Rejected
from broadsheet.formats.charsets import decode_html
from broadsheet.formats.warc import read_responses
from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article

Row = dict[str, Any]


def quality(archive: Path, truth: Path, scorer: Path) -> list[Row]:
    """One row a work, its `scores` by source of truth and field."""
    peers, missing = installed()
    works: dict[str, Callable[[Response], Row]] = {"broadsheet": _ours}
    works |= {name: _with(peer) for name, peer in peers.items()}
    found: dict[str, list[Row]] = {name: [] for name in works}
    for response in read_responses(archive):
        for name, work in works.items():
            found[name].append({"url": response.url, **work(response)})
    return [{"what": name, **_scored(rows, truth, scorer)} for name, rows in found.items()] + missing


def _ours(response: Response) -> Row:
    try:
        return dict(extract_article(response).as_json()) | {"url": response.url}
    except Rejected as error:
        return {"failed": str(error)}


def _with(peer: Peer) -> Callable[[Response], Row]:
    def read(response: Response) -> Row:
        return tried(peer, decode_html(response.body, response.content_type), response.final_url)

    return read


def _scored(rows: Iterable[Row], truth: Path, scorer: Path) -> Row:
    rows = list(rows)
    lines = "\n".join(json.dumps(row, default=str) for row in rows).encode()
    done = subprocess.run([sys.executable, str(scorer), str(truth)], input=lines, stdout=subprocess.PIPE, check=True)
    return {"failed": sum("failed" in row for row in rows), "scores": json.loads(done.stdout)}
