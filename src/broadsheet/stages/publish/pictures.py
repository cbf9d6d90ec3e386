"""Makes of a publisher's picture the files that our pages show: WebP in up to three widths, each within a budget of
bytes, and one JPEG for those who can't read WebP: mail, and what shows a link to others."""

import hashlib
import io
import math

from PIL import Image as Pillow

from broadsheet.errors import Rejected
from broadsheet.model.publication import PublishedImage
from broadsheet.stages.publish.decoding import decode

FOLDER = "pictures/"
WIDTHS = (336, 672, 1200)
"""The small square beside a head on a dense screen; a column, and a phone from edge to edge; the lead on a dense
screen."""
MOST_BYTES_AT_1200 = 103_000
QUALITIES = (76, 64, 52, 40, 28)
LEAST_WIDTH, LEAST_HEIGHT = 200, 100  # smaller ones are counters, icons and logos
LONGEST_RATIO = 6
PAPER = (252, 252, 250)  # what transparent parts are laid on


def render_picture(body: bytes) -> tuple[PublishedImage, dict[str, bytes]]:
    """The picture as the site shows it, and its files by their path below the site's root.

    JPEG, PNG, WebP, GIF or AVIF, of which the first frame counts. It is turned upright, brought to sRGB, laid on paper
    where it is transparent, made smaller to 336, 672 and 1200 pixels of width (and never more of height) but never
    larger, and loses all metadata. A busy one is stored at less quality, so that none is heavier than `budget` says as
    long as that leaves a picture. The files are named by the bytes given: the same picture under two addresses is
    stored once. Raises Rejected for anything else, for more than 20 MB or 40 megapixels (judged before decoding), and
    for what is too small to show.
    """
    largest = _on_paper(decode(body, WIDTHS[-1], _check_size))
    widths = [w for w in WIDTHS if w < largest.width] + [largest.width]
    stem = content_name(FOLDER, body)
    files = {f"{stem}-{width}.webp": _webp(_at_width(largest, width)) for width in widths}
    picture = PublishedImage(
        tuple(zip(files, widths, strict=True)), largest.width, largest.height, share=f"{stem}-share.jpg"
    )
    return picture, {**files, picture.share: _jpeg(largest)}


def budget(width: int) -> int:
    """How many bytes a picture of that width may have: 103 kB at 1200 pixels, 43 at 672, 15 at 336."""
    return int(MOST_BYTES_AT_1200 * math.pow(width / 1200, 1.5))


def content_name(folder: str, body: bytes) -> str:
    """A path that follows from the bytes alone: two digits of their SHA-256 as a folder, eighteen as a name."""
    digest = hashlib.sha256(body).hexdigest()
    return f"{folder}{digest[:2]}/{digest[2:20]}"


def _check_size(width: int, height: int) -> None:
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise Rejected(f"the picture has {width} x {height} pixels, too few to show")
    if max(width, height) > LONGEST_RATIO * min(width, height):
        raise Rejected(f"the picture has {width} x {height} pixels, a strip rather than a picture")


def _on_paper(picture: Pillow.Image) -> Pillow.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Pillow.new("RGB", picture.size, PAPER)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def _at_width(picture: Pillow.Image, width: int) -> Pillow.Image:
    if width == picture.width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Pillow.Resampling.LANCZOS)


def _webp(picture: Pillow.Image) -> bytes:
    """The best quality that keeps to the budget, else the least; `method` 4 is libwebp's own balance of time and
    size."""
    body = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=4)
        body = out.getvalue()
        if len(body) <= budget(picture.width):
            break
    return body


def _jpeg(picture: Pillow.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=78, optimize=True, progressive=True)
    return out.getvalue()
