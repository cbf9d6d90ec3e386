"""`broadsheet new`: a publication to begin with."""

import json
from importlib import resources
from pathlib import Path

import click

from broadsheet.errors import StorageError, UsageError
from broadsheet.model.language_models import ENGLISH, MULTILINGUAL
from broadsheet.stages.publish.slugs import slug

SETTINGS = """\
title = {title}
description = ""
# Where readers will find it; needed for the links in feeds and sitemaps.
url = "http://localhost:8000"
locale = "en-us"

[publish]
out = "public"
# A story is shown from this heat on: 40 for a publisher listed in _data/organizations, 20 for an image, 15 for each
# topic keyword in the title, 2 for each topic, 10 for each other publisher that reports it.
threshold = 70
# Domains that are the subject's own voice.
official = []

[fetch]
# An address where a webmaster can reach you; it is sent with every request.
contact = ""

[subject]
# any: all that the sources give. title or text: only articles with a topic's keyword there.
match = "any"

[stories]
# Tells reports of one thing from all others: auto takes the language model that is installed. There is one for English,
# pip install 'broadsheet[model]', and one for fifteen languages, pip install 'broadsheet[languages]'. Or: none.
model = "auto"

# Where each run brings what it built: a folder, git:BRANCH, s3://BUCKET/PREFIX, rsync:HOST:FOLDER.
# [[deploy]]
# to = "git:gh-pages"

# Who is told of new stories: mastodon, bluesky, webhook, websub, indexnow.
# [[push]]
# kind = "mastodon"
# url = "https://mastodon.example"
# secret = "$MASTODON_TOKEN"

# Add sources with: broadsheet sources add https://example.com/feed.xml
"""

NO_MODEL = f"""\
No language model is installed, so stories are told by words, names and numbers alone. For better ones:
  {MULTILINGUAL.install} (fifteen languages) or {ENGLISH.install} (English only)"""

WORKFLOW = ".github/workflows/publish.yml"

TOPIC = """\
taxonomy: topic
_id: {slug}
name: {title}
keywords:
  - {keyword}
services:
  news: {url}/api/news/
"""


@click.command()
@click.argument("title")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
def command(title: str, folder: Path) -> None:
    """A new publication: settings, its first topic, a git repository, and a workflow that publishes it on GitHub.

    \b
    Example:
      broadsheet new "Tide Every Day" tide
      cd tide
      broadsheet sources add https://example.com/feed.xml
      broadsheet run --once
    """
    from broadsheet.app.clocks import SystemClock
    from broadsheet.app.models import installed_models
    from broadsheet.app.repositories import make_repository

    if (folder / "broadsheet.toml").exists() or (folder / "_config.yml").exists():
        raise UsageError(f"{folder} is a publication already")
    title = " ".join(title.split())
    if not title or not title.isprintable():
        raise UsageError("a publication needs a title, of characters that can be shown")
    files = _files(title)
    try:
        for name, text in files.items():
            _write(folder / name, text)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror}") from error
    make_repository(folder, SystemClock()).commit(sorted(files), f"A new publication: {title}")
    click.echo(f"Made {folder}. Next: broadsheet sources add -C {folder} https://example.com/feed.xml", err=True)
    if not installed_models():
        click.echo(NO_MODEL, err=True)


def _write(file: Path, text: str) -> None:
    """What is there already stays; a person's .gitignore gets our lines at its end."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text("utf-8", "surrogateescape") if file.exists() else ""
    if not before:
        file.write_text(text, "utf-8")
    elif file.name == ".gitignore":
        missing = [line for line in text.splitlines() if line not in before.splitlines()]
        file.write_text("\n".join([before.rstrip("\n"), *missing, ""]), "utf-8", "surrogateescape")


def _files(title: str) -> dict[str, str]:
    quoted = json.dumps(title, ensure_ascii=False)
    topic = {"slug": slug(title), "title": quoted, "keyword": json.dumps(title.lower(), ensure_ascii=False)}
    return {
        "broadsheet.toml": SETTINGS.format(title=quoted),
        f"_data/topics/00-{slug(title)}.yaml": TOPIC.format(**topic, url="http://localhost:8000"),
        ".gitignore": ".broadsheet/\npublic/\n.public.twin/\n",
        WORKFLOW: (resources.files(__package__) / "workflow.yml").read_text("utf-8"),
    }
