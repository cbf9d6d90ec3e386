"""The same stories as a site of Hugo's: a page and a JSON file of each, lists by topic, publisher and day, feeds.

Hugo gets what is fair to it: a story with all its reports is one page of its own, while we read a file for every
report besides; and it makes neither Atom nor JSON feeds, nor API pages, nor receipts by the row.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.publication.content import SITE_TOPIC, TOPICS, Told, topic_id
from broadsheet.model.instants import iso
from broadsheet.model.story import Member

HERE = Path(__file__).parent / "hugo"


def write_hugo_site(folder: Path, told: Iterator[Told]) -> None:
    """Everything that `hugo --source` needs."""
    shutil.copytree(HERE, folder)
    nav = "\n".join(f'[[params.nav]]\nid = "{topic_id(name)}"\nname = "{name}"' for name in TOPICS)
    with (folder / "hugo.toml").open("a") as file:
        file.write(f"\n{nav}\n")
    for name in TOPICS:
        topic = folder / "content" / "topics" / topic_id(name)
        topic.mkdir(parents=True)
        (topic / "_index.md").write_text(f'---\ntitle: {name}\noutputs: ["HTML", "RSS"]\n---\n')
    (folder / "content" / "stories").mkdir()
    for one in told:
        (folder / "content" / "stories" / f"{one.story.id}.md").write_text(_page(one))


def _page(told: Told) -> str:
    """Front matter in YAML, as our records have it; what has no place of its own in Hugo goes below its parameters."""
    story, head = told.story, told.records[0].record
    lines = [
        "---",
        f"title: {_quoted(story.title)}",
        f"description: {_quoted(head.excerpt or '')}",
        f"date: {iso(head.published_date_time)}",
        f"heat: {story.heat}",
        "topics:",
        *(f"  - {name}" for name in story.topics if name != SITE_TOPIC),
        "providers:",
        *(f"  - {_quoted(domain)}" for domain in dict.fromkeys(m.provider_domain for m in story.members)),
        f"days:\n  - '{head.published_date_time:%Y-%m-%d}'",
        "terms:",
        *(f"  - name: {_quoted(name)}\n    points: {points}" for name, points in story.heat_terms),
        "reasons:",
        *(f"  - {_quoted(reason)}" for reason in story.head_reasons),
        "reports:",
        *(line for member in story.members for line in _report(member)),
    ]
    for correction in story.corrections:
        lines += [
            "corrections:",
            f"  - before: {_quoted(correction.before)}",
            f"    after: {_quoted(correction.after)}",
        ]
    return "\n".join([*lines, "---", ""])


def _report(member: Member) -> Iterator[str]:
    yield f"  - title: {_quoted(member.title)}"
    yield f"    url: {_quoted(member.url)}"
    yield f"    provider: {_quoted(member.provider_name)}"
    yield f"    domain: {_quoted(member.provider_domain)}"
    yield f"    at: {_quoted(iso(member.published) or '')}"
    yield f"    excerpt: {_quoted(member.excerpt or '')}"
    yield f"    adds: {_quoted(member.adds or '')}"
    yield f"    copyOf: {_quoted(member.copy_of or '')}"
    yield f"    similarity: {member.receipt.similarity or 0}"
    yield f"    names: {json.dumps(member.receipt.names)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
