"""The architecture, as a test: import direction, homes of heavy packages, file length, versions."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
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
    "annotations": {"model", "errors"},
    "engine": {"compute", "snapshot", "model", "errors"},
    "config": {"snapshot", "errors"},  # the defaults that kernel and server share (snapshot/place.py)
    "server": {"engine", "wire", "annotations", "snapshot", "config", "model", "errors", "_version"},
    "notebook": {"snapshot", "model", "errors", "_version"},
    "hub": {"server", "config", "errors"},
    "cli": {"server", "hub", "snapshot", "config", "errors", "_version"},
    "__init__": {"notebook", "server", "_version"},
}
# where each heavy package may be imported
ONLY_IN = {
    "numba": ("compute/kernels",),
    "pyarrow": ("wire/",),
    "flatbuffers": ("wire/",),
    "sqlalchemy": ("annotations/",),
    "alembic": ("annotations/",),
    "anndata": ("snapshot/writer.py", "snapshot/sources.py"),
    "scanpy": ("snapshot/recipe.py",),
    "igraph": ("snapshot/recipe.py",),
    "dask": ("snapshot/lazy.py",),
    "fsspec": ("snapshot/web.py", "snapshot/bucket.py"),
    "aiohttp": ("snapshot/web.py",),
    "yarl": ("snapshot/web.py",),
    "tornado": ("server/",),
    "jupyter_server": ("server/", "hub/"),
    "anywidget": ("notebook/",),
    "jupyterhub": ("hub/",),
    "yaml": ("cli/",),
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


def test_every_package_that_is_imported_is_declared() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = (*project["dependencies"], *project["optional-dependencies"]["hub"])
    needed += tuple(project["optional-dependencies"]["recipe"])
    needed += (*project["optional-dependencies"]["remote"], "yarl")  # aiohttp's own addresses
    needed += ("dask",)  # where the object is dask's, it is there
    declared = {_normal(re.split(r"[^\w.-]", item)[0]) for item in needed}
    theirs = {name.partition(".")[0] for path in FILES for name in imports(path)}
    theirs -= {ROOT.name, *sys.stdlib_module_names}
    homes = packages_distributions()
    missing = {name for name in theirs if not declared & {_normal(home) for home in homes.get(name, [name])}}
    assert not missing, f"pyproject.toml does not declare {missing}"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


VIEWER = REPOSITORY / "viewer" / "src"
# folders of the viewer and what they may import from each other (docs/architecture.md)
VIEWER_MAY_IMPORT: dict[str, set[str]] = {
    "lib": set(),
    "styles": set(),
    "ui": {"lib", "styles"},
    "gpu": {"lib"},
    "api": {"lib"},
    "data": {"api", "lib"},
    "state": {"data", "api", "lib"},
    "bridge": {"state", "lib"},
    "features": {"state", "data", "api", "lib", "gpu", "ui", "styles"},
    "app": {"features", "state", "data", "api", "lib", "gpu", "ui", "styles", "bridge"},
}
# folders of which another one knows the types but runs nothing
VIEWER_MAY_IMPORT_TYPES: dict[str, set[str]] = {
    "data": {"state"},  # how a filter is described
}
SOURCES = sorted(p for p in VIEWER.rglob("*.ts*") if p.suffix in {".ts", ".tsx"} and ".test." not in p.name)


IMPORT = re.compile(r'(?:^|;)\s*(?:import|export)\b(?P<type>\s+type\b)?[^;"]*?"(?P<target>\.[^"]*)"', re.M)
# a call of the global function, and whatever else asks a server; not a method that is called fetch
ASKS = re.compile(
    r"(?:(?<![.\w])|\b(?:window|self|globalThis)\.)fetch\((?![^()]*\)\s*[:{])"
    r"|\bXMLHttpRequest\b|\bnew (?:WebSocket|EventSource)\b|\bsendBeacon\b"
)


def viewer_imports(path: Path) -> Iterator[tuple[str, bool]]:
    """First folder below src/ of every relative import in a TypeScript file, and whether of types only."""
    for found in IMPORT.finditer(path.read_text(encoding="utf-8")):
        resolved = (path.parent / found["target"]).resolve().relative_to(VIEWER.resolve())
        yield resolved.parts[0], found["type"] is not None


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(VIEWER)))
def test_viewer_imports_run_one_way(path: Path) -> None:
    where = path.relative_to(VIEWER)
    if len(where.parts) == 1:
        return  # main.tsx wires everything
    folder = where.parts[0]
    for target, types_only in viewer_imports(path):
        known = VIEWER_MAY_IMPORT_TYPES.get(folder, set()) if types_only else set()
        allowed = VIEWER_MAY_IMPORT[folder] | known | {folder}
        assert target in allowed, f"{where} may not import from {target}/"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_imports_of_several_lines_are_seen() -> None:
    text = 'import {\n  a,\n} from "../state/a";\nimport type { B } from "../api/b";\nimport "./x.css";'
    found = [(item["target"], bool(item["type"])) for item in IMPORT.finditer(text)]
    assert found == [("../state/a", False), ("../api/b", True), ("./x.css", False)]


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("  const response = await fetch(url, { signal });", True),
        ("void window.fetch(url);", True),
        ("  fetch(question: string): Promise<Answer>;", False),
        ("  async fetch(questions: string[]) {", False),
        ("this.client.fetch(question)", False),
        ("prefetch(question)", False),
    ],
)
def test_a_method_called_fetch_asks_no_server(line: str, asks: bool) -> None:
    assert bool(ASKS.search(line)) is asks


def test_only_three_files_of_the_viewer_ask_a_server() -> None:
    users = {str(p.relative_to(VIEWER)) for p in SOURCES if ASKS.search(p.read_text(encoding="utf-8"))}
    # the viewer by its capability, also over a socket; and the loader, which lives in the notebook page,
    # whether the server knows the snapshot, with the page's own login
    assert users == {"api/client.ts", "api/events.ts", "bridge/page.ts"}


def test_versions_agree() -> None:
    version: dict[str, str] = {}
    exec((ROOT / "_version.py").read_text(encoding="utf-8"), version)  # noqa: S102 - our own one-line file
    for package in ("package.json", "viewer/package.json", "labextension/package.json"):
        found = json.loads((REPOSITORY / package).read_text(encoding="utf-8"))
        assert found["version"] == version["__version__"], package


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
