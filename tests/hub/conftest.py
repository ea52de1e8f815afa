"""JupyterHubs that run, once per test run and version."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.jupyter import TEST_ARGUMENTS, browser_path
from tests.hub.hub import Hub
from tests.reference.example import tiny_adata


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": browser_path(), "args": TEST_ARGUMENTS}


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """JupyterHub 6 as our recipes configure it."""
    with running("6", tmp_path_factory, recipes=True) as found:
        yield found


@pytest.fixture(scope="session")
def plain_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """JupyterHub 5.5 that nobody configured for us."""
    with running("5.5", tmp_path_factory, recipes=False) as found:
        yield found


def running(version: str, tmp_path_factory: pytest.TempPathFactory, *, recipes: bool) -> Hub:
    home = tmp_path_factory.mktemp(f"hub-{version}")
    hub = Hub(version, home, recipes=recipes)
    data = hub.home_of("alice") / "data"
    data.mkdir(parents=True)
    tiny_adata().write_h5ad(data / "tiny.h5ad")
    (hub.home_of("alice") / "secret.txt").write_text("only for alice")
    return hub
