"""The records that a crawler writes beside answers (ISO 28500): requests, revisits, failures, and what the file is.

Each function gives one record as a gzip member of its own. Bodies stand decoded, as we got to see them, and headers
say so; digests are over what is written.
"""

import base64
import gzip
import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from broadsheet.errors import GoneForGood, ItemError, RetryLater
from broadsheet.formats.warc import http_block, one_line
from broadsheet.model.exchange import Response
from broadsheet.model.instants import iso

SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_HTTP = "application/http;msgtype="
_FIELDS = "application/warc-fields"

Headers = Mapping[str, str]


def new_id() -> str:
    """A record's name."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def digest(data: bytes) -> str:
    """As WARC headers have it, base 32."""
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode("ascii")


def file_record(at: datetime, software: str) -> bytes:
    """`warcinfo`: what wrote the file."""
    block = f"software: {one_line(software)}\r\nformat: WARC File Format 1.1\r\nrobots: classic\r\n".encode()
    return _record("warcinfo", at, {"Content-Type": _FIELDS}, block)


def response_record(name: str, response: Response, *, is_cut: bool) -> bytes:
    """`response`; `is_cut` if only the first bytes of the body were taken."""
    headers = {
        "WARC-Record-ID": name,
        "WARC-Target-URI": response.url,
        "Content-Type": _HTTP + "response",
        "WARC-Payload-Digest": digest(response.body),
    }
    return _record("response", response.fetched_at, headers | _cut(is_cut), http_block(response))


def request_record(of: str, response: Response, conditions: Headers, agent: str) -> bytes:
    """`request`, to the answer named `of`."""
    parts = urlsplit(response.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {one_line(path)} HTTP/1.1", f"host: {one_line(parts.netloc)}", f"user-agent: {one_line(agent)}"]
    lines += [f"{name}: {one_line(value)}" for name, value in conditions.items()]
    block = "\r\n".join([*lines, "", ""]).encode("utf-8", "replace")
    headers = {"WARC-Target-URI": response.url, "WARC-Concurrent-To": of, "Content-Type": _HTTP + "request"}
    return _record("request", response.fetched_at, headers, block)


def revisit_record(name: str, response: Response, earlier: datetime | None) -> bytes:
    """`revisit`: the body is that of our capture at the instant `earlier`; with None the server said so itself."""
    headers = {
        "WARC-Record-ID": name,
        "WARC-Target-URI": response.url,
        "Content-Type": _HTTP + "response",
        "WARC-Profile": SAME_BODY if earlier else NOT_MODIFIED,
    }
    if earlier:
        headers |= {"WARC-Refers-To-Target-URI": response.url, "WARC-Refers-To-Date": iso(earlier) or ""}
        headers |= {"WARC-Payload-Digest": digest(response.body)}
    head, _, _ = http_block(response).partition(b"\r\n\r\n")
    return _record("revisit", response.fetched_at, headers | _cut(bool(earlier)), head + b"\r\n\r\n")


def failure_record(url: str, at: datetime, error: ItemError) -> bytes:
    """`metadata`: the request got no answer that could be taken."""
    kind = "later" if isinstance(error, RetryLater) else "gone" if isinstance(error, GoneForGood) else "rejected"
    lines = ["via: broadsheet", f"fetch-failed: {one_line(error.message)}", f"failure: {kind}"]
    if isinstance(error, RetryLater) and error.after_seconds is not None:
        lines.append(f"retry-after: {error.after_seconds!r}")
    block = "\r\n".join([*lines, ""]).encode("utf-8", "replace")
    return _record("metadata", at, {"WARC-Target-URI": url, "Content-Type": _FIELDS}, block)


def _cut(is_cut: bool) -> dict[str, str]:
    return {"WARC-Truncated": "length"} if is_cut else {}


def _record(kind: str, at: datetime, headers: Headers, block: bytes) -> bytes:
    named = {"WARC-Type": kind, "WARC-Record-ID": new_id(), "WARC-Date": iso(at) or ""} | dict(headers)
    named |= {"WARC-Block-Digest": digest(block), "Content-Length": str(len(block))}
    head = "".join(f"{name}: {one_line(value)}\r\n" for name, value in named.items())
    return gzip.compress(f"WARC/1.1\r\n{head}\r\n".encode("utf-8", "replace") + block + b"\r\n\r\n", 6, mtime=0)
