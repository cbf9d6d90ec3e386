"""Decodes strangers' pictures within limits: upright, in the colours of sRGB, without anything but their pixels.

Formats: those that Pillow decodes by itself and browsers show. SVG is none: a drawing with scripts is a program.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from warnings import catch_warnings

from PIL import ExifTags, ImageCms
from PIL import Image as Pillow

from broadsheet.errors import Rejected

MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
PHOTOGRAPHS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
ICONS = ("ICO", "PNG", "WEBP", "GIF", "JPEG")
_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}
"""What sets a picture upright, by its orientation (Exif 2.3, tag 0x0112)."""


@contextmanager
def opened(body: bytes, formats: tuple[str, ...]) -> Iterator[Pillow.Image]:
    """The picture, of which only the head is read so far. Raises Rejected, also for what goes wrong inside."""
    if len(body) > MOST_BYTES:
        raise Rejected(f"the picture has {len(body)} bytes; {MOST_BYTES} are allowed")
    try:
        with catch_warnings(action="ignore"), Pillow.open(io.BytesIO(body), formats=formats) as picture:
            _check_pixels(picture)
            yield picture
    except (Rejected, MemoryError):
        raise
    except Exception as error:  # Pillow's decoders raise whatever they stumble over
        raise Rejected(f"not a picture that we can read: {type(error).__name__}") from error


def decode(body: bytes, box: int, check: Callable[[int, int], None]) -> Pillow.Image:
    """The first frame, upright, in RGB or RGBA, made smaller until neither side is longer than `box` pixels.

    `check` is asked about width and height, as they are shown, before anything is decoded, and raises Rejected; so does
    this for what is no picture, or has more than 20 MB or 40 megapixels.
    """
    with opened(body, PHOTOGRAPHS) as picture:
        turn = _turn(picture)
        check(*_lying(picture.size, turn))
        picture.draft("RGB", (box, box))  # JPEG only: decodes at a fraction of the size
        small = _at_most(_in_plain_mode(picture), box)
        upright = small.transpose(turn) if turn is not None else small
        return in_srgb(upright, picture.info.get("icc_profile"))


def in_srgb(picture: Pillow.Image, profile: object) -> Pillow.Image:
    """The same in RGB or RGBA and without any metadata. `profile` are the bytes of the ICC profile that says what its
    numbers mean; one that can't be used is passed over, as browsers do."""
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    colours = picture.convert({"RGBA": "RGB", "LA": "L"}[picture.mode]) if alpha is not None else picture
    if isinstance(profile, bytes) and profile:
        colours = _by_profile(colours, profile)
    plain = colours.convert("RGB")
    if alpha is not None:
        plain.putalpha(alpha)
    plain.info.clear()
    return plain


def _by_profile(picture: Pillow.Image, profile: bytes) -> Pillow.Image:
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        said = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" not in ImageCms.getProfileDescription(said).lower():
            converted = ImageCms.profileToProfile(picture, said, _SRGB, outputMode="RGB")
            return converted or picture
    return picture


_SRGB = ImageCms.createProfile("sRGB")


def _check_pixels(picture: Pillow.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Rejected(f"the picture has {width} x {height} pixels; {MOST_PIXELS} are allowed")


def _turn(picture: Pillow.Image) -> Pillow.Transpose | None:
    """None for one that is upright, and where the metadata is damaged."""
    try:
        return _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - its metadata is no reason to do without a picture
        return None


def _lying(size: tuple[int, int], turn: Pillow.Transpose | None) -> tuple[int, int]:
    on_its_side = turn is not None and turn >= Pillow.Transpose.ROTATE_90 and turn != Pillow.Transpose.ROTATE_180
    return (size[1], size[0]) if on_its_side else size


def _in_plain_mode(picture: Pillow.Image) -> Pillow.Image:
    """A mode that can be made smaller by averaging: eight bits a channel, no palette."""
    picture.load()
    _check_pixels(picture)  # a frame may be larger than the head of its file said
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value * (1 / 256) + 0).convert("L")
    if picture.mode in ("PA", "La", "RGBa") or "transparency" in picture.info:
        return picture.convert("RGBA")
    if picture.mode in ("1", "P", "YCbCr", "LAB", "HSV", "F"):
        return picture.convert("RGB")
    return picture


def _at_most(picture: Pillow.Image, box: int) -> Pillow.Image:
    longest = max(picture.size)
    if longest <= box:
        return picture
    size = (max(1, round(picture.width * box / longest)), max(1, round(picture.height * box / longest)))
    return picture.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=3.0)
