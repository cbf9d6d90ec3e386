"""Fixtures for all tests."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("BROADSHEET_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real inputs that lies beside the checkout; tests that need it skip where it is missing."""
    if not (SHARED / "data").is_dir():
        pytest.skip("real inputs are not here (expected ../shared beside the checkout, or BROADSHEET_SHARED)")
    return SHARED
