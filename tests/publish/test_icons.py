"""The icons that sites name, and which are tried first."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.stages.publish.icons import Icon, icons_of, icons_of_manifest, in_order

HOME = "https://kelp.example/"


def found(head: str) -> list[tuple[str, int]]:
    icons, _ = icons_of(f"<!doctype html><html><head>{head}</head>".encode(), url=HOME)
    return [(icon.url.removeprefix(HOME), icon.side) for icon in icons]


@pytest.mark.parametrize(
    ("head", "icons"),
    [
        ('<link rel="icon" href="/i.png" sizes="96x96">', [("i.png", 96)]),
        ('<LINK HREF=i.ico REL="Shortcut Icon">', [("i.ico", 32)]),
        ("<link rel='icon' sizes='16x16 32x32 48x48' href='i.ico' />", [("i.ico", 48)]),
        ('<link rel="apple-touch-icon" href="/a.png">', [("a.png", 180)]),
        ('<link rel="apple-touch-icon-precomposed" sizes="76X76" href="//kelp.example/a.png?x=1&amp;y=2">',
         [("a.png?x=1&y=2", 76)]),
        ('<link rel="icon" type="image/svg+xml" href="/i"><link rel="icon" href="/i.svg?v=1">', []),
        ('<link rel="icon" sizes="any" href="/i">', []),
        ('<link rel="mask-icon" href="/m.png"><link rel="stylesheet" href="/s.css"><link rel=icon>', []),
        ('<link rel="icon" href="data:image/png;base64,AAAA"><link rel="icon" href="javascript:alert(1)">', []),
        ('<link rel="icon" href="https://[::1/x.png"><link rel=icon href="  ">', []),
    ],
)  # fmt: skip
def test_what_a_page_names(head: str, icons: list[tuple[str, int]]) -> None:
    assert found(head) == icons


def test_a_page_names_its_manifest() -> None:
    page = b'<link rel="manifest" href="/site.webmanifest"><link rel="manifest" href="/other">'
    assert icons_of(page, url=HOME) == ([], HOME + "site.webmanifest")
    assert icons_of(b"", url=HOME) == ([], None)


def test_what_a_manifest_names() -> None:
    icons = [
        {"src": "/192.png", "sizes": "192x192", "type": "image/png"},
        {"src": "m.png", "sizes": "512x512", "purpose": "maskable"},
        {"src": "/line.png", "sizes": "96x96", "purpose": "monochrome"},
        {"src": "/i.svg", "sizes": "any", "type": "image/svg+xml"},
        {"src": 7, "sizes": None}, "x", {"sizes": "1x1"},
    ]  # fmt: skip
    read = icons_of_manifest(json.dumps({"icons": icons}).encode(), url=HOME + "app/site.webmanifest")
    assert read[:2] == [Icon(HOME + "192.png", 192), Icon(HOME + "app/m.png", 512, padded=True)]
    assert all("line" not in icon.url and "svg" not in icon.url for icon in read)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"icons": 3}', b"\xff\xfe", b"[" * 100_000, b'{"icons": [[]]}'])
def test_what_is_no_manifest_names_nothing(body: bytes) -> None:
    assert icons_of_manifest(body, url=HOME) == []


def test_the_smallest_that_is_large_enough_comes_first() -> None:
    sides = {"a.png": 512, "b.png": 96, "c.png": 48, "d.png": 16, "e.png": 180}
    icons = [*(Icon(HOME + name, side) for name, side in sides.items()), Icon(HOME + "m.png", 72, padded=True)]
    assert [i.url.removeprefix(HOME) for i in in_order(icons, home=HOME + "en/")] == [
        "b.png",
        "e.png",
        "a.png",
        "favicon.ico",
    ]
    assert in_order((), home=HOME + "en/") == [Icon(HOME + "favicon.ico", 32)]


def test_each_address_is_tried_once() -> None:
    twice = [Icon(HOME + "a.png", 96), Icon(HOME + "a.png", 96), Icon(HOME + "favicon.ico", 64)]
    assert [i.url for i in in_order(twice, home=HOME)] == [HOME + "favicon.ico", HOME + "a.png"]


@given(st.text(alphabet="<>link rel=icon'\"hrefsz/x19&; \n-!", max_size=400), st.binary(max_size=200))
def test_any_page_is_read(markup: str, junk: bytes) -> None:
    icons, manifest = icons_of(markup.encode() + junk, url=HOME)
    assert all(icon.url.startswith(("http://", "https://")) for icon in icons)
    assert manifest is None or manifest.startswith(("http://", "https://"))


def test_a_page_made_to_be_slow_is_not() -> None:
    for piece in ("<link ", "<link a='", '<link rel="icon" href="', "<link rel=icon sizes=" + "1x1 " * 200):
        icons_of((piece * 100_000).encode(), url=HOME)
