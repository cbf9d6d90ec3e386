"""What JSON Feeds in the wild need forgiven."""

from broadsheet.stages.sources.feeds import read_feed


def test_raw_line_breaks_inside_strings_are_forgiven() -> None:
    version = b'"version": "https://jsonfeed.org/version/1.1"'
    body = b"{" + version + b', "title": "Tide\ttable", "items": [{"id": "1", "content_text": "a\nb"}]}'
    assert len(read_feed(body).entries) == 1
