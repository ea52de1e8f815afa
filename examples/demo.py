"""Open JupyterLab on pbmc.ipynb: what `make demo` runs.

JupyterLab takes the first free port from 8888 on and prints its URL; ``NO_BROWSER=1`` keeps the browser
closed.
"""

import os
import sys
from pathlib import Path

import data  # beside this file

HERE = Path(__file__).parent


def main() -> None:
    """Replace this process by JupyterLab."""
    data.main()
    arguments = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--ServerApp.root_dir",
        str(HERE),
        "--LabApp.default_url=/lab/tree/pbmc.ipynb",
    ]
    if os.environ.get("NO_BROWSER"):
        arguments.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    os.execv(sys.executable, arguments)


if __name__ == "__main__":
    main()
