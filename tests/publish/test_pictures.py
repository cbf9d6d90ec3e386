"""Pictures: only what a browser shows safely, in our own files, within limits."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from broadsheet.errors import Rejected
from broadsheet.stages.publish.pictures import MOST_BYTES, render_picture


def a_picture(width: int, height: int, form: str = "PNG", mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_large_one_comes_in_three_widths(form: str) -> None:
    picture, files = render_picture(a_picture(1500, 900, form), name="x")
    assert picture.files == (("pictures/x-480.webp", 480), ("pictures/x-720.webp", 720), ("pictures/x-1200.webp", 1200))
    assert (picture.width, picture.height) == (1200, 720)
    for path, width in picture.files:
        with Image.open(io.BytesIO(files[path])) as shown:
            assert (shown.format, shown.width) == ("WEBP", width)


@pytest.mark.parametrize(("width", "widths"), [(300, [300]), (480, [480]), (600, [480, 600]), (1200, [480, 720, 1200])])
def test_a_small_one_is_never_enlarged(width: int, widths: list[int]) -> None:
    picture, _ = render_picture(a_picture(width, 200), name="x")
    assert [w for _, w in picture.files] == widths
    assert picture.width == width


def test_the_same_bytes_give_the_same_files() -> None:
    body = a_picture(800, 600, "JPEG")
    assert render_picture(body, name="x") == render_picture(body, name="x")


def test_nothing_of_the_photographer_is_kept_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "secret place"
    picture, files = render_picture(a_picture(800, 400, "JPEG", exif=exif, icc_profile=b"secret"), name="x")
    assert picture.height == 2 * picture.width
    assert not any(b"secret" in body or b"EXIF" in body or b"ICCP" in body for body in files.values())


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
def test_any_colours_will_do(mode: str) -> None:
    picture, _ = render_picture(a_picture(400, 300, "PNG", mode), name="x")
    assert picture.width == 400


def test_transparent_parts_lie_on_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(out, "PNG")
    _, files = render_picture(out.getvalue(), name="x")
    with Image.open(io.BytesIO(files["pictures/x-400.webp"])) as shown:
        assert min(shown.convert("RGB").getpixel((200, 150))) > 240  # type: ignore[arg-type, type-var]


def test_of_many_frames_the_first_counts() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 200), colour) for colour in ("white", "black")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    _, files = render_picture(out.getvalue(), name="x")
    with Image.open(io.BytesIO(files["pictures/x-300.webp"])) as shown:
        assert min(shown.convert("RGB").getpixel((9, 9))) > 240  # type: ignore[arg-type, type-var]


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (a_png_that_claims(50_000, 50_000), "pixels; 16000000 are allowed|DecompressionBomb"),
        (a_png_that_claims(10_000, 5_000), "pixels; 16000000 are allowed"),
        (a_picture(60, 60), "too few to show"),
        (a_picture(1400, 120), "a strip"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a picture"),
        (b"", "not a picture"),
        (a_picture(800, 600)[:900], "not a picture"),
        (a_picture(400, 300, "TIFF"), "not a picture"),
        (b"\0" * (MOST_BYTES + 1), "bytes"),
    ],
    ids=["bomb", "huge", "small", "strip", "svg", "empty", "cut", "tiff", "heavy"],
)
def test_what_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        render_picture(body, name="x")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", "x" * 101, "a.b"])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(Rejected, match="name of a picture"):
        render_picture(a_picture(300, 200), name=name)


_WHOLE = {form: a_picture(300, 200, form) for form in ("JPEG", "PNG", "WEBP", "GIF")}


@given(st.sampled_from(sorted(_WHOLE)), st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_pictures_never_crash(form: str, data: st.DataObject) -> None:
    body = bytearray(_WHOLE[form])
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture, files = render_picture(bytes(body[: data.draw(st.integers(0, len(body)))]), name="x")
    except Rejected:
        return
    assert files.keys() == {path for path, _ in picture.files}
