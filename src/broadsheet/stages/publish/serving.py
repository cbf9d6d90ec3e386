"""How the files of a publication are served: which are for readers, as what, for how long, and in which order a server
that changes file by file should get them."""

from pathlib import PurePosixPath

HTML = "text/html; charset=utf-8"
_TYPES = {
    ".html": HTML,
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".yaml": "application/yaml",
    ".opml": "text/x-opml; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".ico": "image/vnd.microsoft.icon",
    ".woff2": "font/woff2",
    ".pdf": "application/pdf",
    ".wasm": "application/wasm",
    ".gz": "application/gzip",
}
_FEEDS = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json",
}
_HIDDEN_FOR_READERS = frozenset({".well-known", ".nojekyll"})
_BY_CONTENT = ("pictures/",)
_STATIC = frozenset({".css", ".js", ".mjs", ".woff2", ".svg", ".ico", ".wasm"})
_A_YEAR = 31_536_000
_A_DAY = 86_400


def for_readers(path: str) -> bool:
    """Whether a file below the built folder is part of the publication. Names that begin with a point are the build's
    own, or what an interrupted write left; but `.well-known` and `.nojekyll` are for servers."""
    if not path.startswith(".") and "/." not in path:
        return True
    return all(not step.startswith(".") or step in _HIDDEN_FOR_READERS for step in path.split("/"))


def content_type(path: str) -> str:
    """The Content-Type of a file; the same on every machine, unlike that of `mimetypes`."""
    name = PurePosixPath(path)
    return _FEEDS.get(name.name) or _TYPES.get(name.suffix.lower(), "application/octet-stream")


def cache_control(path: str, page_seconds: int) -> str:
    """The Cache-Control of a file: for ever what is named by its content, a day what pages are made of, `page_seconds`
    all else, which changes with the news."""
    if path.startswith(_BY_CONTENT):
        return f"public, max-age={_A_YEAR}, immutable"
    lasts = PurePosixPath(path).suffix.lower() in _STATIC and not path.startswith("search/")
    seconds = _A_DAY if lasts else page_seconds
    return f"public, max-age={seconds}, must-revalidate" if seconds else "no-cache"


def turn(path: str) -> tuple[int, str]:
    """What to sort by so that no page is there before what it needs or leads to: pictures and styles, then stories,
    then lists, then the front page and the feeds."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix not in {".html", ".xml", ".json"}:
        return 0, path
    if path.startswith(("stories/", "api/")):
        return (2 if path.endswith("index.json") and path.count("/") < 3 else 1), path
    return (3 if "/" not in path else 2), path
