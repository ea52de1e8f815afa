"""Server and kernel in environments of their own, each without what only the other one needs."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.jupyter import TOKEN, JupyterServer, NotebookPage
from tests.browser.test_notebook import until

REPOSITORY = Path(__file__).parents[2]
NEVER_IN_THE_KERNEL = ("jupyter_server", "jupyterlab", "numba", "pyarrow", "flatbuffers")
NEVER_IN_THE_SERVER = ("anndata", "pandas", "scanpy")

KERNEL_PACKAGES = ("anndata", "anywidget", "h5py", "ipykernel", "ipywidgets", "natsort", "zarr")
SERVER_PACKAGES = (
    *(
        "alembic",
        "anywidget",
        "flatbuffers",
        "jupyterlab",
        "natsort",
        "numba",
        "numcodecs",
        "numpy",
        "pyarrow",
    ),
    *("scipy", "sqlalchemy"),
)


class Environment:
    """A virtual environment with the wheel, and these packages in the place of its dependencies."""

    def __init__(self, home: Path, wheel: Path, packages: tuple[str, ...]) -> None:
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        self.python = home / "bin" / "python"
        pip = (self.python, "-m", "pip", "install", "-q")
        # most of what is installed is never imported: what is, Python compiles then
        environment = {**os.environ, "PIP_COMPILE": "0"}
        subprocess.run([*pip, "-c", REPOSITORY / "constraints.txt", *packages], check=True, env=environment)
        subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True, env=environment)

    def has(self, package: str) -> bool:
        found = subprocess.run([self.python, "-c", f"import {package}"], capture_output=True, check=False)
        return found.returncode == 0


@pytest.fixture(scope="session")  # pytest may go through the tests of this file in two parts
def environments(tmp_path_factory: pytest.TempPathFactory) -> tuple[Environment, Environment]:
    """The server's and the kernel's; the first knows the second as its kernel python3."""
    home = tmp_path_factory.mktemp("environments")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", home, REPOSITORY]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(home.glob("*.whl"))
    kernel = Environment(home / "kernel", wheel, KERNEL_PACKAGES)
    server = Environment(home / "server", wheel, SERVER_PACKAGES)
    specs = home / "server" / "share" / "jupyter" / "kernels"
    shutil.rmtree(specs / "python3", ignore_errors=True)
    (specs / "python3").mkdir(parents=True)
    command = [str(kernel.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": command, "display_name": "Python 3", "language": "python"}
    (specs / "python3" / "kernel.json").write_text(json.dumps(spec))
    return server, kernel


def test_neither_has_what_the_other_needs(environments: tuple[Environment, Environment]) -> None:
    server, kernel = environments
    assert [name for name in NEVER_IN_THE_KERNEL if kernel.has(name)] == []
    assert [name for name in NEVER_IN_THE_SERVER if server.has(name)] == []


def test_the_viewer_opens_and_colors_by_a_gene(
    environments: tuple[Environment, Environment], tmp_path: Path, page_of: Callable[..., Page]
) -> None:
    server, _ = environments
    running = JupyterServer(tmp_path)
    running.command[0] = str(server.python)
    inherited = {k: v for k, v in running.environment.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    running.environment = {**inherited, "PATH": f"{server.python.parent}{os.pathsep}{os.environ['PATH']}"}
    with running:
        running.write_notebook(
            "apart.ipynb",
            [
                "import anndata, numpy as np\n"
                "%load_ext jupyter_cxg\n"
                "umap = {'X_umap': np.random.rand(9, 2)}\n"
                "adata = anndata.AnnData(np.eye(9, 3, dtype='float32'), obsm=umap)\n"
                "adata.var_names = ['A', 'B', 'C']",
                "%cxg adata",
                "viewer.color_by = 'B'",
            ],
        )
        page = NotebookPage(page_of(), "apart.ipynb")
        page.open(f"{running.url}lab/tree/apart.ipynb?token={TOKEN}")
        page.run(0)
        page.start(1)
        frame = page.viewer()
        page.finished(1)
        page.run(2)
        until(frame, "state.columns['gene/B'] === 'ready'")
