"""Pictures of published stories: fetched from a real server, asked for again, missed when they vanish, pruned."""

import io
import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from broadsheet.adapters.blobs.files import FileBlobs
from broadsheet.app.stores import open_store
from broadsheet.settings import read_settings
from broadsheet.steps.newsroom import RunReport
from small_server import SmallServer
from worlds import MORNING, NOON, PLAIN, World, make_publication, run_at

PATH = "/weir.jpg"
NEWS = {
    "Weir opens its salmon ladder": PLAIN["ledger.example"],
    "Bakers of the weir win a prize": PLAIN["gazette.example"],
    "Pilots strike at the old weir": (
        "The pilots of the upper harbour stopped work on Thursday night over the shape of a chair, and forty ships wait.",
        "Their union says that nobody asked them. The harbour office will show three other chairs on Monday.",
    ),
}
WEIR, BAKERS, PILOTS = NEWS


def a_jpeg(shade: int = 90) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1300, 900)).point(lambda v: (v + shade) % 256).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def server() -> Iterator[SmallServer]:
    running = SmallServer()
    running.answers[PATH] = (200, "image/jpeg", a_jpeg())
    yield running
    running.close()


class Paper:
    """A publication whose articles come from an archive, and their pictures from the server."""

    def __init__(self, folder: Path, server: SmallServer, pictures: dict[str, str], settings: str = "") -> None:
        sources = '\n[[sources]]\nurl = "https://ledger.example/feed.xml"\n'
        self.folder = make_publication(folder, sources)
        toml = self.folder / "broadsheet.toml"
        allowed = f'threads = 1\nimage_sizes = false\nhost_delay_seconds = 0.0\nallow = ["{server.address}"]'
        text = toml.read_text("utf-8").replace("threads = 4", allowed)
        toml.write_text(text.replace("[publish]\n", f"[publish]\n{settings}"), "utf-8")
        world = World(self.folder)
        for at, (title, picture) in enumerate(pictures.items()):
            image = f'<meta property="og:image" content="{server.url(picture)}">'
            world.page(f"https://ledger.example/{at}", title, NEWS[title], extra=image)
        entries = {
            f"https://ledger.example/{n}": f"The weir of {name} is open again" for n, name in enumerate(pictures)
        }
        world.feed("https://ledger.example/feed.xml", entries)
        world.write()

    def run(self, at: datetime) -> RunReport:
        return run_at(self.folder, at)

    def is_cached(self) -> list[bool]:
        texts = [p.read_text("utf-8") for p in sorted((self.folder / "_news").glob("*.md"))]
        return ["isCached: true" in text for text in texts if "isCached: " in text]

    def shown(self) -> list[str]:
        return sorted(p.name for p in (self.folder / "public" / "pictures").rglob("*.webp"))

    def blobs(self) -> list[Path]:
        folder = self.folder / ".broadsheet" / "blobs" / "pictures"
        return sorted(p for p in folder.rglob("*") if p.is_file())

    def front(self) -> str:
        return (self.folder / "public" / "index.html").read_text("utf-8")


def test_the_site_shows_its_own_copy_and_the_record_says_so(tmp_path: Path, server: SmallServer) -> None:
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH})
    report = paper.run(MORNING)
    assert report.counted("publish", "pictures") == 1
    assert paper.is_cached() == [True]
    assert len(paper.shown()) == 3
    assert 'srcset="pictures/' in paper.front().replace("./", "")
    assert server.url("") not in paper.front()
    item = json.loads((paper.folder / "public/api/news/index.json").read_bytes())["value"][0]
    assert item["images"][0]["isCached"] is True
    story = next((paper.folder / "public/stories").glob("*/index.html")).read_text("utf-8")
    assert f'<meta property="og:image" content="http://localhost:8000/pictures/{paper.blobs()[0].parent.name}/' in story
    assert '-share.jpg">' in story
    assert '<meta property="og:image:width" content="1200">' in story


def test_passing_trouble_is_asked_again_after_a_while(tmp_path: Path, server: SmallServer) -> None:
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH})
    good = server.answers[PATH]
    server.answers[PATH] = (503, "text/plain", b"")
    report = paper.run(MORNING)
    assert [(f.stage, f.item) for f in report.failures] == [("publish", server.url(PATH))]
    assert (paper.is_cached(), paper.shown()) == ([False], [])
    assert "503" in _reason(paper, server.url(PATH))

    server.answers[PATH] = good
    paper.run(MORNING + timedelta(minutes=50))
    assert server.asked.count(PATH) == 1
    paper.run(MORNING + timedelta(minutes=61))
    assert server.asked.count(PATH) == 2
    assert paper.is_cached() == [True]
    assert len(paper.shown()) == 3
    before = {p: p.stat().st_mtime_ns for p in paper.folder.rglob("*.md")}
    paper.run(NOON + timedelta(days=90))
    assert server.asked.count(PATH) == 2
    assert {p: p.stat().st_mtime_ns for p in paper.folder.rglob("*.md")} == before


def test_a_drawing_that_calls_itself_a_picture_is_never_served(tmp_path: Path, server: SmallServer) -> None:
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH})
    drawing = b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='600' onload='alert(1)'/>"
    server.answers[PATH] = (200, "image/png", drawing)
    for days in (0, 0.9, 1.1):
        report = paper.run(MORNING + timedelta(days=days))
        assert len(report.failures) == (days == 0)
    assert server.asked.count(PATH) == 2
    assert (paper.is_cached(), paper.shown(), paper.blobs()) == ([False], [], [])
    assert all(drawing not in p.read_bytes() for p in (paper.folder / "public").rglob("*") if p.is_file())


def test_a_file_that_vanished_is_fetched_again_or_no_longer_promised(tmp_path: Path, server: SmallServer) -> None:
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH})
    paper.run(MORNING)
    paper.blobs()[0].unlink()
    paper.run(NOON)
    assert server.asked.count(PATH) == 2
    assert (paper.is_cached(), len(paper.shown()), len(paper.blobs())) == ([True], 3, 4)

    for file in paper.blobs():
        file.unlink()
    server.answers[PATH] = (404, "text/plain", b"")
    paper.run(NOON + timedelta(minutes=10))
    assert (paper.is_cached(), paper.shown()) == ([False], [])
    assert "<img" not in paper.front()


def test_a_run_fetches_no_more_than_it_may_and_the_next_goes_on(tmp_path: Path, server: SmallServer) -> None:
    paths = {title: f"/{at}.jpg" for at, title in enumerate(NEWS)}
    for shade, path in enumerate(paths.values()):
        server.answers[path] = (200, "image/jpeg", a_jpeg(shade))
    paper = Paper(tmp_path / "paper", server, paths, "pictures_a_run = 1\n")
    for number, at in enumerate((MORNING, MORNING + timedelta(minutes=1), NOON), start=1):
        paper.run(at)
        assert (sum(paper.is_cached()), len(paper.shown())) == (number, 3 * number)
    assert sorted(path for path in server.asked if path.endswith(".jpg")) == sorted(paths.values())


def test_the_same_picture_under_two_addresses_is_stored_once(tmp_path: Path, server: SmallServer) -> None:
    server.answers["/again.png"] = server.answers[PATH]
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH, BAKERS: "/again.png"})
    paper.run(MORNING)
    assert (paper.is_cached(), len(paper.shown()), len(paper.blobs())) == ([True, True], 3, 4)


def test_a_clone_fetches_what_its_records_promise_or_takes_the_promise_back(
    tmp_path: Path, server: SmallServer
) -> None:
    server.answers["/b.jpg"] = (200, "image/jpeg", a_jpeg(7))
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH, BAKERS: "/b.jpg"})
    paper.run(MORNING)
    assert paper.is_cached() == [True, True]
    shutil.rmtree(paper.folder / ".broadsheet")
    shutil.rmtree(paper.folder / "public")
    feed = {"https://ledger.example/9": "Nothing that was there before"}
    world = World(paper.folder)
    world.feed("https://ledger.example/feed.xml", feed)
    world.write()
    server.answers["/b.jpg"] = (404, "text/plain", b"")
    paper.run(NOON)
    assert (sorted(paper.is_cached()), len(paper.shown())) == ([False, True], 3)

    server.answers["/b.jpg"] = (200, "image/jpeg", a_jpeg(7))
    paper.run(NOON + timedelta(days=2))
    assert (paper.is_cached(), len(paper.shown())) == ([True, True], 6)
    assert len(paper.blobs()) == 8


def test_pictures_can_be_switched_off(tmp_path: Path, server: SmallServer) -> None:
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH}, "pictures = false\nmarks = false\n")
    paper.run(MORNING)
    assert (server.asked, paper.is_cached()) == ([], [False])


def test_files_that_nobody_refers_to_are_removed(tmp_path: Path, server: SmallServer) -> None:
    paper = Paper(tmp_path / "paper", server, {WEIR: PATH})
    paper.run(MORNING)
    blobs = FileBlobs(paper.folder / ".broadsheet" / "blobs")
    for name in ("pictures/ff/orphan-336.webp", "marks/ff/orphan-16.webp", "letters/kept.html"):
        blobs.put(name, b"left by an interrupted run")
    settings = read_settings(paper.folder)
    with open_store(settings) as store:
        (story,) = store.pictures.stories_with([server.url(PATH)])
    paper.run(MORNING + timedelta(days=1, minutes=1))
    assert [name for name in blobs.names() if "orphan" in name or "kept" in name] == ["letters/kept.html"]
    assert len(paper.blobs()) == 4
    with open_store(settings) as store:
        store.pictures.use({story: []})
    paper.run(MORNING + timedelta(days=2, minutes=2))
    assert paper.blobs() == []


def _reason(paper: Paper, url: str) -> str:
    with open_store(read_settings(paper.folder)) as store:
        return store.pictures.of([url])[url].reason
