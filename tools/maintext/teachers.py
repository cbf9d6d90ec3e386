"""What other extractors say is the text of a page: teachers for pages whose text nobody wrote down."""

import contextlib
import json
import logging
import sys
from collections.abc import Callable, Iterator
from multiprocessing import Pool
from pathlib import Path

import lxml.html
import trafilatura
from goose3 import Goose
from newspaper import Article
from readability import Document
from resiliparse.extract.html2text import extract_plain_text
from tools.maintext.examples import Texts

from broadsheet.formats.charsets import decode_html
from broadsheet.formats.warc import read_responses

_MOST_CHARS = 1_500_000


def _trafilatura(html: str, **options: bool) -> str:
    return trafilatura.extract(html, include_comments=False, **options) or ""


def _readability(html: str) -> str:
    tree = lxml.html.fromstring(Document(html).summary())
    for element in tree.iter("p", "div", "li", "h1", "h2", "h3", "h4", "br", "td", "blockquote"):
        element.tail = "\n" + (element.tail or "")
    return tree.text_content()


def _newspaper(html: str) -> str:
    article = Article("https://page.example/article")
    article.set_html(html)
    article.parse()
    return article.text


_TEACHERS: tuple[tuple[str, float, Callable[[str], str]], ...] = (
    ("trafilatura", 1.0, _trafilatura),
    ("trafilatura, precise", 1.0, lambda html: _trafilatura(html, favor_precision=True)),
    ("readability", 1.0, _readability),
    ("newspaper4k", 1.0, _newspaper),
    ("resiliparse", 0.7, lambda html: extract_plain_text(html, main_content=True, alt_texts=False, comments=False)),
    ("goose3", 0.7, lambda html: Goose({"enable_image_fetching": False}).extract(raw_html=html).cleaned_text),
    ("trafilatura, fast", 0.5, lambda html: _trafilatura(html, fast=True)),
    ("trafilatura, complete", 0.5, lambda html: _trafilatura(html, favor_recall=True)),
)


def ask_teachers(warc: Path, wanted: set[str], memory: Path, jobs: int = 1) -> dict[str, Texts]:
    """The answers about the wanted pages. `memory` keeps them, so that they are asked once."""
    answers: dict[str, Texts] = {}
    if memory.exists():
        answers = {row["url"]: row["texts"] for row in map(json.loads, memory.read_text("utf-8").splitlines())}
    missing = wanted - answers.keys()
    if missing:
        memory.parent.mkdir(parents=True, exist_ok=True)
        with memory.open("a", encoding="utf-8") as lines, Pool(jobs, maxtasksperchild=100) as pool:
            for number, (url, texts) in enumerate(pool.imap(_answers, _pages(warc, missing)), 1):
                answers[url] = texts
                lines.write(json.dumps({"url": url, "texts": texts}) + "\n")
                print(f"\rteachers: {number} of {len(missing)} pages", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    return {url: answers[url] for url in wanted if url in answers}


def _pages(warc: Path, wanted: set[str]) -> Iterator[tuple[str, str]]:
    for response in read_responses(warc):
        if response.url in wanted:
            html = decode_html(response.body, response.content_type)[:_MOST_CHARS]
            yield response.url, html.replace("\x00", "")


def _answers(page: tuple[str, str]) -> tuple[str, Texts]:
    url, html = page
    return url, answers_of(html)


def answers_of(html: str) -> Texts:
    """What each teacher says about one page; one that fails says nothing."""
    logging.disable(logging.ERROR)
    texts: Texts = []
    for name, trust, teacher in _TEACHERS:
        with contextlib.suppress(Exception):  # a teacher that fails on a page is one voice less
            if text := teacher(html):
                texts.append((name, trust, text))
    return texts
