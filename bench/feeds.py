"""How many real feeds a second of CPU reads, sanitised and as JSON; for comparison, the bare tree that lxml makes."""

import gzip
import json
import time
from collections.abc import Callable, Sequence

from lxml import etree

from bench import SHARED
from broadsheet.errors import Rejected
from broadsheet.stages.sources.feeds import read_feed

_ROUNDS = 3


def main() -> None:
    bodies = [gzip.decompress(path.read_bytes()) for path in sorted((SHARED / "data/feeds/real").glob("*.gz"))]
    tree = _seconds(_bare_tree, bodies)
    ours = _seconds(_to_json, bodies)
    size = sum(map(len, bodies)) / 1e6
    for name, seconds in (("lxml, tree only", tree), ("broadsheet, sanitised, to JSON", ours)):
        row = {"what": name, "feeds": len(bodies), "megabytes": round(size, 1), "cpuSeconds": round(seconds, 3)}
        print(
            json.dumps(
                row | {"feedsPerCpuSecond": round(len(bodies) / seconds, 1), "timesTree": round(seconds / tree, 2)}
            )
        )


def _seconds(work: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    """The best of three rounds, since others use the machine too."""
    return min(_round(work, bodies) for _ in range(_ROUNDS))


def _round(work: Callable[[bytes], object], bodies: Sequence[bytes]) -> float:
    begin = time.process_time()
    for body in bodies:
        work(body)
    return time.process_time() - begin


def _bare_tree(body: bytes) -> object:
    try:
        return etree.fromstring(body)
    except etree.XMLSyntaxError:
        return None


def _to_json(body: bytes) -> str:
    try:
        return json.dumps(read_feed(body).as_json(), ensure_ascii=False)
    except Rejected as error:
        return str(error)
