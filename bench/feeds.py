"""How long real feeds take beside other parsers, all in one run, and what each gives for it.

Each work reads the same bodies three times and counts by its best round, in seconds of its own CPU. Peers that are not
installed are left out and named. What they give differs: feedparser and we sanitise HTML and resolve links, atoma and
fastfeedparser hand over what is there, and the bare tree of lxml is where our parser and fastfeedparser begin.
"""

import gzip
import importlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from lxml import etree

from bench import SHARED
from broadsheet.errors import Rejected
from broadsheet.formats.markup import sanitise
from broadsheet.stages.sources.feeds import read_feed

_ROUNDS = 3
_BASELINE = "feedparser"
Work = Callable[[bytes], int]


def main() -> None:
    bodies = [gzip.decompress(path.read_bytes()) for path in sorted((SHARED / "data/feeds/real").glob("*.gz"))]
    megabytes = round(sum(map(len, bodies)) / 1e6, 1)
    measured = {name: (gives, *_measured(work, bodies)) for name, gives, work in _works()}
    baseline = measured.get(_BASELINE)
    for name, (gives, seconds, entries) in measured.items():
        row = {"what": name, "gives": gives, "feeds": len(bodies), "megabytes": megabytes, "entries": entries}
        row |= {"cpuSeconds": round(seconds, 3), "feedsPerCpuSecond": round(len(bodies) / seconds, 1)}
        if baseline:
            row[f"times{_BASELINE.capitalize()}"] = round(baseline[1] / seconds, 1)
        print(json.dumps(row), flush=True)
    print(json.dumps(_sanitising(bodies)))


def _works() -> Iterator[tuple[str, str, Work]]:
    """Name, what it gives, and the work: from a body to its number of entries."""
    yield "lxml", "the bare tree", _bare_tree
    yield "broadsheet", "every field, sanitised HTML, absolute links, UTC, JSON", _ours
    for name, gives, work in (
        ("feedparser", "every field, sanitised HTML, absolute links, JSON", _feedparser),
        ("fastfeedparser", "main fields, HTML as it is, JSON", _fastfeedparser),
        ("atoma", "main fields, HTML as it is, no JSON", _atoma),
    ):
        try:
            yield name, gives, partial(work, importlib.import_module(name))
        except ImportError:
            print(json.dumps({"what": name, "error": "not installed"}))


def _measured(work: Work, bodies: Sequence[bytes]) -> tuple[float, int]:
    """Seconds of the best of three rounds, since others use the machine too, and how many entries were found."""
    rounds = [_round(work, bodies) for _ in range(_ROUNDS)]
    return min(seconds for seconds, _ in rounds), rounds[0][1]


def _round(work: Work, bodies: Sequence[bytes]) -> tuple[float, int]:
    begin = time.process_time()
    entries = sum(work(body) for body in bodies)
    return time.process_time() - begin, entries


def _bare_tree(body: bytes) -> int:
    try:
        return int(etree.fromstring(body) is None)
    except etree.XMLSyntaxError:
        return 0


def _ours(body: bytes) -> int:
    try:
        feed = read_feed(body)
    except Rejected:
        return 0
    json.dumps(feed.as_json(), ensure_ascii=False)
    return len(feed.entries)


def _feedparser(feedparser: Any, body: bytes) -> int:
    feed = feedparser.parse(body)
    json.dumps(feed, default=str, ensure_ascii=False)
    return len(feed.entries)


def _fastfeedparser(fastfeedparser: Any, body: bytes) -> int:
    try:
        feed = fastfeedparser.parse(body)
    except Exception:  # noqa: BLE001 - it raises whatever comes for what it can't read
        return 0
    json.dumps(feed, default=str, ensure_ascii=False)
    return len(feed.entries)


def _atoma(atoma: Any, body: bytes) -> int:
    """It wants to be told the format; whoever uses it looks at the beginning."""
    head = body[:2_000].lower()
    parse = atoma.parse_json_feed_bytes if head.lstrip()[:1] == b"{" else atoma.parse_rss_bytes
    try:
        feed = (atoma.parse_atom_bytes if b"<feed" in head else parse)(body)
    except Exception:  # noqa: BLE001 - as above
        return 0
    return len(getattr(feed, "entries", None) or getattr(feed, "items", None) or ())


def _sanitising(bodies: Sequence[bytes]) -> dict[str, object]:
    """What cleaning all HTML once more costs by itself; clean HTML is the easiest there is."""
    texts = []
    for body in bodies:
        try:
            texts += [text for e in read_feed(body).entries for text in (e.summary, e.content) if text]
        except Rejected:
            continue
    begin = time.process_time()
    for text in texts:
        sanitise(text)
    seconds = time.process_time() - begin
    megabytes = sum(map(len, texts)) / 1e6
    return {"what": "sanitising clean HTML", "megacharacters": round(megabytes, 1), "cpuSeconds": round(seconds, 3)}
