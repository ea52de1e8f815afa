"""GET /cxg/static/… — the built viewer; public, like the package it comes in."""

import re
from collections.abc import Coroutine
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado import web

from ..methods import SaysMethods
from ..spec import UNCHANGED, binary, html, spec

# As Vite names what it builds: main-BxY3_9aZ.js. Such a file never changes.
_HASHED = re.compile(r"/assets/[^/]+-[\w-]{8}\.\w+$")

# Not the system's table, which on some machines calls scripts plain text, and browsers then refuse them.
_TYPES = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "mjs": "text/javascript",
    "png": "image/png",
    "svg": "image/svg+xml",
    "wasm": "application/wasm",
    "woff2": "font/woff2",
}


ANSWERS = {
    200: binary("The file.", *_TYPES.values()),
    206: binary("A range of it.", *_TYPES.values()),
    304: UNCHANGED,
    404: html("There is no such file."),
}


class Static(SaysMethods, web.StaticFileHandler):
    """tornado's handler, which keeps to its root, with our headers."""

    @spec("A file of the built viewer", "public", ANSWERS)
    @allow_unauthenticated  # holds nothing that the wheel does not
    def get(self, path: str, include_body: bool = True) -> Coroutine[Any, Any, None]:
        """A file, or a range of it."""
        return super().get(path, include_body)

    @spec("Its headers", "public", ANSWERS)
    @allow_unauthenticated  # holds nothing that the wheel does not
    def head(self, path: str) -> Coroutine[Any, Any, None]:
        """Its headers."""
        return super().get(path, include_body=False)

    def set_extra_headers(self, path: str) -> None:
        """The page that loads these has an opaque origin, so module scripts come under CORS."""
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "default-src 'none'; sandbox")
        hashed = _HASHED.search(f"/{path}")
        self.set_header(
            "Cache-Control", "public, max-age=31536000, immutable" if hashed else "public, no-cache"
        )

    def get_content_type(self) -> str:
        """By the ending of the name."""
        assert self.absolute_path is not None  # noqa: S101 - tornado has set it by now
        return _TYPES.get(self.absolute_path.rpartition(".")[2], "application/octet-stream")
