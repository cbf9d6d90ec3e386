"""Fetches the lead images of published stories, so that the site can show them from its own files."""

from collections.abc import Sequence

from broadsheet.errors import ItemError
from broadsheet.model.exchange import Purpose, Request
from broadsheet.model.publication import PublishedImage
from broadsheet.stages.publish.pictures import render_picture
from broadsheet.steps.judge import Judged
from broadsheet.steps.newsroom import Newsroom, RunReport


def pictures_of(room: Newsroom, report: RunReport, judged: Sequence[Judged]) -> dict[str, PublishedImage | None]:
    """What we have of every lead image; those of published heads that were never tried are fetched now."""
    known = room.store.pictures.known()
    if not room.settings.publish.pictures:
        return known
    leads = [j.head.lead.url for j in judged if j.published and j.head.lead is not None]
    wanted = [url for url in dict.fromkeys(leads) if url not in known]
    for url, outcome in zip(wanted, room.engine.map(lambda u: _fetch_picture(room, u), wanted), strict=True):
        if isinstance(outcome, ItemError):
            report.fail("publish", url, outcome)
            room.store.pictures.keep(url, None, str(outcome))
            known[url] = None
            continue
        picture, bodies = outcome
        for name, body in bodies.items():
            room.blobs.put(name, body)
        room.store.pictures.keep(url, picture)
        known[url] = picture
    return known


def _fetch_picture(room: Newsroom, url: str) -> tuple[PublishedImage, dict[str, bytes]] | ItemError:
    try:
        response = room.http.get(Request(url, Purpose.IMAGE))
        return render_picture(response.body)
    except ItemError as error:
        return error
