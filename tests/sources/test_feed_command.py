import gzip
import json
from pathlib import Path

from click.testing import CliRunner

from broadsheet.cli.feed import command

FEED = b"<rss><channel><title>T</title><item><title>One</title><pubDate>Wed, 04 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"


def test_a_line_for_each_and_one_bad_stops_none(tmp_path: Path) -> None:
    good, packed, bad, missing = (tmp_path / name for name in ("a.xml", "b.xml.gz", "c.html", "d.xml"))
    good.write_bytes(FEED)
    packed.write_bytes(gzip.compress(FEED))
    bad.write_bytes(b"<!doctype html><html><p>no</p></html>")
    result = CliRunner().invoke(command, [str(p) for p in (bad, good, missing, packed)])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [row["source"] for row in rows] == [str(bad), str(good), str(missing), str(packed)]
    assert "HTML page" in rows[0]["error"]
    assert "No such file" in rows[2]["error"]
    assert rows[1]["title"] == rows[3]["title"] == "T"
    assert rows[1]["entries"][0]["published"] == "2026-03-04T10:00:00Z"
    assert set(rows[1]["entries"][0]) >= {
        *("id", "url", "title", "summary", "content", "authors", "published", "updated", "categories", "enclosures"),
        *("images", "comments", "language"),
    }


def test_exit_codes(tmp_path: Path) -> None:
    good = tmp_path / "a.xml"
    good.write_bytes(FEED)
    assert CliRunner().invoke(command, [str(good)]).exit_code == 0
    assert CliRunner().invoke(command, []).exit_code == 2


def test_addresses_that_are_not_public_are_refused() -> None:
    result = CliRunner().invoke(command, ["http://127.0.0.1/feed"])
    assert result.exit_code == 1
    assert "error" in json.loads(result.stdout)
