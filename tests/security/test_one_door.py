"""Bytes from outside come only through `adapters/http`: nobody else may even import what could fetch them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet

_ROOT = Path(broadsheet.__file__).parent
_NETWORK = {
    *("socket", "_socket", "ssl", "_ssl", "select", "selectors", "asyncio", "http.client", "urllib.request"),
    *("urllib.robotparser", "ftplib", "telnetlib", "nntplib", "poplib", "imaplib", "smtplib", "xmlrpc", "wsgiref"),
    *("multiprocessing.managers", "multiprocessing.connection", "concurrent.interpreters", "logging.handlers"),
    *("httpx", "httpcore", "h2", "h11", "hpack", "requests", "urllib3", "aiohttp", "websockets", "pycurl", "httplib2"),
    *("anyio", "trio", "curio", "gevent", "eventlet", "twisted", "tornado", "uvloop", "niquests", "treq", "mechanize"),
    *("paramiko", "fabric", "dns", "aiodns", "pyppeteer", "selenium", "playwright", "trafilatura", "feedparser"),
}
_BUILT_AT_RUN_TIME = {"__import__", "import_module", "exec", "eval", "compile_command"}
# What these may have, and why. A server is asked; it asks nobody.
_EXCEPTIONS = {
    ("adapters/engine/processes.py", "multiprocessing.connection"): "pipes to its own children; only the type",
    ("adapters/engine/processes.py", "multiprocessing.connection.Connection"): "the same",
    ("cli/_modules.py", "import_module"): "commands of the package itself",
    **dict.fromkeys(
        (("cli/newsletter/preview.py", f"playwright.sync_api{name}") for name in ("", ".Error", ".sync_playwright")),
        "a picture of a letter of our own, which loads nothing: the check of letters sees to it",
    ),
}
_MAIL = {"smtplib", "ssl"}  # a place to send letters of the paper from, if there is one


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _calls(tree: ast.AST) -> Iterator[str]:
    """Names by which modules are imported, or code is made, while the program runs."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            plain = isinstance(called, ast.Name) or name == "import_module"
            if plain and name in _BUILT_AT_RUN_TIME:
                yield name


def _reaches_out(module: str) -> bool:
    return any(module == name or module.startswith(name + ".") for name in _NETWORK)


def _sources() -> list[Path]:
    return [path for path in sorted(_ROOT.rglob("*.py")) if path.relative_to(_ROOT).parts[:2] != ("adapters", "http")]


def _found(path: Path) -> Iterator[tuple[str, str]]:
    tree, name = ast.parse(path.read_text("utf-8")), path.relative_to(_ROOT).as_posix()
    allowed = _MAIL if name.startswith("adapters/mail/") else set()
    for module in _imports(tree):
        if _reaches_out(module) and module.partition(".")[0] not in allowed:
            yield name, module
    for call in _calls(tree):
        yield name, call


def test_nobody_else_imports_the_network() -> None:
    found = {place for path in _sources() for place in _found(path)}
    assert found - set(_EXCEPTIONS) == set()


def test_every_exception_is_still_needed() -> None:
    found = {place for path in _sources() for place in _found(path)}
    assert {place for place in _EXCEPTIONS if (_ROOT / place[0]).exists()} <= found


def test_no_parser_of_xml_is_let_onto_the_network() -> None:
    """lxml asks nobody unless it is told that it may."""
    said = [path.name for path in _sources() if "no_network=False" in path.read_text("utf-8").replace(" ", "")]
    assert said == []


def test_programs_are_started_in_few_places() -> None:
    """Another program could fetch as well: git and rsync (which are told where), and our own workers."""
    found = {
        path.relative_to(_ROOT).parts[:2]
        for path in _sources()
        if {"subprocess", "os.system", "os.popen", "pty"} & set(_imports(ast.parse(path.read_text("utf-8"))))
        or any(word in path.read_text("utf-8") for word in ("os.system(", "os.popen(", "os.exec", "os.spawn"))
    }
    assert found <= {("adapters", "git"), ("adapters", "deploy"), ("adapters", "engine"), ("cli", "doctor.py")}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import socket\nfrom http import client, HTTPStatus", {"socket", "http.client"}),
        ("from urllib import request, parse\nimport http.server", {"urllib.request"}),
        ("from asyncio import open_connection", {"asyncio", "asyncio.open_connection"}),
        ("def f():\n    import httpx as h", {"httpx"}),
        ("import urllib.parse, urllib3.util", {"urllib3.util"}),
        ("from . import socket", set()),
    ],
)
def test_the_scan_sees_imports(code: str, names: set[str]) -> None:
    assert {m for m in _imports(ast.parse(code)) if _reaches_out(m)} == names


@pytest.mark.parametrize("code", ["__import__('socket')", "importlib.import_module('socket')", "exec('import socket')"])
def test_the_scan_sees_what_is_imported_at_run_time(code: str) -> None:
    assert list(_calls(ast.parse(code)))


def test_the_scan_leaves_the_rest_alone() -> None:
    assert not list(_calls(ast.parse("re.compile('x')\nmodel.eval()\nrow.exec(1)")))
