"""What users install: a wheel that needs no Node and enables both extensions by itself."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def path_without_node() -> str:
    """The search path, less every folder that has a Node in it."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(f for f in folders if shutil.which("node", path=f) is None)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, REPOSITORY],
        check=True,
        capture_output=True,
        env={**os.environ, "PATH": path_without_node()},
    )
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return environment(wheel, tmp_path_factory.mktemp("environment"))


def environment(wheel: Path, home: Path) -> dict[str, str]:
    """An environment with the wheel in it; dependencies are borrowed from the one that runs the tests."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home / "venv"], check=True)
    python = str(home / "venv" / "bin" / "python")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", wheel],
        check=True,
    )
    library = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    # A plain path line: the editable install of this repository is not seen through it.
    (Path(library.strip()) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")},
        "PYTHON": python,
        "PATH": path_without_node(),
        "HOME": str(home),
    }


def output(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [environment["PYTHON"], *command],
        env=environment,
        cwd=environment["HOME"],  # not the repository, whose package would be found first
        capture_output=True,
        text=True,
        check=True,
    )
    return re.sub(r"\x1b\[\d*m", "", done.stdout + done.stderr)  # without colors


def test_wheel_holds_the_built_viewer_and_no_sources_of_it(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "jupyter_cxg/static/viewer/manifest.json" in names
    assert "jupyter_cxg/static/widget/widget.js" in names
    assert any(n.endswith("share/jupyter/labextensions/jupyter-cxg/package.json") for n in names)
    assert any(n.endswith("etc/jupyter/jupyter_server_config.d/jupyter_cxg.json") for n in names)
    assert not [n for n in names if n.endswith((".ts", ".tsx")) or "node_modules" in n or "tests/" in n]


def test_both_extensions_are_enabled_with_no_further_command(installed: dict[str, str]) -> None:
    server = output(installed, "-m", "jupyter_server.extension.serverextension", "list")
    assert "jupyter_cxg enabled" in server
    assert "OK" in server[server.index("jupyter_cxg enabled") :]
    assert "jupyter-cxg v" in output(installed, "-m", "jupyterlab.labextensions", "list")


def test_package_comes_from_the_wheel_and_shows_an_object(installed: dict[str, str]) -> None:
    code = (
        "import jupyter_cxg, anndata, numpy as np; print(jupyter_cxg.__file__);"
        "a = anndata.AnnData(np.ones((3, 2), 'float32'), obsm={'X_umap': np.eye(3, 2)});"
        "print(repr(jupyter_cxg.view(a)))"
    )
    printed = output(installed, "-c", code)
    assert str(REPOSITORY) not in printed
    assert "3 cells" in printed or "3 × 2" in printed, printed


def test_uninstalling_leaves_jupyter_without_a_trace(wheel: Path, tmp_path: Path) -> None:
    throwaway = environment(wheel, tmp_path)
    venv = tmp_path / "venv"
    assert list(venv.rglob("*jupyter*cxg*"))
    python = throwaway["PYTHON"]
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", python, "uninstall", "-q", "-y", "jupyter-cxg"], check=True
    )
    assert not list(venv.rglob("*jupyter*cxg*"))
    assert "cxg" not in output(throwaway, "-m", "jupyter_server.extension.serverextension", "list")
    assert "cxg" not in output(throwaway, "-m", "jupyterlab.labextensions", "list")
