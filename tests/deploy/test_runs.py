"""Deployments as a part of the main job, and as a command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from broadsheet.cli.publish import command
from broadsheet.errors import UsageError
from deploying import git
from worlds import EVENING, World, run_at, saltmere


@pytest.fixture
def world(tmp_path: Path) -> World:
    return saltmere(tmp_path / "paper")


def deploy_to(world: World, *blocks: str) -> None:
    file = world.folder / "broadsheet.toml"
    file.write_text(file.read_text("utf-8") + "".join(f"\n[[deploy]]\n{block}\n" for block in blocks), "utf-8")


def built(world: World) -> dict[str, str]:
    folder = world.folder / "public"
    paths = [p for p in folder.rglob("*") if p.is_file() and p.suffix in {".html", ".xml", ".json"}]
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in paths if not p.name.startswith(".")}


def texts(folder: Path) -> dict[str, str]:
    paths = [p for p in folder.resolve().rglob("*") if p.is_file() and p.suffix in {".html", ".xml", ".json"}]
    return {p.relative_to(folder.resolve()).as_posix(): p.read_text("utf-8") for p in paths}


def test_a_run_deploys_what_it_built_and_a_quiet_one_nothing(world: World, tmp_path: Path) -> None:
    deploy_to(world, f'to = "{tmp_path}/www"', 'to = "git:pages"\nsquash = true')
    report = run_at(world.folder)
    assert not [f for f in report.failures if f.stage == "deploy"]
    assert report.counted("deploy", "targets") == 2
    assert texts(tmp_path / "www") == built(world)
    assert set(built(world)) <= set(git("-C", world.folder, "ls-tree", "-r", "--name-only", "pages").split())
    quiet = run_at(world.folder)
    assert not quiet.counted("build", "written")
    assert not quiet.counted("deploy", "targets")


def test_a_target_that_fails_is_reported_and_tried_again(world: World, tmp_path: Path) -> None:
    (tmp_path / "www").write_text("in the way")
    deploy_to(world, f'to = "{tmp_path}/www/paper"')
    report = run_at(world.folder)
    assert [f.stage for f in report.failures if "www" in f.item] == ["deploy"]
    (tmp_path / "www").unlink()
    again = run_at(world.folder)
    assert not again.counted("build", "written"), "nothing new is built"
    assert again.counted("deploy", "targets") == 1
    assert texts(tmp_path / "www" / "paper") == built(world)


def test_a_run_that_was_killed_after_its_build_deploys_the_next_time(world: World, tmp_path: Path) -> None:
    deploy_to(world, f'to = "{tmp_path}/www"')
    run_at(world.folder)
    world.page("https://ledger.example/flood", "Flood at the Saltmere weir", ("A flood closed the weir.",) * 3, EVENING)
    world.feed(
        "https://ledger.example/feed.xml", {"https://ledger.example/flood": "Flood at the Saltmere weir"}, EVENING
    )
    world.write()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("broadsheet.pipeline.deploy", _killed)
        with pytest.raises(KeyboardInterrupt):
            run_at(world.folder, EVENING)
    assert texts(tmp_path / "www") != built(world)
    run_at(world.folder, EVENING)
    assert texts(tmp_path / "www") == built(world)


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_the_command_says_what_it_did(world: World, tmp_path: Path) -> None:
    run_at(world.folder)
    said = CliRunner().invoke(command, ["-C", str(world.folder), "--to", "git:pages", "--to", str(tmp_path / "www")])
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert said.exit_code == 0
    assert [line["to"] for line in lines] == ["git:pages", str(tmp_path / "www")]
    assert lines[0]["at"] == git("-C", world.folder, "rev-parse", "pages").strip()
    assert all(line["sent"] > 10 for line in lines)
    assert texts(tmp_path / "www") == built(world)
    again = CliRunner().invoke(command, ["-C", str(world.folder), "--to", "git:pages"])
    assert json.loads(again.stdout)["sent"] == 0


def test_the_command_without_a_target_or_with_a_wrong_one(world: World, tmp_path: Path) -> None:
    none = CliRunner().invoke(command, ["-C", str(world.folder)])
    assert isinstance(none.exception, UsageError)
    deploy_to(world, 'to = "gopher://x"', f'to = "{tmp_path}/www"')
    run_at(world.folder)
    said = CliRunner().invoke(command, ["-C", str(world.folder)])
    assert said.exit_code == 2
    first, second = (json.loads(line) for line in said.stdout.splitlines())
    assert "no place to deploy to" in first["error"]
    assert second["unchanged"] > 10, "the others are served all the same"


def test_a_token_in_an_address_is_refused_and_not_repeated(world: World) -> None:
    run_at(world.folder)
    said = CliRunner().invoke(
        command, ["-C", str(world.folder), "--to", "git+https://me:s3cret@host.example/x.git#pages"]
    )
    assert said.exit_code == 2
    assert "credential helper" in json.loads(said.stdout)["error"]
    assert "s3cret" not in said.output
