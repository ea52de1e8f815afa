"""What tests of several packages share."""

from pathlib import Path

import pytest

from jupyter_cxg.snapshot.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """An empty catalog."""
    return Catalog(tmp_path / "snapshots")
