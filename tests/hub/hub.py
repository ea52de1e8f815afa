"""A real JupyterHub with its proxy, users who log in, and what they ask for."""

import json
import os
import re
import secrets
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from tests.ports import free_port

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
BUILT = REPOSITORY / "build"
PASSWORD = "the-password-of-all-test-users"
START_SECONDS = 90


class Hub:
    """JupyterHub of one version in a process and a directory of its own.

    Parameters
    ----------
    recipes
        Whether to use what `examples/jupyterhub` says; otherwise it is a Hub that does not know us.
    """

    def __init__(self, version: str, home: Path, *, recipes: bool) -> None:
        self.version, self.home = version, home
        self.url = f"http://127.0.0.1:{free_port()}/"
        self.token = secrets.token_hex(16)
        self.environment = BUILT / f"hub-{version}"
        self.log: list[str] = []
        self._settings = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("CXG_", "JUPYTER"))},
            "CXG_HUB_HOME": str(home),
            "CXG_HUB_URL": self.url,
            "CXG_HUB_PORT": str(free_port()),
            "CXG_PROXY_PORT": str(free_port()),
            "CXG_PROXY": str(BUILT / "hub-proxy" / "node_modules" / ".bin" / "configurable-http-proxy"),
            "CXG_HUB_TOKEN": self.token,
            "CXG_HUB_PASSWORD": PASSWORD,
            "CXG_HUB_RECIPES": "yes" if recipes else "no",
        }

    def __enter__(self) -> "Hub":
        for name in ("alice", "bob"):
            self.home_of(name).mkdir(parents=True, exist_ok=True)
        command = [self.environment / "bin" / "jupyterhub", "-f", HERE / "jupyterhub_config.py"]
        self._process = subprocess.Popen(
            [*map(str, command)],
            cwd=self.home,
            env=self._settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._up = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            assert self._up.wait(START_SECONDS) and self._process.poll() is None, self.said()
        except BaseException:
            self._process.kill()
            raise
        return self

    def _read(self) -> None:
        """Follow the log; the line that says so says that the Hub and its proxy are up."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.log.append(line.rstrip())
            if "JupyterHub is now running" in line:
                self._up.set()
        self._up.set()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()  # it stops the users' servers and the proxy
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def said(self) -> str:
        """The last lines of the log."""
        return "\n".join(self.log[-60:])

    def home_of(self, user: str) -> Path:
        """The home directory, which is also the root of the user's files."""
        return self.home / "users" / user

    def api(self, method: str, path: str, document: Any = None) -> Any:
        """The Hub's API, as an administrator's script uses it."""
        answer = requests.request(
            method,
            f"{self.url}hub/api/{path}",
            headers={"Authorization": f"token {self.token}"},
            json=document,
            timeout=START_SECONDS,
        )
        assert answer.ok, (method, path, answer.status_code, answer.text, self.said())
        return answer.json() if answer.content else None

    def token_of(self, user: str) -> str:
        """A token with all that the user may do."""
        token: str = self.api("POST", f"users/{user}/tokens", {"note": "tests"})["token"]
        return token

    def start_server(self, user: str, name: str = "", options: dict[str, str] | None = None) -> str:
        """Start a server and wait for it; its base URL."""
        # JupyterHub 6 has the options in a member of their own, 5 takes the whole body for them
        body = {"user_options": options, **options} if options else None
        self.api("POST", f"users/{user}/{f'servers/{name}' if name else 'server'}", body)
        deadline = time.monotonic() + START_SECONDS
        while not (server := self.server(user, name)).get("ready"):
            assert time.monotonic() < deadline and server, self.said()
            threading.Event().wait(0.1)  # the Hub has an event stream for this, which is slower to set up
        return f"{self.url}user/{user}/{f'{name}/' if name else ''}"

    def stop_server(self, user: str, name: str = "") -> None:
        """Stop a server, as the Hub's page and the idle culler do."""
        self.api("DELETE", f"users/{user}/{f'servers/{name}' if name else 'server'}")
        deadline = time.monotonic() + START_SECONDS
        while self.server(user, name):
            assert time.monotonic() < deadline, self.said()
            threading.Event().wait(0.1)

    def server(self, user: str, name: str = "") -> dict[str, Any]:
        """What the Hub knows of a server; empty if it does not run."""
        servers: dict[str, dict[str, Any]] = self.api("GET", f"users/{user}")["servers"]
        return servers.get(name, {})


class Visitor:
    """Somebody with a browser, or with a script; who keeps cookies like one.

    Parameters
    ----------
    headers
        Sent with every request.
    """

    def __init__(self, hub: Hub, headers: dict[str, str] | None = None) -> None:
        self.hub = hub
        self.session = requests.Session()
        self.session.headers.update(headers or {})

    def login(self, name: str) -> "Visitor":
        """Log in to the Hub as people do."""
        page = self.session.get(f"{self.hub.url}hub/login")
        found = re.search(r'name="_xsrf"\s+value="([^"]+)"', page.text)
        assert found, page.text
        form = {"username": name, "password": PASSWORD, "_xsrf": found[1]}
        answer = self.session.post(f"{self.hub.url}hub/login", data=form, allow_redirects=False)
        assert answer.status_code == 302, answer.text
        return self

    def get(self, url: str, **options: Any) -> requests.Response:
        """As a browser that follows a link: through the Hub's OAuth, if it is sent there."""
        return self.session.get(url, timeout=60, headers={"Sec-Fetch-Mode": "navigate"}, **options)


def page_config(html: str) -> dict[str, Any]:
    """The JSON inside the viewer's page."""
    found = re.search(r'<script id="cxg-config" type="application/json">(.*?)</script>', html, re.S)
    assert found, html[:2000]
    config: dict[str, Any] = json.loads(found[1])
    return config
