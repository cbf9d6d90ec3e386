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


def test_a_page_that_takes_for_ever_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    """By a publication's own rule, whose pattern tries every way to part the letters of the title."""
    rules = 'hosts = ["slow.example"]\n[[rule]]\ntitle = { at = ["css h1"], only = \'^(b|bb)+$\' }\n'
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "slow.toml").write_text(rules, "utf-8")
    slow = PAGE.replace(b"<h1>A bridge closes", b"<h1>" + b"b" * 90 + b"!")
    with WarcWriter(tmp_path / "crawl.warc.gz") as archive:
        for number in range(9):
            host, body = ("slow", slow) if number % 4 == 1 else ("quick", PAGE)
            url = f"https://{host}.example/{number}"
            archive.write(Response(url, url, 200, body, datetime(2026, 1, 1, tzinfo=UTC)))
    result = CliRunner().invoke(
        command, ["--publishers", str(tmp_path / "rules"), "--processes", "2", str(tmp_path / "crawl.warc.gz")]
    )
    rows = _rows(result.stdout)
    assert [str(row["url"])[-1] for row in rows] == [str(n) for n in range(9)]
    assert [n for n, row in enumerate(rows) if "error" in row] == [1, 5]
    assert rows[1]["error"] == "the page took more than 1 s of the processor and was stopped"


def test_any_number_of_processes_prints_the_same(tmp_path: Path) -> None:
    with WarcWriter(tmp_path / "crawl.warc.gz") as archive:
        for number in range(30):
            url = f"https://example.com/{number}"
            body = PAGE.replace(
                b"For good.", b"For %d days, as the office of the harbour has told us today. " % number * 9
            )
            archive.write(Response(url, url, 200, body, datetime(2026, 1, 1, tzinfo=UTC)))
    outputs = {
        CliRunner().invoke(command, ["--processes", n, str(tmp_path / "crawl.warc.gz")]).stdout for n in ("1", "2", "5")
    }
    assert len(outputs) == 1
