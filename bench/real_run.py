"""The main job on real input: captured feeds from a local server, real pages replayed as the web behind them.

The feeds are served as they were captured, over HTTP on loopback, and so is a sitemap of all pages of the archive. A
page that an entry or the sitemap names is looked for in the archive; what is not there is a page that can't be had, and
the feed's own words must do. The run is the real command in a process of its own; then it runs a second time.
"""

import collections
import gzip
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bench import SHARED
from broadsheet.formats.urls import registrable_domain
from broadsheet.formats.warc import index_captures
from broadsheet.stages.sources.listing import organization_file

PAGES = SHARED / "data" / "pages" / "pages.warc.gz"
FEEDS = SHARED / "data" / "feeds"
NOW = "2026-11-22T12:00:00Z"
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}

SETTINGS = """\
title = "Everything"
url = "http://localhost:8000"

[publish]
threshold = 60

[fetch]
contact = "bench@localhost"
allow = ["{address}"]
replay = ["{pages}"]
host_delay_seconds = 0
max_age_days = 0
threads = 8
"""
TOPIC = "taxonomy: topic\n_id: everything\nname: Everything\nkeywords:\n  - the\nservices:\n  news: /api/news/\n"

Served = dict[str, tuple[str, bytes]]


def main() -> None:
    served, sources, domains = _what_is_served()
    server = _server(served)
    address = f"127.0.0.1:{server.server_port}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            _publication(Path(folder), address, sources, domains)
            _tell(*_run(Path(folder)), Path(folder))
            second, failures = _run(Path(folder))
            print(json.dumps({"second run": _changes(second), "failures": len(failures)}))
    finally:
        server.shutdown()


def _what_is_served() -> tuple[Served, list[tuple[str, str, str]], set[str]]:
    """Path to (content type, body); sources as (path, kind, name); domains of all publishers."""
    served: Served = {}
    sources = []
    domains = set()
    with (FEEDS / "real-manifest.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            path = f"/feeds/{number}"
            served[path] = (
                TYPES.get(row["kind"], "application/xml"),
                gzip.decompress((FEEDS / row["file"]).read_bytes()),
            )
            sources.append((path, "feed", row["url"]))
            domains.add(registrable_domain(row["url"]))
    addresses = list(dict.fromkeys(c.url for c in index_captures(PAGES)))
    served["/sitemap.xml"] = ("application/xml", _sitemap(addresses))
    sources.append(("/sitemap.xml", "sitemap", "all pages of the archive"))
    return served, sources, domains | {registrable_domain(a) for a in addresses if a.startswith("http")}


def _sitemap(addresses: Sequence[str]) -> bytes:
    rows = "".join(f"<url><loc>{escape(a)}</loc></url>" for a in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'.encode()


def _server(served: Served) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            kind, body = served.get(self.path, ("text/plain", b""))
            self.send_response(200 if self.path in served else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _publication(folder: Path, address: str, sources: Sequence[tuple[str, str, str]], domains: set[str]) -> None:
    blocks = "".join(
        f'\n[[sources]]\nurl = "http://{address}{path}"\nkind = "{kind}"\nname = {json.dumps(name)}\n'
        for path, kind, name in sources
    )
    (folder / "broadsheet.toml").write_text(SETTINGS.format(address=address, pages=PAGES) + blocks, "utf-8")
    (folder / "_data" / "topics").mkdir(parents=True)
    (folder / "_data" / "topics" / "00-everything.yaml").write_text(TOPIC, "utf-8")
    (folder / "_data" / "organizations").mkdir()
    for domain in domains:
        (folder / "_data" / "organizations" / f"{domain}.md").write_text(organization_file(domain, domain), "utf-8")


def _run(folder: Path) -> tuple[dict[str, Any], list[dict[str, str]]]:
    command = [sys.executable, "-m", "broadsheet", "run", "--once", "--at", NOW, "-C", str(folder)]
    said = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    if said.returncode not in (0, 1):
        sys.exit(f"the run ended with {said.returncode}: {said.stderr}")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    return lines[0], lines[1:]


def _tell(report: Mapping[str, Any], failures: Sequence[Mapping[str, str]], folder: Path) -> None:
    poll, gather = report["poll"], report["gather"]
    published = sum("published: true" in p.read_text("utf-8") for p in (folder / "_news").glob("*.md"))
    print(
        json.dumps(
            {
                "sources polled": poll["polled"],
                "sources failed": poll.get("failed", 0),
                "entries": poll["entries"],
                "pages fetched": gather["pages fetched"],
                "articles": gather["articles"],
                "stories": report["publish"]["stories"],
                "records": len(list((folder / "_news").glob("*.md"))),
                "records published": published,
            }
        )
    )
    for stage in ("poll", "gather", "stories", "publish", "build"):
        print(json.dumps({"stage": stage, **report[stage]}))
    for (stage, reason), count in _reasons(failures).most_common():
        print(json.dumps({"failed in": stage, "count": count, "reason": reason}))


def _reasons(failures: Sequence[Mapping[str, str]]) -> "collections.Counter[tuple[str, str]]":
    """Failures by what they have in common: addresses and figures taken out."""
    return collections.Counter((f["stage"], re.sub(r"https?://\S+", "…", f["error"])) for f in failures)


def _changes(report: Mapping[str, Any]) -> dict[str, int]:
    publish, build = report["publish"], report["build"]
    return {
        "files written": publish.get("files", 0),
        "commits": publish.get("commits", 0),
        "site files written": build["written"],
        "removed": build["removed"],
    }
