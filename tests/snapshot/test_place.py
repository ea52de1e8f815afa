"""Settings of the kernel, from the environment."""

import os
from pathlib import Path

import pytest

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.snapshot.place import Place, default_place


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CXG_SNAPSHOT_DIR", "CXG_MAX_BYTES", "CXG_KEEP_HOURS"):
        monkeypatch.delenv(name, raising=False)


def test_defaults_to_the_temporary_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert default_place() == Place(tmp_path / f"jupyter_cxg-{os.getuid()}", None, 24 * 3600)


def test_takes_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXG_SNAPSHOT_DIR", "/scratch/me")
    monkeypatch.setenv("CXG_MAX_BYTES", "2e9")
    monkeypatch.setenv("CXG_KEEP_HOURS", "0.5")
    assert default_place() == Place(Path("/scratch/me"), 2_000_000_000, 1800)


@pytest.mark.parametrize("text", ["plenty", "nan", "-1", "inf"])
def test_a_number_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CXG_MAX_BYTES", text)
    with pytest.raises(BadQuery, match=f"CXG_MAX_BYTES is '{text}'"):
        default_place()
