"""Stories' pages: there are thousands, and most of each is the same on all of them.

What is the same is rendered once for a site (`story_frame.html`) and cut where a story's own words go: its title, what
the head of the page tells of it to those who show links, and the story itself. A page is then these three, each between
two pieces that are bytes already.
"""

from markupsafe import Markup

from broadsheet.model.publication import OutputFile
from broadsheet.stages.publish.site.compiled import SiteTemplates
from broadsheet.stages.publish.site.links import ROOT, Links

MARK = Markup(f"<{ROOT}>")  # noqa: S704 - what must not be escaped is just what it is for
"""Where a story's words go. No text can say so, because its `<` is escaped."""
_ANY = "stories/any/"


class StoryFrame:
    """Prints stories' pages, whose paths are all as deep as `stories/<id>/`. `values` is what every page of the site
    is given."""

    def __init__(self, environment: SiteTemplates, links: Links, **values: object) -> None:
        self._links = links
        frame = environment.get_template("story_frame.html").render(values, here=_ANY, mark=MARK)
        self._pieces = [self._bytes(piece) for piece in frame.split(MARK)]
        self._about = environment.get_template("frame.html").blocks["about"]
        self._story = environment.get_template("story.html")

    def page(self, path: str, **values: object) -> OutputFile:
        """The page of the story whose `heading` and other values are given."""
        context = self._story.new_context(values)
        about, story = "".join(self._about(context)), "".join(self._story.root_render_func(context))
        first, second, third, last = self._pieces
        title = SiteTemplates.escaped(values["heading"])
        body = b"".join((first, self._bytes(title), second, self._bytes(about), third, self._bytes(story), last))
        return OutputFile(f"{path}index.html", body)

    def _bytes(self, html: str) -> bytes:
        return self._links.resolved(html, _ANY)
