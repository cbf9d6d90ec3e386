"""A watched folder: what people put there is read, and never changed."""

from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.adapters.http.folder import FolderArchive
from broadsheet.app.clocks import FixedClock
from broadsheet.errors import GoneForGood, Rejected
from broadsheet.model.exchange import Request
from worlds import MORNING, OPENING, World, make_publication, run_at

PAGE = "<!doctype html>{mark}<html lang=en><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{text}</p></article>"
WEBLOC = "<?xml version='1.0'?><plist version='1.0'><dict><key>URL</key><string>https://ledger.example/webloc</string></dict></plist>"


def page(title: str, head: str = "", mark: str = "") -> str:
    return PAGE.format(title=title, head=head, mark=mark, text=f"{OPENING} {title}.")


def fill(folder: Path) -> None:
    (folder / "deep").mkdir(parents=True)
    saved = "<!-- saved from url=(0033)https://ledger.example/saved?a=1 -->"
    (folder / "a.html").write_text(page("The weir was saved by a browser", mark=saved), "utf-8")
    canonical = '<link rel="canonical" href="https://ledger.example/canonical">'
    (folder / "deep" / "b.htm").write_text(page("The weir has a canonical address", canonical), "utf-8")
    (folder / "c.html").write_text(page("Nobody knows where this is from"), "utf-8")
    (folder / "list.txt").write_text("# mine\nhttps://ledger.example/listed and why\n\nnonsense\n", "utf-8")
    (folder / "d.url").write_text("[InternetShortcut]\r\nURL=https://ledger.example/url\r\n", "utf-8")
    (folder / "e.webloc").write_text(WEBLOC, "utf-8")
    (folder / "broken.webloc").write_text("<plist", "utf-8")
    (folder / ".hidden.txt").write_text("https://ledger.example/hidden", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path / "inbox")
    return tmp_path / "inbox"


def archive(folder: Path) -> FolderArchive:
    return FolderArchive(folder, FixedClock(MORNING))


def test_what_is_in_it(folder: Path) -> None:
    (folder.parent / "secret.html").write_text(
        page("Secret", '<link rel=canonical href="https://ledger.example/secret">')
    )
    (folder / "link.html").symlink_to(folder.parent / "secret.html")
    assert set(archive(folder).addresses()) == {
        "https://ledger.example/saved?a=1",
        "https://ledger.example/canonical",
        "https://ledger.example/listed",
        "https://ledger.example/url",
        "https://ledger.example/webloc",
    }
    assert b"saved by a browser" in archive(folder).get(Request("http://www.ledger.example/saved?a=1")).body
    with pytest.raises(GoneForGood):
        archive(folder).get(Request("https://ledger.example/listed"))
    with pytest.raises(Rejected, match="no such folder"):
        archive(folder / "nowhere").fingerprint()


def test_its_fingerprint_tells_changes(folder: Path) -> None:
    before = archive(folder).fingerprint()
    assert archive(folder).fingerprint() == before
    (folder / "more.txt").write_text("https://ledger.example/more", "utf-8")
    assert archive(folder).fingerprint() != before


def test_it_is_a_source(tmp_path: Path) -> None:
    paper = tmp_path / "paper"
    world = World(make_publication(paper, '\n[[sources]]\nurl = "inbox"\nkind = "folder"\n'))
    fill(paper / "inbox")
    for name in ("listed", "url", "webloc"):
        world.page(f"https://ledger.example/{name}", f"The weir on the web, by {name}", (f"{OPENING} Of {name}.",))
    world.write()
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (paper / "inbox").rglob("*") if p.is_file()}
    report = run_at(paper)
    assert report.stages["gather"].counts["articles"] == 5
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in (paper / "inbox").rglob("*") if p.is_file()} == before
    (paper / "inbox" / "more.txt").write_text("https://ledger.example/listed\n", "utf-8")
    assert run_at(paper, MORNING + timedelta(days=2)).stages["poll"].counts["new entries"] == 0
