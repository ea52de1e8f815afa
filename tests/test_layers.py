"""The architecture, as a test: import direction, homes of heavy packages, file length, versions."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
ROOT = REPOSITORY / "jupyter_cxg"

# what each package of ours may import from us, bottom layer first
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "_version": set(),
    "model": {"errors"},
    "compute": {"model", "errors"},
    "snapshot": {"model", "errors"},
    "wire": {"model", "errors"},
    "engine": {"compute", "snapshot", "model", "errors"},
    "config": {"snapshot"},  # the defaults that kernel and server share (snapshot/place.py)
    "server": {"engine", "wire", "snapshot", "config", "model", "errors", "_version"},
    "notebook": {"snapshot", "model", "errors", "_version"},
    "__init__": {"notebook", "server", "_version"},
}
# where each heavy package may be imported
ONLY_IN = {
    "numba": ("compute/kernels.py",),
    "pyarrow": ("wire/",),
    "flatbuffers": ("wire/",),
    "anndata": ("snapshot/writer.py", "snapshot/sources.py", "snapshot/clean.py", "notebook/"),
    "tornado": ("server/",),
    "jupyter_server": ("server/",),
    "anywidget": ("notebook/",),
}
FILES = sorted(ROOT.rglob("*.py"))
each_file = pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything the file imports, function-level imports too."""
    package = path.relative_to(ROOT.parent).with_suffix("").parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: -node.level] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield from (f"{module}.{alias.name}" for alias in node.names)


@each_file
def test_imports_run_one_way(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    layer = where.split("/")[0].removesuffix(".py")
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == ROOT.name:
            assert rest.split(".")[0] in MAY_IMPORT[layer] | {layer}, f"{where} may not import {name}"
        assert where.startswith(ONLY_IN.get(top, "")), f"{where}: {top} belongs in {ONLY_IN[top]}"


@each_file
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@each_file
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if text.strip() and path.name != "_version.py":
        assert ast.get_docstring(ast.parse(text)), f"{path.name} has no module docstring"


VIEWER = REPOSITORY / "viewer" / "src"
# folders of the viewer and what they may import from each other (docs/architecture.md)
VIEWER_MAY_IMPORT: dict[str, set[str]] = {
    "lib": set(),
    "styles": set(),
    "ui": {"lib", "styles"},
    "gpu": {"lib"},
    "api": {"lib"},
    "data": {"api", "lib", "gpu", "state"},
    "state": {"data", "api", "lib", "gpu", "bridge"},
    "bridge": {"state", "lib"},
    "features": {"state", "data", "api", "lib", "gpu", "ui", "styles"},
    "app": {"features", "state", "data", "api", "lib", "gpu", "ui", "styles", "bridge"},
}
SOURCES = sorted(p for p in VIEWER.rglob("*.ts*") if p.suffix in {".ts", ".tsx"} and ".test." not in p.name)


def viewer_imports(path: Path) -> Iterator[str]:
    """First folder below src/ of every relative import in a TypeScript file."""
    for line in path.read_text(encoding="utf-8").splitlines():
        head, quote, tail = line.partition(' from "')
        if not quote:
            head, quote, tail = line.partition('import "')
        target = tail.partition('"')[0]
        if quote and target.startswith("."):
            resolved = (path.parent / target).resolve().relative_to(VIEWER.resolve())
            yield resolved.parts[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(VIEWER)))
def test_viewer_imports_run_one_way(path: Path) -> None:
    where = path.relative_to(VIEWER)
    if len(where.parts) == 1:
        return  # main.tsx wires everything
    folder = where.parts[0]
    for target in viewer_imports(path):
        assert target in VIEWER_MAY_IMPORT[folder] | {folder}, f"{where} may not import from {target}/"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_only_one_file_of_the_viewer_fetches() -> None:
    users = [p.name for p in SOURCES if "fetch(" in p.read_text(encoding="utf-8")]
    # the loader asks the notebook server whether the snapshot is there, with the page's own login
    assert set(users) <= {"client.ts", "widget-end.ts"}, users


def test_versions_agree() -> None:
    version: dict[str, str] = {}
    exec((ROOT / "_version.py").read_text(encoding="utf-8"), version)  # noqa: S102 - our own one-line file
    for package in ("package.json", "viewer/package.json", "labextension/package.json"):
        assert json.loads((REPOSITORY / package).read_text(encoding="utf-8"))["version"] == version["__version__"]


def test_importing_the_package_loads_neither_the_server_nor_numba() -> None:
    code = (
        "import sys, jupyter_cxg, jupyter_cxg.notebook.view, jupyter_cxg.notebook.magic;"
        "print([m for m in ('jupyter_server', 'tornado.web', 'numba', 'pyarrow') if m in sys.modules])"
    )
    # pandas loads pyarrow when it is installed and scipy-based packages may load numba; on our own
    # account neither may happen, so compare with what the kernel's own packages load
    baseline = "import sys, anywidget, anndata, pandas;" + code.partition("notebook.magic;")[2]
    ours, theirs = (
        subprocess.run([sys.executable, "-c", c], capture_output=True, text=True, check=True).stdout
        for c in (code, baseline)
    )
    assert set(ast.literal_eval(ours)) <= set(ast.literal_eval(theirs))
