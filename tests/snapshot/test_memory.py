"""How much memory there is, and that a process keeps to it."""

import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.snapshot.memory import bytes_of, container_limit, default_memory


@pytest.mark.parametrize(
    ("text", "size"),
    [("400M", 4 * 10**8), ("1.5 GB", 15 * 10**8), ("2GiB", 2**31), ("2000000", 2 * 10**6), ("1kb", 1000)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert bytes_of(text) == size


@pytest.mark.parametrize("text", ["", "M", "-1G", "0", "many", "nan", "inf", "1e30", "1P"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(BadQuery, match="is no size"):
        bytes_of(text)


@pytest.mark.parametrize(
    ("own", "files", "limit"),
    [
        ("0::/a/b\n", {"a/b/memory.max": "max\n", "a/memory.max": "5000\n"}, 5000),
        ("0::/elsewhere\n", {"memory.max": "7000\n"}, 7000),
        ("0::/\n", {}, None),
        ("4:cpu:/x\n3:memory:/x\n", {"memory/x/memory.limit_in_bytes": "6000\n"}, 6000),
        ("3:memory:/x\n", {"memory/memory.limit_in_bytes": "9223372036854771712\n"}, None),
        (None, {}, None),
    ],
)
def test_the_limit_of_a_container(
    tmp_path: Path, own: str | None, files: dict[str, str], limit: int | None
) -> None:
    for name, content in files.items():
        (tmp_path / "groups" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "groups" / name).write_text(content)
    if own is not None:
        (tmp_path / "own").write_text(own)
    assert container_limit(tmp_path / "groups", tmp_path / "own") == limit


def test_there_is_a_default() -> None:
    assert 10**8 < default_memory() < 10**14


def bounded(limit: str, then: str) -> subprocess.CompletedProcess[str]:
    code = f"from jupyter_cxg.snapshot.memory import *; import numpy as np\nbound_memory({limit})\n{then}"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)


def test_a_process_keeps_to_its_memory() -> None:
    assert bounded("300 * 10**6", "np.ones(10**8, np.uint8)").returncode == 0
    over = bounded("300 * 10**6", "np.ones(3 * 10**8, np.uint8)")
    assert over.returncode == 1 and "MemoryError" in over.stderr
    assert "not enough: give at least" in bounded("10**6", "").stderr
