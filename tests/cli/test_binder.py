"""`jupyter cxg binder`: what it writes, prints and refuses."""

import subprocess
from pathlib import Path

import pytest

from jupyter_cxg.cli.app import run

REPO = ("--repo", "https://github.com/lab/atlas")


def test_init_writes_what_binder_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["binder", "init", str(tmp_path)]) == 0
    assert (tmp_path / "binder" / "runtime.txt").read_text().startswith("python-3.")
    assert "jupyter-cxg>=" in (tmp_path / "binder" / "requirements.txt").read_text()
    assert "nbgitpuller" not in (tmp_path / "binder" / "requirements.txt").read_text()
    assert "runtime.txt" in capsys.readouterr().out


def test_init_replaces_nothing_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "binder" / "requirements.txt"
    own.parent.mkdir()
    own.write_text("scanpy\n")
    assert run(["binder", "init", str(tmp_path)]) == 1
    assert "--force" in capsys.readouterr().err
    assert own.read_text() == "scanpy\n"
    assert not (own.parent / "runtime.txt").exists()
    assert run(["binder", "init", str(tmp_path), "--force", "--pull"]) == 0
    assert "nbgitpuller" in own.read_text()
    assert run(["binder", "init", str(tmp_path), "--pull"]) == 0  # nothing to change


@pytest.mark.parametrize("name", ["environment.yml", "requirements.txt", "Dockerfile", ".binder/apt.txt"])
def test_init_hides_no_other_description(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).touch()
    assert run(["binder", "init", str(tmp_path)]) == 1
    assert "add jupyter-cxg" in capsys.readouterr().err
    assert not (tmp_path / "binder").exists()


def test_link_prints_link_and_badge(capsys: pytest.CaptureFixture[str]) -> None:
    state = '{ "color": {"kind": "gene", "name": "LYZ"} }'
    assert run(["binder", "link", "./data/x.h5ad", *REPO, "--ref", "v1", "--state", state]) == 0
    link, _, badge = capsys.readouterr().out.strip().split("\n")
    assert link.startswith(
        "https://mybinder.org/v2/gh/lab/atlas/v1?urlpath=cxg%2Fopen%3Fpath%3Ddata%2Fx.h5ad"
    )
    assert badge.endswith(f"]({link})")


def test_link_knows_where_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["binder", "link", "x.h5ad"]) == 2
    assert "--repo" in capsys.readouterr().err
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "remote", "add", "origin", "git@gitlab.com:lab/atlas.git"], check=True)
    assert run(["binder", "link", "x.h5ad"]) == 0
    assert "/v2/gl/lab%2Fatlas/HEAD?" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["build"],
        ["link", *REPO],
        ["link", "a.h5ad", "b.h5ad", *REPO],
        ["link", "../a.h5ad", *REPO],
        ["link", "/a.h5ad", *REPO],
        ["link", "a\\b.h5ad", *REPO],
        ["link", ".hidden/a.h5ad", *REPO],
        ["link", "a.csv", *REPO],
        ["link", "a.h5ad", "--repo", "lab/atlas"],
        ["link", "a.h5ad", *REPO, "--state", "LYZ"],
        ["link", "a.h5ad", *REPO, "--state", "[1]"],
        ["link", "a.h5ad", *REPO, "--sate", "{}"],
        ["link", "a.h5ad", "--repo", "10.5281/zenodo.1", "--env", "https://github.com/lab/env"],
        ["init", "nowhere"],
        ["init", "a", "b"],
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_gets_one_sentence(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["binder", *arguments]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and said.err.startswith("jupyter cxg: ")
    assert not said.out
