"""Binder: what its files describe is built in a clean environment, and its links followed in a browser."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Page

from jupyter_cxg.cli.binder_links import Repository, binder_link, pulled_link
from tests.binder.environments import REPOSITORY, BinderServer, Built
from tests.browser.jupyter import TOKEN, NotebookPage, ready
from tests.browser.test_notebook import until

LAB = Repository("https://github.com/lab/atlas")


@pytest.fixture(scope="module")
def ours(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What binder/ of this repository describes."""
    built = Built(tmp_path_factory.mktemp("ours"), checkout)
    described = yaml.safe_load((checkout / "binder" / "environment.yml").read_text())
    # Python, Node and pip come from conda there and from the machine here; nothing else may come from conda.
    assert {re.split("[=<>]", item)[0] for item in described["dependencies"]} == {"python", "nodejs", "pip"}
    built.run("bash", "binder/postBuild")
    return built


@pytest.fixture(scope="module")
def theirs(ours: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What `jupyter cxg binder init` writes for somebody's repository of data."""
    repository = tmp_path_factory.mktemp("theirs") / "data"
    (repository / "data").mkdir(parents=True)
    ours.run("jupyter", "cxg", "binder", "init", str(repository), "--pull")
    shutil.copy(ours.repository / "examples" / "pbmc.h5ad", repository / "data" / "T cells #1.h5ad")
    built = Built(repository.parent, repository)
    wheels = repository.parent / "wheels"  # of this version, which no index has
    ours.run("pip", "wheel", "-q", "--no-deps", "--wheel-dir", str(wheels), ".")
    # fmt: off
    built.run(
        "pip", "install", "-q", "-c", str(REPOSITORY / "constraints.txt"), "--find-links", str(wheels),
        "-r", "binder/requirements.txt",
    )
    # fmt: on
    return built


def test_a_link_lands_in_the_viewer(ours: Built, tmp_path: Path, page_of: Callable[..., Page]) -> None:
    link = binder_link(LAB, "examples/pbmc.h5ad", state='{"color":{"kind":"gene","name":"LYZ"}}')
    with BinderServer(tmp_path / "home", ours) as server:
        page = page_of()
        page.goto(server.landing(link))
        ready(page.main_frame)
        until(page.main_frame, "state.view.color?.name === 'LYZ'")
        assert TOKEN not in page.url
        assert TOKEN not in "".join(line for line in server.log if "cxg/" in line)


def test_the_example_runs_in_lab(ours: Built, tmp_path: Path, page_of: Callable[..., Page]) -> None:
    with BinderServer(tmp_path / "home", ours) as server:
        page = NotebookPage(page_of(), "pbmc.ipynb")
        page.open(f"{server.url}lab/tree/examples/pbmc.ipynb?token={TOKEN}")
        page.page.keyboard.press("Escape")
        page.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.viewer()


def test_a_data_repository(theirs: Built, tmp_path: Path, page_of: Callable[..., Page]) -> None:
    with BinderServer(tmp_path / "home", theirs) as server:
        page = page_of()
        page.goto(server.landing(binder_link(LAB, "data/T cells #1.h5ad")))
        ready(page.main_frame)
        until(page.main_frame, "state.dataset.nObs === 700")


def test_data_from_another_repository(theirs: Built, tmp_path: Path, page_of: Callable[..., Page]) -> None:
    """nbgitpuller brings it; git is told to find that repository on this machine."""
    content = tmp_path / "github" / "lab" / "content"
    (content / "deep").mkdir(parents=True)
    shutil.copy(theirs.repository / "data" / "T cells #1.h5ad", content / "deep" / "B+T 100%.h5ad")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "data"]):
        subprocess.run([*git, *command], cwd=content, check=True)
    variables = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{tmp_path}/github/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }
    link = pulled_link(LAB, Repository("https://github.com/lab/content", "main"), "deep/B+T 100%.h5ad")
    with BinderServer(tmp_path / "home", theirs, **variables) as server:
        page = page_of()
        page.goto(server.landing(link))
        page.wait_for_url("**/cxg/open?**", timeout=60_000)
        ready(page.main_frame)
        until(page.main_frame, "state.dataset.nObs === 700")
        shutil.rmtree(theirs.repository / "content")
