"""A letter as a file of the content repository: `_newsletters/<name>.html`, front matter in the origin's form.

Keys in this order: title excerpt publishedDateTime webUrl type, then topics and secured, each after an empty line.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from broadsheet.errors import Rejected, SettingsError
from broadsheet.formats.yaml_files import load_yaml
from broadsheet.model.instants import from_iso, iso
from broadsheet.model.letter import FOLDER, FiledLetter
from broadsheet.model.publication import Site
from broadsheet.stages.publish.records.scalars import bare, quote
from broadsheet.stages.publish.slugs import slug

LARGEST = 2 * 1024 * 1024
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,198}[a-z0-9])?")
_KEYS = frozenset(("title", "excerpt", "publishedDateTime", "webUrl", "type", "topics", "secured"))
_DAY = re.compile(r"-([0-9]{4}-[0-9]{2}-[0-9]{2})$")


def letter_name(site: Site, at: datetime) -> str:
    """`<site>-YYYY-MM-DD`, the day in the zone of the instant."""
    return f"{slug(site.title)[:100].strip('-') or 'letter'}-{at:%Y-%m-%d}"


def letter_page(name: str) -> str:
    """Where the letter stands on the site, as the origin had it: `newsletter/<name>/`. Raises Rejected."""
    if not NAME.fullmatch(name):
        raise Rejected(f"{name!r:.80} can't be a letter's name", hint="Use small letters, digits and hyphens")
    return f"newsletter/{name}/"


def emit_letter(letter: FiledLetter) -> bytes:
    """The file. Raises Rejected for what no file can hold."""
    lines = [
        "---",
        f"title: {quote(letter.title)}",
        f"excerpt: {quote(letter.excerpt)}",
        f"publishedDateTime: {iso(letter.published)}",
        f"webUrl: {quote(letter.web_url)}",
        f"type: {bare(letter.type)}",
        "",
    ]
    if letter.topics:
        lines += ["topics:", *(f"  - {bare(topic)}" for topic in letter.topics), ""]
    if letter.secured:
        lines.append(f"secured: {quote(letter.secured)}")
    return ("\n".join(lines) + "\n---\n" + letter.html).encode()


def read_letter(body: bytes, *, path: str) -> FiledLetter:
    """The letter of a file of ours, of the origin's, or as a person left it. Raises Rejected, naming the path."""
    name = path.rsplit("/", 1)[-1].removesuffix(".html")
    if not NAME.fullmatch(name) or len(body) > LARGEST:
        raise Rejected(f"{path}: is no letter of ours", hint=f"They are named {FOLDER}/<site>-YYYY-MM-DD.html")
    try:
        matter, html = _parted(body.decode("utf-8"), path)
        said = load_yaml(matter, name=path, as_text=True)
        if not isinstance(said, Mapping) or not set(said) <= _KEYS:
            raise Rejected(f"{path}: the front matter knows {', '.join(sorted(_KEYS))} and nothing else")
        return _letter(said, name, html)
    except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise Rejected(f"{path}: {error if isinstance(error, ValueError) else f'lacks {error}'}") from error
    except SettingsError as error:
        raise Rejected(error.message) from error


def _letter(said: Mapping[str, Any], name: str, html: str) -> FiledLetter:
    topics = said.get("topics") or []
    texts = [said["title"], said["excerpt"], said["publishedDateTime"], said["webUrl"], *topics]
    if not isinstance(topics, list) or not all(isinstance(t, str) for t in texts):
        raise ValueError("title, excerpt, publishedDateTime and webUrl must be texts, topics a list of them")
    return FiledLetter(
        name=name,
        title=said["title"],
        excerpt=said["excerpt"],
        published=from_iso(said["publishedDateTime"]),
        web_url=said["webUrl"],
        html=html,
        type=str(said.get("type") or "article"),
        topics=tuple(topics),
        secured=said.get("secured"),
    )


def _parted(text: str, path: str) -> tuple[str, str]:
    """Front matter and HTML; the newline stands for the first line, so that errors name the right one."""
    start, found, rest = text.partition("---\n")
    matter, end, html = rest.partition("\n---\n")
    if start or not found or not end:
        raise Rejected(f"{path}:1: a letter begins with front matter between two lines of ---")
    return "\n" + matter + "\n", html


def day_of(letter: FiledLetter) -> str:
    """The day that its name says, else that on which it was made: `2026-11-22`."""
    said = _DAY.search(letter.name)
    return said[1] if said else f"{letter.published:%Y-%m-%d}"
