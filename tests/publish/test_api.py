"""The JSON API: pages of 25, newest first, every key in every item, the origin's text to the byte."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.model.images import Image
from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord, Record, RecordProvider, Related
from broadsheet.model.taxonomy import Topic
from broadsheet.stages.publish.api import PAGE_SIZE
from broadsheet.stages.publish.build import files_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = (
    Topic("small-news", "Small News", services={"news": "https://a.example/api/news/"}),
    Topic("energy", "Energy", 1, parent="Small News", services={"news": "https://a.example/api/news/energy/"}),
    Topic("law", "Law", 2, parent="Small News", services={"news": "https://a.example/api/news/law/"}),
    Topic("work", "Work", 3, parent="Small News", services={"learning": "https://a.example/api/learning/work/"}),
)
RECORD = Record(
    title="Ferry “sails”",
    published_date_time=NOON,
    original_url="https://kelp.example/1",
    provider=RecordProvider("The Kelp Ledger", "kelp.example"),
    topics=("Small News",),
    quality=72,
    heat=72,
    published=True,
)


def publication(*records: FiledRecord, origin: bool = False) -> Publication:
    return Publication(Site("Small News", locale="de-ch"), TOPICS, {}, records, numbered_from_newest=origin)


def some(number: int, **changes: Any) -> Iterator[FiledRecord]:
    for at in range(number):
        record = replace(RECORD, title=str(at), published_date_time=NOON - timedelta(hours=at), **changes)
        yield FiledRecord(f"_news/2026-03-01-{at}.md", record)


def news(*records: FiledRecord, origin: bool = False) -> dict[str, bytes]:
    files = files_of(publication(*records, origin=origin))
    return {file.path: file.body for file in files if file.path.startswith("api/news/")}


def pages(*records: FiledRecord, origin: bool = False) -> dict[str, Any]:
    return {path: json.loads(body) for path, body in news(*records, origin=origin).items()}


def test_pages_are_numbered_from_the_oldest_and_stay() -> None:
    records = list(some(2 * PAGE_SIZE + 1))
    found = pages(*records)
    assert sorted(path for path in found if "/energy" not in path and "/law" not in path) == [
        "api/news/index.json",
        "api/news/page/1/index.json",
        "api/news/page/2/index.json",
        "api/news/page/3/index.json",
    ]
    assert found["api/news/index.json"] == found["api/news/page/3/index.json"]
    listed = [found[f"api/news/page/{n}/index.json"] for n in (3, 2, 1)]
    assert [(page["page"], len(page["value"]), page["nextPage"]) for page in listed] == [
        (3, 1, 2), (2, 25, 1), (1, 25, None),
    ]  # fmt: skip
    assert [item["title"] for page in listed for item in page["value"]] == [str(at) for at in range(51)]
    fewer = pages(*records[1:])
    assert all(fewer[f"api/news/page/{n}/index.json"] == found[f"api/news/page/{n}/index.json"] for n in (1, 2))


def test_the_origins_pages_are_numbered_from_the_newest() -> None:
    found = pages(*some(2 * PAGE_SIZE + 1), origin=True)
    assert found["api/news/index.json"] == found["api/news/page/1/index.json"]
    listed = [found[f"api/news/page/{n}/index.json"] for n in (1, 2, 3)]
    assert [(page["page"], len(page["value"]), page["nextPage"]) for page in listed] == [
        (1, 25, 2), (2, 25, 3), (3, 1, None),
    ]  # fmt: skip
    assert [item["title"] for page in listed for item in page["value"]] == [str(at) for at in range(51)]


def test_no_empty_page_after_the_last() -> None:
    assert "api/news/page/2/index.json" not in pages(*some(PAGE_SIZE))
    assert "api/news/page/2/index.json" not in pages(*some(PAGE_SIZE), origin=True)


def test_topics_that_offer_news_have_pages_of_their_own() -> None:
    found = pages(*some(2), *some(1, topics=("Small News", "Energy")))
    assert [item["topics"] for item in found["api/news/energy/index.json"]["value"]] == [["Small News", "Energy"]]
    assert found["api/news/law/page/1/index.json"] == {"page": 1, "value": [], "nextPage": None}
    assert not [path for path in found if "work" in path or "small-news" in path]


def test_only_what_readers_may_see_and_the_older_form_counts_as_seen() -> None:
    hidden = FiledRecord("_news/a.md", replace(RECORD, heat=-1, published=False))
    older = FiledRecord("_news/b.md", replace(RECORD, quality=None, heat=None, published=None))
    [item] = pages(hidden, older)["api/news/index.json"]["value"]
    assert (item["path"], item["heat"]) == ("_news/b.md", None)


def test_of_one_instant_in_the_order_of_paths() -> None:
    both = [FiledRecord(f"_news/{name}.md", RECORD) for name in ("b", "a")]
    assert [item["path"] for item in pages(*both)["api/news/index.json"]["value"]] == ["_news/a.md", "_news/b.md"]


def test_an_item_has_every_key() -> None:
    full = replace(
        RECORD,
        excerpt="Line\nand line",
        web_url="https://kelp.example/1",
        amp_web_url="https://kelp.example/amp",
        cdn_amp_web_url="https://cdn.example/amp",
        type="video",
        featured_content="<iframe>",
        provider=RecordProvider("Kelp", "kelp.example", (Image("https://a.example/l.png", 50, 50),)),
        images=(Image("https://kelp.example/1.jpg", 640, None, is_cached=True),),
        related=(Related("Other", NOON, RecordProvider("R", "r.example"), quality=3),),
        secured="YQ==;Yg==",
    )
    image = {"title": None, "attribution": None}
    assert pages(FiledRecord("_news/x.md", full))["api/news/index.json"]["value"] == [
        {
            "path": "_news/x.md", "title": "Ferry “sails”", "excerpt": "Line\nand line", "sourceUrl": None,
            "webUrl": "https://kelp.example/1", "originalUrl": "https://kelp.example/1", "featuredContent": "<iframe>",
            "highlight": None, "heat": 72, "tags": None,
            "images": [{"url": "https://kelp.example/1.jpg", "width": 640, "height": None, "isCached": True} | image],
            "content": "", "type": "video", "ampWebUrl": "https://kelp.example/amp",
            "cdnAmpWebUrl": "https://cdn.example/amp", "publishedDateTime": "2026-03-01T12:00:00Z",
            "updatedDateTime": None,
            "provider": {
                "name": "Kelp", "domain": "kelp.example",
                "images": [{"url": "https://a.example/l.png", "width": 50, "height": 50, "isCached": False} | image],
                "publishers": None, "authors": None,
            },
            "locale": "de-ch", "categories": ["news"], "topics": ["Small News"],
        }
    ]  # fmt: skip


def test_what_is_not_known_is_null() -> None:
    [item] = pages(FiledRecord("_news/x.md", RECORD))["api/news/index.json"]["value"]
    assert item["images"] is None
    assert item["provider"]["images"] is None
    assert item["webUrl"] is None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_the_text_is_that_of_json_indented_by_two(texts: list[str]) -> None:
    records = [
        FiledRecord(f"_news/{at}.md", replace(RECORD, title=text, excerpt=text, topics=(text, "Energy")))
        for at, text in enumerate(texts)
    ]
    for body in news(*records).values():
        assert body.decode() == json.dumps(json.loads(body), ensure_ascii=False, indent=2)


@pytest.mark.parametrize("origin", [False, True])
@pytest.mark.parametrize("number", [0, 1, PAGE_SIZE, PAGE_SIZE + 1])
def test_every_page_is_json_and_leads_to_the_next(number: int, origin: bool) -> None:
    found = pages(*some(number), origin=origin)
    page, seen = found["api/news/index.json"], 0
    while True:
        seen += len(page["value"])
        if page["nextPage"] is None:
            break
        page = found[f"api/news/page/{page['nextPage']}/index.json"]
    assert seen == number
