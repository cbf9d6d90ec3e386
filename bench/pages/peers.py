"""Other works that do the same, each as a function from a decoded page and its address to what the scorer reads."""

import logging
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

Row = dict[str, Any]
Peer = Callable[[str, str], Row]


def trafilatura(*, fast: bool) -> Peer:
    """With metadata; `fast` leaves out its own fallbacks."""
    from trafilatura import bare_extraction

    def read(html: str, url: str) -> Row:
        found = bare_extraction(html, url=url, with_metadata=True, fast=fast)
        if found is None:
            return {}
        return {
            "text": found.text,
            "title": found.title,
            "authors": [name for name in (found.author or "").split(";") if name.strip()],
            "publishedDateTime": found.date,
            "images": [{"url": found.image}] if found.image else [],
        }

    return read


def newspaper() -> Peer:
    """newspaper4k, without its fetching of images."""
    from newspaper import Article

    def read(html: str, url: str) -> Row:
        article = Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return {
            "text": article.text,
            "title": article.title,
            "authors": article.authors,
            "publishedDateTime": article.publish_date.isoformat() if article.publish_date else None,
            "images": [{"url": article.top_image}] if article.top_image else [],
        }

    return read


def readability() -> Peer:
    """readability-lxml, which gives text and title."""
    from lxml.html import fromstring
    from readability import Document

    def read(html: str, _: str) -> Row:
        document = Document(html)
        return {"title": document.short_title(), "text": fromstring(document.summary()).text_content()}

    return read


def resiliparse() -> Peer:
    """Text alone; its parser gives the title."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    def read(html: str, _: str) -> Row:
        tree = HTMLTree.parse(html)
        return {"title": tree.title, "text": extract_plain_text(tree, main_content=True, alt_texts=False)}

    return read


# Name, distribution, how it is made.
PEERS: tuple[tuple[str, str, Callable[[], Peer]], ...] = (
    ("trafilatura fast", "trafilatura", lambda: trafilatura(fast=True)),
    ("trafilatura default", "trafilatura", lambda: trafilatura(fast=False)),
    ("newspaper4k", "newspaper4k", newspaper),
    ("readability-lxml", "readability-lxml", readability),
    ("resiliparse", "resiliparse", resiliparse),
)


def installed() -> tuple[dict[str, Peer], list[Row]]:
    """The peers that are here, by name with their version, and a row for each that is not."""
    logging.disable(logging.ERROR)  # peers complain of pages at length
    here: dict[str, Peer] = {}
    missing: list[Row] = []
    for name, distribution, make in PEERS:
        try:
            here[f"{name} {version(distribution)}"] = make()
        except (ImportError, PackageNotFoundError) as error:
            missing.append({"what": name, "missing": f"not installed: {error}"})
    return here, missing


def tried(peer: Peer, html: str, url: str) -> Row:
    """What a peer finds; nothing where it fails, which all of them do on some pages."""
    try:
        return peer(html, url)
    except Exception as error:  # noqa: BLE001 (a peer's failure is a result)
        return {"failed": f"{type(error).__name__}: {error}"[:200]}
