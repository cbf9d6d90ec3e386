"""The pictures of an article with their sizes, from what the page itself says about them; the lead comes first."""

import re
from collections.abc import Iterator
from functools import lru_cache

from broadsheet.model.images import Image
from broadsheet.stages.extract.address import absolute
from broadsheet.stages.extract.found import Found
from broadsheet.stages.extract.page import Page
from broadsheet.stages.extract.pictures import (
    Edition,
    Shown,
    Size,
    believable,
    marks_of,
    of_article,
    original_path,
    read_pictures,
    same_picture,
    size_in_url,
    size_of,
)

_GENERIC = re.compile(
    r"(?:^|[/_.-])(?:\w{0,15}(?<![aeiou])logos?|ogimage\w{0,10}|placeholder|fallback|favicon|icons?|avatar"
    r"|default-?(?:share|image|img|og|social)?-?(?:image|img)?|blank|spacer|share-?(?:card|image|img)"
    r"|social-?(?:card|share|image|default|media)|og-?(?:image|default|logo|share)|opengraph|facebook"
    r"|fb-?(?:share|default|logo|image)|twitter-?card|no-?image|dummy|site-?image|apple-touch-icon|generic|missing"
    r"|transparent|pixel)"
    r"(?=[/_.\d-]|$)",
    re.I,
)
_GENERIC_FOLDERS = frozenset(["logo", "logos", "icons", "avatar", "avatars", "flags", "smilies", "emoji"])
_OF_DESIGN = re.compile(
    r"/(?:themes?|plugins?|flags?|smil(?:ie|ey)s?|emojis?|\w*icons|skins?|templates?|layout)/", re.I
)
_BAD_SCHEME = ("data:", "blob:", "javascript:")
_MAX_IMAGES, _LARGE, _VERY_LARGE = 12, 300, 2600


def find_images(page: Page) -> Found[tuple[Image, ...]] | None:
    """The lead image, then the others that stand in the article; never a generic one.

    The lead is what og:image names, else JSON-LD, else other meta elements, else the first large picture of the
    article. Where the article shows that very picture, its own edition is taken and not the one that was cut for
    sharing, if it is large enough or nobody knows the size of the other.
    """
    pictures = read_pictures(page)
    lead, where, shown = _lead(page, pictures)
    if lead is None:
        return None
    others = (i for s in of_article(pictures) if s is not shown and (i := _large(s)))
    images: list[Image] = [lead]
    seen = set(marks_of(lead.url))
    for image in others:
        marks = marks_of(image.url)
        if image.url != lead.url and not (marks and marks <= seen):
            images.append(image)
            seen |= marks
        if len(images) >= _MAX_IMAGES:
            break
    return Found(tuple(images), where)


def led_by(lead: Found[Image] | None, found: Found[tuple[Image, ...]] | None) -> Found[tuple[Image, ...]] | None:
    """The images with another lead before them, which a publisher's own rule knows."""
    if lead is None:
        return found
    marks = marks_of(lead.value.url)
    others = [i for i in (found.value if found else ()) if i.url != lead.value.url and not marks & marks_of(i.url)]
    return Found((lead.value, *others)[:_MAX_IMAGES], lead.where)


def _lead(page: Page, pictures: tuple[Shown, ...]) -> tuple[Image | None, str, Shown | None]:
    for where, href, said in _candidates(page):
        url = absolute(page, href) if not href.startswith(_BAD_SCHEME) else None
        if not url or is_generic(url):
            continue
        shown = same_picture(url, pictures)
        size = believable(said) or _linked_size(page, url) or size_in_url(url)
        if shown and (edition := _better(url, size, shown)):
            return Image(edition.url, *(edition.size or (None, None))), f"{where}, as the article shows it", shown
        size = size or _own_size(url, shown)
        if size is None and (linked := _linked_image(page)):
            return linked, "json-ld image", same_picture(linked.url, pictures)
        return Image(url, *(size or (None, None))), where, shown
    for shown in of_article(pictures):
        if image := _large(shown):
            return image, "picture in the page", shown
    return None, "", None


def sized_image(page: Page, url: str, size: Size | None = None) -> Image:
    """The image with the size that is said of it, if it can be, else what the page or the address tells."""
    known = believable(size) or _linked_size(page, url) or size_in_url(url)
    return Image(url, *(known or _own_size(url, same_picture(url, read_pictures(page))) or (None, None)))


def _better(url: str, size: Size | None, shown: Shown) -> Edition | None:
    """The article's own edition of the picture at `url`, None where that one is as good."""
    path = original_path(url)
    if size and any(original_path(e.url) == path for e in shown.editions):
        return None
    sized = [e for e in shown.editions if e.size and _LARGE <= e.size[0] <= _VERY_LARGE]
    largest = max(sized, key=lambda e: e.size or (0, 0), default=None)
    if largest and largest.size and (size is None or largest.size[0] >= min(size[0], 2 * _LARGE)):
        return largest
    return None


def _linked_image(page: Page) -> Image | None:
    """The first picture that JSON-LD gives the article with its size."""
    for _, href, said in _linked(page, page.linked.article.get("image"), ""):
        url, size = absolute(page, href), believable(said)
        if url and size and size[0] >= _LARGE and not is_generic(url):
            return Image(url, *size)
    return None


def _own_size(url: str, shown: Shown | None) -> Size | None:
    """The size that the page gives the very same file where it shows it."""
    path = original_path(url)
    same = (e for e in shown.editions if e.url == url or original_path(e.url) == path) if shown else ()
    return next((e.size for e in same if e.size), None)


def _large(shown: Shown) -> Image | None:
    """The largest edition of a picture that is not known to be small."""
    sized = [e for e in shown.editions if e.size and e.size[0] <= _VERY_LARGE]
    sized.sort(key=lambda e: e.size or (0, 0), reverse=True)
    best = next((e for e in (*sized, *shown.editions) if _is_own(e.url)), None)
    if best is None or (best.size and min(best.size) < _MIN_SHOWN):
        return None
    return Image(best.url, *(best.size or (None, None)))


_MIN_SHOWN = 150


def _is_own(url: str) -> bool:
    return not is_generic(url) and not _OF_DESIGN.search(original_path(url))


@lru_cache(maxsize=1024)
def is_generic(url: str) -> bool:
    """Whether the file's name or its folder says that it stands for the site and not for the article."""
    path = original_path(url)
    if len(path) < 2:
        return True  # a front page, not a picture
    *_, folder, file = ["", *path.rstrip("/").split("/")]
    return bool(_GENERIC.search(file)) or path.lower().endswith((".svg", ".ico")) or folder.lower() in _GENERIC_FOLDERS


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
        yield "og:image", image["url"], size_of(image.get("width"), image.get("height"))


def _linked(page: Page, value: object, where: str) -> Iterator[tuple[str, str, Size | None]]:
    for item in value[:5] if isinstance(value, list) else [value]:
        node = page.linked.resolve(item)
        if isinstance(node, str):
            yield where, node, None
        elif isinstance(node, dict):
            href = node.get("url") or node.get("contentUrl") or node.get("@id")
            if isinstance(href, str):
                yield where, href, size_of(node.get("width"), node.get("height"))


def _linked_size(page: Page, url: str) -> Size | None:
    """The size that JSON-LD gives the same file."""
    name = _file(url)
    for node in (page.linked.article, page.linked.video, page.linked.page):
        for key in ("image", "thumbnail", "primaryImageOfPage"):
            for _, href, size in _linked(page, node.get(key), key):
                if (good := believable(size)) and _file(href) == name and (size_in_url(url) or good) == good:
                    return good
    return None


def _file(url: str) -> str:
    return original_path(url).rsplit("/", 1)[-1].lower()
