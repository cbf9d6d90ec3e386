"""A watched folder as a source: saved pages, bookmarks, lists of addresses and WARC files, as people put them there.

Nothing in it is ever changed. A saved page is an article if it says where it is from: by its canonical address, or by
the comment that browsers leave when they save.
"""

import hashlib
import html
import plistlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from broadsheet.adapters.http.archive import WarcArchive
from broadsheet.errors import GoneForGood, Rejected
from broadsheet.formats.urls import url_key
from broadsheet.model.exchange import Letter, Request, Response
from broadsheet.ports import Clock
from broadsheet.stages.sources.feeds.links import absolute, web_address

MOST_FILES = 20_000
LARGEST_PAGE = 10 * 1024 * 1024
LARGEST_LIST = 1024 * 1024
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_LISTS = frozenset({".txt", ".url", ".webloc"})
_SAVED = re.compile(
    rb"(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*|\burl:\s+)(https?://[^\s<>\"]{1,4000})"
)
_CANONICAL = re.compile(
    rb"<(?:link|meta)\b[^<>]{0,1000}(?:rel=[\"']?canonical|property=[\"']?og:url)[^<>]{0,2000}>", re.I
)
_ADDRESS = re.compile(rb"(?:href|content)\s*=\s*[\"']?(https?://[^\s\"'<>]{1,4000})", re.I)


@dataclass(frozen=True, slots=True)
class _Held:
    """Where a page of ours lies: a file, or a WARC file with its address there."""

    file: Path
    address: str
    archive: WarcArchive | None = None


class FolderArchive:
    """Implements the `Archive` port. Links out of the folder, hidden files and files of other kinds are passed over."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.path = path
        self.clock = clock

    def fingerprint(self) -> str:
        """A hash of names, sizes and times: enough to see that something came, went or was changed."""
        if not self.path.is_dir():
            raise Rejected(f"{self.path}: there is no such folder", hint="Check the path; it begins at the publication")
        seen = hashlib.sha256()
        for file in self._files():
            status = file.stat()
            seen.update(
                f"{file.relative_to(self.path)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "replace")
            )
        return seen.hexdigest()[:32]

    def addresses(self) -> list[str]:
        """The addresses of its pages, and those that its lists name, each once."""
        held = (page.address for page in self._pages.values())
        return list(dict.fromkeys([*held, *self._listed]))

    def is_complete(self) -> bool:
        """False if a WARC file in it holds what was captured later than the clock stands."""
        return all(page.archive.is_complete() for page in self._pages.values() if page.archive is not None)

    def get(self, request: Request) -> Response:
        """The page as it lies there. Raises GoneForGood for an address that it only names."""
        held = self._pages.get(url_key(request.url))
        if held is None:
            raise GoneForGood(f"{request.url[:200]}: not in the folder {self.path.name}")
        if held.archive is not None:
            return held.archive.get(Request(held.address, request.purpose))
        body = _bytes(held.file, LARGEST_PAGE)
        headers = {"content-type": "text/html"}
        return Response(held.address, held.address, 200, body, self.clock.now(), headers)

    def post(self, letter: Letter) -> Response:
        """A folder takes no letters."""
        raise Rejected(f"{letter.url[:200]}: a folder takes no letters")

    def close(self) -> None:
        """Nothing is held open."""

    def _files(self) -> Iterator[Path]:
        """Its files, sorted, folders within it too; at most 20,000."""
        found = 0
        for file in sorted(self.path.rglob("*")):
            inside = file.relative_to(self.path).parts
            if any(part.startswith(".") for part in inside) or file.is_symlink() or not file.is_file():
                continue
            if not file.resolve().is_relative_to(self.path.resolve()):
                continue
            found += 1
            if found > MOST_FILES:
                return
            yield file

    @cached_property
    def _pages(self) -> dict[str, _Held]:
        pages: dict[str, _Held] = {}
        for file in self._files():
            if file.suffix.lower() in _PAGES and (address := _own_address(_bytes(file, LARGEST_PAGE))):
                pages[url_key(address)] = _Held(file, address)
            elif file.name.lower().endswith((".warc", ".warc.gz")):
                archive = WarcArchive(file, self.clock)
                pages |= {url_key(a): _Held(file, a, archive) for a in archive.addresses()}
        return pages

    @cached_property
    def _listed(self) -> list[str]:
        files = (file for file in self._files() if file.suffix.lower() in _LISTS)
        found = (absolute(web_address(text)) for file in files for text in _addresses(file))
        return [address for address in found if address]


def _bytes(file: Path, largest: int) -> bytes:
    """The file; of one that is too large nothing, so that it is passed over."""
    try:
        return file.read_bytes() if file.stat().st_size <= largest else b""
    except OSError as error:
        raise Rejected(f"{file}: can't be read ({error.strerror})") from error


def _own_address(body: bytes) -> str | None:
    """Where a saved page is from."""
    said = _SAVED.search(body[:10_000])
    if said is None:
        element = _CANONICAL.search(body[:500_000])
        said = _ADDRESS.search(element[0]) if element else None
    return absolute(web_address(html.unescape(said[1].decode("utf-8", "replace")))) if said else None


def _addresses(file: Path) -> list[str]:
    """What a list or a bookmark names: lines of addresses, an internet shortcut's `URL=`, a webloc's `URL`."""
    body = _bytes(file, LARGEST_LIST)
    if file.suffix.lower() == ".webloc":
        try:
            said = plistlib.loads(body)
        except Exception:  # noqa: BLE001 - it raises whatever its parser meets; a broken bookmark names nothing
            return []
        return [str(said.get("URL", ""))] if isinstance(said, dict) else []
    lines = body.decode("utf-8-sig", "replace").splitlines()
    if file.suffix.lower() == ".url":
        return [line[4:].strip() for line in lines if line[:4].upper() == "URL="][:1]
    return [word for line in lines if not line.lstrip().startswith("#") for word in line.split()[:1]]
