"""Makes of a publisher's picture the files that our pages show: WebP in up to three widths, nothing else kept."""

import io
import re

from PIL import Image as Pillow
from PIL import ImageOps

from broadsheet.errors import Rejected
from broadsheet.model.publication import PublishedImage

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
WIDTHS = (480, 720, 1200)
MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
MOST_PIXELS_AT_ONCE = 16_000_000
"""Of formats that are decoded whole: each pixel takes up to 20 bytes on the way, in several threads at once."""
LEAST_WIDTH, LEAST_HEIGHT = 200, 100  # smaller ones are counters, icons and logos
LONGEST_RATIO = 6
PAPER = (252, 252, 250)  # what transparent parts are laid on
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


def render_picture(body: bytes, *, name: str) -> tuple[PublishedImage, dict[str, bytes]]:
    """The picture as the site shows it, and its files by their path below the site's root.

    JPEG, PNG, WebP or GIF, of which the first frame counts. It is turned upright, laid on paper where it is
    transparent, made smaller to 480, 720 and 1200 pixels of width but never larger, and loses all metadata. The same
    bytes give the same files. `name` is part of the files' names: lower-case letters, digits, hyphens. Raises Rejected
    for anything else, for more than 20 MB, 40 megapixels of a JPEG or 16 of another format (judged
    before decoding), and for what is too small to show.
    """
    if not _NAME.fullmatch(name):
        raise Rejected(f"{name!r:.120} can't be the name of a picture")
    upright = _decode(body)
    widths = [w for w in WIDTHS if w < upright.width] + ([upright.width] if upright.width <= WIDTHS[-1] else [])
    files = {f"pictures/{name}-{width}.webp": _encode(_at_width(upright, width)) for width in widths}
    largest = _height(upright, widths[-1])
    return PublishedImage(tuple(zip(files, widths, strict=True)), widths[-1], largest), files


def _decode(body: bytes) -> Pillow.Image:
    """The upright picture in RGB, at most twice as wide as we need it. Raises Rejected."""
    if len(body) > MOST_BYTES:
        raise Rejected(f"the picture has {len(body)} bytes; {MOST_BYTES} are allowed")
    try:
        with Pillow.open(io.BytesIO(body), formats=FORMATS) as picture:
            _check_size(*picture.size, most=MOST_PIXELS if picture.format == "JPEG" else MOST_PIXELS_AT_ONCE)
            picture.draft("RGB", (WIDTHS[-1], WIDTHS[-1]))  # JPEG only: decodes at a fraction of the size
            return _upright(picture)
    except Rejected:
        raise
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        raise Rejected(f"not a picture that we can read: {type(error).__name__}") from error


def _check_size(width: int, height: int, *, most: int) -> None:
    if width * height > most:
        raise Rejected(f"the picture has {width} x {height} pixels; {most} are allowed")
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise Rejected(f"the picture has {width} x {height} pixels, too few to show")
    if max(width, height) > LONGEST_RATIO * min(width, height):
        raise Rejected(f"the picture has {width} x {height} pixels, a strip rather than a picture")


def _upright(picture: Pillow.Image) -> Pillow.Image:
    """Its colours as numbers of sRGB; a profile is dropped with all other metadata."""
    ImageOps.exif_transpose(picture, in_place=True)
    turned: Pillow.Image = picture
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        paper = Pillow.new("RGB", turned.size, PAPER)
        rgba = turned.convert("RGBA")
        paper.paste(rgba, mask=rgba.getchannel("A"))
        return paper
    plain = turned.convert("RGB")
    plain.info.clear()
    return plain


def _height(picture: Pillow.Image, width: int) -> int:
    return max(1, round(picture.height * width / picture.width))


def _at_width(picture: Pillow.Image, width: int) -> Pillow.Image:
    if width == picture.width:
        return picture
    return picture.resize((width, _height(picture, width)), Pillow.Resampling.LANCZOS)


def _encode(picture: Pillow.Image) -> bytes:
    """WebP without any metadata; `method` 4 is libwebp's own balance of time and size."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=76, method=4)
    return out.getvalue()
