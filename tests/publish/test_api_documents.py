"""The documents of the API beyond the origin's: what they say, and that hostile values change nothing but values."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publish.conftest import a_publication, a_story, topics

from broadsheet.errors import Rejected
from broadsheet.model.story import Member, Receipt, Story
from broadsheet.stages.publish.api_documents import (
    ProviderFacts,
    day_document,
    day_path,
    days_document,
    month_document,
    month_path,
    provider_document,
    provider_page,
    provider_path,
    provider_step,
    providers_document,
    report_item,
    story_summary,
    topics_document,
)

AT = datetime(2026, 3, 12, 10, 0, 30, tzinfo=UTC)


def a_member(**changes: Any) -> Member:
    values: dict[str, Any] = {
        "record": "_news/2026-03-12-a.md",
        "title": "A bridge is read aloud",
        "url": "https://kelp.example/a",
        "provider_name": "The Kelp Ledger",
        "provider_domain": "kelp.example",
        "published": AT,
        "receipt": Receipt(),
        "is_head": True,
    }
    return Member(**(values | changes))


def a_small_story(*members: Member, **changes: Any) -> Story:
    values: dict[str, Any] = {"id": "ab12", "title": "A bridge", "heat": 80, "published": True}
    return Story(members=members, **(values | changes))


def test_a_summary_counts_and_dates_the_whole_story() -> None:
    earlier = a_member(is_head=False, published=AT - timedelta(hours=11))
    copy = a_member(is_head=False, published=AT + timedelta(hours=2), copy_of="_news/2026-03-12-a.md")
    said = json.loads(story_summary(a_small_story(a_member(language="en"), earlier, copy, topics=("Law",))))
    assert said == {
        "id": "ab12",
        "title": "A bridge",
        "heat": 80,
        "publishedDateTime": "2026-03-12T10:00:30Z",
        "updatedDateTime": "2026-03-12T12:00:30Z",
        "day": "2026-03-11",
        "path": "api/stories/ab12/index.json",
        "page": "stories/ab12/",
        "independent": 2,
        "copies": 1,
        "topics": ["Law"],
        "provider": {"name": "The Kelp Ledger", "domain": "kelp.example"},
        "webUrl": "https://kelp.example/a",
        "language": "en",
    }


def test_a_summary_is_in_utc_whatever_zone_a_member_is_in() -> None:
    there = AT.astimezone(timezone(timedelta(hours=14)))
    said = json.loads(story_summary(a_small_story(a_member(published=there))))
    assert (said["day"], said["publishedDateTime"]) == ("2026-03-12", "2026-03-12T10:00:30Z")


def test_a_story_without_a_title_has_its_heads() -> None:
    assert json.loads(story_summary(a_small_story(a_member(), title="")))["title"] == "A bridge is read aloud"


@given(st.text(), st.text(), st.text())
def test_what_strangers_say_comes_back_as_it_was(title: str, name: str, language: str) -> None:
    member = a_member(title=title, provider_name=name, language=language)
    story = a_small_story(member, title=title, topics=(name,))
    body = day_document(AT.date(), [story_summary(story), story_summary(story)])
    first, second = json.loads(body)["value"]
    assert first == second
    assert (first["title"], first["topics"], first["language"]) == (title, [name], language)
    assert first["provider"]["name"] == (name or "kelp.example")
    item = json.loads(provider_page(1, [report_item(member, "ab12")], None))["value"][0]
    assert item["title"] == title
    assert body.count(b"\n") == 8  # an item a line, whatever is in it


def test_a_lone_surrogate_does_not_stop_the_publication() -> None:
    said = json.loads(day_document(AT.date(), [story_summary(a_small_story(a_member(), title="x\udc80y"))]))
    assert said["value"][0]["title"] == "x?y"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a b/", "//x", "", "http://u@h/"])
def test_an_address_that_may_not_be_a_link_is_none(url: str) -> None:
    assert json.loads(story_summary(a_small_story(a_member(url=url))))["webUrl"] is None
    assert json.loads(report_item(a_member(url=url), "ab12"))["webUrl"] is None


def test_an_id_that_is_no_part_of_an_address_is_refused() -> None:
    with pytest.raises(Rejected):
        story_summary(a_small_story(a_member(), id="../x"))


def test_a_report_says_its_story_and_whose_copy_it_is() -> None:
    item = json.loads(report_item(a_member(is_head=False, copy_of="_news/b.md", type="video"), "ab12"))
    assert item == {
        "record": "_news/2026-03-12-a.md",
        "title": "A bridge is read aloud",
        "webUrl": "https://kelp.example/a",
        "type": "video",
        "language": None,
        "publishedDateTime": "2026-03-12T10:00:30Z",
        "isHead": False,
        "copyOf": "_news/b.md",
        "story": "ab12",
        "path": "api/stories/ab12/index.json",
    }


def test_a_report_does_not_move_with_the_heat_of_its_story() -> None:
    story, _ = a_story(1)
    assert all("heat" not in json.loads(report_item(member, story.id)) for member in story.members)


def test_days_and_months() -> None:
    days, months = [date(2026, 3, 12), date(2026, 3, 2)], [date(2026, 2, 1), date(2025, 12, 31)]
    assert json.loads(days_document(days, months)) == {
        "value": [
            {"day": "2026-03-12", "path": "api/days/2026-03-12/index.json", "page": "days/2026-03-12/"},
            {"day": "2026-03-02", "path": "api/days/2026-03-02/index.json", "page": "days/2026-03-02/"},
        ],
        "months": [
            {"month": "2026-02", "path": "api/months/2026-02/index.json"},
            {"month": "2025-12", "path": "api/months/2025-12/index.json"},
        ],
    }
    assert json.loads(days_document([], [])) == {"value": [], "months": []}
    month = json.loads(month_document(date(2026, 2, 28), [date(2026, 2, 28)]))
    assert (month["month"], [d["day"] for d in month["value"]]) == ("2026-02", ["2026-02-28"])
    assert month_path(date(2026, 2, 28)) == "api/months/2026-02/index.json"
    assert day_path(date(2026, 2, 28)) == "api/days/2026-02-28/index.json"


def test_a_provider_and_its_pages() -> None:
    facts = ProviderFacts("Kelp", "kelp.example", logo="logos/kelp.png", page="providers/kelp.example/", trusted=True)
    said = json.loads(provider_document(facts, [report_item(a_member(), "ab12")], 3))
    assert (said["isTrusted"], said["isOfficial"], said["nextPage"], len(said["value"])) == (True, False, 3, 1)
    assert json.loads(provider_page(1, [], None)) == {"page": 1, "value": [], "nextPage": None}


def test_providers_are_listed_by_their_domain() -> None:
    said = json.loads(providers_document([("Z", "b.example"), ("A", "c.example"), ("Odd", "index.json")]))["value"]
    assert [p["domain"] for p in said] == ["b.example", "c.example", "index.json"]
    assert [p["path"] for p in said] == [
        "api/providers/b.example/index.json",
        "api/providers/c.example/index.json",
        None,
    ]


@pytest.mark.parametrize(
    ("domain", "step"),
    [
        ("Kelp.Example", "kelp.example"),
        ("müller.example", "xn--mller-kva.example"),
        ("..", None), (".", None), ("", None), ("a..b", None), ("a/b", None), ("a\\b", None), ("-rf", None),
        ("index.json", None), ("INDEX.html", None), ("a\x00", None), ("%2e%2e", None), ("x" * 201, None),
        ("ü" * 100, None), ("ü" * 100_000, None), ("a\n", None), ("con:x", None),
    ],
)  # fmt: skip
def test_a_domain_is_one_harmless_step_or_none(domain: str, step: str | None) -> None:
    assert provider_step(domain) == step
    assert provider_path(domain) == (f"api/providers/{step}/index.json" if step else None)


@given(st.text())
def test_any_domain_gives_a_step_of_a_path_or_none(domain: str) -> None:
    step = provider_step(domain)
    assert step is None or (step.isascii() and "/" not in step and step.strip(".") == step and step)
    assert provider_path(domain, 2) == (f"api/providers/{step}/page/2/index.json" if step else None)


def test_topics_say_where_their_news_and_feeds_are() -> None:
    site, energy, *_ = json.loads(topics_document(topics()))["value"]
    assert (site["page"], site["news"], site["feeds"]["atom"]) == ("", "api/news/index.json", "atom.xml")
    assert (energy["parent"], energy["page"], energy["news"]) == ("Small News", "topics/energy/", None)
    assert energy["feeds"]["json"] == "topics/energy/feed.json"


def test_every_story_of_a_publication_has_a_summary() -> None:
    stories = a_publication().stories
    said = json.loads(day_document(AT.date(), [story_summary(s) for s in stories]))["value"]
    assert [(s["id"], s["independent"] + s["copies"]) for s in said] == [(s.id, len(s.members)) for s in stories]
