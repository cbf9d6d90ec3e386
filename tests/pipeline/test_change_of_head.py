"""The head of a story changes, and no address does."""

import json
from pathlib import Path

from worlds import EVENING, NOON, World, run_at

OWN = (
    "Weirworks, which runs the weir at Saltmere, has opened its salmon ladder of nineteen steps. The company built it in "
    "two years and paid 4.2 million crowns more than planned, Inga Rolle said on the quay on Friday.",
    "The ladder is the first in the county with a window for visitors. Weirworks expects nine thousand salmon to climb "
    "the weir by spring, and will count them with a camera under water.",
)


def stories(folder: Path) -> list[dict[str, object]]:
    return [json.loads(p.read_bytes()) for p in sorted(folder.glob("_stories/*/*.json"))]


def addresses(folder: Path) -> set[str]:
    """The files of records and stories, and the pages of stories."""
    patterns = ("_news/*.md", "_stories/*/*.json", "public/stories/*/index.html")
    return {str(p.relative_to(folder)) for pattern in patterns for p in folder.glob(pattern)}


def heads(folder: Path) -> list[str]:
    return [m["providerDomain"] for s in stories(folder) for m in s["members"] if m["isHead"]]  # type: ignore[attr-defined]


def with_weirworks(world: World) -> None:
    """At noon the weir's own publisher reports too, with a picture."""
    page, feed = "https://weirworks.example/ladder", "https://weirworks.example/feed.xml"
    image = '<meta property="og:image" content="https://ledger.example/ladder.png">'
    world.page(page, "Saltmere weir: the salmon ladder is open", OWN, NOON, image)
    world.feed(feed, {page: "Saltmere weir: the salmon ladder is open"}, NOON)
    world.write()
    toml = world.folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8") + f'\n[[sources]]\nurl = "{feed}"\n', "utf-8")


def test_records_and_stories_keep_their_addresses_when_the_head_changes(world: World) -> None:
    ledger = world.folder / "_data" / "organizations" / "ledger.example.md"
    ledger.unlink()
    run_at(world.folder)
    before, (head,) = addresses(world.folder), heads(world.folder)
    assert head == "courier.example"
    with_weirworks(world)
    run_at(world.folder, NOON)
    (after,) = heads(world.folder)
    assert after == "weirworks.example"
    assert before < addresses(world.folder)
    (story,) = stories(world.folder)
    assert any(str(r).startswith("It took the place of The Courier") for r in story["headReasons"])  # type: ignore[attr-defined]
    assert not run_at(world.folder, EVENING).changed
    assert heads(world.folder) == [after]
