"""Environments as Binder would build them, and servers as Binder would start them, without Docker."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.browser.jupyter import TOKEN, JupyterServer

REPOSITORY = Path(__file__).parents[2]


def clean_environment() -> dict[str, str]:
    """This process's, without what the tests' own virtual environment put into it."""
    dropped = {"VIRTUAL_ENV", "PYTHONPATH", "PIP_CONSTRAINT"}
    kept = {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("JUPYTER")}
    # most of what is installed is never imported: what is, Python compiles then
    return {**kept, "PIP_COMPILE": "0"}


class Built:
    """A virtual environment that only what the repository says is installed in.

    Parameters
    ----------
    home
        Where it goes.
    repository
        The directory that a Binder would copy into its image.
    """

    def __init__(self, home: Path, repository: Path) -> None:
        self.repository = repository
        self.bin = home / "venv" / "bin"
        self.environment = {**clean_environment(), "PATH": f"{self.bin}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)

    def run(self, *command: str) -> str:
        """What a command prints, run in the repository as repo2docker does it."""
        done = subprocess.run(
            command, cwd=self.repository, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout


class BinderServer(JupyterServer):
    """JupyterLab with the arguments that BinderHub gives it: a token, a base URL, and any origin allowed."""

    def __init__(self, home: Path, built: Built, **variables: str) -> None:
        super().__init__(home, "/user/lab-atlas-1a2b3c/")
        self.root = built.repository
        inherited = {k: v for k, v in self.environment.items() if k != "CXG_SNAPSHOT_DIR"}
        self.environment = {**inherited, **built.environment, "HOME": str(home), **variables}
        self.command = [
            *(str(built.bin / "jupyter"), "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1"),
            f"--ServerApp.root_dir={built.repository}",
            f"--ServerApp.base_url={self.base_url}",
            f"--ServerApp.token={TOKEN}",
            "--ServerApp.allow_origin=*",
            "--LabApp.expose_app_in_browser=True",  # the tests ask the page when its kernel is ready
        ]

    def landing(self, link: str) -> str:
        """Where Binder sends the browser that followed a link: its urlpath, with the token."""
        path = parse_qs(urlsplit(link).query)["urlpath"][0]
        return f"{self.url}{path}{'&' if '?' in path else '?'}token={TOKEN}"
