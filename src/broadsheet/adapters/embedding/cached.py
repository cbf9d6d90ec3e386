"""An embedder that never reads the same text twice."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.ports import Embedder, EmbeddingTable

HALF = np.dtype("<f2")


class CachedEmbedder:
    """Implements the `Embedder` port over another one and a table.

    Every row has been through the table's sixteen bits, also at its first reading, so that a text gives the same row
    whether it was seen before or not.
    """

    def __init__(self, embedder: Embedder, table: EmbeddingTable) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self._embedder = embedder
        self._table = table

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text; what is new is read and kept, in one go."""
        digests = [_digest(text) for text in texts]
        known = self._table.known(self.name, list(dict.fromkeys(digests)))
        size = self.dimensions * HALF.itemsize
        known = {digest: row for digest, row in known.items() if len(row) == size}
        new = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in known}
        if new:
            rows = self._embedder.embed(list(new.values())).astype(HALF)
            fresh = {digest: row.tobytes() for digest, row in zip(new, rows, strict=True)}
            self._table.keep(self.name, fresh)
            known |= fresh
        return _rows([known[digest] for digest in digests], self.dimensions)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _rows(kept: Sequence[bytes], dimensions: int) -> NDArray[np.float32]:
    """Of length 1 again after the rounding; a row of zeros stays one."""
    rows = np.frombuffer(b"".join(kept), HALF).reshape(len(kept), dimensions).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    whole: NDArray[np.float32] = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
    return whole
