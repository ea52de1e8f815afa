"""GET /cxg/d/{id}/ — the viewer, with a capability for this one dataset in it."""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop

from ..._version import __version__
from ...errors import NotFound
from .. import page
from ..access import login_required
from ..errors import answer_to
from ..handler import CxgHandler

WARM_AFTER = 1.0


class Viewer(CxgHandler):
    """The page. Its own login is the browser's; what it can do afterwards, the capability says."""

    def initialize(self, context: Any, static: Path) -> None:  # type: ignore[override]  # keywords of the route
        """``static`` is where the built viewer lies."""
        super().initialize(context)
        self.static = static

    @property
    def content_security_policy(self) -> str:
        """The sandbox. Overrides the server's setting, by which a Hub forbids all frames."""
        return page.policy(self.nonce)

    @cached_property
    def nonce(self) -> str:
        """What styles of this one page are known by; tornado asks for the policy before `initialize`."""
        return secrets.token_urlsafe(16)

    def get_login_url(self) -> str:
        """Where a browser logs in."""
        return super(CxgHandler, self).get_login_url()

    @login_required("read", "jupyter_cxg:data")
    async def get(self, dataset_id: str) -> None:
        """The page; to the URL without the last slash, the way to it."""
        if not self.request.path.endswith("/"):
            self.redirect(f"{self.request.path}/")
            return
        opened = await self.context.run(lambda: self.context.open(dataset_id))
        manifest = await self.context.run(lambda: page.read_manifest(self.static))
        if manifest is None:
            self.send_sentence(503, "The viewer is not built: run make build, or install a wheel.")
            return
        # Importing numba takes the interpreter for half a second: not now, when first paint needs it.
        IOLoop.current().call_later(WARM_AFTER, self.context.later, opened.dataset.warm)
        config: page.PageConfig = {
            "id": dataset_id,
            "title": opened.manifest.title,
            "root": url_path_join(self.base_url, "cxg/d", dataset_id) + "/",
            "capability": self.context.capabilities.issue(dataset_id, user=self.current_user.username),
            "version": __version__,
        }
        self.set_header("Content-Type", "text/html; charset=utf-8")
        static_url = url_path_join(self.base_url, "cxg/static/")
        self.finish(page.viewer_page(manifest, static_url, config, self.nonce))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """A page for people instead of JSON."""
        error = kwargs.get("exc_info", (None, None))[1]
        _, _, message = answer_to(error, status_code)
        gone = " Run its cell again to publish it anew." if isinstance(error, NotFound) else ""
        self.send_sentence(status_code, message + gone)

    def send_sentence(self, status: int, sentence: str) -> None:
        """Finish with a page that says one thing."""
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(page.sentence_page("jupyter_cxg", sentence))
