"""The workflow that `broadsheet new` writes: read as GitHub reads it, and its shell steps carried out in a fresh clone."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from broadsheet.cli.new import WORKFLOW, command
from deploying import git
from worlds import World, saltmere

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workflow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "tide"
    made = CliRunner().invoke(command, ["Tide Every Day", str(folder)])
    assert made.exit_code == 0, made.output
    assert git("-C", folder, "ls-files", WORKFLOW).strip() == WORKFLOW
    return folder / WORKFLOW


@pytest.fixture(scope="module")
def said(workflow: Path) -> dict[str, Any]:
    return yaml.load(workflow.read_text("utf-8"), yaml.BaseLoader)  # BaseLoader: `on` stays a word


def test_every_action_is_pinned_to_a_commit_and_says_its_version(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)( # v\d+\.\d+\.\d+)?$", workflow.read_text("utf-8"), re.MULTILINE)
    assert len(used) == 6
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40}", action) and version for action, version in used)


def test_it_runs_on_a_schedule_one_at_a_time(said: dict[str, Any]) -> None:
    minute, *rest = said["on"]["schedule"][0]["cron"].split()
    assert rest == ["*"] * 4
    assert minute not in ("0", "30"), "at the full hour everybody's jobs begin"
    assert said["concurrency"] == {"group": "publish", "cancel-in-progress": "false"}


def test_each_job_may_do_only_what_it_must(said: dict[str, Any]) -> None:
    assert said["permissions"] == {}
    permissions = {name: job["permissions"] for name, job in said["jobs"].items()}
    assert permissions == {"run": {"contents": "write"}, "pages": {"pages": "write", "id-token": "write"}}
    assert all(int(job["timeout-minutes"]) <= 60 for job in said["jobs"].values())


def test_no_expression_stands_in_a_shell_step(said: dict[str, Any]) -> None:
    steps = [step for job in said["jobs"].values() for step in job["steps"]]
    assert all("${{" not in step.get("run", "") for step in steps), "a branch's name could be a command"


def test_what_is_remembered_is_kept_whatever_becomes_of_the_run(said: dict[str, Any]) -> None:
    steps = {step["uses"].split("@")[0]: step for step in said["jobs"]["run"]["steps"] if "uses" in step}
    restored, saved = steps["actions/cache/restore"], steps["actions/cache/save"]
    assert saved["if"] == "always()"
    assert saved["with"]["path"] == restored["with"]["path"] == ".broadsheet"
    assert restored["with"]["restore-keys"] == "broadsheet-"


@pytest.fixture
def origin(tmp_path: Path, workflow: Path) -> Path:
    """A repository on a server that holds a publication and nothing else."""
    world: World = saltmere(tmp_path / "paper")
    settings = world.folder / "broadsheet.toml"
    settings.write_text(settings.read_text().replace("threads = 4", "threads = 4\nmax_age_days = 0"))
    (world.folder / ".gitignore").write_text(".broadsheet/\npublic/\n")
    (world.folder / WORKFLOW).parent.mkdir(parents=True)
    (world.folder / WORKFLOW).write_text(workflow.read_text())
    git("init", "--quiet", "--initial-branch=main", world.folder)
    git("-C", world.folder, "add", ".")
    git("-C", world.folder, "commit", "--quiet", "-m", "A publication")
    git("clone", "--quiet", "--bare", world.folder, tmp_path / "origin.git")
    return tmp_path / "origin.git"


def _carry_out(origin: Path, scratch: Path, said: dict[str, Any], name: str) -> Path:
    """The shell steps of the job that runs, as a runner does them; the site that it would upload."""
    clone = scratch / name
    git("clone", "--quiet", "--depth=1", f"file://{origin}", clone)
    library, temporary = scratch / "library", scratch / f"{name}-temp"
    temporary.mkdir()
    job = said["jobs"]["run"]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "PYTHON", "PIP_"))},
        **job["env"],
        "BROADSHEET": str(ROOT),
        "GITHUB_REF_NAME": "main",
        "RUNNER_TEMP": str(temporary),
        # The package is built from the checkout; what it needs is here already.
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "PIP_NO_INDEX": "1",
        "PIP_TARGET": str(library),
        "PIP_UPGRADE": "1",
        "PYTHONPATH": str(library),
        "PATH": f"{library}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    for step in job["steps"]:
        if "run" in step and not (step["name"] == "Install Broadsheet" and library.exists()):
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=clone,
                env={**environment, **step.get("env", {})},
                check=False,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{step['name']}: {done.stdout}\n{done.stderr}"
    return temporary / "site"


def test_its_steps_publish_from_a_fresh_clone_and_push_what_was_filed(
    origin: Path, tmp_path: Path, said: dict[str, Any]
) -> None:
    site = _carry_out(origin, tmp_path, said, "first")
    assert "Saltmere weir opens its salmon ladder" in (site / "index.html").read_text("utf-8")
    hidden = list(site.resolve().rglob(".*"))
    assert not hidden, "nothing of the build's own is uploaded"
    filed = git("-C", origin, "ls-tree", "-r", "--name-only", "main").split()
    assert sum(name.startswith("_news/") for name in filed) == 3
    assert not any(name.startswith(("public/", ".broadsheet/")) for name in filed)
    assert git("-C", origin, "log", "-1", "--format=%an", "main").strip() == "Broadsheet"
    before = git("-C", origin, "rev-parse", "main")
    again = _carry_out(origin, tmp_path, said, "second")  # the cache was lost: it learns from what is filed
    assert git("-C", origin, "rev-parse", "main") == before, "nothing new, so there is no commit"
    assert "Saltmere weir opens its salmon ladder" in (again / "index.html").read_text("utf-8")
