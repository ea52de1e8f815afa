"""schemathesis makes requests of all kinds from the OpenAPI document, and a running server passes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import Environment, environment_of
from tests.cli.test_serve import serving
from tests.reference.example import tiny_adata

CONFIG = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = int(os.environ.get("CXG_SCHEMATHESIS_EXAMPLES", "25"))
TOKEN = "of-this-test"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return {**environment_of(tmp_path), "CXG_TOKEN": TOKEN}


def test_schemathesis_finds_nothing(environment: Environment, tmp_path: Path) -> None:
    tiny_adata().write_h5ad(path := tmp_path / "tiny.h5ad")
    with serving([path], environment) as server:
        server.listening().ready()
        login = f"token {TOKEN}"
        (snapshot,) = json.loads(server.get("cxg/api/snapshots", Authorization=login)[1])
        config = tmp_path / "schemathesis.toml"
        config.write_text(CONFIG.read_text().replace("DATASET", snapshot["id"]))
        root = server.url.partition("?")[0]
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", f"--config-file={config}"),
                *("run", f"{root}cxg/api/openapi.json", f"--header=Authorization: {login}"),
                *("--no-color", "--continue-on-failure", f"--max-examples={EXAMPLES}"),
            ],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        made, passed = map(int, re.findall(r"(\d+) generated, (\d+) passed", done.stdout)[0])
        assert made == passed > 1000 and "Dictionary mismatch" not in done.stdout, done.stdout
        assert not [line for line in server.said if "Traceback" in line], server.said
        assert server.get("healthz")[0] == 200 and server.stop() == 0
