"""Addresses: of our own pages, and which of strangers' addresses may become a link."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlsplit

from broadsheet.errors import Rejected
from broadsheet.model.publication import Site

MISSING = "404.html"
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,198}[a-z0-9_-])?", re.IGNORECASE)
_HOST = re.compile(r"(?!.*\.\.)[a-z0-9](?:[a-z0-9._-]{0,198}[a-z0-9_-])?")
_TAKEN = ("index.json", "index.html")
_PLAIN = re.compile(r"https?://[A-Za-z0-9-][A-Za-z0-9.-]*(?:/[!#-;=?-\[\]_a-z~]*)?")
"""Addresses as nearly all are: a host in ASCII without user and port, and a path of characters that are not `_UNSAFE`.
They need not be taken apart to be known for what they are."""
_UNSAFE = re.compile('[\\x00-\\x20\\x7f-\\xa0<>"\\\\^`{|}\u2028\u2029\ud800-\udfff\ufffe\uffff]')


def web_address(url: str | None) -> str | None:
    """`url` where it is an http(s) address that a browser reads as we do, else None."""
    if not url or len(url) > 4096:
        return None
    if _PLAIN.fullmatch(url):
        return url
    return _taken_apart(url)


def _taken_apart(url: str) -> str | None:
    if _UNSAFE.search(url):
        return None
    try:
        parts = urlsplit(url)
        known = parts.scheme.lower() in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        return None
    return url if known else None


def label(text: str, *, of: str) -> str:
    """`text` where it may stand as one step of a path: letters, digits, `.`, `_`, `-`. Raises Rejected."""
    if not _LABEL.fullmatch(text) or ".." in text:
        raise Rejected(f"{of} {text!r:.80} can't be part of an address", hint="Use letters, digits and hyphens.")
    return text


@lru_cache(maxsize=4096)
def provider_step(domain: str) -> str | None:
    """The domain as one step of a path: lower case, an international one in its ASCII form.

    None where it can't be one (strangers choose their names): that provider has no document. `index.json` stands in
    the folder already. Two spellings of one domain give one step: group by it.
    """
    step = domain.lower()
    if not step.isascii() and len(step) < 254:
        try:
            step = step.encode("idna").decode("ascii")
        except UnicodeError:
            return None
    return step if _HOST.fullmatch(step) and step not in _TAKEN else None


def provider_page_path(domain: str, page: int | None = None) -> str | None:
    """`providers/<domain>/`, or `providers/<domain>/page/<n>/` of a closed page; None as `provider_step`."""
    step = provider_step(domain)
    if step is None:
        return None
    return f"providers/{step}/page/{page}/" if page else f"providers/{step}/"


_UNQUOTED = "/?=&#-._~"
_NEEDS_NO_QUOTING = re.compile(f"[A-Za-z0-9{re.escape(_UNQUOTED)}]*")
ROOT = "\0"
"""Stands in a rendered page for the way from that page to the site's root; no text of a record can hold it."""
_ROOT = ROOT.encode()


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of a site. `base` is empty or `/path`, `origin` empty or `https://host`."""

    origin: str
    base: str

    def at(self, path: str = "") -> str:
        """The address of a page or file of the site, to be completed by `resolved` for the page that it stands on."""
        return ROOT + _quoted(path)

    def full(self, path: str = "") -> str:
        """The whole address, `https://host/base/stories/4t7k/`; without the host where the site has none."""
        return f"{self.origin}{self.base}/{_quoted(path)}"

    def resolved(self, html: str, path: str) -> bytes:
        """The page at `path`, or a piece of it, as UTF-8 and with its links relative to it, so that the site works
        wherever its folder is put.

        The page for what is missing is shown at any address: its links begin at the host. Half of a character, which
        nobody can encode, becomes a question mark.
        """
        way = f"{self.base}/" if path == MISSING else "../" * path.count("/") or "./"
        return html.encode("utf-8", "replace").replace(_ROOT, way.encode())  # in bytes it is a third of the work


@lru_cache(maxsize=4096)
def _quoted(path: str) -> str:
    """Pages name the same topics, days and publishers again and again."""
    return path if _NEEDS_NO_QUOTING.fullmatch(path) else quote(path, safe=_UNQUOTED)


def links_of(site: Site) -> Links:
    """The links of a site, whatever slashes its settings end in."""
    base = site.base_path.strip("/")
    origin = web_address(site.url.rstrip("/")) or ""
    return Links(origin=origin, base=f"/{quote(base)}" if base else "")


def story_path(story_id: str) -> str:
    """`stories/<id>/`."""
    return f"stories/{label(story_id, of='the story id')}/"


def topic_path(topic_id: str, page: int | None = None) -> str:
    """`topics/<id>/`, or `topics/<id>/page/<n>/` of its older pages."""
    path = f"topics/{label(topic_id, of='the topic id')}/"
    return path if page is None else f"{path}page/{page}/"
