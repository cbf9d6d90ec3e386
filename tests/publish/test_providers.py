"""Publishers' pages: whole, numbered from the oldest, and changed by their own publisher's reports only."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from broadsheet.model.publication import Publication
from broadsheet.model.story import Member, Story
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.ledger import REPORTS_A_PAGE
from broadsheet.stages.publish.printing.shelves import Shelf
from broadsheet.stages.publish.site.links import provider_page_path
from broadsheet.stages.publish.site.providers import Told
from broadsheet.stages.publish.site.views import Chip

from .conftest import NEWEST, PAPERS

CHIP = Chip("Kelp", "kelp.example", None, "K", 0)


def pages_of(publication: Publication) -> dict[str, bytes]:
    return {f.path: f.body for f in files_of(publication) if f.path.startswith("providers/")}


def parsed(body: bytes) -> html.HtmlElement:
    return html.document_fromstring(body.decode())


def listed(body: bytes) -> list[str]:
    return parsed(body).xpath("//ol[@class='tellings']/li//h3//bdi/text()")


def test_every_publisher_has_a_page_and_stands_in_the_list(publication: Publication) -> None:
    pages = pages_of(publication)
    assert pages.keys() == {"providers/index.html", *(f"providers/{domain}/index.html" for _, domain in PAPERS)}
    names = parsed(pages["providers/index.html"]).xpath("//div[contains(@class, 'names')]//a/bdi/text()")
    assert names == sorted((name for name, _ in PAPERS), key=str.casefold)


def test_a_page_has_each_report_of_its_publisher_once_newest_first(publication: Publication) -> None:
    body = pages_of(publication)["providers/ferry.example/index.html"]
    members = [m for s in publication.stories for m in s.members if m.provider_domain == "ferry.example"]
    members.sort(key=lambda m: (m.published, m.record, m.title), reverse=True)
    assert listed(body) == [m.title for m in members]
    figures = [int(text) for text in parsed(body).xpath("//dl[contains(@class, 'figures')]/dd/text()")]
    first = [s for s in publication.stories if min(s.independent, key=lambda m: m.published) in members]
    copies = [m for m in members if m.copy_of is not None]
    assert [figures[0], figures[1], figures[3]] == [len(members) - len(copies), len(first), len(copies)]
    assert len(parsed(body).xpath("//p[@class='told-first']")) == len(first)


def test_a_publisher_says_what_it_is(publication: Publication) -> None:
    known = replace(publication, official=frozenset({"kelp.example"}))
    pages = pages_of(known)
    assert "the subject’s own voice" in pages["providers/kelp.example/index.html"].decode()
    assert "that this publication lists" in pages["providers/ferry.example/index.html"].decode()
    assert "the subject’s own voice" in pages["providers/index.html"].decode()


def a_report(story: Story, paper: tuple[str, str], minutes: int, **more: object) -> Member:
    at = NEWEST + timedelta(minutes=minutes)
    return replace(
        story.members[0],
        record=f"_news/new-{minutes}.md",
        provider_name=paper[0],
        provider_domain=paper[1],
        published=at,
        is_head=False,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("copy", [False, True])
def test_an_article_changes_the_page_of_its_publisher_only(publication: Publication, copy: bool) -> None:
    before = pages_of(publication)
    story = publication.stories[3]
    original = story.members[0].record if copy else None
    longer = replace(
        story, heat=story.heat + 10, members=(*story.members, a_report(story, PAPERS[7], 9, copy_of=original))
    )
    after = pages_of(replace(publication, stories=(*publication.stories[:3], longer, *publication.stories[4:])))
    assert {path for path in after if after[path] != before.get(path)} == {"providers/coastwise.example/index.html"}


def test_the_list_changes_when_a_publisher_appears(publication: Publication) -> None:
    story = publication.stories[0]
    longer = replace(story, members=(*story.members, a_report(story, ("Àlveo", "alveo.example"), 5)))
    after = pages_of(replace(publication, stories=(longer, *publication.stories[1:])))
    changed = {path for path in after if after[path] != pages_of(publication).get(path)}
    assert changed == {"providers/index.html", "providers/alveo.example/index.html"}
    headings = parsed(after["providers/index.html"]).xpath("//div[contains(@class, 'names')]//h2/text()")
    assert headings[0] == "A"


def told(n: int) -> Told:
    at = NEWEST + timedelta(hours=n)
    return Told(f"r{n}", "providers/kelp.example", CHIP, f"r{n}", at, f"T{n}", None, f"stories/s{n}/", False, None)


def test_closed_pages_stay_and_nothing_is_lost(publication: Publication) -> None:
    template = publication.stories[0]

    def pages(count: int) -> dict[str, bytes]:
        stories = tuple(a_copy(template, n) for n in range(count))
        files = files_of(replace(publication, records=(), stories=stories))
        return {f.path: f.body for f in files if f.path.startswith("providers/kelp")}

    before, after = pages(3 * REPORTS_A_PAGE), pages(3 * REPORTS_A_PAGE + 5)
    titles = sorted(t for body in after.values() for t in listed(body))
    assert titles == sorted(f"T{n}" for n in range(3 * REPORTS_A_PAGE + 5))
    closed = [path for path in before if "/page/" in path]
    assert closed == ["providers/kelp.example/page/1/index.html"]
    assert "providers/kelp.example/page/2/index.html" in after
    assert set(listed(before[closed[0]])) == set(listed(after[closed[0]])) == {f"T{n}" for n in range(REPORTS_A_PAGE)}


def a_copy(story: Story, n: int) -> Story:
    at = NEWEST - timedelta(hours=1_000 - n)
    head = replace(
        story.members[0], record=f"_news/r{n}.md", title=f"T{n}", published=at, provider_domain="kelp.example"
    )
    return replace(story, id=f"n{n:03}", title=f"T{n}", members=(head,))


def test_what_others_repeated_is_counted_up_to_the_newest_report() -> None:
    shelf = Shelf("providers/kelp.example")
    for n in (0, 2):
        shelf.put(told(n), f"s{n}")
    for hours in (0, 1, 3):
        shelf.copied(NEWEST + timedelta(hours=hours))
    assert shelf.facts(CHIP, frozenset(), frozenset()).copied == 2


def test_domains_that_can_be_no_address_have_no_page(publication: Publication) -> None:
    story = publication.stories[0]
    odd = [a_report(story, ("Odd", domain), n) for n, domain in enumerate(("", "../x", "a b", "index.html"))]
    longer = replace(story, members=(*story.members, *odd, a_report(story, ("Höfe", "höfe.example"), 30)))
    changed = replace(publication, stories=(longer, *publication.stories[1:]))
    pages = (f.path.split("/") for f in files_of(changed) if f.path.startswith("providers/"))
    assert {path[1] for path in pages if len(path) > 2} == {domain for _, domain in PAPERS} | {"xn--hfe-sna.example"}
    assert provider_page_path("../x") is None
    page = html.document_fromstring(
        next(f.body for f in files_of(changed) if f.path == f"stories/{story.id}/index.html").decode()
    )
    assert "Odd" in page.xpath("//span[@class='chip']/bdi/text()")
