"""A fresh paper for each test."""

from pathlib import Path

import pytest

from editor.newsroom import Paper, paper_in


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return paper_in(tmp_path / "paper")
