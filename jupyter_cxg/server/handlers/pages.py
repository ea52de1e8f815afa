"""What the viewer's pages share: the sandbox, and sentences for people instead of JSON."""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join

from ...errors import NotFound
from .. import page
from ..errors import answer_to
from ..handler import CxgHandler


class PageHandler(CxgHandler):
    """A handler that answers with a page."""

    when_missing = "Run its cell again to publish it anew."

    def initialize(self, context: Any, static: Path) -> None:  # type: ignore[override]  # keywords of the route
        """``static`` is where the built viewer lies."""
        super().initialize(context)
        self.static = static

    async def prepare(self) -> None:  # type: ignore[override]  # Jupyter's has an option that tornado does not use
        """Lead who came with the server's token in the URL to the URL without it.

        The login is in a cookie by now. The page, and whatever comes into it, could read its own URL.
        """
        await super().prepare()
        self.leave_token()

    def leave_token(self) -> None:
        """Redirect if there is a token in the URL."""
        if "token" in self.request.query_arguments and not self._finished:
            self.redirect(page.without_token(self.request.path, self.request.query))

    @property
    def content_security_policy(self) -> str:
        """The sandbox. Overrides the server's setting, by which a Hub forbids all frames."""
        return page.policy(self.nonce)

    @cached_property
    def nonce(self) -> str:
        """What styles of this one page are known by; tornado asks for the policy before `initialize`."""
        return secrets.token_urlsafe(16)

    async def send_viewer(self, config: page.PageConfig) -> None:
        """Finish with the viewer, which reads ``config``."""
        manifest = await self.context.run(lambda: page.read_manifest(self.static))
        if manifest is None:
            self.send_sentence(503, "The viewer is not built: run make build, or install a wheel.")
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        static_url = url_path_join(self.base_url, "cxg/static/")
        self.finish(page.viewer_page(manifest, static_url, config, self.nonce))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A page for people instead of JSON."""
        error = kwargs.get("exc_info", (None, None))[1]
        _, _, message = answer_to(error, status_code)
        remedy = f" {self.when_missing}" if isinstance(error, NotFound) and self.when_missing else ""
        self.send_sentence(status_code, message + remedy)

    def send_sentence(self, status: int, sentence: str) -> None:
        """Finish with a page that says one thing."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page.sentence_page("jupyter_cxg", sentence, self.nonce))
