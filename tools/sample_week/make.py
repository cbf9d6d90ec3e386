"""Makes the sample week: `python tools/sample_week/make.py [FOLDER] [--redraw [NAME ...]]`.

FOLDER is src/broadsheet/sample if it isn't given. Pictures that the week there has already are kept; `--redraw` draws
those named anew, or all.

It writes `week.warc.gz`, all that the invented publishers answered from Monday 2026-11-16 to Sunday 2026-11-22 (each
answer dated with the moment from which it was given), `publication/`, the paper that reads them, and beside this
script `truth.jsonl`, which says what each article really tells.
"""

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from draw.gallery import picture
from draw.marks import mark, share_card
from PIL import Image
from reading import HERE, Article, Publisher, instant, read_articles, read_publishers

from broadsheet.formats.warc import WarcWriter, read_responses
from broadsheet.model.exchange import Response
from feeds import feed, feed_type
from pages import page
from publication import write_publication

HEAVIEST = 96_000  # bytes of a picture; the screen's lines stand a low quality well
START = datetime(2026, 11, 16, tzinfo=UTC)
HTML = "text/html; charset=utf-8"
Drawn = Callable[[Article], bytes]


def answer(url: str, when: datetime, body: bytes, kind: str, status: int = 200, **more: str) -> Response:
    """A recorded answer with the headers that a server would send."""
    headers = {"content-type": kind, "date": format_datetime(when, usegmt=True), **more}
    if status == 200:
        headers["etag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Response(url=url, final_url=url, status=status, body=body, fetched_at=when, headers=headers)


def page_answers(articles: list[Article]) -> Iterator[Response]:
    """Every article's page, and again when it was corrected."""
    for article in articles:
        earlier = [a for a in articles if a.publisher == article.publisher and a.when < article.when]
        if article.get("status"):
            yield answer(article.url, article.when, b"<h1>Not here</h1>", HTML, int(article.get("status")))
            continue
        yield answer(article.url, article.when, page(article, earlier), HTML)
        if article.updated:
            changed = page(article.corrected(), earlier, modified=article.updated)
            yield answer(article.url, article.updated, changed, HTML)


def feed_answers(publisher: Publisher, articles: list[Article]) -> Iterator[Response]:
    """The publisher's feeds, each time they changed; what the server said while it was out of order; a removal."""
    for path in publisher.feeds:
        own = _listed(path, articles)
        moments = {START, *(a.when for a in own), *(a.updated for a in own if a.updated)}
        outage = [instant(text) for text in publisher.outage]
        if outage:
            moments = {m for m in moments if not outage[0] <= m < outage[1]} | {outage[1]}
            url = publisher.home + path
            yield answer(url, outage[0], b"Service Unavailable", "text/plain", 503, **{"retry-after": "3600"})
        for moment in sorted(moments):
            yield _feed_answer(publisher, path, own, moment)


def _feed_answer(publisher: Publisher, path: str, own: list[Article], moment: datetime) -> Response:
    last = format_datetime(moment, usegmt=True)
    body = feed(publisher, path, own, moment)
    return answer(publisher.home + path, moment, body, feed_type(publisher), **{"last-modified": last})


def moved_answers(publisher: Publisher, articles: list[Article]) -> Iterator[Response]:
    """A feed that moves for good: from that moment the old address redirects, and the new one has it."""
    if not publisher.moved:
        yield from feed_answers(publisher, articles)
        return
    since, target = instant(publisher.moved[0]), publisher.moved[1]
    old = publisher.home + publisher.feeds[0]
    yield from (r for r in feed_answers(publisher, articles) if r.fetched_at < since)
    yield answer(old, since, b"", HTML, 301, location=publisher.home + target)
    for moment in sorted({since, *(a.when for a in articles if a.when > since)}):
        yield _feed_answer(publisher, target, articles, moment)


def _listed(path: str, articles: list[Article]) -> list[Article]:
    """Articles that the feed at `path` lists: the agency's `top` has those marked for it, every other feed has all."""
    return [a for a in articles if "top" in a.get("feeds")] if path.endswith("top.xml") else articles


def site_answers(publisher: Publisher) -> Iterator[Response]:
    """robots.txt and the logos."""
    rules = f"User-agent: *\nDisallow: /login\nDisallow: /members/\nAllow: /\n\nSitemap: {publisher.home}/sitemap.xml\n"
    yield answer(f"{publisher.home}/robots.txt", START, rules.encode(), "text/plain; charset=utf-8")
    for side in (50, 400):
        yield answer(f"{publisher.home}/logo-{side}x{side}.png", START, _png(mark(*publisher.mark, side)), "image/png")


def picture_answers(articles: list[Article], drawn: Drawn) -> Iterator[Response]:
    """Each lead picture once for each address, from the moment that the first page shows it."""
    done = set[str]()
    for article in articles:
        url = article.image_url
        if url and url not in done:
            done.add(url)
            kind = "image/png" if url.endswith(".png") else "image/webp"
            yield answer(url, article.when, drawn(article), kind)


def draw(article: Article) -> bytes:
    """The article's picture as its publisher's server has it."""
    if article.publisher.generic:
        return _png(share_card(*article.publisher.mark[1:]))
    name, _, spot = article.get("picture").partition("/")
    sheet = picture(name, article.publisher.picture, spot or None)
    for quality in (46, 38, 30, 24):
        out = io.BytesIO()
        sheet.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= HEAVIEST:
            break
    return out.getvalue()


def kept(week: Path, redraw: Sequence[str] | None) -> Drawn:
    """Pictures from the `week` as it is, drawn where it hasn't got them or where `redraw` names them (empty: all)."""
    found = {r.url: r.body for r in read_responses(week) if "/media/" in r.url} if week.is_file() else {}

    def drawn(article: Article) -> bytes:
        name = article.get("picture").partition("/")[0]
        again = redraw is not None and (not redraw or name in redraw)
        return draw(article) if again or article.image_url not in found else found[article.image_url]

    return drawn


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def truth(articles: list[Article]) -> str:
    """A line an article: its address, the story that it tells, the address of what it copies."""
    urls = {a.slug: a.url for a in articles}
    rows = [{"url": a.url, "story": a.story, "copyOf": urls.get(a.copy_of)} for a in articles]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def make(folder: Path, drawn: Drawn = draw) -> list[Article]:
    """Writes the whole sample below `folder`; `drawn` gives the pictures."""
    publishers = read_publishers()
    articles = read_articles(publishers)
    archive = folder / "publication/archive"
    archive.mkdir(parents=True, exist_ok=True)
    write_publication(folder / "publication", publishers)
    answers = list(picture_answers(articles, drawn))
    for publisher in publishers.values():
        own = [a for a in articles if a.publisher == publisher]
        answers += site_answers(publisher)
        if publisher.kind == "warc":
            _write(archive / f"{publisher.domain}.warc.gz", list(page_answers(own)))
        else:
            answers += [*page_answers(own), *moved_answers(publisher, own)]
    _write(folder / "week.warc.gz", answers)
    return articles


def _write(path: Path, answers: list[Response]) -> None:
    with WarcWriter(path) as writer:
        for response in sorted(answers, key=lambda r: (r.fetched_at, r.url)):
            writer.write(response)


def main() -> None:
    """Makes it all, drawings and truth included."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE.parents[1] / "src/broadsheet/sample")
    parser.add_argument("--truth", type=Path, default=HERE / "truth.jsonl", help="where the truth is written")
    parser.add_argument("--redraw", nargs="*", metavar="NAME")
    options = parser.parse_args()
    folder: Path = options.folder
    articles = make(folder, kept(folder / "week.warc.gz", options.redraw))
    options.truth.write_text(truth(articles), "utf-8", newline="\n")
    sys.stderr.write(f"{len(articles)} articles, {(folder / 'week.warc.gz').stat().st_size / 1e6:.2f} MB\n")


if __name__ == "__main__":
    main()
