"""GET /cxg/api/openapi.json — what all the routes take and answer."""

from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated

from ..handler import CxgHandler
from ..schemas import Schema
from ..spec import document, spec


class OpenApi(CxgHandler):
    """The document, which is the same for everybody."""

    def initialize(self, context: Any, build: Callable[[str], Schema]) -> None:  # type: ignore[override]
        """``build`` makes it for a base URL."""
        super().initialize(context)
        self.build = build

    @spec("This document", "public", document("OpenAPI 3.1", dict[str, Any]))
    @allow_unauthenticated  # holds nothing that the wheel does not
    def get(self) -> None:
        """All routes of this host."""
        self.set_header("Cache-Control", "public, no-cache")
        self.send_json(self.build(self.base_url))
