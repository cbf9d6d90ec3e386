"""Docs are tests: every command, setting and dependency is told of, and what is told of exists."""

import re
import tomllib
from dataclasses import fields
from itertools import chain
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from broadsheet.cli import broadsheet
from broadsheet.model.publication import Site
from broadsheet.settings import (
    FetchSettings,
    HealthSettings,
    MailSettings,
    NewsletterSettings,
    PublishSettings,
    SourceSettings,
    StorySettings,
    SubjectSettings,
)

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(broadsheet.list_commands(click.Context(broadsheet)))


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_and_shows_an_example(name: str) -> None:
    assert f"`broadsheet {name}" in text("docs/commands.md")
    command = broadsheet.get_command(click.Context(broadsheet), name)
    assert command is not None
    inner = command.list_commands(click.Context(command)) if isinstance(command, click.Group) else [""]
    for sub in inner:
        shown = CliRunner().invoke(broadsheet, [name, *filter(None, [sub]), "--help"])
        assert shown.exit_code == 0
        assert f"broadsheet {name}" in shown.output.split("Example", 1)[-1], f"{name} {sub} shows no example"


def test_no_command_is_documented_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `broadsheet (\w+)", text("docs/commands.md"), re.MULTILINE))
    assert told == set(COMMANDS)


@pytest.mark.parametrize(
    "form",
    [
        Site,
        PublishSettings,
        FetchSettings,
        HealthSettings,
        StorySettings,
        NewsletterSettings,
        MailSettings,
        SubjectSettings,
        SourceSettings,
    ],
)
def test_every_setting_is_documented(form: type) -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", text("docs/settings.md"), re.MULTILINE))
    assert {f.name for f in fields(form)} <= told


def test_every_dependency_has_its_line() -> None:
    project = tomllib.loads(text("pyproject.toml"))
    named = [*project["project"]["dependencies"], *chain.from_iterable(project["dependency-groups"].values())]
    page = text("docs/dependencies.md")
    for requirement in named:
        name = re.split(r"[\[>=<]", requirement)[0]
        assert name in page, f"{name} has no line in docs/dependencies.md"


def test_every_target_of_the_readme_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*##", text("Makefile"), re.MULTILINE))
    assert set(re.findall(r"make ([a-z-]+)", text("README.md"))) <= targets
