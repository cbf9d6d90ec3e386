"""A paper of three publishers whose stories readers all see, and what its editor does with it."""

import json
import subprocess
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner, Result

from broadsheet.cli import broadsheet
from broadsheet.steps.newsroom import RunReport
from worlds import MORNING, World, run_at, saltmere

LADDER = "_news/2026-11-20-saltmere-weir-opens-its-salmon-ladder.md"
CLIMB = "_news/2026-11-20-salmon-climb-the-saltmere-weir-again.md"
BREAD = "_news/2026-11-20-oldport-bakery-wins-the-prize-for-rye.md"


class Paper:
    """The publication in `folder`."""

    def __init__(self, world: World) -> None:
        self.world, self.folder = world, world.folder

    def run(self, at: datetime = MORNING) -> RunReport:
        return run_at(self.folder, at)

    def edit(self, *words: str) -> dict[str, object]:
        """What `broadsheet story` prints for this decision."""
        said = self.call(*words)
        assert said.exit_code == 0, said.output
        row: dict[str, object] = json.loads(said.stdout)
        return row

    def call(self, *words: str) -> Result:
        return CliRunner().invoke(broadsheet, ["story", *words, "-C", str(self.folder)])

    def filed(self) -> dict[str, dict[str, object]]:
        rows = [json.loads(p.read_bytes()) for p in sorted(self.folder.glob("_stories/*/*.json"))]
        return {row["id"]: row for row in rows}

    def stories(self) -> dict[str, list[str]]:
        """The records of each filed story, the head first."""
        return {i: [m["record"] for m in s["members"]] for i, s in self.filed().items() if "members" in s}  # type: ignore[attr-defined]

    def story_of(self, record: str) -> str:
        return next(story for story, records in self.stories().items() if record in records)

    def leads(self, story: str) -> str:
        """The story that a reader of this address gets, by the page and by the API, without any script."""
        page = (self.folder / "public" / "stories" / story / "index.html").read_text("utf-8")
        row = json.loads((self.folder / "public" / "api" / "stories" / story / "index.json").read_bytes())
        to = page.split('http-equiv="refresh" content="0; url=', 1)
        by_page = to[1].split('"', 1)[0].rstrip("/").rsplit("/", 1)[-1] if len(to) == 2 else story
        assert by_page == row.get("mergedInto", row["id"])
        return by_page

    def tree(self) -> Mapping[str, bytes]:
        """Every file of the publication but the store's, the settings and git's."""
        roots = ("_news", "_stories", "_decisions", "public")
        files = (p for root in roots for p in (self.folder / root).rglob("*") if p.is_file())
        return {p.relative_to(self.folder).as_posix(): p.read_bytes() for p in files}

    def git(self, *words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=self.folder, check=True, capture_output=True, encoding="utf-8"
        ).stdout


def paper_in(folder: Path) -> Paper:
    world = saltmere(folder)
    toml = folder / "broadsheet.toml"
    toml.write_text(toml.read_text("utf-8").replace("threshold = 70", "threshold = 20"), "utf-8")
    return Paper(world)
