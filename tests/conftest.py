"""What tests of several packages share."""

from pathlib import Path

import pytest
from hypothesis import settings

from jupyter_cxg.snapshot.catalog import Catalog

# How long an example takes says how busy the machine is; speed is the business of `make bench`.
settings.register_profile("cxg", deadline=None)
settings.load_profile("cxg")


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """An empty catalog."""
    return Catalog(tmp_path / "snapshots")
