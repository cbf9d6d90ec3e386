"""The search of a whole publication, numbered by when its stories began."""

from collections.abc import Iterator

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.search.documents import search_doc
from broadsheet.stages.publish.search.full import full_files
from broadsheet.stages.publish.search.page import search_page
from broadsheet.stages.publish.search.segments import next_boundaries
from broadsheet.stages.publish.site.theme import Theme
from broadsheet.stages.publish.site.views import Viewer
from broadsheet.stages.publish.stories import stories_of


def search_files(publication: Publication) -> Iterator[OutputFile]:
    """The page of the search and all its data. Raises Rejected where an id can't be part of an address."""
    viewer = Viewer(publication)
    yield search_page(Theme(publication.site, viewer.links, viewer.topics, sources_page=bool(publication.health)))
    stories = sorted(stories_of(publication), key=lambda s: (min(m.published for m in s.members), s.id))
    docs = (search_doc(number, viewer.view(story)) for number, story in enumerate(stories))
    yield from full_files(docs, next_boundaries((), len(stories)))
