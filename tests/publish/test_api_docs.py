"""The page on the API names every kind of document where it is, and the page on sponsors shows a file that works."""

import re
from pathlib import Path

import pytest
from tests.publish.documents import kinds_of

from broadsheet.errors import SettingsError
from broadsheet.model.sponsor import Place
from broadsheet.stages.enrich.notices import read_sponsors
from broadsheet.stages.publish.api_entry import schemas

DOCS = Path(__file__).parents[2] / "docs"


def test_every_kind_of_document_is_described() -> None:
    text = (DOCS / "api.md").read_text("utf-8")
    assert {kind for kind in schemas() if f"`{kind}`" not in text} == set()
    for paths, kinds in re.findall(r"^\| (`api/[^|]+`) \| ([^|]+) \|", text, re.MULTILINE):
        for path in re.findall(r"`([^`]+)`", paths):
            example = re.sub("<YYYY-MM(-DD)?>", "2026-03", path)
            assert set(kinds_of(re.sub("<[^>]+>", "1", example))) == set(re.findall(r"`([^`]+)`", kinds)), path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    text = (DOCS / "sponsors.md").read_text("utf-8")
    example = "".join(line[4:] + "\n" for line in text.splitlines() if line.startswith("    "))
    (tmp_path / "tern.yml").write_text(example, "utf-8")
    return tmp_path


def test_the_example_of_a_sponsor_works(folder: Path) -> None:
    (tern,) = read_sponsors(folder)
    assert (tern.id, tern.places, tern.topics) == ("tern-cycles", (Place.FRONT, Place.TOPIC), ("work",))
    keys = set(re.findall(r"^(\w+):", (folder / "tern.yml").read_text("utf-8"), re.MULTILINE))
    assert {key for key in keys if f"`{key}`" not in (DOCS / "sponsors.md").read_text("utf-8")} == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("_id: tern-cycles", "_id: ../x"), ("https://tern.example/", "javascript:alert(1)"), ("2026-03-31", "2026-02-28"),
        ("2026-03-01", "tomorrow"), ("- front", "- roof"), ("assets/tern.png", "assets/../../x"), ("name:", "nom:"),
        ("assets/tern.png", "https://tern.example/t.png"), ("text: Bicycles for headwinds.\n", ""),
    ],
)  # fmt: skip
def test_a_sponsor_that_is_wrong_stops_with_file_and_line(folder: Path, old: str, new: str) -> None:
    file = folder / "tern.yml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(SettingsError, match=r"tern\.yml:\d+: "):
        read_sponsors(folder)
