"""Runs the measurements named on the command line, or all, each in a process of its own."""

import json
import pkgutil
import subprocess
import sys

import bench


def main() -> None:
    known = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))
    chosen = sys.argv[1:] or known
    unknown = [name for name in chosen if name not in known]
    if unknown:
        sys.exit(f"no measurement is called {unknown[0]!r}; there are: {', '.join(known)}")
    if not (bench.SHARED / "data").is_dir():
        sys.exit("the real inputs are not here (expected ../shared beside the checkout, or BROADSHEET_SHARED)")
    failed = False
    for name in chosen:
        print(json.dumps({"measurement": name}), flush=True)
        call = f"from bench.{name} import main; main()"
        failed |= bool(subprocess.run([sys.executable, "-c", call], check=False).returncode)
    sys.exit(failed)


if __name__ == "__main__":
    main()
