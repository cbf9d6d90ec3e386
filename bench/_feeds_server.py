"""A server of feeds for the load measurement, in a process of its own: `python -m bench._feeds_server`.

Prints its port. Every Host and path is another feed, the same at every request, with a validator; the number of entries
follows from the address.
"""

import asyncio
import re
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

_HEAD = re.compile(rb"GET (\S+) HTTP/1\.1\r\n")
_HOST = re.compile(rb"\r\nhost: *([^\r:]+)", re.IGNORECASE)
_ETAG = re.compile(rb"\r\nif-none-match: *([^\r]+)", re.IGNORECASE)
_WORDS = [
    "harbour",
    "ladder",
    "council",
    "salmon",
    "weather",
    "ferry",
    "budget",
    "market",
    "school",
    "bridge",
    "quay",
    "tide",
    "window",
    "stone",
    "morning",
]
NEWEST = datetime(2026, 11, 20, 6, tzinfo=UTC)


class _Feeds(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        if b"\r\n\r\n" in self._received:
            self._transport.write(_answer(self._received))
            self._received = b""


def _answer(request: bytes) -> bytes:
    path, host, known = _HEAD.match(request), _HOST.search(request), _ETAG.search(request)
    name = f"{host[1].decode() if host else ''}{path[1].decode() if path else ''}"
    number = zlib.crc32(name.encode())
    etag = f'"{number:08x}"'
    if known and known[1].decode() == etag:
        return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
    body = _feed(name, number)
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: {etag}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def entries_of(name: str) -> int:
    """How many entries the feed of this host and path has: 10 to 40, as real feeds have."""
    return 10 + zlib.crc32(name.encode()) % 31


def _feed(name: str, number: int) -> bytes:
    site = name.partition("/")[0]
    items = "".join(_item(site, number + at, at) for at in range(entries_of(name)))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{site}</title>{items}</channel></rss>'.encode()


def _item(site: str, number: int, at: int) -> str:
    words = [_WORDS[(number * 7 + n * n) % len(_WORDS)] for n in range(60)]
    when = format_datetime(NEWEST - timedelta(hours=3 * at))
    title = " ".join(words[:8])
    text = " ".join(words)
    link = f"https://{site}/{number:x}/{'-'.join(words[:5])}"
    return (
        f"<item><title>{title} {number}</title><link>{link}</link><guid>{link}</guid><pubDate>{when}</pubDate>"
        f"<description>&lt;p&gt;{text}&lt;/p&gt;&lt;p&gt;{text[::-1]}&lt;/p&gt;</description></item>"
    )


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Feeds, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
