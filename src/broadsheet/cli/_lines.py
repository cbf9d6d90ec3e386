"""What every filter does alike: JSON Lines to standard output, and a count of what failed for the exit code."""

import json
import sys
from collections.abc import Iterable, Mapping


def print_line(row: Mapping[str, object]) -> None:
    """One object a line, UTF-8, keys in the given order. Halves of surrogate pairs, which UTF-8 has not, become `?`."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")


def print_lines(rows: Iterable[Mapping[str, object]]) -> int:
    """Prints each row as soon as it is there; returns 1 if any has an `error`, else 0: the exit code."""
    failed = 0
    for row in rows:
        print_line(row)
        failed |= "error" in row
    sys.stdout.flush()
    return int(failed)
