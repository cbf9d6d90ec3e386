"""Pictures are decoded in a process that is stopped when one asks for too much."""

import io
import struct
from collections.abc import Iterator
from contextlib import closing

import pytest
from PIL import Image

from broadsheet.adapters.engine.decoding import open_decoding
from broadsheet.adapters.engine.processes import Limits, ProcessEngine
from broadsheet.errors import Rejected, TooCostly
from broadsheet.stages.publish.pictures import render_picture


@pytest.fixture(scope="module")
def apart() -> Iterator[ProcessEngine]:
    with closing(ProcessEngine(1, Limits(cpu_seconds=0.5, memory_mb=256))) as engine:
        yield engine


def a_picture(side: int, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 99).save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def segments(jpeg: bytes) -> list[bytes]:
    """The segments between the beginning of the picture and its end, each scan with its data."""
    at, found = 2, []
    while jpeg[at + 1] != 0xD9:
        end = at + 2 + struct.unpack_from(">H", jpeg, at + 2)[0]
        while jpeg[at + 1] == 0xDA and (jpeg[end] != 0xFF or jpeg[end + 1] == 0 or 0xD0 <= jpeg[end + 1] <= 0xD7):
            end += 1
        found.append(jpeg[at:end])
        at = end
    return found


def test_a_picture_is_rendered(apart: ProcessEngine) -> None:
    picture, files = apart.call(render_picture, a_picture(400, "PNG"))
    assert set(files) == set(picture.paths)


def test_what_is_no_picture_is_refused_as_in_this_process(apart: ProcessEngine) -> None:
    with pytest.raises(Rejected, match="not a picture"):
        apart.call(render_picture, b"<svg/>")


def test_a_picture_of_endless_scans_is_stopped(apart: ProcessEngine) -> None:
    """Each scan of a progressive JPEG goes over the whole picture, and takes a few bytes to ask for."""
    parts = segments(a_picture(6000, "JPEG", progressive=True, quality=40))
    bomb = b"\xff\xd8" + b"".join(parts) + b"".join(parts[-2:]) * 400 + b"\xff\xd9"
    assert len(bomb) < 300_000
    with pytest.raises(TooCostly, match="stopped"):
        apart.call(render_picture, bomb)
    assert apart.call(render_picture, a_picture(400, "PNG"))


def test_a_picture_that_needs_too_much_memory_is_refused() -> None:
    with (
        closing(ProcessEngine(1, Limits(cpu_seconds=5, memory_mb=64))) as small,
        pytest.raises(TooCostly, match="memory"),
    ):
        small.call(render_picture, a_picture(6000, "PNG", transparency=99))


def test_the_largest_that_is_allowed_stays_within_the_limits() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (7_900, 5_000), (1, 2, 3, 100)).save(out, "PNG", compress_level=1)
    with closing(open_decoding()) as engine:
        picture, _ = engine.call(render_picture, out.getvalue())
    assert picture.width == 1200
