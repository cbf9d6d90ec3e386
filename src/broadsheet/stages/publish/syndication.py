"""The feeds: RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1, for the site and for each topic.

Readers are sent to the publisher: that is an item's link in RSS and Atom. JSON Feed has a word for it
(`external_url`), so there `url` is our story page. The id of an item is the story's permanent address everywhere.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from lxml import etree

from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Publication
from broadsheet.stages.publish.site.links import topic_path
from broadsheet.stages.publish.site.views import StoryView, Viewer
from broadsheet.stages.publish.site.words import Words, words_for
from broadsheet.stages.publish.stories import latest_first, stories_of
from broadsheet.stages.publish.xml_files import namespaces, xml_file, xml_text

ITEMS = 50
ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
DC = "http://purl.org/dc/elements/1.1/"


@dataclass(frozen=True, slots=True)
class _Item:
    """A story as all three formats say it. `url` is the publisher's page, ours where it has none."""

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


@dataclass(frozen=True, slots=True)
class _Channel:
    """A feed before it takes a format: `path` is the folder that its three files go to."""

    title: str
    path: str
    home: str
    folder: str
    description: str
    language: str
    updated: datetime | None
    items: tuple[_Item, ...]


def syndication_files(publication: Publication) -> Iterator[OutputFile]:
    """Three feeds of the site and three of each topic, the newest 50 stories in each."""
    viewer, words = Viewer(publication), words_for(publication.site.locale)
    views = [viewer.view(story) for story in sorted(stories_of(publication), key=latest_first)]
    items: dict[str, _Item] = {}
    for name, path, chosen in _channels(publication, views):
        for view in chosen:
            items.setdefault(view.path, _item(view, viewer, words))
        yield from _formats(_channel(name, path, [items[v.path] for v in chosen], viewer, words))


def _channels(publication: Publication, views: Sequence[StoryView]) -> Iterator[tuple[str, str, Sequence[StoryView]]]:
    title = publication.site.title
    yield title, "", views[:ITEMS]
    for topic in publication.topics:
        if not topic.is_site:
            theirs = [v for v in views if any(t.id == topic.id for t in v.topics)]
            yield f"{title}: {topic.name}", topic_path(topic.id), theirs[:ITEMS]


def _channel(title: str, path: str, items: Sequence[_Item], viewer: Viewer, words: Words) -> _Channel:
    return _Channel(
        title=xml_text(title),
        path=path,
        home=viewer.links.full(path),
        folder=viewer.links.full(path),
        description=xml_text(viewer.publication.site.description or title),
        language=words.language,
        updated=max((i.updated for i in items), default=None),
        items=tuple(items),
    )


def _item(view: StoryView, viewer: Viewer, words: Words) -> _Item:
    page = viewer.links.full(view.path)
    deck = xml_text(view.deck)
    return _Item(
        id=page if viewer.links.origin else f"urn:broadsheet:story:{view.story.id}",
        url=view.head.url or page,
        page=page,
        title=xml_text(view.title),
        author=xml_text(view.head.chip.name).strip() or xml_text(view.head.chip.domain) or "?",
        html=(f"<p>{escape(deck)}</p>" if deck else "") + f'<p><a href="{escape(page)}">{_told(view, words)}</a></p>',
        text=deck,
        published=view.head.at,
        updated=view.latest,
        topics=tuple(xml_text(t.name) for t in view.topics),
        language=view.head.lang,
        image=view.picture.full if view.picture else None,
    )


def _told(view: StoryView, words: Words) -> str:
    independent = words("independent_reports", n=len(view.independent))
    return escape(words.listed(independent, words("copies", n=len(view.copies)) if view.copies else ""))


def _formats(channel: _Channel) -> Iterator[OutputFile]:
    yield OutputFile(f"{channel.path}feed.xml", xml_file(_rss(channel)))
    yield OutputFile(f"{channel.path}atom.xml", xml_file(_atom(channel)))
    body = json.dumps(_json_feed(channel), ensure_ascii=False, indent=2) + "\n"
    yield OutputFile(f"{channel.path}feed.json", body.encode())


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text
    return element


def _entry(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    return _add(parent, f"{{{ATOM}}}{tag}", text, **attributes)


def _rfc822(when: datetime) -> str:
    return format_datetime(when.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _rss(channel: _Channel) -> etree._Element:
    rss = etree.Element("rss", {"version": "2.0"}, nsmap={"atom": ATOM, "dc": DC})
    top = etree.SubElement(rss, "channel")
    _add(top, "title", channel.title)
    _add(top, "link", channel.home)
    _add(top, "description", channel.description)
    _add(top, "language", channel.language)
    if channel.updated:
        _add(top, "lastBuildDate", _rfc822(channel.updated))
    _add(top, f"{{{ATOM}}}link", href=f"{channel.folder}feed.xml", rel="self", type="application/rss+xml")
    for item in channel.items:
        _rss_item(top, item)
    return rss


def _rss_item(top: etree._Element, item: _Item) -> None:
    element = _add(top, "item")
    _add(element, "title", item.title)
    _add(element, "link", item.url)
    _add(element, "guid", item.id, isPermaLink="false" if item.id.startswith("urn:") else "true")
    _add(element, "pubDate", _rfc822(item.published))
    _add(element, f"{{{DC}}}creator", item.author)
    for topic in item.topics:
        _add(element, "category", topic)
    _add(element, "description", item.html)


def _atom(channel: _Channel) -> etree._Element:
    feed = etree.Element(f"{{{ATOM}}}feed", {LANG: channel.language}, nsmap=namespaces(ATOM))
    _entry(feed, "title", channel.title)
    _entry(feed, "subtitle", channel.description)
    _entry(feed, "id", channel.home if "://" in channel.home else f"urn:broadsheet:feed:{channel.path or 'all'}")
    _entry(feed, "updated", iso(channel.updated) or "1970-01-01T00:00:00Z")
    _entry(feed, "link", rel="self", type="application/atom+xml", href=f"{channel.folder}atom.xml")
    _entry(feed, "link", rel="alternate", type="text/html", href=channel.home)
    _entry(feed, "generator", "Broadsheet")
    for item in channel.items:
        _atom_entry(feed, item)
    return feed


def _atom_entry(feed: etree._Element, item: _Item) -> None:
    entry = _entry(feed, "entry")
    if item.language:
        entry.set(LANG, item.language)
    _entry(entry, "title", item.title)
    _entry(entry, "id", item.id)
    _entry(entry, "link", rel="alternate", href=item.url)
    if item.url != item.page:
        _entry(entry, "link", rel="related", type="text/html", href=item.page)
    _entry(entry, "published", iso(item.published))
    _entry(entry, "updated", iso(item.updated))
    _entry(_entry(entry, "author"), "name", item.author)
    for topic in item.topics:
        _entry(entry, "category", term=topic)
    _entry(entry, "summary", item.html, type="html")


def _json_feed(channel: _Channel) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": f"{channel.folder}feed.json",
        "description": channel.description,
        "language": channel.language,
        "items": [_json_item(item) for item in channel.items],
    }


def _json_item(item: _Item) -> dict[str, object]:
    values: dict[str, object] = {
        "id": item.id,
        "url": item.page,
        "external_url": item.url if item.url != item.page else None,
        "title": item.title,
        "content_html": item.html,
        "summary": item.text or None,
        "image": item.image,
        "date_published": iso(item.published),
        "date_modified": iso(item.updated),
        "authors": [{"name": item.author}],
        "tags": list(item.topics) or None,
        "language": item.language,
    }
    return {key: value for key, value in values.items() if value is not None}
