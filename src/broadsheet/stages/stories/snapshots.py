"""The state of the engine as bytes, so that a stopped run goes on exactly where it was.

Only what can't be read off the articles again is kept: who is together with whom, backgrounds as they were read, and
the rows of condensed units.
"""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from broadsheet.stages.stories.units import Array, Rows, csr

# What numpy's reader raises, besides ValueError, for bytes that are no archive, half of one, or a single array.
_BROKEN = (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
           AttributeError, TypeError, MemoryError, SyntaxError, struct.error)  # fmt: skip


def pack(facts: Mapping[str, Any], arrays: Mapping[str, Array]) -> bytes:
    """Facts (anything that JSON can hold) and arrays by name."""
    whole = io.BytesIO()
    text = np.frombuffer(json.dumps(facts, separators=(",", ":")).encode(), dtype=np.uint8)
    everything: dict[str, Any] = {"facts": text, **arrays}
    np.savez(whole, **everything)
    return whole.getvalue()


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, Array]]:
    """What `pack` packed. Raises ValueError for anything else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as file:
            arrays: dict[str, Array] = {name: file[name] for name in file.files}
        facts = json.loads(arrays.pop("facts").tobytes())
    except _BROKEN as error:
        raise ValueError(f"no state of the story engine: {error}") from error
    if not isinstance(facts, dict):
        raise ValueError("no state of the story engine: its facts are no table")
    return facts, arrays


def rows_as_arrays(name: str, rows: Rows) -> dict[str, Array]:
    """The parts of rows, by names that begin with `name`."""
    arrays: dict[str, Array] = {f"{name}.meaning": rows.meaning}
    for kind, matrix in rows.sparse.items():
        arrays |= {
            f"{name}.{kind}.values": matrix.data,
            f"{name}.{kind}.columns": matrix.indices,
            f"{name}.{kind}.ends": matrix.indptr,
        }
    return arrays


def rows_from_arrays(name: str, arrays: Mapping[str, Array], widths: Mapping[str, int]) -> Rows:
    """What `rows_as_arrays` took apart."""
    found = {
        kind: csr(
            arrays[f"{name}.{kind}.values"], arrays[f"{name}.{kind}.columns"], arrays[f"{name}.{kind}.ends"], width
        )
        for kind, width in widths.items()
    }
    return Rows(found, arrays[f"{name}.meaning"])
