"""A command loads what it uses and no more: the rest costs more time than most commands take."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from bench.publication.content import stories, write_content

from broadsheet.cli import broadsheet

HEAVY = frozenset(
    [
        "PIL",
        "alembic",
        "anyio",
        "asyncio",
        "concurrent.futures",
        "cryptography",
        "email",
        "fastwarc",
        "filelock",
        "httpcore",
        "httpx",
        "logging",
        "lxml",
        "multiprocessing",
        "nh3",
        "numpy",
        "re2",
        "rich",
        "scipy",
        "selectolax",
        "socket",
        "sqlalchemy",
        "ssl",
    ]
)
"""What some commands need, and takes 5 to 300 ms to load."""
LOADED = """
import json, sys
from broadsheet.cli import main
try:
    main()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded(*command: str) -> set[str]:
    """The modules that a process has loaded when the command is done."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *command], capture_output=True, text=True, check=True, timeout=60
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    write_content(tmp_path / "paper", stories(20))
    return tmp_path / "paper"


def test_building_loads_nothing_of_the_network_the_store_and_pictures(paper: Path) -> None:
    modules = loaded("build", "-C", str(paper))
    assert (paper / "public" / "index.html").is_file()
    assert "broadsheet.stages.publish.site.story_page" in modules
    assert not modules & HEAVY


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_saying_what_there_is_loads_no_command(asked: str) -> None:
    modules = loaded(asked)
    assert {name for name in modules if name.startswith("broadsheet.")} <= {
        "broadsheet.cli",
        "broadsheet.cli._modules",
        "broadsheet.cli._streams",
        "broadsheet.errors",
    }
    assert not modules & HEAVY


@pytest.mark.parametrize("path", [(), ("sources",), ("newsletter",)])
def test_a_list_of_commands_says_of_each_what_it_says_itself(path: tuple[str, ...]) -> None:
    group: click.Command = broadsheet
    for name in path:
        assert isinstance(group, click.Group)
        group = group.get_command(click.Context(group), name) or group
    assert isinstance(group, click.Group)
    context = click.Context(group, terminal_width=300, max_content_width=300)
    names = group.list_commands(context)
    commands = [command for name in names if (command := group.get_command(context, name))]
    assert len(commands) == len(names) > 5
    shown = group.get_help(context).split("Commands:\n")[1].splitlines()
    width = max(map(len, names)) + 2
    for name, command, line in zip(names, commands, shown, strict=True):
        assert line == f"  {name:{width}}{command.get_short_help_str(300 - 6 - width + 2)}"
