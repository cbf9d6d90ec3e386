"""A story as an item of the feeds: of RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, each as text that can be kept.

A story is in several feeds, and in each of them for as long as it is among the newest: its text is made once and put
between others. It is what a tree of lxml, indented, and `json` with an indent of two give, byte for byte.

Readers are sent to the publisher: that is an item's link in RSS and Atom. JSON Feed has a word for it
(`external_url`), so there `url` is our story page. The id of an item is the story's permanent address everywhere.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from json.encoder import encode_basestring as quoted
from typing import NamedTuple

from broadsheet.model.instants import iso
from broadsheet.stages.publish.site.cards import Card
from broadsheet.stages.publish.site.links import Links
from broadsheet.stages.publish.site.views import StoryView
from broadsheet.stages.publish.site.words import Words
from broadsheet.stages.publish.xml_files import xml_text

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class FeedItem(NamedTuple):
    """A story as all three formats say it, its texts without what XML can't hold. `url` is the publisher's page, ours
    where it has none; `html` what the reader is shown; times are UTC."""

    id: str
    url: str
    page: str
    title: str
    author: str
    html: str
    text: str
    published: datetime
    updated: datetime
    topics: tuple[str, ...]
    language: str | None
    image: str | None


def feed_item(view: StoryView | Card, links: Links, words: Words) -> FeedItem:
    """The item of a story."""
    page = links.full(view.path)
    deck = xml_text(view.deck)
    told = f'<p><a href="{escape(page)}">{_told(len(view.independent), len(view.copies), words)}</a></p>'
    return FeedItem(
        id=page if links.origin else f"urn:broadsheet:story:{view.id}",
        url=view.head.url or page,
        page=page,
        title=xml_text(view.title),
        author=xml_text(view.head.chip.name).strip() or xml_text(view.head.chip.domain) or "?",
        html=f"<p>{escape(deck)}</p>{told}" if deck else told,
        text=deck,
        published=view.head.at,
        updated=view.latest,
        topics=tuple([xml_text(t.name) for t in view.topics]),
        language=view.head.lang,
        image=view.picture.full if view.picture else None,
    )


def _told(independent: int, copies: int, words: Words) -> str:
    reports = words("independent_reports", n=independent)
    return escape(words.listed(reports, words("copies", n=copies) if copies else ""))


def rss_item(item: FeedItem) -> str:
    """`<item>` with the lines below it, indented as in its channel; ends with a line feed."""
    lasting = "false" if item.id.startswith("urn:") else "true"
    topics = "".join([f"      <category>{xml_escaped(topic)}</category>\n" for topic in item.topics])
    return (
        f"    <item>\n      <title>{xml_escaped(item.title)}</title>\n      <link>{xml_escaped(item.url)}</link>\n"
        f'      <guid isPermaLink="{lasting}">{xml_escaped(item.id)}</guid>\n'
        f"      <pubDate>{rfc822(item.published)}</pubDate>\n"
        f"      <dc:creator>{xml_escaped(item.author)}</dc:creator>\n{topics}"
        f"      <description>{xml_escaped(item.html)}</description>\n    </item>\n"
    )


def atom_entry(item: FeedItem) -> str:
    """`<entry>` with the lines below it, indented as in its feed; ends with a line feed."""
    language = f' xml:lang="{xml_attribute(item.language)}"' if item.language else ""
    ours = f'    <link rel="related" type="text/html" href="{xml_attribute(item.page)}"/>\n'
    topics = "".join([f'    <category term="{xml_attribute(topic)}"/>\n' for topic in item.topics])
    return (
        f"  <entry{language}>\n    <title>{xml_escaped(item.title)}</title>\n    <id>{xml_escaped(item.id)}</id>\n"
        f'    <link rel="alternate" href="{xml_attribute(item.url)}"/>\n{ours if item.url != item.page else ""}'
        f"    <published>{iso(item.published)}</published>\n    <updated>{iso(item.updated)}</updated>\n"
        f"    <author>\n      <name>{xml_escaped(item.author)}</name>\n    </author>\n{topics}"
        f'    <summary type="html">{xml_escaped(item.html)}</summary>\n  </entry>\n'
    )


def json_item(item: FeedItem) -> str:
    """The item's object, indented for its place in `items`; what is not known is left out."""
    return "{\n      " + ",\n      ".join(_json_lines(item)) + "\n    }"


def _json_lines(item: FeedItem) -> Iterator[str]:
    yield f'"id": {quoted(item.id)}'
    yield f'"url": {quoted(item.page)}'
    if item.url != item.page:
        yield f'"external_url": {quoted(item.url)}'
    yield f'"title": {quoted(item.title)}'
    yield f'"content_html": {quoted(item.html)}'
    if item.text:
        yield f'"summary": {quoted(item.text)}'
    if item.image is not None:
        yield f'"image": {quoted(item.image)}'
    yield f'"date_published": "{iso(item.published)}"'
    yield f'"date_modified": "{iso(item.updated)}"'
    yield f'"authors": [\n        {{\n          "name": {quoted(item.author)}\n        }}\n      ]'
    if item.topics:
        tags = ",\n        ".join(map(quoted, item.topics))
        yield f'"tags": [\n        {tags}\n      ]'
    if item.language is not None:
        yield f'"language": {quoted(item.language)}'


def xml_escaped(text: str) -> str:
    """The text of an element. A carriage return would be read as a line feed (XML 1.0, 2.11), so it goes by number."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def xml_attribute(text: str) -> str:
    """The value of an attribute in double quotes. White space would be read as blanks (XML 1.0, 3.3.3)."""
    return xml_escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def rfc822(when: datetime) -> str:
    """`Sun, 22 Nov 2026 06:14:00 GMT`, as RSS writes an instant, in English in every language."""
    at = when.astimezone(UTC)
    day = f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04}"
    return f"{day} {at.hour:02}:{at.minute:02}:{at.second:02} GMT"
