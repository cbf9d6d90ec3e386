"""Pictures: only what a browser shows safely, in our own files, within limits."""

import hashlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, features

from broadsheet.errors import Rejected
from broadsheet.stages.publish.decoding import MOST_BYTES
from broadsheet.stages.publish.pictures import budget, render_picture

AVIF = pytest.param("AVIF", marks=pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF"))


def a_picture(width: int, height: int, form: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    return encoded(Image.linear_gradient("L").resize((width, height)).convert(mode), form, **options)


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def shown(body: bytes, at: int = -1) -> Image.Image:
    """The file of that place in the row of widths, decoded."""
    picture, files = render_picture(body)
    return Image.open(io.BytesIO(files[picture.files[at][0]])).convert("RGB")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", AVIF])
def test_a_large_one_comes_in_three_widths_and_as_a_jpeg_to_share(form: str) -> None:
    picture, files = render_picture(a_picture(1500, 900, form))
    assert [width for _, width in picture.files] == [336, 672, 1200]
    assert (picture.width, picture.height) == (1200, 720)
    assert set(files) == set(picture.paths)
    for path, width in picture.files:
        with Image.open(io.BytesIO(files[path])) as one:
            assert (one.format, one.width) == ("WEBP", width)
    with Image.open(io.BytesIO(files[picture.share])) as one:
        assert (one.format, one.size) == ("JPEG", (1200, 720))


@pytest.mark.parametrize(("width", "widths"), [(300, [300]), (336, [336]), (600, [336, 600]), (1200, [336, 672, 1200])])
def test_a_small_one_is_never_enlarged(width: int, widths: list[int]) -> None:
    picture, _ = render_picture(a_picture(width, 200))
    assert [w for _, w in picture.files] == widths
    assert picture.width == width


def test_a_tall_one_is_no_taller_than_a_wide_one_is_wide() -> None:
    picture, _ = render_picture(a_picture(2000, 4000))
    assert (picture.width, picture.height) == (600, 1200)


def test_files_are_named_by_the_bytes_so_that_the_same_picture_is_stored_once() -> None:
    body = a_picture(800, 600, "JPEG")
    digest = hashlib.sha256(body).hexdigest()
    picture, files = render_picture(body)
    assert (picture, files) == render_picture(body)
    assert picture.files[0][0] == f"pictures/{digest[:2]}/{digest[2:20]}-336.webp"
    assert not set(render_picture(a_picture(801, 600, "JPEG"))[1]) & set(files)


def test_a_picture_keeps_to_its_budget() -> None:
    noisy = Image.effect_noise((600, 400), 16).resize((1200, 800), Image.Resampling.BICUBIC)
    assert len(encoded(noisy.resize((672, 448)), "WEBP", quality=76)) > budget(672)
    picture, files = render_picture(encoded(noisy, "JPEG", quality=95))
    assert all(len(files[path]) <= budget(width) for path, width in picture.files)
    assert (budget(1200), budget(672), budget(336)) == (103_000, 43_163, 15_260)


def test_nothing_of_the_photographer_is_kept_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "secret place"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)
    picture, files = render_picture(a_picture(800, 400, "JPEG", exif=exif, icc_profile=b"secret", comment=b"secret"))
    assert picture.height == 2 * picture.width
    assert not any(word in body for body in files.values() for word in (b"secret", b"EXIF", b"Exif", b"ICCP", b"XMP "))


@pytest.mark.parametrize("turn", range(2, 9))
def test_every_orientation_is_set_upright(turn: int) -> None:
    """The corner that is to be seen at the top left is red."""
    corner = {2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (0, 1), 7: (1, 1), 8: (1, 0)}[turn]
    picture = Image.new("RGB", (400, 300), "blue")
    picture.paste((255, 0, 0), (corner[0] * 200, corner[1] * 150, corner[0] * 200 + 200, corner[1] * 150 + 150))
    exif = Image.Exif()
    exif[0x0112] = turn
    upright = shown(encoded(picture, "PNG", exif=exif))
    assert upright.size == ((300, 400) if turn >= 5 else (400, 300))
    red, _, blue = upright.getpixel((20, 20))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


def test_damaged_metadata_costs_no_picture() -> None:
    assert shown(a_picture(400, 300, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff junk")).width == 400


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK"])
def test_any_colours_will_do(mode: str) -> None:
    assert shown(a_picture(400, 300, "JPEG" if mode == "CMYK" else "PNG", mode)).width == 400


def test_sixteen_bits_of_grey_keep_their_tones() -> None:
    deep = Image.linear_gradient("L").resize((400, 300)).convert("I").point(lambda value: value * 256 + 0)
    upright = shown(encoded(deep.convert("I;16"), "PNG"))
    tones = [upright.getpixel((200, y))[0] for y in (2, 150, 297)]  # type: ignore[index]
    assert tones[0] < 8
    assert 118 < tones[1] < 138
    assert tones[2] > 245


def test_colours_are_brought_to_srgb() -> None:
    """By a profile in which red and blue have changed places a blue picture is red; one that is no profile says
    nothing."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    named = profile.replace("sRGB".encode("utf-16-be"), "else".encode("utf-16-be"))
    swapped = named.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    blue = Image.new("RGB", (400, 300), "blue")
    for given_profile, red_is_strong in ((swapped, True), (profile, False), (b"\0" * 200, False), (named[:200], False)):
        for form, mode in (("JPEG", "RGB"), ("PNG", "RGBA")):
            seen = shown(encoded(blue.convert(mode), form, icc_profile=given_profile)).getpixel((9, 9))
            assert (seen[0] > 200 and seen[2] < 90) is red_is_strong  # type: ignore[index]


def test_transparent_parts_lie_on_paper() -> None:
    clear = shown(encoded(Image.new("RGBA", (400, 300), (0, 0, 0, 0))))
    assert min(clear.getpixel((200, 150))) > 240  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_many_frames_the_first_counts(form: str) -> None:
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("white", "black")]
    first = shown(encoded(frames[0], form, save_all=True, append_images=frames[1:]))
    assert min(first.getpixel((9, 9))) > 240  # type: ignore[arg-type, type-var]


def test_forty_megapixels_of_any_format_are_read() -> None:
    assert shown(encoded(Image.new("P", (7_900, 5_000), 3), "PNG")).size == (1200, 759)


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (a_png_that_claims(50_000, 50_000), "pixels; 40000000 are allowed|DecompressionBomb"),
        (a_png_that_claims(10_000, 5_000), "pixels; 40000000 are allowed"),
        (a_png_that_claims(6_000, 6_000), "not a picture"),
        (a_png_that_claims(40_001, 1), "too few to show"),
        (a_picture(60, 60), "too few to show"),
        (a_picture(1400, 120), "a strip"),
        (SVG, "not a picture"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>" + SVG, "not a picture"),
        (b"", "not a picture"),
        (a_picture(800, 600)[:900], "not a picture"),
        (a_picture(800, 600, "JPEG")[:1500], "not a picture"),
        (a_picture(400, 300, "TIFF"), "not a picture"),
        (a_picture(400, 300, "BMP"), "not a picture"),
        (a_picture(400, 300, "EPS"), "not a picture"),
        (a_picture(256, 256, "ICO"), "not a picture"),
        (b"\0" * (MOST_BYTES + 1), "bytes"),
    ],
    ids=[
        "bomb",
        "huge",
        "hollow",
        "line",
        "small",
        "strip",
        "svg",
        "svg-with-mark",
        "empty",
        "cut",
        "cut-jpeg",
        "tiff",
        "bmp",
        "postscript",
        "icon",
        "heavy",
    ],
)
def test_what_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        render_picture(body)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_hides_behind_a_picture_is_not_served(form: str) -> None:
    """A file that is a picture to one reader and a page or a program to another: only its pixels go on."""
    _, files = render_picture(a_picture(400, 300, form) + SVG + b"<?php system($_GET[0]); ?>PK\x05\x06")
    assert files
    assert not any(word in body for body in files.values() for word in (b"svg", b"script", b"php", b"PK\x05\x06"))


def test_a_comment_that_is_a_page_is_not_served() -> None:
    _, files = render_picture(a_picture(400, 300, "JPEG", comment=b"*/=alert(1)/*<script>alert(1)</script>"))
    assert not any(b"alert" in body for body in files.values())


_WHOLE = {form: a_picture(300, 200, form) for form in ("JPEG", "PNG", "WEBP", "GIF")}


@given(st.sampled_from(sorted(_WHOLE)), st.data())
@settings(max_examples=60)
def test_damaged_pictures_never_crash(form: str, data: st.DataObject) -> None:
    body = bytearray(_WHOLE[form])
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    _shown_or_refused(bytes(body[: data.draw(st.integers(0, len(body)))]))


_BEGINNINGS = (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"GIF89a", b"RIFF\xff\xff\0\0WEBPVP8 ")


@given(st.sampled_from(_BEGINNINGS), st.binary(max_size=400))
@settings(max_examples=100)
def test_any_bytes_are_a_picture_or_refused(beginning: bytes, rest: bytes) -> None:
    _shown_or_refused(beginning + rest)


def _shown_or_refused(body: bytes) -> None:
    try:
        picture, files = render_picture(body)
    except Rejected:
        return
    assert files.keys() == set(picture.paths)
