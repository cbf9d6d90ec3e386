"""How the sources are, for machines: `api/sources/health.json`."""

import json
from collections.abc import Iterator

from broadsheet.model.instants import iso
from broadsheet.model.publication import OutputFile, Publication

PATH = "api/sources/health.json"


def source_files(publication: Publication) -> Iterator[OutputFile]:
    """`{"value": [{url, name, state, everySeconds, newest, findings: [{trouble, since, said}]}]}`, in the order of the
    settings; no file where nothing is known of any source."""
    if not publication.health:
        return
    value = [
        {
            "url": health.url,
            "name": health.name,
            "state": health.state,
            "everySeconds": health.every_seconds,
            "newest": iso(health.newest),
            "findings": [{"trouble": f.trouble.value, "since": iso(f.since), "said": f.said} for f in health.findings],
        }
        for health in publication.health
    ]
    text = json.dumps({"value": value}, ensure_ascii=False, indent=2) + "\n"
    yield OutputFile(PATH, text.encode("utf-8", "replace"))
