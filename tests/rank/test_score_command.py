"""`broadsheet score`, as a filter and over records."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from broadsheet.cli.score import command
from broadsheet.errors import UsageError

TOPICS = {
    "00-small-news.yaml": "taxonomy: topic\n_id: small-news\nname: Small News\nkeywords:\n  - ferry\n",
    "01-energy.yaml": "taxonomy: topic\n_id: energy\nname: Energy\nparent: Small News\nkeywords:\n  - wind\n  - winds\n",
}
RECORD = """---
category: news
title: "Ferry turns with the winds"
publishedDateTime: 2026-03-01T12:00:05Z
originalUrl: "https://kelp.example/1"
type: article
quality: 129
heat: 139
published: true

provider:
  name: The Kelp Ledger
  domain: kelp.example
  images:
    - url: "https://a.example/50.png"
      width: 50
      height: 50

topics:
  - Small News
  - Energy

images:
  - url: "https://kelp.example/1.jpg"
    width: 640
    height: 480
    isCached: true

related:
  - title: "Ferry"
    publishedDateTime: 2026-03-01T13:00:05Z
    type: article
    provider:
      name: Ridge
      domain: ridge.example
    quality: 7
---

"""


@pytest.fixture
def publication(tmp_path: Path) -> Path:
    for folder in ("_data/topics", "_data/organizations", "_news"):
        (tmp_path / folder).mkdir(parents=True)
    for name, text in TOPICS.items():
        (tmp_path / "_data/topics" / name).write_text(text)
    (tmp_path / "_data/organizations/kelp.example.md").write_text(
        "---\ntaxonomy: organization\n_id: kelp.example\nname: The Kelp Ledger\ndomain: kelp.example\n---\n"
    )
    return tmp_path


def run(*arguments: object, feed: str = "") -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], input=feed)


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def recorded(publication: Path, *changes: tuple[str, str]) -> dict[str, Any]:
    text = RECORD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (publication / "_news/2026-03-01-ferry.md").write_text(text)
    [row] = rows(run("--records", publication, "--official", "kelp.example"))
    return row


def test_a_record_that_follows_the_rules(publication: Path) -> None:
    standing = {"topics": ["Small News", "Energy"], "quality": 119, "heat": 129, "published": True}
    row = recorded(publication, ("quality: 129", "quality: 119"), ("heat: 139", "heat: 129"))
    assert row == {
        "path": str(publication / "_news/2026-03-01-ferry.md"),
        "recorded": standing,
        "computed": standing,
    }


@pytest.mark.parametrize(
    ("quality", "heat", "told"),
    [
        (119, 131, ["heat: 2 more than at the first writing: the attention of readers"]),
        (119, 169, ["heat: 40 more than its quality and related items add up to; nothing in the record says why"]),
        (69, 79, ["quality: 50 less than its terms add up to: a page of the subject's own publisher outside its blog, "
                  "for which the origin gave no trust", "heat: follows from the recorded quality"]),
        (219, 229, ["quality: 100 more than its terms add up to: nothing in the record says why; it may have been set "
                    "by hand", "heat: follows from the recorded quality"]),
        (119, 60, ["heat: 69 less than its quality and related items add up to; nothing in the record says why",
                   "published: follows from the heat"]),
    ],
)  # fmt: skip
def test_each_difference_has_a_reason(publication: Path, quality: int, heat: int, told: list[str]) -> None:
    seen = "true" if heat >= 70 else "false"
    changes = (
        ("quality: 129", f"quality: {quality}"),
        ("heat: 139", f"heat: {heat}"),
        ("d: true\n\np", f"d: {seen}\n\np"),
    )
    assert recorded(publication, *changes)["differs"] == told


def test_a_logo_without_a_listing_is_told(publication: Path) -> None:
    changes = (("kelp.example", "weed.example"), ("quality: 129", "quality: 69"), ("heat: 139", "heat: 79"))
    assert "weed.example has a logo but is not listed" in recorded(publication, *changes)["differs"][0]


def test_topics_that_the_title_does_not_give(publication: Path) -> None:
    row = recorded(publication, ("winds", "tide"), ("quality: 129", "quality: 89"), ("heat: 139", "heat: 99"))
    assert row["computed"]["topics"] == ["Small News"]
    assert row["differs"] == ["topics: Energy is recorded, and none of its keywords stands in the title"]


def test_a_record_that_is_not_the_head(publication: Path) -> None:
    changes = (("quality: 129", "quality: 119"), ("heat: 139", "heat: -1"), ("d: true\n\np", "d: false\n\np"))
    row = recorded(publication, *changes)
    assert row["computed"] == row["recorded"]
    better = recorded(publication, ("quality: 129", "quality: 119"), ("quality: 7\n", "quality: 190\n"))
    assert (better["computed"]["heat"], better["computed"]["published"]) == (-1, False)


def test_the_older_form_has_nothing_to_differ_from(publication: Path) -> None:
    row = recorded(publication, ("quality: 129\nheat: 139\npublished: true\n", ""))
    assert row["recorded"] == {"topics": ["Small News", "Energy"], "quality": None, "heat": None, "published": None}
    assert row["computed"]["quality"] == 119
    assert "differs" not in row


def test_the_news_folder_and_broken_records(publication: Path) -> None:
    recorded(publication)
    (publication / "_news/2026-03-02-broken.md").write_text("---\n")
    result = run("--records", publication / "_news")
    assert result.exit_code == 1
    assert [sorted(row) for row in rows(result)] == [
        ["computed", "differs", "path", "recorded"],
        ["error", "path"],
    ]


def test_records_without_topics_are_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "_news").mkdir()
    assert isinstance(run("--records", tmp_path).exception, UsageError)


def test_the_filter_shows_terms_that_add_up_to_the_heat(publication: Path) -> None:
    article = {
        "url": "https://kelp.example/1",
        "title": "Ferry turns with the winds",
        "images": [{"url": "x"}],
        "provider": {"name": "The Kelp Ledger", "domain": "kelp.example"},
        "related": 2,
    }
    [row] = rows(run("-C", publication, feed=json.dumps(article)))
    assert {key: row[key] for key in ("url", "quality", "heat", "published")} == {
        "url": "https://kelp.example/1", "quality": 109, "heat": 129, "published": True,
    }  # fmt: skip
    assert sum(term["points"] for term in row["terms"]) == 129
    assert row["terms"][1] == {"name": "keywords in the title", "points": 45, "found": "ferry, wind, winds"}


def test_the_filter_takes_given_topics_and_related_items(publication: Path) -> None:
    article = {"id": "7", "title": "Nothing", "topics": ["A", "B"], "related": [{}, {}, {}], "type": "video"}
    [row] = rows(run("-C", publication, "--official", "ridge.example", feed=json.dumps(article)))
    assert (row["id"], row["quality"], row["heat"]) == ("7", 54, 84)


def test_the_settings_name_the_official_domains_and_the_threshold(publication: Path) -> None:
    (publication / "broadsheet.toml").write_text(
        'title = "Small News"\n[publish]\nofficial = ["ridge.example"]\nthreshold = 50\n'
    )
    article = json.dumps({"title": "Nothing", "provider": {"domain": "ridge.example"}})
    [row] = rows(run("-C", publication, feed=article))
    assert (row["quality"], row["published"]) == (52, True)
    [row] = rows(run("-C", publication, "--official", "other.example", feed=article))
    assert (row["quality"], row["published"]) == (2, False)


def test_bad_lines_are_told_and_the_others_scored(publication: Path) -> None:
    feed = 'nonsense\n{"url": "u", "error": "gone"}\n[1]\n' + "[" * 50_000 + '\n{"title": "Ferry"}\n'
    result = run("-C", publication, feed=feed)
    assert result.exit_code == 1
    assert [row.get("error", "")[:12] for row in rows(result)] == [
        "not a line o",
        "could not be",
        "not an artic",
        "not a line o",
        "",
    ]


def test_the_example_of_the_help_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [row] = rows(run(feed='{"url": "https://example.com/1", "title": "Rivers rise"}\n'))
    assert row == {"url": "https://example.com/1", "quality": 0, "heat": 0, "published": False, "terms": []}
    assert "Example:" in run("--help").stdout
