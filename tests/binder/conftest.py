"""A browser, as in the browser tests, and the files of this repository."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.binder.environments import REPOSITORY
from tests.browser.conftest import browser_type_launch_args, page_of

__all__ = ["browser_type_launch_args", "page_of"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of this repository as they are committed, or about to be."""
    home = tmp_path_factory.mktemp("checkout")
    names = subprocess.check_output(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY, text=True
    )
    for name in filter(None, names.split("\0")):
        if (REPOSITORY / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, home / name)
    return home
