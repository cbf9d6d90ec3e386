"""The pages of the site that are no lists: each story's, what leads to another, corrections, and those that stay."""

from collections.abc import Iterator

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.search.page import search_page
from broadsheet.stages.publish.site.links import MISSING
from broadsheet.stages.publish.site.listing import Corrected, Titled
from broadsheet.stages.publish.site.sources_page import sources_page
from broadsheet.stages.publish.site.sponsors import Ads
from broadsheet.stages.publish.site.story_page import story_file
from broadsheet.stages.publish.site.theme import Theme, static_files
from broadsheet.stages.publish.site.views import FULL_HEAT, StoryView, Viewer


class Pages:
    """Prints single pages of one site."""

    def __init__(self, publication: Publication) -> None:
        self.viewer = Viewer(publication)
        links, topics = self.viewer.links, self.viewer.topics
        ads = Ads(links, publication.sponsors, publication.files, publication.day)
        self.theme = Theme(
            publication.site,
            links,
            topics,
            sources_page=bool(publication.health),
            letters_page=bool(publication.letters or publication.subscribe),
            ads=ads,
        )

    def story(self, view: StoryView) -> OutputFile:
        """A story's own page."""
        return story_file(self.theme, self.viewer.links, view)

    def moved(self, path: str, to: Titled) -> OutputFile:
        """The address of a story without reports: it leads to the story where its last head is."""
        there = self.theme.canonical(to.path)
        return self.theme.page("moved.html", path, heading=self.theme.words("story_moved"), view=to, canonical=there)

    def corrections(self, corrections: Corrected) -> OutputFile:
        """What publishers changed in their reports."""
        words = self.theme.words
        return self.theme.page(
            "corrections.html",
            "corrections/",
            heading=words("corrections"),
            description=words("corrections_deck"),
            corrections=corrections,
        )

    def plain(self, publication: Publication) -> Iterator[OutputFile]:
        """What no story changes: about, feeds, sources, search, the page for what is missing, style sheet and fonts."""
        theme, words = self.theme, self.theme.words
        yield theme.page(
            "about.html", "about/", heading=words("about"), description=words("about_deck"), full_heat=FULL_HEAT
        )
        rows = [(words("feed_all"), ""), *((t.name, t.path) for t in self.viewer.topics)]
        yield theme.page(
            "feeds.html",
            "feeds/",
            heading=words("feeds"),
            description=words("feeds_deck"),
            rows=rows,
        )
        yield theme.page("missing.html", MISSING, heading=words("missing"))
        yield search_page(theme)
        yield from sources_page(theme, publication.health)
        yield from static_files()
