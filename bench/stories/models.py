"""Language models, each text embedded once for all measurements."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.errors import UsageError
from broadsheet.ports import Embedder


class Remembering:
    """An embedder that never embeds a text twice, as the store's cache does for a run."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimensions = embedder.name, embedder.dimensions
        self._embedder = embedder
        self._rows: dict[str, NDArray[np.float32]] = {}
        self._seconds = 0.0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = list(dict.fromkeys(t for t in texts if t not in self._rows))
        if new:
            start = time.process_time()
            rows = self._embedder.embed(new)
            self._seconds += time.process_time() - start
            self._rows.update(zip(new, rows, strict=True))
        return np.stack([self._rows[t] for t in texts]) if texts else np.zeros((0, self.dimensions), np.float32)

    def speed(self) -> dict[str, float]:
        """How many new texts it has embedded, and in how many CPU seconds."""
        return {"texts": len(self._rows), "cpu_seconds": round(self._seconds, 1),
                "texts_per_cpu_second": round(len(self._rows) / max(self._seconds, 0.01), 1)}  # fmt: skip


def find_embedder(name: str) -> Remembering | None:
    """The model of this name ("auto": the best one that is installed, "none": none); None where there is none."""
    from broadsheet.adapters.embedding.opening import open_embedder

    try:
        embedder = open_embedder(name)
    except UsageError:
        return None
    return Remembering(embedder) if embedder else None
