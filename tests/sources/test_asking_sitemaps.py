"""Asking an index of sitemaps: only the children that changed are asked again."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from broadsheet.app.stores import open_store
from broadsheet.settings import read_settings
from worlds import MORNING, OPENING, World, make_publication, run_at

INDEX = "https://gazette.example/sitemap.xml"
SOURCE = f'\n[[sources]]\nurl = "{INDEX}"\nkind = "sitemap"\n'
LATER = MORNING + timedelta(days=1, hours=3)


def publish(world: World, at: object, children: Mapping[str, tuple[str, list[str]]]) -> None:
    """An index of children: address to its date and its pages."""
    listed = ""
    for child, (changed, pages) in children.items():
        listed += f"<sitemap><loc>{child}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        inner = "".join(f"<url><loc>{page}</loc></url>" for page in pages)
        world.say(child, f"<urlset>{inner}</urlset>", "application/xml", at)  # type: ignore[arg-type]
        for n, page in enumerate(pages):
            world.page(page, f"The news of page {n} of {child[-8:]}", (f"{OPENING} This is {page}.",))
    world.say(INDEX, f"<sitemapindex>{listed}</sitemapindex>", "application/xml", at)  # type: ignore[arg-type]


def pages(name: str, *numbers: int) -> list[str]:
    return [f"https://gazette.example/news/{name}-{n}" for n in numbers]


def entries_of_two_polls(folder: Path, dates: tuple[str, str]) -> tuple[int, int]:
    """The entries that the first poll lists, and those of a second after child `b` changed without child `a`."""
    world = World(make_publication(folder, SOURCE))
    a, b = "https://gazette.example/a.xml", "https://gazette.example/b.xml"
    publish(world, MORNING, {a: (dates[0], pages("a", 1, 2)), b: (dates[0], pages("b", 1))})
    publish(world, MORNING + timedelta(days=1), {a: (dates[0], pages("a", 1, 2)), b: (dates[1], pages("b", 1, 2))})
    world.write()
    first, second = run_at(folder), run_at(folder, LATER)
    return first.stages["poll"].counts["entries"], second.stages["poll"].counts["entries"]


def test_children_that_did_not_change_are_left_alone(tmp_path: Path) -> None:
    assert entries_of_two_polls(tmp_path / "p", ("2026-11-20T07:00:00Z", "2026-11-21T07:00:00Z")) == (3, 2)
    with open_store(read_settings(tmp_path / "p")) as store:
        notes = store.notes.of(INDEX)
    assert set(notes) == {"child https://gazette.example/a.xml", "child https://gazette.example/b.xml"}


def test_children_without_dates_are_all_asked(tmp_path: Path) -> None:
    assert entries_of_two_polls(tmp_path / "p", ("", "")) == (3, 4)


def test_children_that_are_too_old_are_not_asked(tmp_path: Path) -> None:
    assert entries_of_two_polls(tmp_path / "p", ("2019-01-01", "2026-11-21T07:00:00Z")) == (0, 2)


def test_a_listing_page_is_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    world = World(make_publication(folder, '\n[[sources]]\nurl = "https://gazette.example/news"\nkind = "page"\n'))
    links = "".join(
        f'<article><h2><a href="{p}">The long news of {n}</a></h2></article>'
        for n, p in enumerate(pages("some-long-slug", 1, 2, 3))
    )
    world.say("https://gazette.example/news", f"<html><body><main>{links}</main></body></html>")
    for page in pages("some-long-slug", 1, 2, 3):
        world.page(page, f"The news of {page[-1]} is told at length", (f"{OPENING} This is {page}.",))
    world.write()
    report = run_at(folder)
    assert report.stages["gather"].counts["articles"] == 3
    assert run_at(folder, LATER).stages["poll"].counts["new entries"] == 0
