"""Runs the measurements named on the command line, or all, each in a process of its own.

python -m bench                       all of them
python -m bench stories --sizes 10000 one, with options of its own (what begins at the first dash)
"""

import json
import pkgutil
import subprocess
import sys

import bench


def main() -> None:
    known = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if not m.name.startswith("_"))
    given = sys.argv[1:]
    end = next((at for at, word in enumerate(given) if word.startswith("-")), len(given))
    chosen, options = given[:end] or known, given[end:]
    unknown = [name for name in chosen if name not in known]
    if unknown:
        sys.exit(f"no measurement is called {unknown[0]!r}; there are: {', '.join(known)}")
    if not (bench.SHARED / "data").is_dir():
        sys.exit("the real inputs are not here (expected ../shared beside the checkout, or BROADSHEET_SHARED)")
    failed = False
    for name in chosen:
        print(json.dumps({"measurement": name}), flush=True)
        call = f"from bench.{name} import main; main()"
        failed |= bool(subprocess.run([sys.executable, "-c", call, *options], check=False).returncode)
    sys.exit(failed)


if __name__ == "__main__":
    main()
