"""The folder of the sample paper: its settings, topics, publishers and the archive that is one of its sources."""

import json
import tomllib
from pathlib import Path

from draw.marks import mark
from reading import HERE, Publisher

TITLE = "The Tide Table"
_HEAD = f"""# The sample paper that `broadsheet demo` makes from a recorded week. Made by tools/sample_week/make.py.
title = "{TITLE}"
url = "http://localhost:8000"
base_path = ""
web_url = "http://localhost:8000/"
locale = "en-us"
description = "What moved this week in power from the sea: turbines, barrages, waves, wires, seals and the law."

[publish]
out = "public"
threshold = 70
official = ["tidaloffice.example"]
commit = true

[fetch]
contact = "desk@tidetable.example"
max_age_days = 30

[stories]
window_days = 4
"""


def settings(publishers: dict[str, Publisher]) -> str:
    """broadsheet.toml."""
    tables = [_source(p, path) for p in publishers.values() for path in p.feeds or [""]]
    return "\n".join([_HEAD, *tables])


def _source(publisher: Publisher, path: str) -> str:
    kind = {"sitemap": "sitemap", "warc": "warc"}.get(publisher.kind, "feed")
    url = publisher.home + path if path else f"archive/{publisher.domain}.warc.gz"
    name = f"{publisher.name} (top stories)" if path.endswith("top.xml") else publisher.name
    lines = ["[[sources]]", f'url = "{url}"', f'kind = "{kind}"', f'name = "{name}"']
    return "\n".join([*lines, "official = true"] if publisher.official else lines) + "\n"


def topic_files() -> dict[str, str]:
    """Names of the files in `_data/topics` and what they hold."""
    topics = tomllib.loads((HERE / "topics.toml").read_text("utf-8"))["topic"]
    return {f"{n:02d}-{topic['id']}.yaml": _topic(topic, topics[0]["name"], n) for n, topic in enumerate(topics)}


def _topic(topic: dict[str, object], site: str, order: int) -> str:
    lines = ["taxonomy: topic", f"_id: {topic['id']}", f"name: {topic['name']}"]
    if order:
        lines += [f"shortname: {topic.get('shortname', topic['name'])}", f"parent: {site}"]
    lines += [f"description: {json.dumps(topic['description'], ensure_ascii=False)}"]
    for key in ("keywords", "hashtags"):
        values = topic[key]
        if isinstance(values, list):
            quote = '"' if key == "hashtags" else ""
            lines += [f"{key}:", *(f"  - {quote}{value}{quote}" for value in values)]
    news = "http://localhost:8000/api/news/" + (f"{topic['id']}/" if order else "")
    return "\n".join([*lines, "services:", f"  news: {news}"]) + "\n"


def organization(publisher: Publisher) -> str:
    """`_data/organizations/<domain>.md`."""
    lines = ["---", "taxonomy: organization", f"_id: {publisher.domain}", f"name: {publisher.name}"]
    lines += [
        f"domain: {publisher.domain}",
        f"description: {json.dumps(publisher.tagline, ensure_ascii=False)}",
        "images:",
    ]
    for side in (50, 400):
        lines += [f"  - url: {_logo_path(publisher, side)}", f"    width: {side}", f"    height: {side}"]
    return "\n".join([*lines, "---"]) + "\n"


def _logo_path(publisher: Publisher, side: int) -> str:
    return f"/assets/images/organizations/{publisher.domain}-{side}x{side}.png"


def write_publication(folder: Path, publishers: dict[str, Publisher]) -> None:
    """Everything but the archive."""
    _write(folder / "broadsheet.toml", settings(publishers))
    for name, text in topic_files().items():
        _write(folder / "_data/topics" / name, text)
    for publisher in publishers.values():
        if publisher.trusted:
            _write(folder / "_data/organizations" / f"{publisher.domain}.md", organization(publisher))
            for side in (50, 400):
                path = folder / _logo_path(publisher, side).lstrip("/")
                path.parent.mkdir(parents=True, exist_ok=True)
                mark(*publisher.mark, side).save(path, optimize=True)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")
