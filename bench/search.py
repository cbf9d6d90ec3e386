"""What the search costs: the reader's first query in bytes, a build in CPU and memory, a change in CPU and files.

The stories are made from the titles and excerpts of ../shared/data/stories, taken apart and joined anew, with names of
our own strewn in, so that words are as common and as rare as in news. Queries are typed into the page in a real
browser that keeps no file: bytes are those of the files that the server sent, once as they are and once compressed.
"""

import argparse
import gzip
import json
import random
import re
import shutil
import statistics
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from bench import SHARED
from broadsheet.model.publication import Site
from broadsheet.stages.publish.search import (
    SearchDoc,
    changed_files,
    full_files,
    next_boundaries,
    regrouped_files,
    search_page,
)
from broadsheet.stages.publish.search.words import STOP_WORDS, words_of
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.theme import Theme, static_files
from broadsheet.stages.publish.site.views import TopicLink

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = (1_000, 10_000, 100_000)
_A_DAY = 150
_SINCE_HOUSEKEEPING = 200  # stories of a busy day, before the day's end
_ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
_TOPICS = [f"topic-{n}" for n in range(10)]


@cache
def _texts() -> tuple[list[list[str]], list[list[str]]]:
    """Halves of titles, and sentences, as lists of words."""
    titles: list[list[str]] = []
    sentences: list[list[str]] = []
    for name in ("allsides_lab", "groundnews2025", "uci2014"):
        with gzip.open(SHARED / "data" / "stories" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for told in map(json.loads, lines):
                words = told["title"].split()
                titles += [words[: len(words) // 2], words[len(words) // 2 :]]
                found = re.split(r"(?<=[.!?])\s+", told.get("excerpt") or "")
                sentences += [s.split() for s in found if s]
    return titles, sentences


def stories(count: int) -> Iterator[SearchDoc]:
    """So many stories, in order of number; the same every time."""
    chance = random.Random(20_261_122)
    titles, sentences = _texts()
    names = [_name(chance) for _ in range(60_000)]
    publishers = [f"{_name(chance)} {kind}" for kind in ("Post", "Times", "Ledger", "Herald") for _ in range(75)]
    for number in range(count):
        head = chance.choice(titles) + chance.choice(titles)
        deck = " ".join(chance.choice(sentences))
        while len(deck) < 150:
            deck += " " + " ".join(chance.choice(sentences))
        words = deck[:219].split()
        for text in (head := list(head), words):
            if text:
                text[chance.randrange(len(text))] = names[min(int(chance.paretovariate(0.6)), len(names)) - 1]
        yield SearchDoc(
            number=number,
            id=f"{number:08x}",
            title=" ".join(head)[:300],
            deck=" ".join(words),
            topics=tuple(chance.sample(_TOPICS, chance.choice((1, 1, 2)))),
            provider=(publisher := chance.choice(publishers)),
            domain=publisher.replace(" ", "").lower() + ".example",
            day=20_000 + number // _A_DAY,
            heat=chance.randrange(10, 200),
            independent=chance.randrange(1, 9),
            copies=chance.randrange(0, 20),
            language=None,
        )


def _name(chance: random.Random) -> str:
    parts = ("va", "lor", "mi", "ken", "dra", "sto", "bel", "qui", "ran", "tu", "fen", "ols", "hei", "gar", "pim")
    return "".join(chance.choices(parts, k=chance.randrange(2, 5))).title()


def _grown(count: int) -> tuple[int, ...]:
    """The boundaries of a paper that came to so many stories day by day: more segments than of one built at once."""
    boundaries: tuple[int, ...] = ()
    for given in range(_A_DAY, count + 1, _A_DAY):
        boundaries = next_boundaries(boundaries, given)
    return next_boundaries(boundaries, count)


def queries(docs: list[SearchDoc], number: int) -> list[str]:
    """Queries of one to four words as readers ask: words of one title, rare ones and common ones, and any pairs."""
    chance = random.Random(number)
    common = Counter(w for doc in docs[:5000] for w in words_of(doc.title) if w not in STOP_WORDS)
    known = [w for w, _ in common.most_common()]
    asked = list(known[:5])
    asked += [" ".join(known[at : at + size]) for at, size in ((0, 2), (0, 3), (3, 3), (10, 4))]
    while len(asked) < number:
        words = [w for w in words_of(chance.choice(docs).title) if w not in STOP_WORDS]
        asked.append(" ".join(chance.sample(words, min(len(words), chance.randrange(1, 5)))))
    return [q for q in asked if q][:number]


def build(docs: list[SearchDoc], boundaries: tuple[int, ...]) -> tuple[dict[str, object], dict[str, bytes]]:
    """A full build: its CPU time a story, the memory that it takes, and the files."""
    began = process_time()
    total = sum(len(file.body) for file in full_files(iter(docs), boundaries))
    spent = process_time() - began
    tracemalloc.start()
    most = max((len(file.body) for file in full_files(iter(docs), boundaries)), default=0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    files = {file.path: file.body for file in full_files(iter(docs), boundaries)}
    said: dict[str, object] = {
        "cpu_ms_a_story": round(spent * 1000 / len(docs), 4),
        "peak_mb": round(peak / 1e6, 1),
        "files": len(files),
        "index_mb": round(total / 1e6, 2),
        "largest_file_kb": round(most / 1e3, 1),
        "segments": [*boundaries],
    }
    return said, files


def changes(docs: list[SearchDoc], boundaries: tuple[int, ...], files: dict[str, bytes]) -> Iterator[dict[str, object]]:
    """Single changes of every kind: CPU and files each, in the middle of many."""
    chance = random.Random(7)
    count, closed = len(docs), boundaries[-1] if boundaries else 0
    last_days = docs[max(0, closed - 3 * _A_DAY) : closed] or docs
    kinds: dict[str, list[tuple[SearchDoc | None, SearchDoc | None]]] = {
        "new story": [(None, docs[0]._replace(number=count, title=d.title)) for d in chance.sample(docs, 200)],
        "story of today, heat": [(d, d._replace(heat=d.heat + 1)) for d in docs[closed:]],
        "old story, heat": [(d, d._replace(heat=d.heat + 1)) for d in chance.sample(docs[:closed], 200)],
        "old story, a word of its title": [
            (d, d._replace(title=d.title + " amended")) for d in chance.sample(docs, 200)
        ],
        "old story, topic": [(d, d._replace(topics=("topic-x",))) for d in chance.sample(docs, 200)],
        "old story, gone": [(d, None) for d in chance.sample(docs[:closed], 200)],
        "story of the last days, gone": [(d, None) for d in chance.sample(last_days, min(200, len(last_days)))],
    }
    for kind, wanted in kinds.items():
        written: list[int] = []
        costs: list[float] = []
        for change in wanted:
            began = process_time()
            written.append(sum(1 for _ in changed_files(files.get, [change], boundaries)))
            costs.append((process_time() - began) * 1000)
        yield {
            "change": kind,
            "cpu_ms": round(statistics.median(costs), 3),
            "cpu_ms_p95": round(sorted(costs)[len(costs) * 95 // 100], 3),
            "files": statistics.median(written),
            "files_most": max(written),
        }


def housekeeping(docs: list[SearchDoc], days: int) -> dict[str, object]:
    """Day after day of so many new stories: what closing and merging costs."""
    boundaries = next_boundaries((), len(docs) - days * _A_DAY)
    start = len(docs) - days * _A_DAY
    files = {file.path: file.body for file in full_files(iter(docs[:start]), boundaries)}
    written: list[int] = []
    costs: list[float] = []
    for day in range(days):
        some = docs[start + day * _A_DAY : start + (day + 1) * _A_DAY]
        files.update({f.path: f.body for f in changed_files(files.get, [(None, doc) for doc in some], boundaries)})
        began = process_time()
        new = next_boundaries(boundaries, some[-1].number + 1)
        made = list(regrouped_files(files.get, boundaries, new))
        costs.append((process_time() - began) * 1000)
        boundaries = new
        written.append(len(made))
        for item in made:
            if isinstance(item, str):
                del files[item]
            else:
                files[item.path] = item.body
    whole = {file.path: file.body for file in full_files(iter(docs), boundaries)}
    if files != whole:
        raise SystemExit("the files after housekeeping are not those of a full build")
    return {
        "housekeeping_days": days,
        "stories_a_day": _A_DAY,
        "cpu_ms": round(statistics.median(costs), 1),
        "cpu_ms_most": round(max(costs), 1),
        "files": statistics.median(written),
        "files_most": max(written),
    }


class _Server(ThreadingHTTPServer):
    """Serves files from memory, and says which were asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.sent, self.compresses = files, dict[str, int](), False
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].lstrip("/")
        body = self.server.files.get(path + "index.html" if path.endswith("/") or not path else path)
        if body is not None and self.server.compresses:
            body = gzip.compress(body, 6)
        self.server.sent[path] = len(body or b"")
        self.send_response(404 if body is None else 200)
        kind = {"html": "text/html", "css": "text/css", "js": "text/javascript"}.get(
            path.rpartition(".")[2], "text/html"
        )
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        if self.server.compresses:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def first_queries(docs: list[SearchDoc], files: dict[str, bytes], number: int) -> Iterator[dict[str, object]]:
    """What readers' first queries fetch, asked in a real browser with nothing kept from before."""
    from playwright.sync_api import sync_playwright

    topics = tuple(TopicLink(name, f"topics/{name}/", name) for name in _TOPICS)
    site = Site(title="The Long Archive")
    theme = Theme(site, links_of(site), topics)
    shell = {f.path: f.body for f in (search_page(theme), *static_files())}
    with _Server(files | shell) as server, sync_playwright() as playwright:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=_chromium(), args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        for server.compresses in (False, True):
            told = [_ask(page, server, query) for query in queries(docs, number)]
            for words in (1, 2, 3, 4):
                some = [t for t in told if t["words"] == words]
                if some:
                    yield {"gzip": server.compresses, "first_query_words": words, **_spread(some)}
            yield {"gzip": server.compresses, "first_query_words": "all", **_spread(told)}
        browser.close()
        server.shutdown()
    page, script, look = (shell[p] for p in ("search/index.html", "assets/search.js", "assets/search.css"))
    yield {
        "gzipped_bytes_of": {n: len(gzip.compress(b)) for n, b in (("page", page), ("script", script), ("style", look))}
    }


def _ask(page: "Page", server: _Server, query: str) -> dict[str, Any]:
    server.sent.clear()
    page.goto(f"http://127.0.0.1:{server.server_address[1]}/search/?{urlencode({'q': query})}")
    page.wait_for_selector("#status:not(:empty)", state="attached")
    fetched = [size for path, size in server.sent.items() if path.startswith("search/") and path.endswith(".js")]
    found = page.inner_text("#found")
    note = page.inner_text("#note")
    return {
        "query": query,
        "words": len(query.split()),
        "kb": sum(fetched) / 1e3,
        "requests": len(fetched),
        "found": found,
        "whole": "Looked" not in note,
    }


def _spread(told: list[dict[str, Any]]) -> dict[str, object]:
    kb = sorted(t["kb"] for t in told)
    worst = max(told, key=lambda t: t["kb"])
    return {
        "queries": len(told),
        "kb_median": round(statistics.median(kb), 1),
        "kb_p95": round(kb[len(kb) * 95 // 100], 1),
        "kb_worst": round(kb[-1], 1),
        "worst": worst["query"],
        "requests_median": statistics.median(t["requests"] for t in told),
        "requests_worst": max(t["requests"] for t in told),
        "looked_through_all": round(sum(t["whole"] for t in told) / len(told), 3),
    }


def _chromium() -> str:
    found = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
    if not found:
        raise SystemExit("no Chromium here; tools/ensure_browser.py says how to get one")
    return found


def main() -> None:
    """Prints a line for each measurement at each size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    for size in given.sizes:
        docs = list(stories(size))
        boundaries = _grown(size - _SINCE_HOUSEKEEPING)
        said, files = build(docs, boundaries)
        print(json.dumps({"stories": size, **said}), flush=True)
        for line in changes(docs, boundaries, files):
            print(json.dumps({"stories": size, **line}), flush=True)
        print(json.dumps({"stories": size, **housekeeping(docs, min(30, size // (2 * _A_DAY)))}), flush=True)
        for line in first_queries(docs, files, given.queries):
            print(json.dumps({"stories": size, **line}, ensure_ascii=False), flush=True)
