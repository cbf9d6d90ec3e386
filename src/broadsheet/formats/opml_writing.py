"""Lists of sources as OPML 2.0 (http://opml.org/spec2.opml).

Apart from their reading, since every build writes such a list, and to load an XML parser for that takes its time.
"""

from collections.abc import Sequence
from html import escape

from broadsheet.model.source import Source, SourceKind


def write_opml(title: str, sources: Sequence[Source]) -> bytes:
    """The feeds among these sources as OPML, grouped by their first tags; other kinds have no place in that format."""
    body = _body([source for source in sources if source.kind is SourceKind.FEED])
    lines = (
        "<?xml version='1.0' encoding='utf-8'?>",
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{escape(_shown(title), quote=False)}</title>",
        "  </head>",
        *(("  <body>", *body, "  </body>") if body else ("  <body/>",)),
        "</opml>\n",
    )
    return "\n".join(lines).encode()


def _body(feeds: Sequence[Source]) -> list[str]:
    """The lines of all outlines; a group stands where its first feed does."""
    places: list[list[str]] = []
    groups: dict[str, list[str]] = {}
    for feed in feeds:
        if not feed.tags:
            places.append([f"    {_outline(feed)}"])
            continue
        group = _shown(feed.tags[0])
        if group not in groups:
            groups[group] = [f"    <outline{_attributes(text=group, title=group)}>"]
            places.append(groups[group])
        groups[group].append(f"      {_outline(feed)}")
    for lines in groups.values():
        lines.append("    </outline>")
    return [line for lines in places for line in lines]


def _outline(feed: Source) -> str:
    name = _shown(feed.name or feed.url)
    said = {"type": "rss", "text": name, "title": name, "xmlUrl": _shown(feed.url)}
    if len(feed.tags) > 1:
        said["category"] = ",".join(_shown(tag).replace(",", " ") for tag in feed.tags)
    return f"<outline{_attributes(**said)}/>"


def _attributes(**said: str) -> str:
    return "".join(f' {key}="{_quoted(value)}"' for key, value in said.items())


def _quoted(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")


def _shown(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
