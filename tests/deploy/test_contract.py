"""What every filling of the `Deployment` port promises, asked of each of them, at real targets."""

import os
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from broadsheet.errors import UsageError
from deploying import (
    FILES,
    Interrupting,
    Interruption,
    Machine,
    Place,
    bucket_place,
    git,
    needed,
    put_in_branch,
    read_branch,
    read_folder,
    write,
)


def _branch_place(to: str, repository: Path, branch: str, scratch: Path) -> Place:
    return Place(
        to,
        lambda: read_branch(repository, branch),
        lambda path, text: put_in_branch(repository, branch, path, text, scratch),
        {},
    )


def _folder_place(to: str, folder: Path) -> Place:
    return Place(to, lambda: read_folder(folder), lambda path, text: write(folder, {path: text}), {})


def _folder(target: Path, machine: Machine, scratch: Path) -> Place:
    return _folder_place(str(target), target)


def _mounted(target: Path, machine: Machine, scratch: Path) -> Place:
    """A folder that can't become a link: something that is not ours lies in it."""
    write(target, {".htaccess": "Options -Indexes"})

    def read() -> dict[str, str]:
        found = read_folder(target)
        assert found.pop(".htaccess") == "Options -Indexes"
        return found

    return Place(str(target), read, lambda path, text: write(target, {path: text}), {})


def _branch(target: Path, machine: Machine, scratch: Path) -> Place:
    git("init", "--quiet", "--initial-branch=main", machine.folder)
    return _branch_place("git:pages", machine.folder, "pages", scratch)


def _origin(target: Path, machine: Machine, scratch: Path) -> Place:
    git("init", "--quiet", "--initial-branch=main", machine.folder)
    git("init", "--quiet", "--bare", target)
    git("-C", machine.folder, "remote", "add", "origin", target)
    return _branch_place("git:pages", target, "pages", scratch)


def _remote(target: Path, machine: Machine, scratch: Path) -> Place:
    git("init", "--quiet", "--bare", target)
    return _branch_place(f"git+file://{target}#pages", target, "pages", scratch)


def _rsync(target: Path, machine: Machine, scratch: Path) -> Place:
    needed("rsync")
    return _folder_place(f"rsync:{target}", target)


PLACES = {
    "folder": _folder,
    "mounted": _mounted,
    "branch": _branch,
    "origin": _origin,
    "remote": _remote,
    "rsync": _rsync,
}


@pytest.fixture(params=[*PLACES, "s3"])
def place(request: pytest.FixtureRequest, machine: Machine, tmp_path: Path) -> Place:
    target = tmp_path / "www" / "paper"
    target.parent.mkdir()
    if request.param in PLACES:
        return PLACES[request.param](target, machine, tmp_path)
    request.getfixturevalue("aws")
    return bucket_place(request.getfixturevalue("bucket_server"), f"paper-{uuid.uuid4().hex[:8]}")


def test_the_first_time_everything_for_readers_is_there(machine: Machine, place: Place) -> None:
    done = machine.deliver(place.to, **place.options)
    assert place.read() == FILES
    assert done.sent >= len(FILES)
    assert done.changed


def test_nothing_changed_sends_nothing(machine: Machine, place: Place) -> None:
    machine.deliver(place.to, **place.options)
    before = place.read()
    again = machine.deliver(place.to, **place.options)
    assert (again.sent, again.removed) == (0, 0)
    assert again.unchanged == len(FILES)
    assert place.read() == before


def test_only_what_changed_is_sent(machine: Machine, place: Place) -> None:
    machine.deliver(place.to, **place.options)
    write(machine.built, {"index.html": "<h1>Evening</h1>", "stories/three/index.html": "Three"})
    (machine.built / "stories/two/index.html").unlink()
    done = machine.deliver(place.to, **place.options)
    assert (done.sent, done.removed, done.unchanged) == (2, 1, len(FILES) - 2)
    wanted = FILES | {"index.html": "<h1>Evening</h1>", "stories/three/index.html": "Three"}
    del wanted["stories/two/index.html"]
    assert place.read() == wanted


def test_a_file_written_anew_with_the_same_bytes_is_no_change(machine: Machine, place: Place) -> None:
    machine.deliver(place.to, **place.options)
    os.utime(machine.built / "index.html", ns=(1, 1))
    assert not machine.deliver(place.to, **place.options).changed
    assert not machine.deliver(place.to, **place.options).changed


def test_many_deployments_one_after_the_other_end_as_the_last(machine: Machine, place: Place) -> None:
    for number in range(4):
        write(machine.built, {"index.html": f"{number}", f"stories/s{number}/index.html": f"{number}"})
        if number > 1:
            (machine.built / f"stories/s{number - 2}/index.html").unlink()
        machine.deliver(place.to, **place.options)
    read = place.read()
    assert {path for path in read if path.startswith("stories/s")} == {"stories/s2/index.html", "stories/s3/index.html"}
    assert read["index.html"] == "3"


def test_a_file_may_become_a_folder_and_a_folder_a_file(machine: Machine, place: Place) -> None:
    write(machine.built, {"days": "a file", "topics/sea/index.html": "Sea"})
    machine.deliver(place.to, **place.options)
    (machine.built / "days").unlink()
    (machine.built / "topics/sea/index.html").unlink()
    (machine.built / "topics/sea").rmdir()
    write(machine.built, {"days/index.html": "a folder", "topics/sea": "a file"})
    machine.deliver(place.to, **place.options)
    assert place.read() == FILES | {"days/index.html": "a folder", "topics/sea": "a file"}


def test_what_was_interrupted_goes_on(machine: Machine, place: Place) -> None:
    write(machine.built, {f"stories/n{n}/index.html": str(n) for n in range(450)})
    try:
        machine.deliver(place.to, progress=Interrupting(300), **place.options)
    except Interruption:
        left = machine.deliver(place.to, **place.options)
        assert 0 < left.sent < 450
    assert place.read() == read_folder_of(machine)


def read_folder_of(machine: Machine) -> dict[str, str]:
    return {path: text for path, text in read_folder(machine.built).items() if "/." not in f"/{path}"}


def test_two_machines_may_take_turns(machines: Callable[[str], Machine], machine: Machine, place: Place) -> None:
    machine.deliver(place.to, **place.options)
    other = machines("other")
    if place.to.startswith("git:"):
        git("clone", "--quiet", "--bare", machine.folder, other.folder / ".git")
        git("-C", other.folder, "config", "core.bare", "false")
        git("-C", other.folder, "remote", "remove", "origin")
        place = Place(f"git+file://{_repository(machine)}#pages", place.read, place.put, place.options)
    write(other.built, {"index.html": "the other's", "stories/five/index.html": "Five"})
    other.deliver(place.to, **place.options)
    assert place.read() == FILES | {"index.html": "the other's", "stories/five/index.html": "Five"}
    write(machine.built, {"index.html": "mine"})
    machine.deliver(place.to, **place.options)
    assert place.read() == FILES | {"index.html": "mine"}


def _repository(machine: Machine) -> Path:
    remotes = git("-C", machine.folder, "remote", "-v").split()
    return Path(remotes[1]) if remotes else machine.folder


def test_what_is_somebody_elses_is_in_the_way_until_it_is_adopted(machine: Machine, place: Place) -> None:
    place.put("stories/one/index.html", "somebody's")
    place.put("private.html", "somebody's")
    if place.to.startswith("git"):  # a branch keeps its history, so that nothing is in the way there
        machine.deliver(place.to, **place.options)
        assert place.read() == FILES
        return
    with pytest.raises(UsageError, match="did not bring there"):
        machine.deliver(place.to, **place.options)
    assert place.read() == {"stories/one/index.html": "somebody's", "private.html": "somebody's"}
    machine.deliver(place.to, adopt=True, **place.options)
    assert place.read() == FILES


def test_an_empty_folder_is_not_deployed(machine: Machine, place: Place) -> None:
    machine.deliver(place.to, **place.options)
    for path in FILES:
        (machine.built / path).unlink()
    with pytest.raises(UsageError, match="broadsheet build"):
        machine.deliver(place.to, **place.options)
    assert place.read() == FILES
