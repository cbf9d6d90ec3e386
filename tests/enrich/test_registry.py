"""Topics and publishers are read as the origin wrote them; what can't be read is told with file and line."""

from pathlib import Path

import pytest

from broadsheet.errors import SettingsError
from broadsheet.model.images import Image
from broadsheet.model.taxonomy import Organization, Topic
from broadsheet.stages.enrich.registry import read_organizations, read_topics

SITE = "taxonomy: topic\n_id: small-news\nname: Small News\nkeywords:\n  - news\n"
ENERGY = """taxonomy: topic
_id: energy
name: Energy
shortname: Heat
parent: Small News
description: Heat, light, and who pays.
keywords:
  - wind
  - wind
  - 365
hashtags:
  - "#Energy"
services:
  news: https://a.example/api/news/energy/"""
KELP = """---
taxonomy: organization
_id: kelp.example
name: The Kelp Ledger
otherNames:
  - Kelp
domain: Kelp.example
description: "Weed, sea: and all"
images:
  - url: /assets/kelp-50x50.jpg
    width: 50
    height: 50
---

"""


def topics_of(folder: Path, **files: str) -> tuple[Topic, ...]:
    for name, text in files.items():
        (folder / name.replace("_", "-", 1).replace("__", ".")).write_text(text)
    return read_topics(folder)


def test_topics_in_the_order_of_their_files(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a topic")
    site, energy = topics_of(tmp_path, **{"09_energy__yaml": ENERGY, "00_small-news__yaml": SITE})
    assert site == Topic("small-news", "Small News", 0, keywords=("news",))
    assert site.is_site
    assert energy == Topic(
        id="energy",
        name="Energy",
        order=9,
        shortname="Heat",
        parent="Small News",
        description="Heat, light, and who pays.",
        keywords=("wind", "wind", "365"),
        hashtags=("#Energy",),
        services={"news": "https://a.example/api/news/energy/"},
    )


def test_a_publisher(tmp_path: Path) -> None:
    (tmp_path / "kelp.example.md").write_text(KELP)
    assert read_organizations(tmp_path) == {
        "kelp.example": Organization(
            id="kelp.example",
            name="The Kelp Ledger",
            domain="kelp.example",
            other_names=("Kelp",),
            description="Weed, sea: and all",
            images=(Image("/assets/kelp-50x50.jpg", 50, 50),),
        )
    }


def test_missing_folders_are_empty(tmp_path: Path) -> None:
    assert read_topics(tmp_path / "no") == ()
    assert read_organizations(tmp_path / "no") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SITE.replace("taxonomy: topic", "taxonomy: podcast"), "00-a.yaml:1: taxonomy: must be topic"),
        (SITE + "colour: red\n", "00-a.yaml:6: colour: not a key"),
        (SITE.replace("name: Small News\n", ""), "00-a.yaml:1: name: is missing"),
        (SITE.replace("small-news", "../evil"), "00-a.yaml:2: _id: must be"),
        (SITE.replace("\n  - news", " news"), "00-a.yaml:4: keywords: must be a list"),
        (SITE.replace("- news", "- [news]"), "00-a.yaml:4: keywords: must be a list"),
        (SITE + "name: Twice\n", "00-a.yaml:6: the key 'name' stands twice"),
        (SITE.replace("name: Small", "name: &a Small"), "00-a.yaml:3: an anchor"),
        (SITE + "services: news\n", "00-a.yaml:6: services: must be"),
        (SITE + "parent: Nobody\n", "'Small News' names the parent 'Nobody'"),
        (SITE.replace("Small News", "[a"), "00-a.yaml:"),
        ("- a list\n", "00-a.yaml:1: expected"),
        ("", "00-a.yaml:1: expected"),
        ("x" * 300_000, "00-a.yaml: more than 256 KiB"),
    ],
)
def test_what_is_wrong_with_a_topic_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as raised:
        topics_of(tmp_path, **{"00_a__yaml": text})
    assert told in str(raised.value)


def test_what_is_wrong_with_the_tree_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="two topics have the id"):
        topics_of(tmp_path, **{"00_a__yaml": SITE, "01_b__yaml": SITE})
    with pytest.raises(SettingsError, match=r"no parent; found Small News, Energy"):
        topics_of(tmp_path, **{"01_b__yaml": ENERGY.replace("parent: Small News\n", "")})
    (tmp_path / "energy.yaml").write_text(ENERGY)
    with pytest.raises(SettingsError, match="NN-<id>"):
        read_topics(tmp_path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (KELP[4:], "kelp.md:1: a publisher's file begins with front matter"),
        (KELP.replace("domain: Kelp.example\n", ""), "kelp.md:1: domain: is missing"),
        (KELP.replace("width: 50", "width: wide"), "kelp.md:11: width: must be a number of pixels"),
        (KELP.replace("name: The", "nom: The"), "kelp.md:4: nom: not a key"),
        (KELP.replace("  - Kelp\n", "  - Kelp\n  - &a B\n"), "kelp.md:7: an anchor"),
    ],
)
def test_what_is_wrong_with_a_publisher_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "kelp.md").write_text(text)
    with pytest.raises(SettingsError) as raised:
        read_organizations(tmp_path)
    assert told in str(raised.value)


def test_not_utf8_and_two_of_one_domain(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(KELP)
    (tmp_path / "b.md").write_text(KELP)
    with pytest.raises(SettingsError, match="listed twice"):
        read_organizations(tmp_path)
    (tmp_path / "b.md").write_bytes(KELP.encode().replace(b"Ledger", b"L\xff"))
    with pytest.raises(SettingsError, match=r"b\.md:4: not UTF-8"):
        read_organizations(tmp_path)
