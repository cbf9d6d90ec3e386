"""The lists of hostile addresses and hostile texts that lie beside the checkout."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGALRM, alarm, signal

import pytest
from tests.security.names import LyingNames

from broadsheet.adapters.http.addresses import refusal
from broadsheet.adapters.http.live import LiveHttp
from broadsheet.adapters.http.options import HttpOptions
from broadsheet.errors import ItemError, Rejected
from broadsheet.formats.instants import parse_instant
from broadsheet.formats.markup import plain_text, safe_embed, sanitise
from broadsheet.formats.urls import clean_url, registrable_domain, url_key
from broadsheet.model.exchange import Letter, Request, Response
from broadsheet.model.story import StoryArticle
from broadsheet.stages.extract import extract_article
from broadsheet.stages.fetch import RobotsRules, soft_404, wall_before
from broadsheet.stages.publish.slugs import slug
from broadsheet.stages.sources.feeds import read_feed
from broadsheet.stages.stories.words import names_of, words_of

_NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


class _Clock:
    def now(self) -> datetime:
        return _NOW


def _cases(shared: Path, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (shared / f"data/security/{name}.jsonl").read_text("utf-8").splitlines()]


def test_hostile_addresses(shared: Path) -> None:
    cases = [case["input"] | {"expected": case["expected"]} for case in _cases(shared, "ssrf")]  # type: ignore[operator]
    addresses = {case["ip"]: case["expected"] for case in cases if "ip" in case}
    assert len(addresses) > 10
    found = {ip: "refused" if refusal(ip, 443) else "allowed" for ip in addresses}
    assert found == addresses


def test_hostile_urls_are_refused_at_every_place(shared: Path) -> None:
    """Whoever hands an address in, it comes to the same door: to be read, or to be told of news."""
    urls = {case["input"]["url"] for case in _cases(shared, "ssrf") if "url" in case["input"]}  # type: ignore[index, operator]
    assert len(urls) > 10
    http = LiveHttp(HttpOptions(timeout_seconds=3, per_host_delay_seconds=0), _Clock(), LyingNames())
    for url in sorted(urls):
        for _ in range(2):  # a name that is bound anew answers differently
            with pytest.raises(ItemError):
                http.get(Request(url))
            with pytest.raises(ItemError):
                http.post(Letter(url, b"{}"))


@contextmanager
def _ends(seconds: int) -> Iterator[None]:
    """A guard against hanging, not a measure of speed."""

    def stop(*_: object) -> None:
        raise AssertionError("it did not end")

    before = signal(SIGALRM, stop)
    alarm(seconds)
    try:
        yield
    finally:
        alarm(0)
        signal(SIGALRM, before)


def _page(text: str) -> Response:
    url = "https://paper.example/a"
    return Response(url, url, 200, f"<title>A title of the paper</title><p>{text}".encode(), _NOW)


def _or_refused(read: Callable[[], object]) -> None:
    try:
        read()
    except Rejected:
        return


def _articles(text: str) -> list[StoryArticle]:
    return [StoryArticle("1", text, _NOW, text, text, text), StoryArticle("2", "A title", _NOW, text=text)]


_READERS: dict[str, Callable[[str], object]] = {
    "slug": slug,
    "instant": parse_instant,
    "plain text": plain_text,
    "sanitise": sanitise,
    "embed": safe_embed,
    "clean": clean_url,
    "key": url_key,
    "domain": registrable_domain,
    "words": lambda text: [words_of(article) for article in _articles(text)],
    "names": lambda text: [names_of(article) for article in _articles(text)],
    "page": lambda text: extract_article(_page(text)),
    "feed": lambda text: read_feed(f"<rss><channel><item><title>{text}</title></item></channel></rss>".encode()),
    "robots": lambda text: RobotsRules(text.encode(), "broadsheet").allow("https://paper.example/"),
    "wall": lambda text: wall_before(403, {}, text.encode()),
    "soft 404": lambda text: soft_404("https://paper.example/a", "https://paper.example/a", text.encode()),
}


def _text(recipe: dict[str, object]) -> str:
    if "repeat" in recipe:
        return str(recipe["repeat"]) * int(str(recipe["times"]))
    code = str(recipe["python"]).partition(" as ")[0]
    return str(eval(code, {"__builtins__": {}}))


@pytest.mark.parametrize("name", _READERS)
def test_hostile_texts_end(shared: Path, name: str) -> None:
    texts = [_text(case["recipe"]) for case in _cases(shared, "dos")]  # type: ignore[arg-type]
    assert len(texts) > 10
    for text in texts:
        with _ends(30):
            _or_refused(lambda text=text: _READERS[name](text))  # type: ignore[misc]


_OWN = [
    "<p>" * 60_000,
    "<b a=" * 60_000,
    "&#" * 150_000,
    "(" * 200_000,
    "1." * 150_000,
    "\u200d" * 150_000,
    "//" * 150_000,
]


@pytest.mark.parametrize("name", _READERS)
@pytest.mark.parametrize("text", _OWN, ids=range(len(_OWN)))
def test_hostile_texts_of_our_own_end(name: str, text: str) -> None:
    with _ends(30):
        _or_refused(lambda: _READERS[name](text))
