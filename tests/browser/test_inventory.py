"""docs/features.md names a test for each thing that the viewer does: all of them are there."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "features.md"
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), flags=re.M)
NAMED = [(what, file, name) for what, by in ROWS for file, name in re.findall(r"`(\w+)::(\w+)`", by)]


def functions_of(path: Path) -> set[str]:
    found = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(found) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("what", "file", "name"), NAMED)
def test_what_is_promised_has_its_test(what: str, file: str, name: str) -> None:
    path = HERE / f"{file}.py"
    assert path.exists(), f"“{what}” is shown by {file}.py, which is not there"
    assert name in functions_of(path), f"“{what}” is shown by {name}, which is not in {file}.py"


def test_every_row_names_a_test_or_says_that_there_is_none() -> None:
    assert NAMED
    assert [what for what, by in ROWS if "::" not in by and by not in ("–", "shown by")] == []
