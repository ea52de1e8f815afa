"""The extension inside of a Jupyter server."""

import os
import socket
import stat
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from jupyter_cxg.config import Cxg
from jupyter_cxg.server.context import Context
from tests.server.conftest import Fetch


def test_kernels_publish_where_the_server_looks(jp_serverapp: Any, cxg: Context, tmp_path: Path) -> None:
    assert os.environ["CXG_SNAPSHOT_DIR"] == str(tmp_path / "snapshots") == str(cxg.catalog.root)
    assert stat.S_IMODE(cxg.catalog.root.stat().st_mode) == 0o700


def test_only_what_is_set_is_handed_down(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CXG_SNAPSHOT_DIR", str(tmp_path / "there"))
    monkeypatch.setenv("CXG_KEEP_HOURS", "2")
    usual = Cxg()
    assert usual.environment() == {}
    assert (usual.place().root, usual.place().keep_seconds) == (tmp_path / "there", 7200)
    chosen = Cxg(snapshot_dir=str(tmp_path / "here"), max_bytes=10**9, keep_hours=0.5)
    assert chosen.environment() == {
        "CXG_SNAPSHOT_DIR": str(tmp_path / "here"),
        "CXG_MAX_BYTES": "1000000000",
        "CXG_KEEP_HOURS": "0.5",
    }
    assert (chosen.place().max_bytes, chosen.place().keep_seconds) == (10**9, 1800)


class TestBadDirectory:
    @pytest.fixture
    def catalog(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Any:  # captures from now on
        class Shared:
            root = tmp_path / "shared"

        Shared.root.mkdir(mode=0o755)
        Shared.root.chmod(0o755)
        return Shared

    async def test_jupyter_starts_without_us_and_says_why(
        self, fetch: Fetch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        assert "jupyter_cxg shows nothing: Others can look into" in capfd.readouterr().err
        assert (await fetch("cxg/api/snapshots")).code == 404


async def test_work_for_a_client_that_left_is_not_done(
    cxg: Context, dataset: str, capability: str, jp_http_port: int, jp_base_url: str, fetch: Fetch
) -> None:
    """Who skims through genes leaves most requests before their turn comes."""
    free, done = Event(), []
    real = cxg.reply
    cxg.reply = lambda *a, **k: (done.append(a[1].key), free.wait(10), real(*a, **k))[-1]  # type: ignore[method-assign]
    path = f"{jp_base_url}cxg/d/{dataset}/api/v0.2/data/var?var:name_0=GENE"
    with socket.socket() as first, socket.socket() as second:
        for number, client in enumerate((first, second)):
            client.connect(("127.0.0.1", jp_http_port))
            head = f"GET {path}{number} HTTP/1.1\r\nHost: localhost\r\nX-Cxg-Capability: {capability}\r\n\r\n"
            client.sendall(head.encode())
            # this answer comes through another thread, so the request before it has arrived
            await fetch("api")
    await fetch("api")  # and so has their end, before the second one's turn comes
    free.set()
    response = await fetch(path.removeprefix(jp_base_url) + "2", headers={"X-Cxg-Capability": capability})
    assert response.code == 200
    assert [key[-1] for key in done] == ["0", "2"]


@pytest.fixture
def jp_server_config(jp_server_config: Any, request: pytest.FixtureRequest) -> Any:
    jp_server_config["Cxg"]["threads"] = 1
    return jp_server_config
