"""Addresses of AMP caches, there and back.

The form is that of https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls .
"""

import base64
import hashlib
import re
from contextlib import suppress
from urllib.parse import urlsplit

CACHE_HOST = "cdn.ampproject.org"

_MAX_LABEL = 63
_STRONG_LTR = re.compile(
    "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02b8\u0300-\u0590\u0800-\u1fff\u200e\u2c00-\ufb1c\ufe00-\ufe6f\ufefd-\uffff]"
)
_STRONG_RTL = re.compile("[\u0591-\u06ef\u06fa-\u07ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]")
_WRAPPED = re.compile(r"/(?:[a-z]{1,3})/(s/)?([^/?#]+\.[^/?#]+)(.*)", re.DOTALL)
_GOOGLE_WRAPPED = re.compile(r"/amp/(s/)?([^/?#]+\.[^/?#]+)(.*)", re.DOTALL)
_GOOGLE_HOST = re.compile(r"(?:www\.)?google\.(?:com?\.)?[a-z]{2,3}")
_CACHE_HOSTS = (CACHE_HOST, "bing-amp.com", "ampproject.net")
_WRAPPER_PARAMETER = re.compile(
    r"(?:^|&)(?:usqp|amp_js_v|amp_gsa|amp_ct|outputtype=amp)(?:=[^&]*)?(?=&|$)", re.IGNORECASE
)

_IMAGE_EXTENSIONS = """3dv ai amf art ase awg blp bmp bw cd5 cdr cgm cit cmx cpt cr2 cur cut dds dib djvu dxf e2d
    ecw egt emf eps exif fs gbr gif gpl grf hdp icns ico iff int inta jfif jng jp2 jpeg jpg jps jxr lbm liff max miff
    mng msp nitf nrrd odg ota pam pbm pc1 pc2 pc3 pcf pct pcx pdd pdn pgf pgm pict png pnm pns ppm psb psd psp px pxm
    pxr qfx ras raw rgb rgba rle sct sgi sid stl sun svg sxd tga tif tiff v2d vnd vrml vtf wdp webp wmf x3d xar xbm
    xcf xpm"""
_FONT_EXTENSIONS = "woff woff2 otf ttf ttc eot dfont pfa pfb pfm afm bdf fnt fon font snf suit ufo sfd glif vfb"
_IMAGES = frozenset(_IMAGE_EXTENSIONS.split())
_FONTS = frozenset(_FONT_EXTENSIONS.split())


def amp_cache_url(url: str, *, viewer: bool = False) -> str:
    """The address on Google's AMP cache of an AMP page, image or font; what isn't http(s) comes back stripped.

    `viewer` gives the form that AMP viewers use for pages (`/v/`).
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not host:
        return url
    path = parts.path if url.endswith("/") else parts.path.removesuffix("/")
    secure = "s/" if parts.scheme == "https" else ""
    tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    return f"https://{_subdomain(host)}.{CACHE_HOST}/{_kind(parts.path, viewer)}/{secure}{host}{path}{tail}"


def unwrap_amp(url: str) -> str:
    """The publisher's own address inside that of an AMP cache or of Google's AMP viewer; others unchanged."""
    with suppress(ValueError):  # an address that can't be split is wrapped in nothing
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        found = _wrapped(host, parts.path) if parts.scheme in {"http", "https"} else None
        if found:
            query = _WRAPPER_PARAMETER.sub("", parts.query).lstrip("&")
            origin = f"{'https' if found[1] else 'http'}://{found[2]}{found[3]}"
            return origin + (f"?{query}" if query else "")
    return url.strip()


def _wrapped(host: str, path: str) -> re.Match[str] | None:
    if any(host == cache or host.endswith("." + cache) for cache in _CACHE_HOSTS):
        return _WRAPPED.fullmatch(path)
    return _GOOGLE_WRAPPED.fullmatch(path) if _GOOGLE_HOST.fullmatch(host) else None


def _kind(path: str, viewer: bool) -> str:
    extension = path.rpartition(".")[2]
    if extension in _IMAGES:
        return "i"
    if extension in _FONTS:
        return "r"
    return "v" if viewer else "c"


def _subdomain(host: str) -> str:
    """The publisher's host as one label: readable where the rules of the DNS allow it, else its hash."""
    readable = _readable(host)
    return readable if readable and len(readable) <= _MAX_LABEL else _hashed(host)


def _readable(host: str) -> str | None:
    if len(host) > _MAX_LABEL or "." not in host:
        return None
    shown = ".".join(_unicode_label(label) for label in host.split("."))
    if _STRONG_LTR.search(shown) and _STRONG_RTL.search(shown):
        return None
    dashed = shown.replace("-", "--").replace(".", "-")
    if not dashed.isascii():
        return "xn--" + dashed.encode("punycode", "surrogatepass").decode("ascii")
    return f"0-{dashed}-0" if dashed[2:4] == "--" else dashed


def _unicode_label(label: str) -> str:
    if label.startswith("xn--"):
        with suppress(UnicodeError):  # not punycode after all: the label stands for itself
            return label[4:].encode("ascii").decode("punycode")
    return label


def _hashed(host: str) -> str:
    digest = hashlib.sha256(host.encode("utf-8", "surrogatepass")).digest()
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
