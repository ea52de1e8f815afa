"""What tests of several packages share."""

from pathlib import Path

import pytest
from hypothesis import settings

from jupyter_cxg.snapshot.catalog import Catalog

# How long an example takes says how busy the machine is; speed is the business of `make bench`. The examples
# are the same each time, so that a change is what turns a test red; others are for `make fuzz`.
settings.register_profile("cxg", deadline=None, derandomize=True)
settings.load_profile("cxg")


# What takes longest comes first, so that in the end no process waits for another one.
LONGEST = ("test_two_environments.py", "test_schemathesis.py", "test_lab.py", "test_notebook.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: i for i, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """An empty catalog."""
    return Catalog(tmp_path / "snapshots")
