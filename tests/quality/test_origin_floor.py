"""What must hold on the origin's own data: records, names, rules, and the API. Floors may rise, never fall."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from broadsheet.model.publication import Publication, Site
from broadsheet.model.record import FiledRecord
from broadsheet.stages.enrich.registry import read_organizations, read_topics
from broadsheet.stages.enrich.topics import match_topics
from broadsheet.stages.publish.build import files_of
from broadsheet.stages.publish.records.diagnosis import diagnose
from broadsheet.stages.publish.records.emitter import emit_record
from broadsheet.stages.publish.records.filing import read_file, record_files
from broadsheet.stages.publish.records.reader import _read_quickly, read_record
from broadsheet.stages.publish.slugs import slug
from broadsheet.stages.rank.heat import is_published


@pytest.fixture(scope="module")
def origin(shared: Path) -> Path:
    return shared / "data" / "origin"


@pytest.fixture(scope="module")
def publication(origin: Path) -> Publication:
    folder = origin / "powerapps"
    records = tuple(
        FiledRecord(f"_news/{file.name}", read_record(read_file(file), path=file.name)) for file in record_files(folder)
    )
    site = Site("Power Apps Every Day", "https://everyday-cc.github.io", "/powerapps", locale="en-us")
    topics, organizations = read_topics(folder / "_data/topics"), read_organizations(folder / "_data/organizations")
    return Publication(site, topics, organizations, records, numbered_from_newest=True)


def test_every_record_comes_back_byte_for_byte(origin: Path) -> None:
    files = list(record_files(origin))
    assert len(files) == 675
    for file in files:
        data = file.read_bytes()
        record = read_record(data, path=file.name)
        assert emit_record(record).encode() == data
        assert _read_quickly(data) == record
        careful = diagnose(data, file.name)
        assert (careful.record, careful.problems) == (record, ())


def test_the_older_form_comes_back_too(origin: Path) -> None:
    for file in list(record_files(origin))[::10]:
        lines = file.read_text().split("\n")
        newer = ("quality:", "heat:", "published:")
        older = "\n".join(line for line in lines if not line.startswith(newer))
        assert emit_record(read_record(older.encode(), path=file.name)) == older


def test_records_mean_what_yaml_says(origin: Path) -> None:
    for file in list(record_files(origin))[::25]:
        meant = yaml.safe_load(file.read_text().split("---\n")[1])
        record = read_record(file.read_bytes(), path=file.name)
        assert (record.title, record.excerpt, record.heat) == (meant["title"], meant["excerpt"], meant["heat"])
        assert record.published_date_time == meant["publishedDateTime"]
        assert list(record.topics) == meant["topics"]


def test_the_registry_is_read(publication: Publication) -> None:
    assert [topic.id for topic in publication.topics if topic.is_site] == ["power-apps"]
    assert len(publication.topics) == 7
    assert len(publication.organizations) == 70


def test_names_of_files(publication: Publication) -> None:
    right = sum(slug(filed.record.title) == filed.path[len("_news/YYYY-MM-DD-") : -3] for filed in publication.records)
    assert right >= 673


def test_topics(publication: Publication) -> None:
    right = 0
    for filed in publication.records:
        found = tuple(match.topic.name for match in match_topics(filed.record.title, publication.topics))
        right += found == filed.record.topics
    assert right >= 672


def test_published_follows_from_the_heat(publication: Publication) -> None:
    assert all(is_published(filed.record.heat or 0) == filed.record.published for filed in publication.records)


def test_quality_and_heat_or_a_reason(origin: Path) -> None:
    command = [sys.executable, "-m", "broadsheet", "score", "--official", "microsoft.com", "--records"]
    result = subprocess.run([*command, str(origin / "powerapps")], capture_output=True, check=True)
    rows: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(rows) == 674
    same = {key: [row["recorded"][key] == row["computed"][key] for row in rows] for key in rows[0]["recorded"]}
    assert sum(same["quality"]) >= 660
    assert sum(same["topics"]) >= 672
    assert sum(same["heat"]) >= 658
    for row in rows:
        told = {reason.partition(":")[0] for reason in row.get("differs", [])}
        assert told == {key for key in row["recorded"] if row["recorded"][key] != row["computed"][key]}
    unexplained = [row for row in rows if any("nothing in the record" in reason for reason in row.get("differs", []))]
    assert len(unexplained) <= 1


def test_the_api_is_the_origins(origin: Path, publication: Publication) -> None:
    folder = origin / "powerapps"
    ours = {f.path: f.body for f in files_of(publication) if f.path.startswith("api/news/")}
    theirs = {file.relative_to(folder).as_posix(): file.read_bytes() for file in (folder / "api").rglob("*.json")}
    assert ours.keys() == theirs.keys()
    assert all(json.loads(ours[path]) == json.loads(theirs[path]) for path in theirs)
    assert ours == theirs


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_the_commands_find_nothing_wrong(origin: Path, command: str, tmp_path: Path) -> None:
    copies = tmp_path / "_news"
    copies.mkdir()
    for file in record_files(origin):
        (copies / file.name).write_bytes(file.read_bytes())
    before = {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in copies.iterdir()}
    run = [sys.executable, "-m", "broadsheet", "records", command, str(tmp_path)]
    result = subprocess.run(run, capture_output=True, check=False)
    assert (result.returncode, result.stdout) == (0, b"")
    assert before == {file: (file.stat().st_mtime_ns, file.stat().st_ino) for file in copies.iterdir()}
