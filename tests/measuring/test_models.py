"""A text is embedded once, however many measurements ask for it."""

from collections.abc import Sequence

import numpy as np
from bench.stories.models import Remembering
from numpy.typing import NDArray


class Counting:
    name, dimensions = "counting", 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.array([[len(t), 0, 1] for t in texts], np.float32)


def test_no_text_is_embedded_twice() -> None:
    counting = Counting()
    model = Remembering(counting)
    first = model.embed(["one", "three", "one"])
    again = model.embed(["three", "four"])
    assert counting.asked == ["one", "three", "four"]
    assert first[:, 0].tolist() == [3, 5, 3]
    assert again[:, 0].tolist() == [5, 4]


def test_no_texts_give_no_rows() -> None:
    assert Remembering(Counting()).embed([]).shape == (0, 3)
