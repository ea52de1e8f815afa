"""A user with a running server that has something of everything in it."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.hub.hub import Hub, Visitor, page_config


@dataclass
class Owner:
    """Alice, her running server, and what there is in it."""

    hub: Hub
    url: str
    visitor: Visitor
    dataset: str
    capability: str
    kernel: str
    terminal: str
    link: str = "0" * 16
    secret: str = ""
    patterns: tuple[str, ...] = ()

    def ask(self, method: str, path: str, document: Any = None) -> Any:
        """As a script of alice."""
        headers = {"Authorization": f"token {self.token}"}
        answer = requests.request(method, self.url + path, json=document, headers=headers, timeout=60)
        assert answer.ok, (path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    token: str = field(default="", repr=False)


def owner_on(hub: Hub) -> Owner:
    url = hub.start_server("alice")
    visitor = Visitor(hub).login("alice")
    config = page_config(visitor.get(f"{url}cxg/open?path=data/tiny.h5ad").text)
    owner = Owner(hub, url, visitor, config["id"], config["capability"], "", "", token=hub.token_of("alice"))
    while owner.ask("GET", f"cxg/d/{owner.dataset}/status")["state"] != "complete":
        pass  # each question takes its time
    owner.kernel = owner.ask("POST", "api/kernels", {"name": "python3"})["id"]
    owner.terminal = owner.ask("POST", "api/terminals")["name"]
    written = json.loads((hub.home_of("alice") / "routes.json").read_text())
    base = re.escape("/user/alice/").replace("\\/", "/")
    owner.patterns = tuple(
        dict.fromkeys(item["pattern"] for item in written if item["pattern"].startswith(base))
    )
    assert len(owner.patterns) > 60
    return owner
