"""Addresses in feeds: resolved, and only such as a reader may be sent to."""

import re
from urllib.parse import urljoin

_LONGEST = 4096
_BLANKS = re.compile(r"[\s\x00-\x1f]+")
_PLAIN = re.compile("[!-~]*+")
_NO_ADDRESS = re.compile("[\x7f-\x9f\ud800-\udfff]")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")


def web_address(text: str | None, base: str | None = None) -> str | None:
    """An http(s) address, resolved against `base`; None if it is none, or longer than any honest one."""
    if not text:
        return None
    if text.startswith(("https://", "http://")) and _PLAIN.fullmatch(text) and len(text) <= _LONGEST:
        return text
    text = _BLANKS.sub("", text) if len(text) <= _LONGEST else ""
    if not text or _NO_ADDRESS.search(text):
        return None
    if text[:8].lower().startswith(("https://", "http://")):
        return text
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return None
    return _joined(base, text) if base else text if text.startswith("/") or not scheme else None


def absolute(address: str | None) -> str | None:
    """The address if it is an absolute one, fit to be a base."""
    return address if address and address.startswith(("http://", "https://")) else None


def joined_base(base: str | None, text: str | None) -> str | None:
    """What a further `xml:base` makes of the base so far."""
    if not text or len(text) > _LONGEST:
        return base
    return web_address(text, base) or base


def _joined(base: str, text: str) -> str | None:
    try:
        joined = urljoin(base, text)
    except ValueError:
        return None
    return joined if joined.startswith(("http://", "https://")) else None
