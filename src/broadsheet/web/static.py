"""A small server for a built folder on this machine: what `broadsheet demo --serve` shows."""

import posixpath
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from broadsheet.errors import UsageError

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cache-Control", "no-cache"),
)
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
}


def serve(folder: Path, *, port: int, ready: Callable[[str], None]) -> None:
    """Serves `folder` on this machine only, until it is interrupted.

    `port` 0 takes a free one. `ready` gets the address once the server listens. Raises UsageError where there is no
    such folder or the port is taken.
    """
    with open_server(folder, port=port) as server:
        ready(f"http://127.0.0.1:{server.server_address[1]}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def open_server(folder: Path, *, port: int) -> ThreadingHTTPServer:
    """A server that listens already; its `serve_forever` and `shutdown` are the caller's. Raises UsageError."""
    if not folder.is_dir():
        raise UsageError(f"there is no folder {folder} to serve", hint="Build the publication first.")
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(SiteHandler, directory=str(folder.resolve())))
    except OSError as error:
        raise UsageError(f"can't listen on port {port}: {error.strerror}", hint="Choose another port.") from error


def file_at(folder: Path, address: str) -> Path | None:
    """The file of `folder` that the address of a request names; None where there is none that may be shown.

    A folder stands for its `index.html`. Nothing outside of `folder` is shown, also not through links, and nothing
    whose name begins with a dot.
    """
    try:
        path = posixpath.normpath(unquote(urlsplit(address).path, errors="strict"))
    except ValueError:
        return None
    steps = [step for step in path.split("/") if step]
    if any(step.startswith(".") or "\\" in step or "\0" in step for step in steps):
        return None
    try:
        target = folder.joinpath(*steps)
        if target.is_dir():
            target /= "index.html"
        inside = target.resolve().is_relative_to(folder.resolve())
        return target if inside and target.is_file() else None
    except OSError:  # a name that is too long for the system, links in a circle
        return None


class SiteHandler(SimpleHTTPRequestHandler):
    """Answers GET and HEAD; the base class's own ways of finding and listing files are not used."""

    server_version = "Broadsheet"
    sys_version = ""

    def do_GET(self) -> None:
        """The file, or the site's own page for addresses where there is none."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """The same without the body."""
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        folder = Path(self.directory)
        target = file_at(folder, self.path)
        if target and target.name == "index.html" and not urlsplit(self.path).path.endswith(("/", "index.html")):
            self._redirect()
            return
        if target:
            self._send(
                HTTPStatus.OK, _TYPES.get(target.suffix, "application/octet-stream"), target.read_bytes(), with_body
            )
            return
        missing = folder / "404.html"
        body = missing.read_bytes() if missing.is_file() else b"<!doctype html><title>404</title><p>Not found"
        self._send(HTTPStatus.NOT_FOUND, _TYPES[".html"], body, with_body)

    def _redirect(self) -> None:
        """A folder without its slash: relative links of the page would miss."""
        self.send_response(HTTPStatus.MOVED_PERMANENTLY)
        self.send_header("Location", "/" + urlsplit(self.path).path.strip("/") + "/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: HTTPStatus, kind: str, body: bytes, with_body: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CONTENT_POLICY)
        for name, value in _HEADERS:
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the command says what there is to say."""
