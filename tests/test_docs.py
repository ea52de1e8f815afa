"""The documentation knows everything that there is to know, and its links lead somewhere."""

import re
from pathlib import Path
from typing import Any, cast

import pytest

import jupyter_cxg
from jupyter_cxg.config import Cxg
from jupyter_cxg.notebook.magic import _OPTIONS
from jupyter_cxg.server import questions
from jupyter_cxg.server.context import Context
from jupyter_cxg.server.errors import ANSWER
from jupyter_cxg.server.page import policy
from jupyter_cxg.server.routes import routes
from jupyter_cxg.snapshot import place
from jupyter_cxg.snapshot.manifest import Manifest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]

API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
NOTEBOOK = (ROOT / "docs" / "notebook.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
FORMAT = (ROOT / "docs" / "snapshot-format.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def in_code(text: str) -> set[str]:
    """What stands between backticks, outside of blocks of code."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)))


# ── settings ──


def own_traits() -> dict[str, Any]:
    return {name: trait for name, trait in Cxg.class_own_traits().items() if trait.metadata.get("config")}


@pytest.mark.parametrize("name", own_traits())
def test_every_setting_of_the_server_is_described(name: str) -> None:
    row = next((line for line in SETTINGS.splitlines() if line.startswith(f"| `Cxg.{name}` |")), "")
    assert row, f"docs/settings.md has no row for Cxg.{name}"
    default = own_traits()[name].default_value
    if name != "threads":  # depends on the machine
        assert f"{default:g}" in row if isinstance(default, float) else str(default) in row


def test_no_setting_is_described_that_there_is_not() -> None:
    assert set(re.findall(r"Cxg\.(\w+)", SETTINGS + API + SECURITY)) <= set(own_traits())


@pytest.mark.parametrize("name", sorted(set(re.findall(r"CXG_\w+", Path(place.__file__).read_text()))))
def test_every_environment_variable_is_described(name: str) -> None:
    assert f"| `{name}` |" in SETTINGS


# ── routes ──


def paths() -> dict[str, type[Any]]:
    """Route as docs/api.md writes it → its handler."""
    found = routes(cast(Context, None))  # they only hand it on
    return {
        pattern.removeprefix("/cxg/")
        .replace("([^/]+)", "{id}")
        .replace("(.*)", "{path}")
        .replace(r"\.", ".")
        .replace("/?", "/"): handler
        for pattern, handler, _ in found
    }


@pytest.mark.parametrize("path", paths())
def test_every_route_is_described_with_its_methods(path: str) -> None:
    rows = [line for line in API.splitlines() if line.startswith("| ") and f"`{path}`" in line]
    assert len(rows) == 1, f"docs/api.md has {len(rows)} rows for {path}"
    methods = rows[0].split("|")[2].replace(",", " ").split()
    own = {verb for verb in ("get", "head", "post", "put", "delete") if is_own(paths()[path], verb)}
    assert {method.lower() for method in methods} == own


def is_own(handler: type[Any], verb: str) -> bool:
    """Whether a class of ours, and not tornado's, has the verb."""
    return any(verb in vars(cls) for cls in handler.__mro__ if cls.__module__.startswith("jupyter_cxg."))


@pytest.mark.parametrize("name", [*questions._COLUMNS, *questions._DOCUMENTS])
def test_every_question_is_described(name: str) -> None:
    described = in_code(API)
    assert {name, f"d/{{id}}/{name}", f"d/{{id}}/api/v0.2/{name}"} & described


@pytest.mark.parametrize(("status", "code"), sorted(ANSWER.values()))
def test_every_error_is_described(status: int, code: str) -> None:
    assert f"| {status} | `{code}` |" in API


def test_the_policy_is_the_one_that_is_sent() -> None:
    block = re.search(r"^```\n(sandbox.*?)^```", SECURITY, flags=re.M | re.S)
    assert block
    assert " ".join(block[1].split()) == policy("…")


# ── snapshots ──


@pytest.mark.parametrize("field", Manifest.__dataclass_fields__)
def test_every_field_of_the_manifest_is_described(field: str) -> None:
    assert field in in_code(FORMAT.partition("## manifest.json")[2])


def test_every_attribute_of_ours_is_described() -> None:
    folder = ROOT / "jupyter_cxg" / "snapshot"
    written = {name for path in folder.glob("*.py") for name in re.findall(r'"(cxg_\w+)"', path.read_text())}
    assert written
    assert written <= in_code(FORMAT)


# ── the notebook ──


@pytest.mark.parametrize("name", jupyter_cxg.__all__)
def test_every_public_name_is_described(name: str) -> None:
    assert re.search(rf"`jupyter_cxg\.{name}\b", NOTEBOOK)


@pytest.mark.parametrize("option", _OPTIONS)
def test_every_option_of_the_magic_is_described(option: str) -> None:
    assert re.search(rf"^\| `--{option}\b", NOTEBOOK, flags=re.M)


def shortcuts() -> list[str]:
    """Keys of the viewer, as docs/notebook.md writes them."""
    source = (ROOT / "viewer" / "src" / "app" / "shortcuts.ts").read_text(encoding="utf-8")
    table = source.partition("const KEYS")[2].partition("};")[0]
    plain = re.findall(r'^  (?:"([^"]+)"|(\w+)):', table, flags=re.M)
    found = [(quoted or bare).upper() for quoted, bare in plain]
    found += [f"Ctrl+{key.upper()}" for key in re.findall(r'\bkey === "(\w)"', source)]
    found += ["Esc" for _ in re.findall(r'event\.key === "Escape"', source)]
    return found


def test_the_shortcuts_are_found() -> None:
    assert {"/", "L", "[", "?", "Ctrl+Z", "Esc"} <= set(shortcuts())


@pytest.mark.parametrize("key", shortcuts())
def test_every_shortcut_is_described(key: str) -> None:
    table = NOTEBOOK.partition("| keys |")[2].partition("\n\n")[0]
    assert key in in_code(table)


# ── links ──


def links() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
        targets = re.findall(r"\]\(([^)\s]+)\)", text)
        found += [(str(page.relative_to(ROOT)), target) for target in targets if "://" not in target]
    return found


@pytest.mark.parametrize(("where", "target"), links())
def test_every_link_leads_somewhere(where: str, target: str) -> None:
    path, _, anchor = target.partition("#")
    there = (ROOT / where).parent / path if path else ROOT / where
    assert there.exists(), f"{where} links to {path}, which is not there"
    if anchor:
        assert anchor in {slug(line) for line in there.read_text(encoding="utf-8").splitlines()}


def slug(line: str) -> str | None:
    """The anchor that a heading gets on GitHub; None for other lines."""
    if not line.startswith("#"):
        return None
    return re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
