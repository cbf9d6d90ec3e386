"""The page and the JSON file on how the sources are."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import html

from broadsheet.model.publication import Publication
from broadsheet.model.vitals import Finding, SourceHealth, Trouble
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.site.words import LANGUAGES, words_for
from broadsheet.stages.publish.source_files import PATH, source_files

SINCE = datetime(2026, 11, 3, 4, 2, tzinfo=UTC)
HEALTH = (
    SourceHealth("https://ferry.example/feed", "Ferry <Post>", (), 2_400, SINCE),
    SourceHealth(
        "https://kelp.example/feed", "Kelp Daily", (Finding(Trouble.LOST_DATES, SINCE, "100%"),), 90_000, SINCE
    ),
    SourceHealth(
        "https://dune.example/feed",
        "Dune",
        (Finding(Trouble.MOVED, SINCE, "https://new.example/"), Finding(Trouble.SILENT, SINCE, "86400")),
        900_000,
    ),
    SourceHealth("https://gone.example/feed", "Gone", paused=True),
    SourceHealth("week.warc.gz", "A week", asked=False),
)


@pytest.fixture
def watched(publication: Publication) -> Publication:
    return replace(publication, health=HEALTH)


def page(publication: Publication, path: str = "sources/index.html") -> html.HtmlElement:
    return html.fromstring(next(f.body for f in files_of(publication) if f.path == path))


def test_what_needs_attention_comes_first_and_everything_is_listed(watched: Publication) -> None:
    tree = page(watched)
    troubled = [" ".join(d.text_content().split()) for d in tree.xpath("//dl[contains(@class,'why--sources')]/*")]
    assert troubled[0] == "Dune"
    assert "Has moved for good. https://new.example/ (since 3 Nov 2026)" in troubled[1]
    assert "Silent for longer than it ever was." in troubled[1]
    assert troubled[2:] == ["Kelp Daily", "Its entries have lost their dates. (since 3 Nov 2026)"]
    rows = [[c.text_content().strip() for c in row] for row in tree.xpath("//tbody/tr")]
    assert [row[0] for row in rows] == ["A week", "Dune", "Ferry <Post>", "Gone", "Kelp Daily"]
    assert [row[1] for row in rows] == ["Not asked yet", "Failing", "Healthy", "Paused", "Disturbed"]
    assert [row[2] for row in rows] == ["", "every 10 days", "every 40 min", "", "every 25 h"]
    assert tree.xpath("//p[@class='deck']")[0].text_content().startswith("1 of 5 sources are well.")


def test_a_path_is_no_link_and_an_address_is(watched: Publication) -> None:
    tree = page(watched)
    assert tree.xpath("//tbody/tr[th[contains(., 'Ferry')]]//a/@href") == ["https://ferry.example/feed"]
    assert tree.xpath("//tbody/tr[th[contains(., 'A week')]]//a") == []


def test_the_footer_leads_there_only_where_something_is_known(watched: Publication) -> None:
    assert page(watched, "index.html").xpath("//footer//a[contains(@href, 'sources/')]")
    without = replace(watched, health=())
    assert not page(without, "index.html").xpath("//footer//a[contains(@href, 'sources/')]")
    assert "sources/index.html" not in {f.path for f in files_of(without)}
    assert list(source_files(without)) == []


def test_where_all_is_well_it_says_so(watched: Publication) -> None:
    tree = page(replace(watched, health=HEALTH[:1]))
    assert "Nothing is wrong with any source." in tree.text_content()
    assert not tree.xpath("//dl")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_trouble(watched: Publication, language: str) -> None:
    words = words_for(language)
    findings = tuple(Finding(trouble, SINCE) for trouble in Trouble)
    site = replace(watched.site, locale=language)
    text = page(replace(watched, site=site, health=(SourceHealth("u", "n", findings),))).text_content()
    assert all(words(f"trouble_{trouble.value}") in text for trouble in Trouble)


def test_the_file_for_machines(watched: Publication) -> None:
    (file,) = source_files(watched)
    assert file.path == PATH
    value = json.loads(file.body)["value"]
    assert [v["state"] for v in value] == ["healthy", "slow", "failing", "paused", "not asked yet"]
    assert value[1] == {
        "url": "https://kelp.example/feed",
        "name": "Kelp Daily",
        "state": "slow",
        "everySeconds": 90_000,
        "newest": "2026-11-03T04:02:00Z",
        "findings": [{"trouble": "lost_dates", "since": "2026-11-03T04:02:00Z", "said": "100%"}],
    }
