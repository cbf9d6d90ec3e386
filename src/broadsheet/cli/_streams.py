"""The three standard streams as commands expect them, whoever started the program and however."""

import io
import os
import sys


def prepare_streams() -> None:
    """A closed stream becomes an empty one; output is UTF-8 in a pipe, and never stumbles over a character.

    Without this a file that is opened later, the store for one, could get the number of a closed stream, and what a
    library says there would be written into it.
    """
    _fill_closed()
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for as long as the program runs
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding=None if sys.stdout.isatty() else "utf-8", errors="replace")


def abandon_output() -> None:
    """What is still waiting to be written is given up, so that the interpreter's last flush doesn't fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _fill_closed() -> None:
    """The system gives the lowest number that is free."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(number)
