"""Makes sure that the programs are there that tests of deployments talk to: rsync, a server of ssh, nginx.

What is missing is installed by apt-get where we are root; else those tests are skipped, but where `CI=true` they fail.
"""

import os
import shutil
import subprocess
import sys

PACKAGES = {"rsync": "rsync", "sshd": "openssh-server", "nginx": "nginx-light", "git": "git"}
PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def missing() -> list[str]:
    """The programs that are not on this machine."""
    return [name for name in PACKAGES if not shutil.which(name, path=PLACES)]


def install(names: list[str]) -> None:
    """Installs what has them; the package lists are fetched only if the first try fails."""
    wanted = ["install", "-y", "--no-install-recommends", *(PACKAGES[name] for name in names)]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}

    def apt_get(*arguments: str) -> bool:
        done = subprocess.run(["apt-get", "-q", *arguments], env=environment, stdout=sys.stderr, check=False)
        return done.returncode == 0

    if not apt_get(*wanted) and apt_get("update"):
        apt_get(*wanted)


def main() -> int:
    """0 when all are there, or when going on without them is all right; 1 otherwise."""
    names = missing()
    if names and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        install(names)
    names = missing()
    if not names:
        return 0
    print(f"Not here: {', '.join(names)}; tests of deployments that need them are skipped.", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
