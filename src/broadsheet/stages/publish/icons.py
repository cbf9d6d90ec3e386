"""Which icons a site names, in its home page and in its manifest, and in which order they are worth a try.

Sources: HTML (https://html.spec.whatwg.org/#rel-icon), Web Application Manifest (https://www.w3.org/TR/appmanifest/#icons-member);
`apple-touch-icon` is a square of 180 pixels by custom, `/favicon.ico` is where browsers look when nobody says anything.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape
from urllib.parse import urljoin, urlsplit

from broadsheet.formats.charsets import decode_html

ENOUGH = 64
"""Pixels of the largest square that we make of one."""
MOST_TRIED = 4
_MOST_BYTES, _MOST_LINKS = 512 * 1024, 64
_LINK = re.compile(r"""<link\b((?:[^<>"']++|"[^"]{0,8000}"|'[^']{0,8000}')*+)>""", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]{1,40})\s*+=\s*+("[^"]*"|'[^']*'|[^\s"'>]+)""")
_SIZE = re.compile(r"(\d{1,4})x(\d{1,4})", re.IGNORECASE)
_SIDES_OF = {"apple-touch-icon": 180, "apple-touch-icon-precomposed": 180}
_UNKNOWN = 32


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon that a site names. `side` is how large it is said to be, in pixels; one that is `padded` is made to be
    cut to another shape."""

    url: str
    side: int
    padded: bool = False


def icons_of(page: bytes, *, url: str, content_type: str = "") -> tuple[list[Icon], str | None]:
    """The icons that a home page names, and the address of its manifest, None where it has none."""
    icons: list[Icon] = []
    manifest = None
    markup = decode_html(page[:_MOST_BYTES], content_type)
    for link in [found[1] for found, _ in zip(_LINK.finditer(markup), range(_MOST_LINKS), strict=False)]:
        said = {name.lower(): unescape(value.strip("\"'")) for name, value in _ATTRIBUTE.findall(link)}
        relations = said.get("rel", "").lower().split()
        address = _absolute(url, said.get("href", ""))
        if address is None:
            continue
        if "manifest" in relations:
            manifest = manifest or address
        if (side := _side(relations, said.get("sizes", ""))) and not _is_drawing(address, said.get("type", "")):
            icons.append(Icon(address, side))
    return icons, manifest


def icons_of_manifest(body: bytes, *, url: str) -> list[Icon]:
    """The icons of a manifest; none of what is no manifest."""
    try:
        said = json.loads(body[:_MOST_BYTES])
    except (ValueError, RecursionError):
        return []
    listed = said.get("icons") if isinstance(said, dict) else None
    found = [_of_manifest(one, url) for one in listed[:_MOST_LINKS]] if isinstance(listed, list) else []
    return [icon for icon in found if icon is not None]


def in_order(icons: Iterable[Icon], *, home: str) -> list[Icon]:
    """The best ones to try: the smallest that is large enough, then the larger of those that are not."""
    usual = Icon(urljoin(home, "/favicon.ico"), _UNKNOWN)
    unique = {icon.url: icon for icon in (usual, *icons)}
    ranked = sorted(unique.values(), key=lambda i: (i.side < ENOUGH, i.padded, i.side if i.side >= ENOUGH else -i.side))
    best = ranked[:MOST_TRIED]
    return best if usual.url in {icon.url for icon in best} else [*best[: MOST_TRIED - 1], usual]


def _side(relations: Iterable[str], sizes: str) -> int:
    """0 for what is no icon. Of several sizes in one file the largest counts; `any` is a drawing."""
    by_custom = [_SIDES_OF.get(r, _UNKNOWN) for r in relations if r == "icon" or r in _SIDES_OF]
    if not by_custom or "any" in sizes.lower().split():
        return 0
    said = [min(int(width), int(height)) for width, height in _SIZE.findall(sizes)]
    return max(said, default=max(by_custom))


def _of_manifest(said: object, base: str) -> Icon | None:
    if not isinstance(said, dict):
        return None
    src, sizes, kind, purpose = (str(said.get(key) or "")[:8000] for key in ("src", "sizes", "type", "purpose"))
    address = _absolute(base, src)
    side = _side(("icon",), sizes)
    if address is None or not side or _is_drawing(address, kind) or purpose.split() == ["monochrome"]:
        return None
    return Icon(address, side, padded=purpose.split() == ["maskable"])


def _is_drawing(address: str, kind: str) -> bool:
    return "svg" in kind.lower() or urlsplit(address).path.lower().endswith((".svg", ".svgz"))


def _absolute(base: str, address: str) -> str | None:
    try:
        found = urljoin(base, address.strip())
        return found if address.strip() and urlsplit(found).scheme in {"http", "https"} else None
    except ValueError:
        return None
