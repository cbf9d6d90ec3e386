"""Sponsors for other readers of the API: `api/ads/<place>/index.json`."""

import json
from collections.abc import Iterator

from broadsheet.model.publication import OutputFile, Publication
from broadsheet.model.sponsor import Place, Sponsor, sponsors_of
from broadsheet.stages.publish.site.links import web_address


def ad_files(publication: Publication) -> Iterator[OutputFile]:
    """`api/ads/<place>/index.json`, `{"place", "value": [{"id", "name", "url", "text", "image", "topics", "startDate",
    "endDate"}...]}`: those that stand there on this day, the one whose turn it is first. None without sponsors.
    """
    if not publication.sponsors:
        return
    for place in Place:
        shown = sponsors_of(publication.sponsors, place, publication.day) if publication.day else ()
        body = {"place": place.value, "value": [_said(s, publication) for s in shown if web_address(s.url)]}
        text = json.dumps(body, ensure_ascii=False, indent=2) + "\n"
        yield OutputFile(f"api/ads/{place.value}/index.json", text.encode("utf-8", "replace"))


def _said(sponsor: Sponsor, publication: Publication) -> dict[str, object]:
    return {
        "id": sponsor.id,
        "name": sponsor.name,
        "url": sponsor.url,
        "text": sponsor.text,
        "image": sponsor.image if sponsor.image in publication.files else None,
        "topics": list(sponsor.topics),
        "startDate": sponsor.starts.isoformat() if sponsor.starts else None,
        "endDate": sponsor.ends.isoformat() if sponsor.ends else None,
    }
