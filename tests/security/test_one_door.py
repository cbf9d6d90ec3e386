"""Bytes from outside come only through `adapters/http`: nobody else may even import what could fetch them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import broadsheet

_ROOT = Path(broadsheet.__file__).parent
_NETWORK = {
    *("socket", "ssl", "asyncio.streams", "http.client", "urllib.request", "ftplib", "telnetlib", "xmlrpc.client"),
    *("httpx", "httpcore", "h2", "h11", "requests", "urllib3", "aiohttp", "websockets", "pycurl"),
}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _reaches_out(module: str) -> bool:
    return any(module == name or module.startswith(name + ".") for name in _NETWORK)


def test_nobody_else_imports_the_network() -> None:
    found = [
        f"{path.relative_to(_ROOT)}: {module}"
        for path in sorted(_ROOT.rglob("*.py"))
        if path.relative_to(_ROOT).parts[:2] != ("adapters", "http")
        for module in _imports(ast.parse(path.read_text("utf-8")))
        if _reaches_out(module)
    ]
    assert found == []


def test_the_scan_sees_what_it_should() -> None:
    tree = ast.parse("import socket\nfrom http import client\nfrom urllib import request, parse\nimport http.server")
    assert {m for m in _imports(tree) if _reaches_out(m)} == {"socket", "http.client", "urllib.request"}
