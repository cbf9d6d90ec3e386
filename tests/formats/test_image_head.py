"""Sizes of pictures from the first bytes of their files."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, features

from broadsheet.formats.image_head import image_size


def _file(form: str, *, size: tuple[int, int] = (321, 123), **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "options"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"icc_profile": b"x" * 60_000}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\x00\x00"}),
    ],
)
def test_sizes(form: str, options: dict[str, object]) -> None:
    whole = _file(form, **options)
    assert image_size(whole[: 64 * 1024]) == (321, 123)
    assert image_size(whole[:8]) is None


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow writes no AVIF")
def test_avif() -> None:
    assert image_size(_file("AVIF")[:4096]) == (321, 123)


@pytest.mark.parametrize(("orientation", "size"), [(1, (321, 123)), (3, (321, 123)), (6, (123, 321)), (8, (123, 321))])
def test_a_photograph_that_lies_on_its_side(orientation: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert image_size(_file("JPEG", exif=exif)) == size


@given(st.sampled_from(["PNG", "GIF", "JPEG", "WEBP"]), st.integers(1, 2000), st.integers(1, 60))
def test_any_size(form: str, width: int, height: int) -> None:
    assert image_size(_file(form, size=(width, height))) == (width, height)


_WHOLE = [_file(form) for form in ("PNG", "GIF", "JPEG", "WEBP")] + [b"\x00\x00\x00\x1cftypavif" + b"ispe" * 9]


@given(st.binary(max_size=200), st.sampled_from(_WHOLE), st.integers(0, 400), st.integers(0, 40))
def test_any_bytes_have_a_size_or_none(noise: bytes, whole: bytes, cut: int, at: int) -> None:
    for head in (noise, whole[:cut], whole[:at] + noise + whole[at:]):
        size = image_size(head)
        assert size is None or all(0 < side <= 100_000 for side in size)
