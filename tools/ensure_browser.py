"""Makes sure that a Chromium is there for the tests that drive a browser.

Found: says where. Not found, and we are root on a machine with apt-get: installs Debian's. Otherwise it explains and
goes on, since those tests are skipped without a browser; where `CI=true` it fails, since there they must run.
"""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> str | None:
    """The path of a Chromium on the PATH, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _can_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_get(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return (
        subprocess.run(["apt-get", "-q", *arguments], env=environment, stdout=sys.stderr, check=False).returncode == 0
    )


def install() -> bool:
    """Installs Debian's chromium; the package lists are fetched only if the first try fails. True if it went well."""
    wanted = ("install", "-y", "--no-install-recommends", "chromium")
    return _apt_get(*wanted) or (_apt_get("update") and _apt_get(*wanted))


def main() -> int:
    """0 when there is a browser, or when going on without one is all right; 1 otherwise."""
    if not find_browser() and _can_install():
        install()
    if path := find_browser():
        print(f"browser: {path}")
        return 0
    print("No Chromium here: the tests that drive a browser are skipped.", file=sys.stderr)
    print("To run them, install it (Debian and Ubuntu: apt-get install chromium).", file=sys.stderr)
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
