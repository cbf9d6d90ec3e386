"""Whom we ask."""

import pytest

from broadsheet.stages.fetch import host_of, publisher_of


@pytest.mark.parametrize(
    ("url", "host", "publisher"),
    [
        ("https://news.paper.co.uk/feed", "news.paper.co.uk:443", "paper.co.uk:443"),
        ("http://NEWS.Paper.co.uk.:8080/feed", "news.paper.co.uk:8080", "paper.co.uk:8080"),
        ("http://127.0.0.1:8000/", "127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[2A00::1]/", "[2a00::1]:80", "[2a00::1]:80"),
        ("https://one.blogspot.com/", "one.blogspot.com:443", "one.blogspot.com:443"),
        ("world.warc.gz", "", ""),
        ("http://[::1", "", ""),
        ("http://paper.example:99999/", "", ""),
    ],
)
def test_host_and_publisher(url: str, host: str, publisher: str) -> None:
    assert (host_of(url), publisher_of(url)) == (host, publisher)
