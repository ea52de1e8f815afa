"""The command as a process."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

COMMAND = [sys.executable, "-c", "from jupyter_cxg.cli.app import main; main()"]
Environment = dict[str, str]


def environment_of(home: Path) -> Environment:
    """Of a person who set nothing."""
    ours = ("CXG_", "JUPYTER", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "HOME": str(home), "CXG_SNAPSHOT_DIR": str(home / "snapshots")}


def ran(arguments: Sequence[object], environment: Environment) -> tuple[int, str, str]:
    """Exit code, stdout and stderr."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, env=environment, timeout=60
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr
