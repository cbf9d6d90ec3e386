"""Publishers' marks: from the registry, else from their sites, politely, and on the pages."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from broadsheet.app.clocks import FixedClock
from broadsheet.app.newsroom import open_newsroom
from broadsheet.cli._progress import QuietProgress
from broadsheet.model.pictures import KeptPicture, mark_of
from broadsheet.settings import read_settings
from broadsheet.steps.marks import fetch_marks
from broadsheet.steps.newsroom import Newsroom, RunReport
from small_server import SmallServer
from worlds import MORNING, NOON, run_at, saltmere

KELP = mark_of("kelp.example")
MONTH = timedelta(days=36)


def an_icon(side: int = 96, form: str = "PNG", shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), (shade, 90, 110)).save(out, form)
    return out.getvalue()


@pytest.fixture
def server() -> Iterator[SmallServer]:
    running = SmallServer()
    running.answers["/"] = (
        200,
        "text/html",
        b'<link rel=icon sizes=16x16 href="/s.png"><link rel=icon sizes=96x96 href=/i.png>',
    )
    running.answers["/i.png"] = (200, "image/png", an_icon())
    yield running
    running.close()


class Desk:
    """A publication that wants the mark of one publisher, whose site is the server."""

    def __init__(self, folder: Path, server: SmallServer) -> None:
        self.folder, self.server = folder, server
        saltmere(folder)
        toml = folder / "broadsheet.toml"
        allowed = f'threads = 1\nhost_delay_seconds = 0.0\nallow = ["{server.address}"]'
        toml.write_text(toml.read_text("utf-8").replace("threads = 4", allowed), "utf-8")

    def fetch(self, at: datetime, wanted: str = KELP) -> KeptPicture:
        with open_newsroom(read_settings(self.folder), FixedClock(at), QuietProgress()) as room:
            room.store.pictures.want([KeptPicture(wanted, not_before=at, address=self.server.url("/"))])
            fetch_marks(room, RunReport())
            self.there = set(room.blobs.names("marks/"))
            return room.store.pictures.of([wanted])[wanted]

    def icons_asked(self) -> list[str]:
        return [path for path in self.server.asked if path != "/robots.txt"]


def test_the_best_icon_of_the_home_page_is_taken_and_kept_for_a_month(tmp_path: Path, server: SmallServer) -> None:
    desk = Desk(tmp_path / "paper", server)
    kept = desk.fetch(MORNING)
    assert kept.picture is not None
    assert [side for _, side in kept.picture.files] == [16, 32, 64]
    assert desk.there == set(kept.picture.paths)
    assert desk.icons_asked() == ["/", "/i.png"]
    assert desk.fetch(MORNING + timedelta(days=29)) == kept
    assert desk.icons_asked() == ["/", "/i.png"]

    server.answers["/i.png"] = (200, "image/png", an_icon(shade=200))
    assert desk.fetch(MORNING + MONTH).picture != kept.picture


def test_a_refresh_that_fails_keeps_the_mark(tmp_path: Path, server: SmallServer) -> None:
    desk = Desk(tmp_path / "paper", server)
    kept = desk.fetch(MORNING)
    server.answers.clear()
    later = desk.fetch(MORNING + MONTH)
    assert later.picture == kept.picture
    assert (later.attempts, "404" in later.reason) == (1, True)


def test_a_manifest_is_asked_where_the_page_has_only_small_ones(tmp_path: Path, server: SmallServer) -> None:
    server.answers["/"] = (200, "text/html", b"<link rel=icon sizes=16x16 href=/s.png><link rel=manifest href=/m.json>")
    server.answers["/m.json"] = (200, "application/json", b'{"icons": [{"src": "/i.png", "sizes": "192x192"}]}')
    desk = Desk(tmp_path / "paper", server)
    assert desk.fetch(MORNING).picture is not None
    assert desk.icons_asked() == ["/", "/m.json", "/i.png"]


def test_the_usual_place_is_tried_where_the_page_says_nothing_or_lies(tmp_path: Path, server: SmallServer) -> None:
    server.answers["/i.png"] = (200, "image/png", b"<svg onload='alert(1)'/>")
    server.answers["/favicon.ico"] = (200, "image/x-icon", an_icon(48, "ICO"))
    desk = Desk(tmp_path / "paper", server)
    kept = desk.fetch(MORNING)
    assert kept.picture is not None
    assert [side for _, side in kept.picture.files] == [16, 32]
    server.answers.pop("/")
    assert desk.fetch(MORNING + MONTH).picture == kept.picture


def test_a_site_without_any_is_asked_again_after_days_then_months(tmp_path: Path, server: SmallServer) -> None:
    server.answers.clear()
    desk = Desk(tmp_path / "paper", server)
    waits = []
    at = MORNING
    for _ in range(5):
        kept = desk.fetch(at)
        assert kept.picture is None
        assert kept.not_before is not None
        waits.append((kept.not_before - at).days)
        at = kept.not_before
    assert waits == [1, 4, 14, 30, 30]


def test_who_asks_not_to_be_read_is_not_asked_for_an_icon(tmp_path: Path, server: SmallServer) -> None:
    server.answers["/robots.txt"] = (200, "text/plain", b"User-agent: *\nDisallow: /\n")
    desk = Desk(tmp_path / "paper", server)
    kept = desk.fetch(MORNING)
    assert (kept.picture, "robots.txt" in kept.reason, desk.icons_asked()) == (None, True, [])


@pytest.mark.parametrize("where", ["assets/kelp.png", "/assets/kelp.png", "http://localhost:8000/assets/kelp.png"])
def test_the_registry_comes_first(tmp_path: Path, server: SmallServer, where: str) -> None:
    desk = Desk(tmp_path / "paper", server)
    _register(desk.folder, where)
    (desk.folder / "assets").mkdir()
    (desk.folder / "assets" / "kelp.png").write_bytes(an_icon(50))
    kept = desk.fetch(MORNING)
    assert kept.picture is not None
    assert desk.icons_asked() == []


@pytest.mark.parametrize("where", ["broadsheet.toml", "../secret.png", "assets/link.png", "assets/none.png"])
def test_the_registry_names_only_files_of_the_assets(tmp_path: Path, server: SmallServer, where: str) -> None:
    desk = Desk(tmp_path / "paper", server)
    (tmp_path / "secret.png").write_bytes(an_icon())
    (desk.folder / "assets").mkdir()
    (desk.folder / "assets" / "link.png").symlink_to(tmp_path / "secret.png")
    _register(desk.folder, where)
    kept = desk.fetch(MORNING)
    assert (kept.picture, "no file of the publication" in kept.reason) == (None, True)


def test_marks_stand_on_the_pages_and_cost_no_run_its_success(tmp_path: Path, server: SmallServer) -> None:
    """The publishers of shown stories are noted by the run itself; none of their sites is in the archive."""
    desk = Desk(tmp_path / "paper", server)
    first = run_at(desk.folder, MORNING)
    assert first.counted("marks", "not to be had") == 2
    assert [f.stage for f in first.failures] == ["poll"]
    with open_newsroom(read_settings(desk.folder), FixedClock(NOON), QuietProgress()) as room:
        _point_home(room, mark_of("ledger.example"), server.url("/"))
    second = run_at(desk.folder, NOON)
    assert second.counted("marks", "fetched") == 1
    front = (desk.folder / "public" / "index.html").read_text("utf-8")
    (src,) = {part.split('"')[0] for part in front.split('src="')[1:] if part.split('"')[0].endswith("-32.webp")}
    assert (desk.folder / "public" / src.lstrip("./")).is_file()
    records = "".join(p.read_text("utf-8") for p in (desk.folder / "_news").glob("*.md"))
    assert "marks/" not in records


def test_publishers_of_before_are_noted_once(tmp_path: Path, server: SmallServer) -> None:
    desk = Desk(tmp_path / "paper", server)
    run_at(desk.folder, MORNING)
    with open_newsroom(read_settings(desk.folder), FixedClock(NOON), QuietProgress()) as room:
        room.store.pictures.forget([mark_of("ledger.example"), mark_of("courier.example")])
    with closing(sqlite3.connect(desk.folder / ".broadsheet" / "state.sqlite")) as store, store:
        store.execute("DELETE FROM facts WHERE name = 'publishers of before are noted'")
    assert run_at(desk.folder, NOON).counted("marks", "not to be had") == 3
    assert run_at(desk.folder, NOON + timedelta(hours=1)).counted("marks", "not to be had") == 0


def _register(folder: Path, where: str) -> None:
    text = (
        f"---\ntaxonomy: organization\n_id: kelp.example\nname: Kelp\ndomain: kelp.example\nimages:\n- url: {where}\n"
    )
    (folder / "_data" / "organizations" / "kelp.example.md").write_text(
        f"{text}  width: 50\n  height: 50\n---\n", "utf-8"
    )


def _point_home(room: Newsroom, mark: str, home: str) -> None:
    assert mark in room.store.pictures.known()
    room.store.pictures.keep(KeptPicture(mark, not_before=NOON, address=home))
