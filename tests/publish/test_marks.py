"""Publishers' marks: small squares made of whatever icon a site has."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from broadsheet.errors import Rejected
from broadsheet.stages.publish.marks import MOST_BYTES, render_mark

TEAL = (13, 90, 102, 255)


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def a_disc(side: int, colour: tuple[int, int, int, int] = TEAL, height: int = 0) -> Image.Image:
    picture = Image.new("RGBA", (side, height or side), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((0, 0, side - 1, (height or side) - 1), fill=colour)
    return picture


def squares(body: bytes) -> list[Image.Image]:
    mark, files = render_mark(body)
    assert set(files) == {path for path, _ in mark.files}
    shown = [Image.open(io.BytesIO(files[path])) for path, _ in mark.files]
    assert [(one.format, one.size) for one in shown] == [("WEBP", (side, side)) for _, side in mark.files]
    return [one.convert("RGBA") for one in shown]


@pytest.mark.parametrize(
    ("side", "sides"), [(16, [16]), (31, [16]), (32, [16, 32]), (48, [16, 32]), (180, [16, 32, 64])]
)
def test_a_mark_comes_in_squares_and_is_never_enlarged(side: int, sides: list[int]) -> None:
    assert [one.width for one in squares(encoded(a_disc(side)))] == sides


def test_it_stands_on_transparent_ground_in_the_middle() -> None:
    for one in squares(encoded(a_disc(200, height=100))):
        side = one.width
        assert [one.getpixel(at)[3] for at in ((0, 0), (side // 2, 1), (side // 2, side - 2))] == [0, 0, 0]  # type: ignore[index]
        assert one.getpixel((side // 2, side // 2)) == TEAL


@pytest.mark.parametrize(("colour", "ground"), [((255, 255, 255, 255), 60), ((0, 0, 0, 255), 240)])
def test_what_would_vanish_on_the_paper_gets_ground(colour: tuple[int, int, int, int], ground: int) -> None:
    corner = squares(encoded(a_disc(64, colour)))[-1].getpixel((0, 0))
    assert corner[3] == 255  # type: ignore[index]
    assert (corner[0] < ground) if ground < 128 else (corner[0] > ground)  # type: ignore[index]


def test_of_an_icon_with_frames_each_square_takes_its_own() -> None:
    frames = {16: (255, 0, 0, 255), 32: (0, 128, 0, 255), 256: (0, 0, 255, 255)}
    drawn = [Image.new("RGBA", (side, side), colour) for side, colour in frames.items()]
    body = encoded(drawn[-1], "ICO", sizes=[(s, s) for s in frames], append_images=drawn[:-1])
    assert [one.getpixel((5, 5)) for one in squares(body)] == list(frames.values())


@pytest.mark.parametrize("bitmap", ["bmp", "png"])
def test_icons_of_both_kinds_are_read(bitmap: str) -> None:
    body = encoded(a_disc(48), "ICO", sizes=[(48, 48)], bitmap_format=bitmap)
    assert [one.width for one in squares(body)] == [16, 32]


@pytest.mark.parametrize("form", ["WEBP", "GIF", "JPEG"])
def test_icons_of_other_formats_are_read(form: str) -> None:
    assert len(squares(encoded(a_disc(64).convert("RGB"), form))) == 3


def test_nothing_but_the_pixels_goes_on() -> None:
    _, files = render_mark(encoded(a_disc(64)) + b"<svg><script>alert(1)</script></svg>")
    assert not any(b"script" in body for body in files.values())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (encoded(a_disc(12)), "too few"),
        (encoded(a_disc(300, height=60)), "is none"),
        (encoded(Image.new("RGBA", (64, 64), (9, 9, 9, 0))), "transparent"),
        (encoded(Image.new("1", (5000, 5000))), "is none"),
        (encoded(a_disc(64), "ICO")[:200], "not a picture"),
        (encoded(a_disc(64), "TIFF"), "not a picture"),
        (b"\0" * (MOST_BYTES + 1), "bytes"),
        (b"", "not a picture"),
    ],
    ids=["svg", "tiny", "written", "nothing", "poster", "cut", "tiff", "heavy", "empty"],
)
def test_what_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(Rejected, match=why):
        render_mark(body)


_WHOLE = [encoded(a_disc(64), form) for form in ("ICO", "PNG", "GIF")]


@given(st.sampled_from(_WHOLE), st.data())
@settings(max_examples=80)
def test_damaged_icons_never_crash(whole: bytes, data: st.DataObject) -> None:
    body = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        body[data.draw(st.integers(0, min(len(body) - 1, 200)))] = data.draw(st.integers(0, 255))
    _shown_or_refused(bytes(body[: data.draw(st.integers(0, len(body)))]))


@given(st.sampled_from([b"", b"\0\0\1\0\2\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]), st.binary(max_size=300))
@settings(max_examples=80)
def test_any_bytes_are_a_mark_or_refused(beginning: bytes, rest: bytes) -> None:
    _shown_or_refused(beginning + rest)


def _shown_or_refused(body: bytes) -> None:
    try:
        mark, files = render_mark(body)
    except Rejected:
        return
    assert files.keys() == set(mark.paths)
