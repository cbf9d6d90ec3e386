"""From a letter's content to HTML that mail programs can show: MJML, compiled by mrml, which fetches nothing.

Each text goes through the compiler as a slot, a word of ours, and takes its place afterwards, escaped: so what
strangers wrote is never read as markup, whatever the compiler does with entities and attributes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape

import mrml
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from broadsheet.errors import Rejected
from broadsheet.model.publication import Site
from broadsheet.stages.publish.newsletter.blocks import clean
from broadsheet.stages.publish.newsletter.choosing import Issue
from broadsheet.stages.publish.newsletter.wording import preheader, shortened, subject
from broadsheet.stages.publish.site.links import links_of
from broadsheet.stages.publish.site.views import StoryView
from broadsheet.stages.publish.site.words import words_for

SANS = "-apple-system,'Segoe UI',Helvetica,Arial,sans-serif"
DECK = 400
SAID = 300
_SLOT = re.compile(r"zslot(\d+)z")


@dataclass(frozen=True, slots=True)
class LetterPicture:
    """The lead's picture as mail programs can show it: a JPEG at a whole address of our own site."""

    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the stories: the letter's own address, where its readers leave, who publishes it."""

    web_url: str
    leave: str
    imprint: str = ""
    picture: LetterPicture | None = None


class _Slots:
    """Takes each text of a template and gives a word that stands for it."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def put(self, value: object) -> object:
        """The word for a text; markup of ours and numbers stay as they are."""
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        self._texts.append(clean(value))
        return Markup(f"zslot{len(self._texts) - 1}z")  # noqa: S704 - our own word

    def filled(self, html: str) -> str:
        """The markup with the texts in their places, escaped. What they say is not looked at again."""
        return _SLOT.sub(lambda found: escape(self._texts[int(found[1])]), html)


def render(site: Site, issue: Issue, frame: Frame) -> str:
    """The letter as HTML, a function of its arguments. Raises Rejected where it can't be compiled."""
    words, links, slots = words_for(site.locale), links_of(site), _Slots()
    start, end = ("left", "right") if words.direction == "ltr" else ("right", "left")
    values: Mapping[str, object] = {
        "slots": slots,
        "w": words,
        "site": site,
        "issue": issue,
        "day": issue.at.date(),
        "subject": subject(issue),
        "preheader": preheader(issue, words),
        "web_url": frame.web_url,
        "leave": frame.leave,
        "imprint": frame.imprint,
        "picture": frame.picture,
        "full": links.full,
        "lang": _language,
        "deck": lambda view: shortened(view.deck, DECK),
        "said": lambda text: shortened(text, SAID),
        "ours": _ours,
        "sans": _ours(SANS),
        "comma": _ours(words.calendar.comma),
        "colon": _ours(": "),
        "direction": _ours(words.direction),
        "start": _ours(start),
        "end": _ours(end),
    }
    return slots.filled(_compiled(_environment().get_template("letter.mjml").render(values)))


def quoted_texts(issue: Issue, site: Site) -> frozenset[str]:
    """What the letter quotes from others, as it stands there: headlines, summaries, names, corrections."""
    texts = [subject(issue), preheader(issue, words_for(site.locale))]
    for view in (*issue.stories, *(v for v, _ in issue.corrections)):
        texts += _texts_of(view)
    for _, c in issue.corrections:
        texts += [shortened(c.correction.before, SAID), shortened(c.correction.after, SAID), c.publisher]
    return frozenset(clean(t) for t in texts if t)


def _texts_of(view: StoryView) -> list[str]:
    kicker = view.kicker.name if view.kicker else ""
    return [view.title, shortened(view.deck, DECK), view.head.chip.name, kicker]


def _ours(text: str) -> Markup:
    """A word of our own, that the compiler may read: no text of anybody else's."""
    return Markup(text)  # noqa: S704


def _language(tag: str | None) -> Markup:
    """The attribute for a text in another language; the tag has been looked at (`views`)."""
    return Markup(' lang="{}"').format(tag) if tag else Markup("")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(__package__ or "", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        finalize=_put,
    )


@pass_context
def _put(context: Context, value: object) -> object:
    slots = context["slots"]
    assert isinstance(slots, _Slots)  # noqa: S101 - `render` gives it
    return slots.put(value)


def _compiled(mjml: str) -> str:
    try:
        parsing = mrml.ParserOptions(include_loader=mrml.noop_loader())
        output = mrml.to_html(mjml, parser_options=parsing, render_options=mrml.RenderOptions(fonts={}))
    except (OSError, ValueError, RuntimeError) as error:
        raise Rejected(f"the letter's template is no MJML: {error}") from error
    return output.content + "\n"
