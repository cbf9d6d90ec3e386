"""`broadsheet stories`."""

import gzip
import json

import pytest
from click.testing import CliRunner

from broadsheet.cli.stories import command

LINES = [
    {"id": "a", "title": "Ferry runs aground off Texel, 120 taken ashore", "publishedDateTime": "2026-03-02T08:00:00Z"},
    {"id": "b", "title": "Dutch parliament votes on nitrogen law", "publishedDateTime": "2026-03-02T09:00:00Z"},
    {"id": "c", "title": "Ferry aground off Texel: 120 brought ashore", "publishedDateTime": "2026-03-02T10:00:00Z"},
]


def run(body: bytes, *arguments: str) -> tuple[int, list[dict[str, object]]]:
    result = CliRunner().invoke(command, arguments, input=body)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def body() -> bytes:
    return "\n".join(map(json.dumps, LINES)).encode()


def test_a_line_for_each_article():
    code, rows = run(body())
    assert code == 0
    assert {row["id"]: set(row) for row in rows} == {i: {"id", "story", "isHead", "receipt"} for i in "abc"}
    story = {row["id"]: row["story"] for row in rows}
    assert story["a"] == story["c"] != story["b"]
    assert sum(row["isHead"] is True for row in rows) == 2


@pytest.mark.parametrize("name", ["in.jsonl", "in.jsonl.gz"])
def test_a_file_gives_the_same_as_standard_input(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(gzip.compress(body()) if name.endswith("gz") else body())
    assert run(b"", str(path)) == run(body()) == run(gzip.compress(body()))


def test_a_bad_line_is_reported_and_the_others_go_on():
    code, rows = run(body() + b"\nnot json\n")
    assert code == 1
    assert [row["line"] for row in rows if "error" in row] == [4]
    assert len(rows) == 4


def test_nothing_in_nothing_out():
    assert run(b"") == (0, [])


def test_copies_are_marked():
    text = " ".join(f"Texel word{n}" for n in range(40))
    rows = [{**LINES[0], "text": text}, {**LINES[2], "text": text}]
    _, found = run("\n".join(map(json.dumps, rows)).encode())
    assert [(row.get("copyOf"), row.get("sharedText"), row["isHead"]) for row in found] == [
        (None, None, True),
        ("a", 1.0, False),
    ]


def test_a_damaged_gzip_is_an_error_of_usage(tmp_path):
    path = tmp_path / "in.jsonl.gz"
    path.write_bytes(gzip.compress(body())[:-9])
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code != 0
    assert "can't be read" in str(result.exception)
