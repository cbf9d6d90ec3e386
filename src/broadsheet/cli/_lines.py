"""What every filter does alike: JSON Lines to standard output, and a count of what failed for the exit code."""

import json
import re
import sys
from collections.abc import Iterable, Mapping

# What a terminal obeys, or what would show text in another order than it has: controls of ASCII and of ISO 6429 (C1,
# of which U+009B begins a command like ESC [), line and paragraph separators, controls of direction.
_OBEYED = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
_BLANKS = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")
_COMMANDS = re.compile(f"[{_OBEYED}\ud800-\udfff]")
_IN_JSON = re.compile(f"[{_OBEYED}]")


def shown(text: str) -> str:
    """A stranger's text as a terminal may be given it: one line, and nothing that the terminal would obey."""
    return _COMMANDS.sub("\ufffd", _BLANKS.sub(" ", text))


def marked(text: str) -> str:
    """`shown` for a console of rich, for which brackets mean nothing in it."""
    from rich.markup import escape  # filters do without it, and start sooner

    return escape(shown(text))


def print_line(row: Mapping[str, object]) -> None:
    """One object a line, UTF-8, keys in the given order. Halves of surrogate pairs, which UTF-8 has not, become `?`;
    what a terminal would obey, and what some readers take for the end of a line, is written as an escape."""
    text = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    text = _IN_JSON.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
    sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")


def print_lines(rows: Iterable[Mapping[str, object]]) -> int:
    """Prints each row as soon as it is there; returns 1 if any has an `error`, else 0: the exit code."""
    failed = 0
    for row in rows:
        print_line(row)
        failed |= "error" in row
    sys.stdout.flush()
    return int(failed)
