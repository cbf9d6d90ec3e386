"""Refuses a letter in which something stands for something else: template syntax, empty links, unfinished words.

What others said is quoted, and may say anything: an article about "undefined" has that headline. So each text that the
letter is known to quote is taken out first; in all the rest, ours or an editor's, nothing of this may stand.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from broadsheet.errors import UsageError
from broadsheet.model.letter import FiledLetter
from broadsheet.stages.publish.newsletter.blocks import Block, blocks_of, clean, links_of_html
from broadsheet.stages.publish.site.links import web_address

LARGEST = 100 * 1024
"""Gmail cuts a mail off at 102 kB, and with it the link to leave."""
_MARKS = (
    (re.compile(r"\{\{|\}\}|\{%|%\}|<%|%>|\$\{|\[\[|\]\]|#\{"), "template syntax"),
    (re.compile(r"\{\w*\}|%\(\w+\)s|\*\|\w+\|\*|%%\w+%%"), "a variable that nobody filled in"),
    (re.compile(r"zslot\d+z"), "a slot that nobody filled in"),
    (re.compile(r"\b(?:None|undefined|null|NaN|NoneType|nil)\b"), "a value that is none"),
    (re.compile(r"<[\w.]+ object at 0x|\bTraceback\b|\bUndefined\b"), "something of the program"),
    (re.compile(r"\blorem ipsum\b|\bdolor sit amet\b", re.IGNORECASE), "filler text"),
    (re.compile(r"\bTODO\b|\bFIXME\b|\bTKTK\b|\bXXX+\b|\bTBD\b"), "a note to oneself"),
    (re.compile(r"\[(?:insert|your|add|name|company|date|title|placeholder|unsubscribe)\b[^\]]*\]", re.I), "a blank"),
    (re.compile(r"\b(?:placeholder|untitled)\b", re.IGNORECASE), "a word that stands for another"),
    (re.compile(r"[\w.+-]+@(?:[\w-]+\.)*example(?:\.\w+)?\b", re.IGNORECASE), "an example address"),
)
_EXAMPLE = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|org|net|edu))?|invalid|test|localhost)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a letter may hold, and must: `texts` of others that it quotes, `addresses` of others that it links to, the
    address to `leave` by, without which it is not sent, and the `root` of the site, whose pictures alone it may load.
    """

    leave: str
    root: str
    texts: Collection[str] = ()
    addresses: Collection[str] = ()


def check_letter(letter: FiledLetter, allowed: Allowed) -> None:
    """Raises UsageError that lists all that is wrong with a letter about to be sent."""
    problems = list(dict.fromkeys(problems_of(letter, allowed)))
    if problems:
        told = "; ".join(problems[:8]) + ("; and more" if len(problems) > 8 else "")
        hint = f"Mend {letter.path}, or delete it and build it anew; nothing was sent"
        raise UsageError(f"{letter.path} is not fit to be sent: {told}", hint=hint)


def problems_of(letter: FiledLetter, allowed: Allowed) -> Iterator[str]:
    """What is wrong with the letter, in words."""
    known = _quoting(allowed.texts)
    blocks = blocks_of(letter.html)
    texts = [("the subject", letter.title), ("the preheader", letter.excerpt)]
    texts += [(_named(block), block.alt or block.text) for block in blocks]
    for where, text in texts:
        yield from _in_text(where, text, known)
    yield from _in_links(letter, allowed.addresses)
    yield from _loaded(letter.html, allowed.root)
    if not letter.title.strip():
        yield "the subject is empty"
    if not any(block.kind.startswith("h") for block in blocks):
        yield "it has no headline"
    if allowed.leave not in links_of_html(letter.html):
        yield f"nothing in it links to {allowed.leave}, so that nobody could leave"
    if len(letter.html.encode("utf-8", "replace")) > LARGEST:
        yield f"it has more than {LARGEST // 1024} kB, and mail programs would cut its end off"


def _in_text(where: str, text: str, known: "re.Pattern[str] | None") -> Iterator[str]:
    ours = known.sub(" ", clean(text)) if known else clean(text)
    for pattern, what in _MARKS:
        found = pattern.search(ours)
        if found:
            yield f"{where} holds {what}: {found[0]!r:.60}"


def _in_links(letter: FiledLetter, addresses: Collection[str]) -> Iterator[str]:
    for address in (*links_of_html(letter.html), letter.web_url):
        if address in addresses:
            continue
        if web_address(address) is None:
            yield f"a link leads nowhere: {address!r:.80}"
        elif _EXAMPLE.search(urlsplit(address).hostname or ""):
            yield f"a link leads to an example address: {address!r:.80}"
        elif any(pattern.search(address) for pattern, _ in _MARKS[:4]):
            yield f"a link holds a variable that nobody filled in: {address!r:.80}"


def _loaded(html: str, root: str) -> Iterator[str]:
    """A mail that loads anything from elsewhere tells somebody that it was opened."""
    tree = LexborHTMLParser(html)
    for node in tree.css("link, script, iframe, frame, object, embed, form, video, audio, base"):
        yield f"it holds <{node.tag}>, which mail programs would run or load"
    for node in tree.css("[src], [background]"):
        source = (node.attributes.get("src") or node.attributes.get("background") or "").strip()
        if not source.startswith(root):
            yield f"it would load {source!r:.80}, which is not of the site"
    styles = [node.text() for node in tree.css("style")] + [
        n.attributes.get("style") or "" for n in tree.css("[style]")
    ]
    if any(re.search(r"@import|url\s*\(", style, re.IGNORECASE) for style in styles):
        yield "its styles would load something"


def is_example(address: str) -> bool:
    """Whether a host or a mail address is one that only stands for others."""
    return bool(_EXAMPLE.search(address.rpartition("@")[2].rstrip(".")))


def _quoting(quoted: Collection[str]) -> "re.Pattern[str] | None":
    """One expression for all quoted texts, the longest first; also as a subject or a preheader cuts them off."""
    texts = sorted({clean(t) for t in quoted if clean(t)}, key=lambda t: (-len(t), t))
    return re.compile("|".join(map(re.escape, texts))) if texts else None


def _named(block: Block) -> str:
    return {"img": "a picture's description", "p": "a paragraph"}.get(block.kind, "a heading")
