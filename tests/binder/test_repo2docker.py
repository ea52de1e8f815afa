"""What repo2docker, the tool of Binder, makes of the files."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jupyter_cxg.cli.binder_files import PYTHON, write_binder_files
from tests.binder.environments import clean_environment


@pytest.fixture(scope="module")
def repo2docker(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], str]:
    """The Dockerfile that repo2docker makes of a directory."""
    home = tmp_path_factory.mktemp("repo2docker")
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    install: list[Any] = [home / "bin" / "pip", "install", "-q", "jupyter-repo2docker", "setuptools"]
    subprocess.run(install, check=True, env=clean_environment())

    def dockerfile(directory: Path) -> str:
        command = [
            home / "bin" / "repo2docker",
            "--no-build",
            "--debug",
            "--user-id=1000",
            "--user-name=jovyan",
            directory,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment())
        return done.stdout + done.stderr

    return dockerfile


def test_repo2docker_reads_ours(checkout: Path, repo2docker: Callable[[Path], str]) -> None:
    dockerfile = repo2docker(checkout)
    assert "binder/environment.yml" in dockerfile
    assert "./binder/postBuild" in dockerfile
    assert (checkout / "binder" / "postBuild").stat().st_mode & 0o111


def test_repo2docker_reads_what_init_writes(tmp_path: Path, repo2docker: Callable[[Path], str]) -> None:
    write_binder_files(tmp_path)
    dockerfile = repo2docker(tmp_path)
    assert '-r "binder/requirements.txt"' in dockerfile
    assert f"python={PYTHON}" in dockerfile
