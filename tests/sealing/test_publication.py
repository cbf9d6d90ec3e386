"""A publication with a key: what readers can't read, what a run without the key leaves alone, and changing keys."""

import base64
import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.editor.newsroom import CLIMB, LADDER, Paper, paper_in

from broadsheet.cli import broadsheet


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return paper_in(tmp_path / "paper")


def call(paper: Paper, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(broadsheet, [*words, "-C", str(paper.folder)], input=given)


def rows(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output + repr(result.exception)
    return [json.loads(line) for line in result.stdout.splitlines()]


def secured(paper: Paper, record: str) -> str | None:
    found = re.search(r'^secured: "(.*)"$', (paper.folder / record).read_text("utf-8"), re.MULTILINE)
    return found[1] if found else None


def payload(paper: Paper, record: str) -> dict[str, object]:
    [row] = rows(call(paper, "unseal", str(paper.folder / record)))
    said = row["payload"]
    assert isinstance(said, dict)
    return said


def key_file(paper: Paper) -> Path:
    return paper.folder / ".broadsheet" / "keys.json"


def test_without_a_key_nothing_is_sealed(paper: Paper) -> None:
    paper.run()
    assert secured(paper, LADDER) is None


def test_the_operator_reads_what_others_cannot(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    paper.run()
    said = payload(paper, LADDER)
    assert said["story"] == paper.story_of(LADDER)
    assert said["source"]
    assert said["quality"]
    assert "heat" in said
    assert not any(str(said["source"]).encode() in body for path, body in paper.tree().items() if path == LADDER)
    assert "secured" not in (paper.folder / "public/api/news/index.json").read_text("utf-8")


def test_the_same_facts_give_the_same_files_and_no_commit(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    paper.run()
    before, commits = paper.tree(), paper.git("rev-list", "--count", "HEAD")
    paper.run()
    assert paper.tree() == before
    assert paper.git("rev-list", "--count", "HEAD") == commits


def test_a_key_that_comes_later_seals_what_was_written_before(paper: Paper) -> None:
    paper.run()
    rows(call(paper, "keys", "add"))
    paper.run()
    assert payload(paper, CLIMB)["story"] == paper.story_of(CLIMB)


def test_a_run_without_the_key_keeps_payloads_byte_for_byte(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    paper.run()
    sealed = {record: secured(paper, record) for record in (LADDER, CLIMB)}
    key_file(paper).rename(paper.folder.parent / "keys.json")
    paper.edit("pin", CLIMB)
    paper.run()
    assert {record: secured(paper, record) for record in (LADDER, CLIMB)} == sealed
    assert call(paper, "unseal", str(paper.folder / LADDER)).exit_code == 1


def test_keys_are_rotated_and_retired(paper: Paper) -> None:
    [first] = rows(call(paper, "keys", "add"))
    paper.run()
    facts = payload(paper, LADDER)
    refused = call(paper, "keys", "retire", str(first["key"]))
    assert refused.exit_code != 0
    second, *sealed = rows(call(paper, "keys", "rotate"))
    assert len(sealed) == len(list((paper.folder / "_news").glob("*.md")))
    assert payload(paper, LADDER) == facts
    rows(call(paper, "keys", "retire", str(first["key"])))
    assert payload(paper, LADDER) == facts
    listed = rows(call(paper, "keys", "list"))
    assert listed == [{"key": second["key"], "seals": True, "records": len(sealed)}]
    before = paper.tree()
    paper.run()
    assert paper.tree() == before
    assert paper.git("status", "--porcelain", "_news") == ""


def test_a_key_is_kept_while_a_record_needs_it(paper: Paper) -> None:
    [first] = rows(call(paper, "keys", "add"))
    paper.run()
    new = base64.b64encode(bytes(range(32))).decode()
    (paper.folder.parent / "key").write_text(new)
    rows(call(paper, "keys", "add", "--from", str(paper.folder.parent / "key")))
    said = json.loads(key_file(paper).read_text())
    said["seals"] = next(name for name in said["keys"] if name != first["key"])
    key_file(paper).write_text(json.dumps(said))
    refused = call(paper, "keys", "retire", str(first["key"]))
    assert "records are sealed with it" in str(refused.exception)
    rows(call(paper, "keys", "renew"))
    rows(call(paper, "keys", "retire", str(first["key"])))
    assert payload(paper, LADDER)["source"]


def test_what_a_person_changed_stays_theirs_through_a_rotation(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    paper.run()
    file = paper.folder / LADDER
    file.write_text(file.read_text("utf-8").replace("salmon ladder", "SALMON ladder"), "utf-8")
    rows(call(paper, "keys", "rotate"))
    paper.run()
    assert payload(paper, LADDER)["source"]


def test_a_payload_of_ones_own(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    paper.run()
    rows(call(paper, "seal", str(paper.folder / LADDER), given='{"source": "a letter"}'))
    assert payload(paper, LADDER) == {"source": "a letter"}
    assert call(paper, "seal", str(paper.folder / LADDER), given="[1]").exit_code != 0
    assert call(paper, "seal", str(paper.folder / LADDER), given="{").exit_code != 0


def test_payloads_of_others_are_kept(paper: Paper) -> None:
    paper.run()
    theirs = base64.b64encode(bytes(64)).decode() + ";" + base64.b64encode(bytes(16)).decode()
    file = paper.folder / LADDER
    body = file.read_text("utf-8")
    end = body.index("\n---", 4)
    file.write_text(f'{body[:end]}\n\nsecured: "{theirs}"{body[end:]}', "utf-8")
    rows(call(paper, "keys", "add"))
    paper.run()
    assert secured(paper, LADDER) == theirs


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"keys": {"a": "b"}, "seals": null}', '{"keys": {}, "seals": "x"}'])
def test_a_damaged_key_file_is_said_to_be_one(paper: Paper, body: str) -> None:
    key_file(paper).parent.mkdir(exist_ok=True)
    key_file(paper).write_text(body)
    key_file(paper).chmod(0o600)
    result = call(paper, "keys", "list")
    assert "no file of keys" in str(result.exception)


def test_a_key_file_that_others_can_read_is_refused(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    assert key_file(paper).stat().st_mode & 0o777 == 0o600
    key_file(paper).chmod(0o644)
    assert "can be read by others" in str(call(paper, "keys", "list").exception)


def test_the_key_is_nowhere_else(paper: Paper) -> None:
    rows(call(paper, "keys", "add"))
    paper.run()
    [master] = json.loads(key_file(paper).read_text())["keys"].values()
    key = base64.b64decode(master)
    history = subprocess.run(["git", "log", "-p", "--all"], cwd=paper.folder, capture_output=True, check=True).stdout
    everything = [history, *(p.read_bytes() for p in paper.folder.rglob("*") if p.is_file() and p != key_file(paper))]
    for form in (key, key.hex().encode(), master.encode()):
        assert not any(form in body for body in everything)
