"""Addresses: what they point at, who owns them, and when two of them are the same page.

Nothing here raises: what isn't an http(s) address comes back stripped. AMP's own forms are in `amp_urls`.
"""

import ipaddress
import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, unquote_plus, urlsplit

from publicsuffixlist import PublicSuffixList

from broadsheet.formats.amp_urls import amp_cache_url, unwrap_amp
from broadsheet.formats.tracking import is_tracking

__all__ = ["amp_cache_url", "clean_url", "host_of", "registrable_domain", "unwrap_amp", "url_key"]

_MAX_HOST = 253  # RFC 1035, 2.3.4; a longer one is nobody's, and would fill the caches below
_DEFAULT_PORTS = {"http": 80, "https": 443}
_AMP_PARAMETERS = frozenset({"amp", "amp_js_v", "amp_gsa", "usqp"})
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^!-~]")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def clean_url(url: str) -> str:
    """The address without what only tells who sent the reader: tracking parameters, also those in the fragment.

    Everything else stays as it was written, the fragment too (some sites route by it), except that `%20` becomes
    `+` in a query from which something was taken.
    """
    url = url.strip()
    parts = _split(url)
    if parts is None:
        return url
    query, fragment = _without_tracking(parts), _clean_fragment(parts.fragment)
    if query == parts.query and fragment == parts.fragment:
        return url
    return _joined(parts, query, fragment)


def url_key(url: str) -> str:
    """What two addresses of one page have in common, without a scheme: `example.com/news/a?id=1`.

    Equal across http and https, `www.`, default port, case and script of the host, AMP caches and AMP editions,
    tracking, fragment, trailing slash and the spelling of escapes. Parameters keep their order: it may matter.
    """
    url = clean_url(url)
    parts = _split(unwrap_amp(url))
    if parts is None:
        return url
    query = "&".join(_kept_for_key(_without_tracking(parts)))
    path = _same_escapes(_without_amp_segment(parts.path)).rstrip("/")
    hash_route = f"#{_same_escapes(parts.fragment)}" if parts.fragment.startswith("!") else ""
    return _key_host(parts) + path + (f"?{_same_escapes(query)}" if query else "") + hash_route


def host_of(url: str) -> str:
    """The host of an address: lower case, international names in their ASCII form, no port, no final dot.

    Empty where there is none. IPv6 addresses come without brackets.
    """
    parts = _split(url.strip())
    return _ascii_host(parts.hostname or "") if parts else ""


def registrable_domain(host_or_url: str) -> str:
    """The domain somebody registered: `news.bbc.co.uk` gives `bbc.co.uk`.

    The private part of the public suffix list counts too, as each blog of `*.blogspot.com` is its own publisher.
    IP addresses, bare names such as `localhost` and public suffixes themselves come back as they are.
    """
    text = host_or_url.strip()
    host = host_of(text) if "://" in text else host_of(f"http://{text}")
    return _registered(host) if host else text


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=16384)
def _registered(host: str) -> str:
    return host if _is_address(host) else str(_suffixes().privatesuffix(host) or host)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) address whose host and port can be read, None for everything else."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        readable = 0 < len(host) <= _MAX_HOST and (parts.port is None or parts.port >= 0)
    except ValueError:
        return None
    return parts if parts.scheme in _DEFAULT_PORTS and readable else None


def _joined(parts: SplitResult, query: str, fragment: str) -> str:
    """The address put together again; not by `urlunsplit`, which would change empty parts."""
    base = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return base + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _without_tracking(parts: SplitResult) -> str:
    """The query without tracking parameters; the very same string where there are none."""
    pieces = parts.query.split("&")
    kept = [piece for piece in pieces if not _tracks(piece, parts)]
    return parts.query if len(kept) == len(pieces) else "&".join(kept).replace("%20", "+").strip("&")


def _tracks(piece: str, parts: SplitResult) -> bool:
    name, _, value = piece.partition("=")
    name, value = unquote_plus(name).lower(), unquote_plus(value)
    return is_tracking(name, value) or (name == "ref" and value != "" and _is_own_domain(value, parts))


def _is_own_domain(value: str, parts: SplitResult) -> bool:
    """Whether `ref=` only repeats the site's name, as newsletters write it."""
    host = _ascii_host(parts.hostname or "")
    return value.lower() in {host, host.removeprefix("www."), registrable_domain(host)}


def _clean_fragment(fragment: str) -> str:
    """The fragment without the browser's text directive, and none at all where it holds only tracking."""
    shown = fragment.partition(":~:")[0]
    names = [piece.partition("=") for piece in shown.lstrip("?").split("&")]
    tracked = all(equals and is_tracking(unquote_plus(name).lower(), value) for name, equals, value in names)
    return "" if tracked else shown


def _kept_for_key(query: str) -> list[str]:
    pieces = (piece for piece in query.replace("%20", "+").split("&") if piece)
    return [piece for piece in pieces if not _asks_for_amp(piece)]


def _asks_for_amp(piece: str) -> bool:
    name, _, value = piece.lower().partition("=")
    return name in _AMP_PARAMETERS or (name in {"outputtype", "output"} and value == "amp")


def _without_amp_segment(path: str) -> str:
    """`/2026/story/amp/` is the AMP edition of `/2026/story/`; a bare `/amp` may be a page about AMP."""
    trimmed = path.rstrip("/")
    for ending in ("/amp", ".amp"):
        if trimmed.lower().endswith(ending) and trimmed.count("/") > 1:
            return trimmed[: -len(ending)]
    return path


def _key_host(parts: SplitResult) -> str:
    host = _ascii_host(parts.hostname or "")
    for prefix in ("www.", "amp."):
        if host.startswith(prefix) and registrable_domain(host) != host:
            host = host.removeprefix(prefix)
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return (f"[{host}]" if ":" in host else host) + port


@lru_cache(maxsize=16384)
def _ascii_host(host: str) -> str:
    """The host in the form of the DNS (RFC 3492); bytes that no name can have are left for the DNS to refuse."""
    host = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".").removesuffix(".")
    return host if host.isascii() else ".".join(_ascii_label(label) for label in host.split("."))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode", "surrogatepass").decode("ascii")


def _same_escapes(text: str) -> str:
    """One spelling of percent escapes (RFC 3986, 6.2.2): capital digits, and only where they are needed."""
    return _ESCAPE.sub(_one_escape, text)


def _one_escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogatepass"))
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else f"%{match[1].upper()}"
