"""What was read once is never read again, and gives the same row as at its first reading."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from broadsheet.adapters.embedding.cached import CachedEmbedder
from broadsheet.adapters.storage.database import Database
from broadsheet.adapters.storage.embedding_table import SqlEmbeddings


class Counting:
    """An embedder of eight numbers made from the text's digest; the empty text can't be read."""

    def __init__(self, name: str = "counting-1") -> None:
        self.name, self.dimensions = name, 8
        self.read: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        rows = np.zeros((len(texts), 8), np.float32)
        for row, text in zip(rows, texts, strict=True):
            if text:
                made = np.frombuffer(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8], "i1").astype(float)
                row[:] = made / np.linalg.norm(made)
        return rows


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "state.sqlite")
    yield opened
    opened.close()


def test_nothing_is_read_twice(database: Database) -> None:
    embedder = Counting()
    cached = CachedEmbedder(embedder, SqlEmbeddings(database))
    first = cached.embed(["a", "b", "a", "", "\ud800"])
    assert embedder.read == ["a", "b", "", "\ud800"]
    later = CachedEmbedder(embedder, SqlEmbeddings(database)).embed(["b", "c", "a", "", "\ud800"])
    assert embedder.read == ["a", "b", "", "\ud800", "c"]
    assert np.array_equal(later[[2, 0, 2, 3, 4]], first)


def test_rows_keep_their_length_and_zeros_stay_zeros(database: Database) -> None:
    rows = CachedEmbedder(Counting(), SqlEmbeddings(database)).embed(["a", "", "b"])
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 1], atol=1e-6)
    assert np.abs(rows - Counting().embed(["a", "", "b"])).max() < 1e-3


def test_another_model_reads_for_itself(database: Database) -> None:
    table, other = SqlEmbeddings(database), Counting("counting-2")
    CachedEmbedder(Counting(), table).embed(["a"])
    CachedEmbedder(other, table).embed(["a"])
    assert other.read == ["a"]


def test_a_row_of_another_size_is_read_again(database: Database) -> None:
    table, embedder = SqlEmbeddings(database), Counting()
    table.keep(embedder.name, {hashlib.sha256(b"a").hexdigest(): b"\0\0"})
    assert CachedEmbedder(embedder, table).embed(["a"]).any()
    assert embedder.read == ["a"]


def test_no_text_at_all(database: Database) -> None:
    assert CachedEmbedder(Counting(), SqlEmbeddings(database)).embed([]).shape == (0, 8)


def test_only_the_newest_rows_are_kept(database: Database) -> None:
    table = SqlEmbeddings(database, most=5)
    for number in range(12):
        table.keep("m", {f"{number}": bytes([number])})
    table.keep("m", {"11": b"other"})
    assert table.known("m", [str(n) for n in range(12)]) == {str(n): bytes([n]) for n in range(7, 12)}
