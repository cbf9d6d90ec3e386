"""Measurements: `make bench` runs them all, `python -m bench NAME...` some. Each prints JSON Lines.

A module of this folder with a function `main() -> None` is a measurement. They need the real inputs that lie beside the
checkout (`../shared`, or BROADSHEET_SHARED).
"""

import os
from pathlib import Path

SHARED = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[2] / "shared"))
