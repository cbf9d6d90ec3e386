"""The lead image with its size, from what the page itself says about it."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from broadsheet.model.images import Image
from broadsheet.stages.extract.address import absolute
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page

_GENERIC = re.compile(
    r"(?:^|[/_.-])(?:\w{0,15}(?<![aeiou])logos?|ogimage\w{0,10}|placeholder|fallback|favicon|icons?|avatar"
    r"|default-?(?:share|image|img|og|social)?-?(?:image|img)?|blank|spacer|share-?(?:card|image|img)"
    r"|social-?(?:card|share|image|default|media)|og-?(?:image|default|logo|share)|opengraph|facebook"
    r"|fb-?(?:share|default|logo|image)|twitter-?card|no-?image|dummy|site-?image|apple-touch-icon|generic|missing"
    r"|transparent|pixel)"
    r"(?=[/_.\d-]|$)",
    re.I,
)
_SIZE_IN_NAME = re.compile(r"(?<![\d.])(\d{2,4})x(\d{2,4})(?!\d)")
_INNER = re.compile(r"(?:^|&)(?:url|src|image|img)=(https?(?::|%3A)[^&]{5,1000})", re.I)
_MIN_SIDE, _MAX_SIDE = 100, 10_000
_SRC_SET = re.compile(r"(\S+)\s+(\d{2,5})w")
Size = tuple[int, int]
_BAD_SCHEME = ("data:", "blob:", "javascript:")


def find_lead_image(page: Page) -> Found[Image] | None:
    """og:image, else JSON-LD, else other meta, else the first large picture of the page; never a generic one."""
    for where, href, size in _candidates(page):
        if href.startswith(_BAD_SCHEME):
            continue
        url = absolute(page, href)
        if url and not is_generic(url):
            return Found(sized_image(page, url, size), where)
    return None


def sized_image(page: Page, url: str, size: Size | None = None) -> Image:
    """The image with the size that is said of it, if it can be, else what the page or the address tells."""
    width, height = _believable(size) or _known_size(page, url) or _size_in_url(url) or (None, None)
    return Image(url, width, height)


def is_generic(url: str) -> bool:
    """Whether the file's name or its folder says that it stands for the site and not for the article."""
    path = _path(url)
    if len(path) < 2:
        return True  # a front page, not a picture
    *_, folder, file = ["", *path.rstrip("/").split("/")]
    return (
        bool(_GENERIC.search(file)) or path.lower().endswith((".svg", ".ico")) or folder in {"logo", "logos", "icons"}
    )


def _path(url: str) -> str:
    """The path of the picture, or of the original that a resizing service is told to fetch; empty if it is none."""
    try:
        parts = urlsplit(url)
        inner = _INNER.search(parts.query)
        return unquote(urlsplit(unquote(inner.group(1))).path if inner else parts.path)
    except ValueError:
        return ""


def _candidates(page: Page) -> Iterator[tuple[str, str, Size | None]]:
    yield from _open_graph(page)
    for key in ("image", "thumbnailUrl"):
        for node in (page.linked.article, page.linked.video):
            yield from _linked(page, node.get(key), f"json-ld {key}")
    for name in (
        "twitter:image",
        "twitter:image:src",
        "image",
        "thumbnail",
        "sailthru.image.full",
        "parsely-image-url",
        "dc.image",
    ):
        for value in page.metas.get(name, ())[:1]:
            yield f"meta {name}", value, None
    for href in page.links.get("image_src", ())[:1]:
        yield "link rel=image_src", href, None
    primary = page.linked.page.get("primaryImageOfPage")
    yield from _linked(page, primary, "json-ld primaryImageOfPage")
    yield from _in_page(page)


def _open_graph(page: Page) -> Iterator[tuple[str, str, Size | None]]:
    """og:image with the width and height that follow it (structured properties belong to the image before them)."""
    images: list[dict[str, str]] = []
    for key, value in page.image_metas:
        if key in {"og:image", "og:image:url", "og:image:secure_url"}:
            if key == "og:image" or not images or ("url" in images[-1] and key == "og:image:url"):
                images.append({})
            images[-1].setdefault("url", value)
        elif key in {"og:image:width", "og:image:height"}:
            if not images:
                images.append({})
            images[-1].setdefault(key[9:], value)
    urls = [i for i in images if "url" in i]
    for image in urls[:5]:
        yield "og:image", image["url"], _size(image.get("width"), image.get("height"))


def _linked(page: Page, value: object, where: str) -> Iterator[tuple[str, str, Size | None]]:
    for item in value[:5] if isinstance(value, list) else [value]:
        node = page.linked.resolve(item)
        if isinstance(node, str):
            yield where, node, None
        elif isinstance(node, dict):
            href = node.get("url") or node.get("contentUrl") or node.get("@id")
            if isinstance(href, str):
                yield where, href, _size(node.get("width"), node.get("height"))


def _in_page(page: Page) -> Iterator[tuple[str, str, Size | None]]:
    """The pictures of the page that say they are large, or that stand in a figure of the article."""
    for node in page.tree.css(
        "article figure img, main figure img, figure img, article img, main img, [itemprop=image]"
    )[:20]:
        attributes = node.attributes
        href = attributes.get("src") or attributes.get("data-src") or attributes.get("content") or ""
        if href.startswith(_BAD_SCHEME):
            href = attributes.get("data-src") or attributes.get("data-lazy-src") or ""
        size = _size(attributes.get("width"), attributes.get("height"))
        if href and (size is None or min(size) >= _MIN_SIDE):
            yield "picture in the page", href, size


def _known_size(page: Page, url: str) -> Size | None:
    """The size that the page gives the same file elsewhere: in JSON-LD, or on an `img` element."""
    name = _file(url)
    for _, href, size in _linked_images(page):
        if (good := _believable(size)) and _file(href) == name and (_size_in_url(url) or good) == good:
            return good
    for node in page.tree.css("img[width][height]")[:60]:
        attributes = node.attributes
        source = attributes.get("src") or attributes.get("data-src") or ""
        if source and absolute(page, source) == url:
            return _believable(_size(attributes.get("width"), attributes.get("height")))
    return None


def _linked_images(page: Page) -> Iterator[tuple[str, str, Size | None]]:
    for node in (page.linked.article, page.linked.video, page.linked.page):
        for key in ("image", "thumbnail", "primaryImageOfPage"):
            yield from _linked(page, node.get(key), key)


def _size_in_url(url: str) -> Size | None:
    """A size that the address spells out, both sides of it: `1200x630`, or `w=1200&h=630`."""
    try:
        parts = urlsplit(url)
        query = {k.lower(): v for k, v in parse_qsl(parts.query, max_num_fields=50)}
    except ValueError:
        return None
    for wide, high in (("w", "h"), ("width", "height")):
        if size := _believable(_size(query.get(wide), query.get(high))):
            return size
    found = _SIZE_IN_NAME.findall(unquote(f"{parts.path}?{parts.query}"))
    return _believable((int(found[-1][0]), int(found[-1][1]))) if len(found) == 1 else None


def _size(width: object, height: object) -> Size | None:
    a, b = _pixels(width), _pixels(height)
    return (a, b) if a and b else None


def _pixels(value: object) -> int | None:
    if isinstance(value, dict):
        value = value.get("value") or value.get("@value") or value.get("name")
    found = (
        re.match(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$", str(value)) if isinstance(value, str | int | float) else None
    )
    return int(found.group(1)) if found else None


def _believable(size: Size | None) -> Size | None:
    return size if size and all(_MIN_SIDE <= side <= _MAX_SIDE for side in size) else None


def _file(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rsplit("/", 1)[-1].lower()
    except ValueError:
        return ""
