"""What `broadsheet.toml` and `_config.yml` may say, and what is said of them when they are wrong."""

from pathlib import Path

import pytest

from broadsheet.errors import SettingsError
from broadsheet.model.source import Source, SourceKind
from broadsheet.settings import read_settings

GOOD = """
title = "Weir & Tide"
url = "https://tide.example/"
base_path = "paper"

[publish]
threshold = 60
official = ["tide.example"]

[fetch]
timeout_seconds = 5

[[sources]]
url = "https://a.example/feed"

[[sources]]
url = "https://b.example/sitemap.xml"
kind = "sitemap"
name = "B"
official = true
"""


def toml(folder: Path, text: str) -> Path:
    (folder / "broadsheet.toml").write_text(text, "utf-8")
    return folder


def test_a_whole_file(tmp_path: Path) -> None:
    settings = read_settings(toml(tmp_path, GOOD))
    assert settings.site.title == "Weir & Tide"
    assert (settings.site.url, settings.site.base_path) == ("https://tide.example", "/paper")
    assert settings.site.web_url == "https://tide.example/paper"
    assert settings.publish.threshold == 60
    assert settings.fetch.timeout_seconds == 5.0
    assert settings.sources == (
        Source("https://a.example/feed"),
        Source("https://b.example/sitemap.xml", SourceKind.SITEMAP, "B", official=True),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'title = "A"\n\n[fetch]\ntimeout_second = 3\n',
            r"toml:4: \[fetch\] timeout_second: there is no such key; did you mean 'timeout_seconds'",
        ),
        ('title = "A"\nurll = "x"\n', r"toml:2: urll: there is no such key; did you mean 'url'"),
        ('title = "A"\n[fetch]\nthreads = "many"\n', r"toml:3: \[fetch\] threads: must be a whole number, not 'many'"),
        ('title = "A"\n[fetch]\nthreads = 0\n', r"toml:3: .*between 1 and 256"),
        ('title = "A"\n[publish]\ncommit = 1\n', r"toml:3: .*true or false"),
        ('title = "A"\n[publish]\nofficial = "a.example"\n', r"toml:3: .*list of strings"),
        ('title = "A"\n[subject]\nmatch = "some"\n', r"toml:3: .*one of any, title, text"),
        ('url = "https://a.example"\n', r"toml:1: lacks the key 'title'"),
        ('title = "A"\n[[sources]]\nname = "B"\n', r"toml:2: \[sources\]: lacks the key 'url'"),
        ('title = "A"\n[[sources]]\nurl="u"\n[[sources]]\nurl="u"\n', r"toml:4: .*listed twice"),
        ('title = "A"\nsources = 3\n', "must be blocks"),
        ('title = "A"\nfetch = 3\n', "must be a table"),
        ('title = "A\n', "line 1"),
        ('title = "A"\n[[sources]]\nurl = "u"\nkind = "telex"\n', r"toml:4: .*one of feed, sitemap, warc"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        read_settings(toml(tmp_path, text))
    assert caught.value.exit_code == 2


def test_a_folder_without_settings_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="broadsheet new"):
        read_settings(tmp_path)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "broadsheet.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(SettingsError, match="byte 9 is not UTF-8"):
        read_settings(tmp_path)


def test_the_origins_configuration(tmp_path: Path) -> None:
    text = 'title: Weirs Every Day\nurl: https://e.example\nbaseurl: "/weirs"\nwebUrl: https://e.example/w\nx: &a {b: 1}\ny: *a\n'
    (tmp_path / "_config.yml").write_text(text)
    site = read_settings(tmp_path).site
    assert (site.title, site.url, site.base_path, site.web_url) == (
        "Weirs Every Day",
        "https://e.example",
        "/weirs",
        "https://e.example/w",
    )
