"""The German and Japanese reports of the sample week, among the English ones that tell the same: all join with a model
that reads their languages; without one they join by names and figures, or stand alone."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import pytest

from broadsheet.app.stores import look_into_store
from broadsheet.model.story import StoryArticle
from broadsheet.settings import FILE, read_settings
from broadsheet.stages.publish.story_reading import read_story
from broadsheet.stages.stories import StoryOptions
from broadsheet.stages.stories.assign import assign_stream
from broadsheet.steps.group import story_article
from worlds import run_at

TRUTH = Path(__file__).parents[2] / "tools" / "sample_week" / "truth.jsonl"
FIRST, LAST = datetime(2026, 11, 16, 6, tzinfo=UTC), datetime(2026, 11, 22, 22, tzinfo=UTC)
FLOOR = 0.98  # B-cubed F1 with the model; may only rise
JOINED = 4  # of the eight without a model; may only rise


@pytest.fixture(scope="module")
def meant() -> dict[str, str]:
    """Address to the story that it tells."""
    rows = map(json.loads, TRUTH.read_text("utf-8").splitlines())
    return {row["url"]: row["story"] for row in rows}


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample week as a publication that reads many languages has it in the end."""
    folder = tmp_path_factory.mktemp("week") / "paper"
    with as_file(files("broadsheet") / "sample") as sample:
        shutil.copytree(sample / "publication", folder)
        shutil.copyfile(sample / "week.warc.gz", folder / "week.warc.gz")
    settings = (folder / FILE).read_text("utf-8").replace("commit = true", "commit = false")
    settings = settings.replace("[fetch]\n", '[fetch]\nreplay = ["week.warc.gz"]\n')
    (folder / FILE).write_text(settings.replace("[stories]\n", '[stories]\nmodel = "multilingual"\n'), "utf-8")
    at = FIRST
    while at <= LAST:
        run_at(folder, at)
        at += timedelta(hours=8)
    return folder


@pytest.fixture(scope="module")
def articles(week: Path) -> list[StoryArticle]:
    """Its articles, with the addresses that the truth names them by."""
    with look_into_store(read_settings(week)) as store:
        kept = store.articles.between(FIRST - timedelta(days=30), LAST)
    return [replace(story_article(one), id=one.article.url) for one in kept]


def test_with_a_model_every_report_joins_whatever_its_language(week: Path, meant: Mapping[str, str]) -> None:
    with sqlite3.connect(week / ".broadsheet" / "state.sqlite") as store:
        rows = store.execute("SELECT document, story_id FROM articles").fetchall()
    found = {json.loads(document)["url"]: story for document, story in rows}
    foreign = [json.loads(document)["url"] for document, _ in rows if json.loads(document)["language"] in ("de", "ja")]
    assert len(foreign) == 8
    for url in foreign:
        others = [other for other in meant if other != url and meant[other] == meant[url] and other in found]
        assert {found[other] for other in others} == {found[url]}, url
    assert f1({u: meant[u] for u in found if u in meant}, found) >= FLOOR


def test_the_receipts_of_all_languages_hold(week: Path) -> None:
    stories = [read_story(p.read_bytes(), path=p.relative_to(week).as_posix()) for p in week.glob("_stories/*/*.json")]
    receipts = [member.receipt for story in stories for member in getattr(story, "members", ())]
    assert len(receipts) > 100
    assert all(receipt.holds() for receipt in receipts)


def test_without_a_model_none_joins_a_wrong_story(articles: list[StoryArticle], meant: Mapping[str, str]) -> None:
    said = {a.article_id: a.story_id for a in assign_stream(articles, StoryOptions(), batch=10)}
    foreign = [a.id for a in articles if a.language in ("de", "ja")]
    joined = 0
    for url in foreign:
        company = Counter(meant[other] for other in said if other != url and said[other] == said[url])
        assert not company or company.most_common(1)[0][0] == meant[url], url
        joined += bool(company)
    assert joined >= JOINED


def f1(true: Mapping[str, str], found: Mapping[str, str]) -> float:
    """B-cubed."""
    both = Counter((true[u], found[u]) for u in true)
    ours, theirs = Counter(true.values()), Counter(found[u] for u in true)
    precision = sum(n * n / theirs[mine] for (_, mine), n in both.items()) / len(true)
    recall = sum(n * n / ours[meant] for (meant, _), n in both.items()) / len(true)
    return 2 * precision * recall / (precision + recall)
