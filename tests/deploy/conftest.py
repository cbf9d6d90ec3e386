"""Real targets: rsync over ssh, and a server of S3's protocol."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploying import Machine, free_port, needed, wait_for


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[str], Machine]]:
    made: list[Machine] = []

    def make(name: str) -> Machine:
        made.append(Machine(tmp_path / name))
        return made[-1]

    yield make
    for one in made:
        one.store.close()


@pytest.fixture
def machine(machines: Callable[[str], Machine]) -> Machine:
    return machines("paper")


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[str]:
    """moto's server as a process of its own, which speaks S3's protocol."""
    port = free_port()
    script = "from moto.server import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", script, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def ssh_command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real sshd on this machine that lets one key in; the command that reaches it."""
    needed("rsync")
    daemon = needed("sshd")
    folder = tmp_path_factory.mktemp("ssh")
    for name in ("host", "mine"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    port = free_port()
    (folder / "authorized").write_text((folder / "mine.pub").read_text())
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\nPidFile none\nStrictModes no\n"
        f"AuthorizedKeysFile {folder / 'authorized'}\nPasswordAuthentication no\nUsePAM no\n"
    )
    Path("/run/sshd").mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([daemon, "-D", "-f", folder / "config"], stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield (
            f"ssh -p {port} -i {folder / 'mine'} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no "
            "-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o BatchMode=yes"
        )
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
