"""A fresh small world for each test."""

from pathlib import Path

import pytest

from worlds import World, saltmere


@pytest.fixture
def world(tmp_path: Path) -> World:
    return saltmere(tmp_path / "paper")
