"""Both models, each opened once."""

import pytest

from broadsheet.adapters.embedding.opening import open_embedder
from broadsheet.ports import Embedder


@pytest.fixture(scope="module", params=["english", "multilingual"])
def model(request: pytest.FixtureRequest) -> Embedder:
    opened = open_embedder(request.param)
    assert opened is not None
    return opened


@pytest.fixture(scope="module")
def multilingual() -> Embedder:
    opened = open_embedder("multilingual")
    assert opened is not None
    return opened
