"""The web site: a page for every story, topic and day, as static files; only the search has a script."""

from collections.abc import Iterator, Mapping, Sequence

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.site.edition import count_days
from broadsheet.stages.publish.site.links import MISSING, story_path
from broadsheet.stages.publish.site.listing import Corrected, archive_page, day_pages, front_page, topic_pages
from broadsheet.stages.publish.site.providers import Known, provider_files
from broadsheet.stages.publish.site.sources_page import sources_page
from broadsheet.stages.publish.site.sponsors import Ads
from broadsheet.stages.publish.site.story_page import story_file
from broadsheet.stages.publish.site.theme import Theme, static_files
from broadsheet.stages.publish.site.views import FULL_HEAT, StoryView, Viewer
from broadsheet.stages.publish.stories import end_of, reachable_stories, stories_of

CORRECTIONS = 500


def site_files(publication: Publication) -> Iterator[OutputFile]:
    """Every page of the site and what the pages need, a function of the publication alone.

    A page changes only if what it shows changes: a new report touches its story, its day, its topics, the front.
    Raises Rejected where an id can't be part of an address.
    """
    viewer = Viewer(publication)
    views = [viewer.view(story) for story in stories_of(publication)]
    ads = Ads(viewer.links, publication.sponsors, publication.files, publication.day)
    theme = Theme(publication.site, viewer.links, viewer.topics, sources_page=bool(publication.health), ads=ads)
    corrections = _corrections(views)
    days = count_days(views)
    newest = max((r.record.published_date_time for r in publication.records), default=None)
    yield front_page(theme, views, newest, days, corrections)
    having_pages = [*views, *(viewer.view(story) for story in reachable_stories(publication))]
    yield from (story_file(theme, viewer.links, view) for view in having_pages)
    yield from _moved_pages(theme, publication, {view.story.id: view for view in having_pages})
    yield from _topics(theme, publication, views)
    yield from day_pages(theme, views)
    yield archive_page(theme, days)
    yield from provider_files(theme, having_pages, Known(publication.official, frozenset(publication.organizations)))
    yield from _plain_pages(theme, viewer, corrections)
    yield from sources_page(theme, publication.health)
    from broadsheet.stages.publish.newsletter.pages import letter_files  # here, since it builds on this package

    yield from letter_files(theme, publication)
    yield from static_files()


def _moved_pages(theme: Theme, publication: Publication, views: Mapping[str, StoryView]) -> Iterator[OutputFile]:
    """The addresses of stories without reports: each leads to the story where its last head is."""
    for story in sorted(publication.moved):
        view = views.get(end_of(story, publication.moved))
        if view is not None and story not in views:
            heading, there = theme.words("story_moved"), theme.canonical(view.path)
            yield theme.page("moved.html", story_path(story), heading=heading, view=view, canonical=there)


def _corrections(views: Sequence[StoryView]) -> Corrected:
    """The newest corrections of all stories; a story's page has its own, however many there are."""
    found = [(view, correction) for view in views for correction in view.corrections]
    return sorted(found, key=lambda c: (c[1].at, c[0].story.id), reverse=True)[:CORRECTIONS]


def _topics(theme: Theme, publication: Publication, views: Sequence[StoryView]) -> Iterator[OutputFile]:
    newest_first = sorted(views, key=lambda v: (v.began, v.story.id), reverse=True)
    for topic in publication.topics:
        if not topic.is_site:
            yield from topic_pages(theme, topic, [v for v in newest_first if any(t.id == topic.id for t in v.topics)])


def _plain_pages(theme: Theme, viewer: Viewer, corrections: Corrected) -> Iterator[OutputFile]:
    words = theme.words
    yield theme.page(
        "about.html", "about/", heading=words("about"), description=words("about_deck"), full_heat=FULL_HEAT
    )
    yield theme.page(
        "corrections.html",
        "corrections/",
        heading=words("corrections"),
        description=words("corrections_deck"),
        corrections=corrections,
    )
    rows = [(words("feed_all"), ""), *((t.name, t.path) for t in viewer.topics)]
    yield theme.page(
        "feeds.html",
        "feeds/",
        heading=words("feeds"),
        description=words("feeds_deck"),
        rows=rows,
        letters=bool(viewer.publication.letters or viewer.publication.subscribe),
    )
    yield theme.page("missing.html", MISSING, heading=words("missing"))
