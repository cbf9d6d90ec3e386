"""Lead images get their sizes from their first bytes, each asked for once, and no article is ever lost."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image as Pillow

from broadsheet.adapters.engine.local import InlineEngine
from broadsheet.adapters.storage.store import SqlStore
from broadsheet.errors import GoneForGood, RetryLater
from broadsheet.model.article import Article
from broadsheet.model.exchange import Request, Response
from broadsheet.model.images import Image
from broadsheet.settings import FetchSettings
from broadsheet.steps.image_sizes import with_sizes


@dataclass(frozen=True)
class One:
    article: Article | None


class World:
    """An `Http` that has these files, and says what it was asked for."""

    def __init__(self, files: dict[str, bytes | Exception]) -> None:
        self.files, self.asked = files, list[Request]()

    def get(self, request: Request) -> Response:
        self.asked.append(request)
        body = self.files[request.url]
        if isinstance(body, Exception):
            raise body
        assert request.first_bytes is not None
        return Response(request.url, request.url, 206, body[: request.first_bytes], datetime(2024, 3, 4, tzinfo=UTC))


def _png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (width, height)).save(out, "PNG")
    return out.getvalue()


def _one(url: str, width: int | None = None, height: int | None = None) -> One:
    return One(Article("https://example.com/a", images=(Image(url, width, height), Image("https://example.com/b.png"))))


BIG, DOT, GONE, LATER, PAGE = (f"https://example.com/{name}" for name in ("big", "dot", "gone", "later", "page"))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Any]:
    store = SqlStore(tmp_path / "broadsheet.db")
    files = {
        BIG: _png(640, 360),
        DOT: _png(1, 1),
        GONE: GoneForGood("404"),
        LATER: RetryLater("busy"),
        PAGE: b"<html>no picture",
    }
    settings = SimpleNamespace(fetch=FetchSettings())
    yield SimpleNamespace(store=store, http=World(files), engine=InlineEngine(), settings=settings)
    store.close()


def _sizes(room: Any, *ones: One) -> list[tuple[int | None, int | None]]:
    found = [one.article.images[0] for one in with_sizes(room, ones) if one.article]
    return [(image.width, image.height) for image in found]


def test_a_size_is_read_once(room: Any) -> None:
    assert _sizes(room, _one(BIG), _one(BIG)) == [(640, 360), (640, 360)]
    assert _sizes(room, _one(BIG)) == [(640, 360)]
    assert [(r.url, r.first_bytes) for r in room.http.asked] == [(BIG, 65536)]


def test_what_the_page_says_is_not_asked_for(room: Any) -> None:
    assert _sizes(room, _one(BIG, 1200, 630), One(None), One(None)) == [(1200, 630)]
    assert room.http.asked == []


def test_what_cannot_be_had_loses_nothing(room: Any) -> None:
    for _ in range(2):
        assert _sizes(room, _one(GONE), _one(PAGE), _one(LATER)) == [(None, None)] * 3
    assert [r.url for r in room.http.asked] == [GONE, PAGE, LATER, LATER]


def test_a_dot_is_no_picture(room: Any) -> None:
    [one] = with_sizes(room, [_one(DOT)])
    assert one.article is not None
    assert [image.url for image in one.article.images] == ["https://example.com/b.png"]
    assert "1 x 1" in one.article.doubts["images"]


def test_nobody_is_asked_where_it_is_not_wanted(room: Any) -> None:
    room.settings.fetch = replace(room.settings.fetch, image_sizes=False)
    assert _sizes(room, _one(BIG)) == [(None, None)]
    assert room.http.asked == []
