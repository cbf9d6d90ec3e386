"""docs/extraction-peers.md, written by the measurement."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Row = dict[str, Any]
# Source of truth, field, and what a reader calls it.
_FIELDS = (
    ("scrapinghub", "textF1", "text F1"), ("fundusEvaluation", "textF1", "text F1"), ("fundus", "textF1", "text F1"),
    ("trafilatura", "chunksF1", "chunks F1"), ("fundus", "title", "title"), ("trafilatura", "title", "title"),
    ("fundus", "day", "day"), ("trafilatura", "day", "day"), ("htmldateMediacloud", "day", "day"),
    ("fundus", "instant", "instant"), ("fundus", "authors", "authors"), ("trafilatura", "authors", "authors"),
    ("trafilatura", "falseAuthors", "invented authors (less is better)"), ("fundus", "image", "lead image"),
    ("fundus", "sized", "image with its size"),
)  # fmt: skip
_HEAD = """# Extraction beside its peers

Made by `python -m bench pages --table`; do not edit. All works read the same pages in the same run.
"""


def write_table(rows: list[Row], path: Path) -> None:
    """The rows of one run as Markdown. Parts that were not measured are not there."""
    parts = {part: [row for row in rows if row["part"] == part] for part in ("quality", "speed", "memory", "hostile")}
    written = {"quality": _quality, "speed": _speed, "memory": _memory, "hostile": _hostile}
    texts = [_HEAD, *("\n".join(written[part](found)) + "\n" for part, found in parts.items() if found)]
    new = path.with_suffix(".new")
    new.write_text("\n".join(texts), encoding="utf-8")
    os.replace(new, path)


def _quality(rows: list[Row]) -> list[str]:
    works = [row for row in rows if "scores" in row]
    lines = [
        "## By field",
        "",
        "The visible half of the labelled pages, which our weights were learned from: that flatters our texts by some",
        "hundredths (docs/extraction.md has the cross-validated figures). Titles, dates, authors and images are rules,",
        "some of them publishers' own and written with these pages in view.",
        "",
        *_table(["", *(row["what"] for row in works)]),
    ]
    for source, field, label in _FIELDS:
        values = [row["scores"].get(source, {}).get(field) for row in works]
        lines.append(_line([f"{source}: {label}", *("" if v is None else f"{v:.3f}" for v in values)]))
    return [*lines, _line(["pages that failed", *(str(row["failed"]) for row in works)]), *_missing(rows)]


def _speed(rows: list[Row]) -> list[str]:
    lines = [
        "## Speed",
        "",
        "Text and all metadata, one process, time of the processor. The peers' clock starts after decoding.",
        "",
        *_table(["", "ms a page", "pages a second", "time, ours = 1"]),
    ]
    for row in rows:
        if "missing" not in row:
            figures = (row["milliseconds_per_page"], row["pages_per_cpu_second"], row["times_ours"])
            lines.append(_line([row["what"], *map(str, figures)]))
    return [*lines, *_missing(rows)]


def _memory(rows: list[Row]) -> list[str]:
    grown = rows[0]["grown_mb_after_pages"]
    return [
        "## Memory",
        "",
        f"MB beyond the {rows[0]['base_mb']} of Python with all modules imported, after so many pages.",
        "",
        *_table(list(grown)),
        _line([str(value) for value in grown.values()]),
    ]


def _hostile(rows: list[Row]) -> list[str]:
    lines = ["## Hostile pages", "", *_table(["", "MB of page", "seconds", "MB more", "outcome"])]
    for row in rows:
        size = f"{row['bytes'] / 1e6:.1f}"
        lines.append(_line([row["what"], size, str(row["cpu_seconds"]), str(row["mb"]), row["outcome"]]))
    return lines


def _table(names: Iterable[str]) -> list[str]:
    names = list(names)
    return [_line(names), _line(["---"] * len(names))]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _missing(rows: list[Row]) -> list[str]:
    lines = [f"- {row['what']}: {row['missing']}" for row in rows if "missing" in row]
    return ["", *lines] if lines else []
