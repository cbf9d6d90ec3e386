"""What is peculiar to one kind of target: how it is swapped, its commits, its headers, and its errors."""

import re
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import RetryLater, UsageError
from broadsheet.stages.publish.serving import for_readers, turn
from deploying import FILES, Machine, bucket_place, git, needed, read_branch, read_folder, write


def test_rsync_goes_over_ssh(
    machine: Machine, ssh_command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSYNC_RSH", ssh_command)
    target = tmp_path / "www"
    machine.deliver(f"rsync:127.0.0.1:{target}")
    assert read_folder(target) == FILES
    (machine.built / "stories/two/index.html").unlink()
    write(machine.built, {"index.html": "Evening"})
    done = machine.deliver(f"rsync:127.0.0.1:{target}")
    assert (done.sent, done.removed) == (1, 1)
    assert not (target / "stories/two").exists(), "a folder that is left empty goes too"
    assert target.stat().st_mode & 0o777 == 0o755


def test_rsync_without_a_key_that_is_known_says_so(
    machine: Machine, ssh_command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "other"], check=True)
    known = re.search(r"-i (\S+)", ssh_command)
    assert known
    monkeypatch.setenv("RSYNC_RSH", ssh_command.replace(known[1], str(tmp_path / "other")))
    with pytest.raises(UsageError, match=r"does not let us in.*known there"):
        machine.deliver("rsync:127.0.0.1:/tmp/nowhere")


def test_rsync_to_a_host_that_does_not_answer_is_tried_again_later(machine: Machine) -> None:
    needed("rsync")
    with pytest.raises(RetryLater, match="can't be reached"):
        machine.deliver("rsync://127.0.0.1:9/module/paper")


def test_rsync_to_a_folder_in_nowhere_names_it(machine: Machine, tmp_path: Path) -> None:
    needed("rsync")
    with pytest.raises(UsageError, match="Make the folder"):
        machine.deliver(f"rsync:{tmp_path}/a/b/c")


def test_rsync_removes_names_with_wildcards_and_only_those(machine: Machine, tmp_path: Path) -> None:
    needed("rsync")
    names = {"x/[a].html": "1", "x/a.html": "2", "x/*.html": "3", "x/back\\slash.html": "4"}
    write(machine.built, names)
    machine.deliver(f"rsync:{tmp_path}/www")
    (machine.built / "x/[a].html").unlink()
    (machine.built / "x/*.html").unlink()
    machine.deliver(f"rsync:{tmp_path}/www")
    assert {p for p in read_folder(tmp_path / "www") if p.startswith("x/")} == {"x/a.html", "x/back\\slash.html"}


def test_a_folder_is_swapped_whole(machine: Machine, tmp_path: Path) -> None:
    target = tmp_path / "www" / "paper"
    machine.deliver(str(target))
    first = target.resolve()
    write(machine.built, {"index.html": "Evening"})
    machine.deliver(str(target))
    assert target.is_symlink()
    assert target.resolve() != first
    assert (first / "index.html").read_text() == FILES["index.html"], "who reads the old one reads all of it"
    assert not target.readlink().is_absolute(), "the folder can be moved with what it leads to"


def test_an_empty_folder_becomes_the_link(machine: Machine, tmp_path: Path) -> None:
    target = tmp_path / "www"
    target.mkdir()
    machine.deliver(str(target))
    assert target.is_symlink()
    assert read_folder(target.resolve()) == FILES


@pytest.mark.parametrize("to", ["public", "public/inside", "."])
def test_the_built_folder_is_no_target(machine: Machine, to: str) -> None:
    with pytest.raises(UsageError, match="can't be deployed to"):
        machine.deliver(to)


@pytest.mark.parametrize("to", ["ftp://host/x", "", "git+ssh://host/x.git", "git+https://h/x", "s3://", "rsync:-e sh"])
def test_what_is_no_target_is_told(machine: Machine, to: str, aws: None) -> None:
    with pytest.raises(UsageError):
        machine.deliver(to)


def test_a_file_in_the_way_is_named(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "www").write_text("a file")
    with pytest.raises(UsageError, match="in the way"):
        machine.deliver(str(tmp_path / "www" / "paper"))


def test_a_link_in_a_folder_that_is_ours_leads_nowhere_else(machine: Machine, tmp_path: Path) -> None:
    target = tmp_path / "www"
    write(target, {"stories/one/index.html": "there"})
    machine.deliver(str(target), adopt=True)
    outside = tmp_path / "outside"
    outside.mkdir()
    write(machine.built, {"topics/a/index.html": "A"})
    (target / "topics").symlink_to(outside)
    with pytest.raises(UsageError, match="leads out of"):
        machine.deliver(str(target))
    assert not list(outside.iterdir())


def _commits(repository: Path, branch: str) -> int:
    return int(git("-C", repository, "rev-list", "--count", branch))


@pytest.fixture
def repository(machine: Machine) -> Path:
    git("init", "--quiet", "--initial-branch=main", machine.folder)
    write(
        machine.folder, {"broadsheet.toml": "title = 'T'", ".gitignore": "public/\n.broadsheet/\n", "staged.txt": "1"}
    )
    git("-C", machine.folder, "add", ".gitignore", "broadsheet.toml")
    git("-C", machine.folder, "commit", "--quiet", "-m", "First")
    git("-C", machine.folder, "add", "staged.txt")
    return machine.folder


def test_work_tree_index_and_head_stay_as_they_are(machine: Machine, repository: Path) -> None:
    before = git("-C", repository, "status", "--porcelain=v2", "--branch")
    machine.deliver("git:pages")
    assert git("-C", repository, "status", "--porcelain=v2", "--branch") == before
    assert read_branch(repository, "pages") == FILES


def test_nothing_changed_gives_no_commit_and_a_change_one(machine: Machine, repository: Path) -> None:
    machine.deliver("git:pages")
    assert not machine.deliver("git:pages").changed
    assert _commits(repository, "pages") == 1
    write(machine.built, {"index.html": "Evening"})
    done = machine.deliver("git:pages")
    assert _commits(repository, "pages") == 2
    assert git("-C", repository, "diff-tree", "--name-only", "-r", "pages~1", "pages").split() == ["index.html"]
    assert git("-C", repository, "log", "-1", "--format=%an %s", "pages").strip() == "Broadsheet 2 stories"
    assert git("-C", repository, "rev-parse", "pages").strip() == done.at


def test_squashed_there_is_one_commit(machine: Machine, tmp_path: Path) -> None:
    git("init", "--quiet", "--bare", tmp_path / "r.git")
    for text in ("Noon", "Evening"):
        write(machine.built, {"index.html": text})
        machine.deliver(f"git+file://{tmp_path}/r.git#pages", squash=True)
        assert _commits(tmp_path / "r.git", "pages") == 1
    assert read_branch(tmp_path / "r.git", "pages")["index.html"] == "Evening"
    assert not machine.deliver(f"git+file://{tmp_path}/r.git#pages", squash=True).changed


def test_the_domain_of_the_pages_stays(machine: Machine, tmp_path: Path, repository: Path) -> None:
    machine.deliver("git:pages")
    git("clone", "--quiet", "--branch", "pages", repository, tmp_path / "clone")
    write(tmp_path / "clone", {"CNAME": "paper.example\n"})
    git("-C", tmp_path / "clone", "add", "CNAME")
    git("-C", tmp_path / "clone", "commit", "--quiet", "-m", "Domain")
    git("-C", tmp_path / "clone", "push", "--quiet")
    write(machine.built, {"index.html": "Evening"})
    machine.deliver("git:pages")
    assert read_branch(repository, "pages") == FILES | {"index.html": "Evening", "CNAME": "paper.example\n"}


def test_the_branch_that_is_checked_out_is_refused(machine: Machine, repository: Path) -> None:
    with pytest.raises(UsageError, match="checked out"):
        machine.deliver("git:main")


def test_without_a_repository_a_branch_has_no_home(machine: Machine) -> None:
    with pytest.raises(UsageError, match="git init"):
        machine.deliver("git:pages")


@pytest.mark.parametrize("branch", ["-x", "a..b", "a b", "x.lock", "a~1", "@{u}", "x/"])
def test_what_cannot_be_a_branch_is_told(machine: Machine, repository: Path, branch: str) -> None:
    with pytest.raises(UsageError, match="branch"):
        machine.deliver(f"git:{branch}")


def test_a_refused_push_loses_nothing(machine: Machine, tmp_path: Path) -> None:
    bare = tmp_path / "r.git"
    git("init", "--quiet", "--bare", bare)
    hook = bare / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'hook declined: not on Sundays' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(UsageError, match="not on Sundays"):
        machine.deliver(f"git+file://{bare}#pages")
    hook.unlink()
    machine.deliver(f"git+file://{bare}#pages")
    assert read_branch(bare, "pages") == FILES


def test_a_push_at_the_same_time_is_not_overwritten(machine: Machine, tmp_path: Path) -> None:
    """The other one comes between our look and our push: the lease is gone."""
    bare = tmp_path / "r.git"
    git("init", "--quiet", "--bare", bare)
    machine.deliver(f"git+file://{bare}#pages")
    other = git("-C", bare, "commit-tree", "pages^{tree}", "-p", "pages", "-m", "Other").strip()
    before = git("-C", bare, "rev-parse", "pages").strip()
    script = tmp_path / "git"
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    script.write_text(
        "#!/bin/sh\n"
        f'case "$*" in *" push "*) {real} --git-dir {bare} update-ref refs/heads/pages {other} {before};; esac\n'
        f'exec {real} "$@"\n'
    )
    script.chmod(0o755)
    write(machine.built, {"index.html": "Evening"})
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        with pytest.raises(RetryLater, match="has moved"):
            machine.deliver(f"git+file://{bare}#pages")
    assert git("-C", bare, "rev-parse", "pages").strip() == other
    machine.deliver(f"git+file://{bare}#pages")
    assert read_branch(bare, "pages")["index.html"] == "Evening"
    assert git("-C", bare, "rev-parse", "pages~1").strip() == other


def test_a_repository_that_is_not_there_is_told(machine: Machine, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="git ls-remote"):
        machine.deliver(f"git+file://{tmp_path}/none.git#pages")


def test_a_shallow_clone_deploys_as_well(machine: Machine, machines: Callable[[str], Machine], tmp_path: Path) -> None:
    """As in a workflow: a fresh clone of depth one, and an origin that has the branch already."""
    bare = tmp_path / "r.git"
    git("init", "--quiet", "--bare", "--initial-branch=main", bare)
    machine.deliver(f"git+file://{bare}#pages")
    work = tmp_path / "work"
    git("clone", "--quiet", f"file://{bare}", work)
    git("-C", work, "checkout", "--quiet", "-B", "main")
    git("-C", work, "commit", "--quiet", "--allow-empty", "-m", "One")
    git("-C", work, "push", "--quiet", "origin", "main")
    git("clone", "--quiet", "--depth=1", "--branch=main", f"file://{bare}", tmp_path / "fresh")
    fresh = machines("fresh")
    write(fresh.built, {"index.html": "Evening"})
    done = fresh.deliver("git:pages")
    assert (done.sent, done.removed) == (1, 0)
    assert _commits(bare, "pages") == 2


def test_s3_gets_types_and_cache_headers(machine: Machine, bucket_server: str, aws: None) -> None:
    name = f"paper-{uuid.uuid4().hex[:8]}"
    place = bucket_place(bucket_server, name)
    machine.deliver(place.to, page_seconds=120, **place.options)
    client = boto3.client("s3", endpoint_url=bucket_server)
    heads = {path: client.head_object(Bucket=name, Key=f"site/{path}") for path in FILES}
    assert heads["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert heads["index.html"]["CacheControl"] == "public, max-age=120, must-revalidate"
    assert heads["feed.xml"]["ContentType"] == "application/rss+xml; charset=utf-8"
    assert heads["pictures/ab.webp"]["CacheControl"].endswith("immutable")
    assert heads["assets/paper.css"]["ContentType"] == "text/css; charset=utf-8"


def test_s3_without_the_bucket_says_so(machine: Machine, bucket_server: str, aws: None) -> None:
    with pytest.raises(UsageError, match="no such bucket"):
        machine.deliver("s3://never-made/site", endpoint=bucket_server)


def test_nothing_built_is_told(machines: Callable[[str], Machine], tmp_path: Path) -> None:
    machine = machines("empty")
    for path in FILES:
        (machine.built / path).unlink()
    with pytest.raises(UsageError, match="broadsheet build"):
        machine.deliver(str(tmp_path / "www"))
    assert not (tmp_path / "www").exists()


def test_links_in_what_was_built_are_not_followed(machine: Machine, tmp_path: Path) -> None:
    (machine.folder / "outside").write_text("x")
    machine.deliver(str(tmp_path / "www"))
    (machine.built / "link.html").symlink_to(machine.folder / "outside")
    machine.deliver(str(tmp_path / "www"))
    assert "link.html" not in read_folder((tmp_path / "www").resolve())


@given(st.lists(st.sampled_from([*FILES, "days/index.html", "sitemap.xml", "api/news/page2.json"]), unique=True))
def test_no_page_comes_before_what_it_needs(paths: list[str]) -> None:
    ordered = sorted(paths, key=turn)
    first_page = next((n for n, p in enumerate(ordered) if p.endswith((".html", ".xml", ".json"))), len(ordered))
    assert all(p.endswith((".html", ".xml", ".json")) for p in ordered[first_page:])
    assert [p for p in ordered if "/" not in p] == ordered[len(ordered) - sum("/" not in p for p in ordered) :]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("index.html", True),
        (".well-known/security.txt", True),
        (".nojekyll", True),
        (".broadsheet-build.json", False),
        ("stories/.index.html.new", False),
        (".git/config", False),
    ],
)
def test_hidden_files_are_not_for_readers(path: str, there: bool) -> None:
    assert for_readers(path) is there
