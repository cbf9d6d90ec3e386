"""Makes of a publisher's icon the small squares that stand beside its name: lossless WebP on transparent ground."""

import io

from PIL import Image as Pillow
from PIL import ImageStat
from PIL.IcoImagePlugin import IcoImageFile

from broadsheet.errors import Rejected
from broadsheet.model.publication import PublishedImage
from broadsheet.stages.publish.decoding import ICONS, in_srgb, opened
from broadsheet.stages.publish.pictures import content_name

FOLDER = "marks/"
SIDES = (16, 32, 64)
LONGEST_RATIO = 2.5  # longer ones are written names
MOST_BYTES, MOST_SIDE = 2_000_000, 4096
_PALE, _DARK = 225, 45  # the mean lightness from which a mark can't be seen on paper, or on paper at night
_WHITE, _INK = (255, 255, 255, 255), (20, 25, 31, 255)


def render_mark(body: bytes) -> tuple[PublishedImage, dict[str, bytes]]:
    """The mark as the site shows it, and its files by their path: squares of 16, 32 and 64 pixels, never enlarged.

    ICO (of several frames each square takes the one that was drawn for it, else a larger one), PNG, WebP, GIF or JPEG.
    What is not square stands in the middle of one. A mark that would vanish on white or on black paper, since it is
    all pale or all dark, is laid on ground on which it is seen. Raises Rejected for everything else.
    """
    if len(body) > MOST_BYTES:
        raise Rejected(f"the mark has {len(body)} bytes; {MOST_BYTES} are allowed")
    frames = _frames(body)
    largest = max(max(frame.size) for frame in frames)
    sides = [side for side in SIDES if side <= largest]
    if not sides:
        raise Rejected(f"the mark has a side of {largest} pixels, too few to show")
    squares = [_square(_frame_for(frames, side), side) for side in sides]
    stem = content_name(FOLDER, body)
    files = {f"{stem}-{s.width}.webp": _webp(_seen(s)) for s in squares}
    return PublishedImage(tuple(zip(files, sides, strict=True)), sides[-1], sides[-1]), files


def _frames(body: bytes) -> list[Pillow.Image]:
    with opened(body, ICONS) as picture:
        if isinstance(picture, IcoImageFile):
            sizes = sorted(picture.ico.sizes())
            wanted = [s for s in sizes if max(s) in SIDES] or sizes[-1:]
            found = [picture.ico.getimage(size) for size in {*wanted, sizes[-1]}]
        else:
            found = [picture]
        return [_plain(frame) for frame in found]


def _plain(frame: Pillow.Image) -> Pillow.Image:
    """In RGBA, once it is clear that it is a square, or nearly, and no poster."""
    width, height = frame.size
    if max(width, height) > MOST_SIDE or max(width, height) > LONGEST_RATIO * min(width, height):
        raise Rejected(f"the mark has {width} x {height} pixels and is none")
    frame.load()
    rgba = in_srgb(frame.convert("RGBA"), frame.info.get("icc_profile"))
    if rgba.getchannel("A").getextrema()[1] == 0:
        raise Rejected("the mark is transparent all over")
    return rgba


def _frame_for(frames: list[Pillow.Image], side: int) -> Pillow.Image:
    """The smallest one that is large enough, else the largest."""
    by_side = sorted(frames, key=lambda frame: max(frame.size))
    return next((f for f in by_side if max(f.size) >= side), by_side[-1])


def _square(frame: Pillow.Image, side: int) -> Pillow.Image:
    scale = side / max(frame.size)
    size = (max(1, round(frame.width * scale)), max(1, round(frame.height * scale)))
    small = frame if size == frame.size else frame.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=3.0)
    square = Pillow.new("RGBA", (side, side), (0, 0, 0, 0))
    square.paste(small, ((side - size[0]) // 2, (side - size[1]) // 2))
    return square


def _seen(square: Pillow.Image) -> Pillow.Image:
    """On ground where it has to be: only where at least a tenth is transparent does the paper show through."""
    alpha = square.getchannel("A")
    if ImageStat.Stat(alpha).mean[0] > 230:
        return square
    lightness = ImageStat.Stat(square.convert("RGB").convert("L"), mask=alpha.point(lambda a: 255 * (a > 127))).mean[0]
    if _DARK < lightness < _PALE:
        return square
    ground = Pillow.new("RGBA", square.size, _WHITE if lightness <= _DARK else _INK)
    return Pillow.alpha_composite(ground, square)


def _webp(square: Pillow.Image) -> bytes:
    out = io.BytesIO()
    square.save(out, "WEBP", lossless=True, quality=80, method=4)
    return out.getvalue()
