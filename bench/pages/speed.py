"""Pages per second of the processor: ours, the parser alone, and the peers, on the same pages in one run."""

import gc
import time
from collections.abc import Callable
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from bench.pages.peers import installed, tried
from broadsheet.errors import Rejected
from broadsheet.formats.charsets import decode_html
from broadsheet.model.exchange import Response
from broadsheet.stages.extract import extract_article

PASSES = 2
OURS = "broadsheet"


def speed(responses: list[Response]) -> list[dict[str, Any]]:
    """One row a work, with the ratio of its time to ours.

    In each of some passes one work after the other reads all pages, as it would in a process of its own; for each page
    and work the quickest pass counts, so that what else the machine does falls on all alike. What was loaded before is
    kept from the collector of cycles: else each work would pay for the objects of all others.
    """
    peers, missing = installed()
    works: dict[str, Callable[[Response, str], object]] = {OURS: _ours, "lexbor, parsing alone": _parse}
    works |= {name: _with(peer) for name, peer in peers.items()}
    texts = [decode_html(r.body, r.content_type) for r in responses]
    for response, text in zip(responses[:10], texts, strict=False):
        for work in works.values():  # loads models, fills caches
            work(response, text)
    gc.collect()
    gc.freeze()
    seconds = {name: [float("inf")] * len(texts) for name in works}
    for _ in range(PASSES):
        for name, work in works.items():
            for at, (response, text) in enumerate(zip(responses, texts, strict=True)):
                before = time.process_time()
                work(response, text)
                seconds[name][at] = min(seconds[name][at], time.process_time() - before)
    ours = sum(seconds[OURS])
    return [_row(name, len(texts), sum(times), ours) for name, times in seconds.items()] + missing


def _row(name: str, pages: int, seconds: float, ours: float) -> dict[str, Any]:
    return {
        "what": name,
        "pages": pages,
        "milliseconds_per_page": round(1000 * seconds / pages, 2),
        "pages_per_cpu_second": round(pages / seconds, 1),
        "times_ours": round(seconds / ours, 2),
    }


def _ours(response: Response, _: str) -> object:
    try:
        return extract_article(response)
    except Rejected:
        return None


def _parse(_: Response, text: str) -> object:
    return LexborHTMLParser(text)


def _with(peer: Callable[[str, str], dict[str, Any]]) -> Callable[[Response, str], object]:
    return lambda response, text: tried(peer, text, response.final_url)
