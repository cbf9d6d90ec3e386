"""A publisher that puts hostile words into everything it sends, and readers that are real parsers for what we make."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import yaml
from lxml import etree
from selectolax.lexbor import LexborHTMLParser, LexborNode

from worlds import NOON, SETTINGS, TOPICS, World, run_at

HOST = "https://ledger.example"
SYLLABLES = [
    "ba",
    "de",
    "fi",
    "go",
    "lu",
    "mar",
    "nes",
    "ol",
    "pim",
    "quo",
    "ras",
    "sel",
    "tun",
    "vek",
    "wil",
    "yor",
    "zan",
]


def filler(number: int) -> str:
    """Paragraphs of invented words, other ones for each report, so that each is a story of its own."""
    chance = Random(number)
    words = ["".join(chance.choices(SYLLABLES, k=3)) for _ in range(40)]
    return "".join(f"<p>{' '.join(chance.choices(words, k=30)).capitalize()}.</p>" for _ in range(3))


def hostile_paper(folder: Path, words: Sequence[str], sources: str = "") -> World:
    """A publication whose one publisher reports each of `words`: as title, lead, text, author, picture and address."""
    folder.mkdir(parents=True)
    feed = f'[[sources]]\nurl = "{HOST}/feed.xml"\n{sources}'
    (folder / "broadsheet.toml").write_text(SETTINGS.replace("threshold = 70", "threshold = 0") + feed, "utf-8")
    for name, text in TOPICS.items():
        path = folder / "_data" / "topics" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    world = World(folder)
    for number, said in enumerate(words):
        world.say(address(number), hostile_page(number, said))
    world.say(f"{HOST}/feed.xml", hostile_feed(words), "application/atom+xml")
    world.write()
    return world


def address(number: int) -> str:
    """The page of the word of that number."""
    return f"{HOST}/news/{number}/item"


def hostile_page(number: int, said: str) -> str:
    """An honest page in form, every field of which is what was said."""
    text, linked = escape(said), json.dumps(said).replace("<", "\\u003c")
    meta = "".join(
        f'<meta property="{name}" content="{text}">'
        for name in ("og:title", "og:description", "og:site_name", "author", "keywords", "og:image", "og:url")
    )
    data = (
        f'{{"@type":"NewsArticle","headline":{linked},"author":{{"@type":"Person","name":{linked}}},'
        f'"image":{linked},"url":{linked},"publisher":{{"@type":"Organization","name":{linked}}}}}'
    )
    return (
        f'<!doctype html><html lang=en><head><title>{text}</title>{meta}<link rel="canonical" href="{text}">'
        f'<link rel="amphtml" href="{text}"><script type="application/ld+json">{data}</script></head><body>'
        f"<article><h1>{text}</h1><p>Report {number}: {text}</p>{filler(number)}"
        f"<p>{text}</p></article></body></html>"
    )


def hostile_feed(words: Sequence[str]) -> bytes:
    """An Atom feed whose titles are plain text, so that they mean exactly what is said."""
    ns = "http://www.w3.org/2005/Atom"
    feed = etree.Element(f"{{{ns}}}feed")
    for number, said in enumerate(words):
        entry = etree.SubElement(feed, f"{{{ns}}}entry")
        shown = "".join(
            c for c in said if c in "\t\n\r" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff"
        )
        for tag in ("title", "summary"):
            etree.SubElement(entry, f"{{{ns}}}{tag}", type="text").text = shown
        etree.SubElement(etree.SubElement(entry, f"{{{ns}}}author"), f"{{{ns}}}name").text = shown
        etree.SubElement(entry, f"{{{ns}}}link", href=address(number))
        etree.SubElement(entry, f"{{{ns}}}id").text = f"{address(number)}#{shown[:50]}"
        etree.SubElement(entry, f"{{{ns}}}updated").text = "2026-11-20T07:00:00Z"
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def published(folder: Path) -> Path:
    """Runs the publication once; the folder of its site."""
    run_at(folder, NOON)
    return folder / "public"


def records(folder: Path) -> dict[str, dict[str, Any]]:
    """The front matter of every record by its original address, as PyYAML's safe loader reads it."""
    found = {}
    for path in sorted((folder / "_news").iterdir()):
        start, matter, _ = path.read_text("utf-8").split("---\n", 2)
        assert start == "", path
        loaded = yaml.safe_load(matter)
        found[loaded["originalUrl"]] = loaded
    return found


def html_files(out: Path) -> Iterator[tuple[Path, LexborHTMLParser]]:
    """Every page of the site with its tree."""
    for path in sorted(out.rglob("*.html")):
        yield path, LexborHTMLParser(path.read_text("utf-8"))


def shape(tree: LexborHTMLParser) -> set[tuple[str, tuple[str, ...]]]:
    """The kinds of elements of a page: names with the names of their attributes."""
    return {(str(node.tag), tuple(sorted(node.attributes))) for node in tree.css("*")}


def unsafe(tree: LexborHTMLParser) -> list[str]:
    """What may not be on a page of ours: links that run, loads from elsewhere, handlers, styles, a missing policy.

    The search may have its form, which asks nobody but us, and its script, which is a file of ours.
    """
    found = [
        str(node.html)[:200]
        for node in tree.css("script, iframe, object, embed, base, form, style, math, svg:not(.termbar)")
        if not _is_the_search(node)
    ]
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                found.append(f"{node.tag} {name}={value}")
            if name in {"href", "src", "srcset", "action", "poster"} and not _is_fine(
                node.tag or "", name, value or ""
            ):
                found.append(f"{node.tag} {name}={value}")
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
    said = (policy.attributes.get("content") or "") if policy else ""
    if "default-src 'none'" not in said or "unsafe" in said or "http" in said or "*" in said:
        found.append(f"no strict Content-Security-Policy: {said!r}")
    return found


def _is_the_search(node: LexborNode) -> bool:
    """A form that asks by its address, or a script with nothing in it; where both lead is looked at as for any link."""
    if node.tag == "form":
        return {n for n in node.attributes if not n.startswith("data-")} <= {"class", "id", "action", "role", "hidden"}
    return node.tag == "script" and not node.text() and "src" in node.attributes


def _is_fine(tag: str, name: str, value: str) -> bool:
    """A reader may be sent to the web; everything that a browser loads by itself is ours."""
    scheme = urlsplit(value.split(" ", maxsplit=1)[0]).scheme
    if tag == "a" or (tag == "link" and name == "href" and scheme):
        return scheme in {"", "http", "https"} and not value.startswith("//")
    return not scheme and not value.startswith("//")


def git(folder: Path, *arguments: str) -> str:
    """What git says in the folder."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def stories(folder: Path) -> Mapping[str, Any]:
    """The story files by the address of their head."""
    loaded = (json.loads(p.read_bytes()) for p in sorted((folder / "_stories").glob("*/*.json")))
    return {m["url"]: story for story in loaded for m in story["members"] if m["isHead"]}
