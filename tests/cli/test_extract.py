"""`broadsheet extract` as a filter."""

import json
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from broadsheet.cli.extract import command
from broadsheet.formats.warc import WarcWriter
from broadsheet.model.exchange import Response

PAGE = b"<html><head><title>A bridge closes</title></head><body><h1>A bridge closes</h1><p>For good.</p></body></html>"


def _rows(output: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.splitlines()]


def test_a_file_with_its_address(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(PAGE)
    result = CliRunner().invoke(command, ["--url", "https://example.com/a", str(tmp_path / "page.html")])
    assert result.exit_code == 0
    (row,) = _rows(result.stdout)
    assert (row["url"], row["title"]) == ("https://example.com/a", "A bridge closes")


def test_an_archive_keeps_its_addresses(tmp_path: Path) -> None:
    urls = ["https://example.com/a?utm_source=x", "https://example.com/b", "https://example.com/c"]
    with WarcWriter(tmp_path / "crawl.warc.gz") as archive:
        for url, status, body in zip(urls, (200, 404, 200), (PAGE, PAGE, b"\x89PNG..."), strict=True):
            when = datetime(2026, 1, 1, tzinfo=UTC)
            archive.write(Response(url, url, status, body, when, {"content-type": "text/html"}))
    result = CliRunner().invoke(command, [str(tmp_path / "crawl.warc.gz")])
    assert result.exit_code == 1
    rows = _rows(result.stdout)
    assert [row["url"] for row in rows] == urls
    assert ["error" in row for row in rows] == [False, True, True]


def test_what_is_missing_is_reported(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(tmp_path / "no.html"), str(tmp_path / "no.warc.gz")])
    assert result.exit_code == 1
    assert all("error" in row for row in _rows(result.stdout))


def test_one_address_for_several_pages_is_wrong_usage() -> None:
    assert CliRunner().invoke(command, ["--url", "https://example.com/a", "a.html", "b.html"]).exit_code == 2
