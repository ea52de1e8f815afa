"""GET /cxg/d/{id}/ — the viewer, with a capability for this one dataset in it."""

from collections.abc import Mapping
from typing import Any

from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop

from ..._version import __version__
from ...errors import NotReady
from .. import page
from ..access import login_required, person, role_of
from ..handler import CxgHandler
from ..spec import ELSEWHERE, html, spec
from .pages import PageHandler

WARM_AFTER = 1.0


class Viewer(PageHandler):
    """The page. Its own login is the browser's; what it can do afterwards, the capability says."""

    greets = True

    def get_login_url(self) -> str:
        """Where a browser logs in."""
        return super(CxgHandler, self).get_login_url()

    @spec("The viewer of a dataset", "login", {200: html("The viewer, with a capability."), 302: ELSEWHERE})
    @login_required("read", "jupyter_cxg:data")
    async def get(self, dataset_id: str) -> None:
        """The page; to the URL without the last slash, the way to it."""
        if not self.request.path.endswith("/"):
            self.redirect(f"{self.request.path}/")
            return
        await self.send_dataset(dataset_id)

    async def send_dataset(
        self, dataset_id: str, state: Mapping[str, Any] | None = None, *, title: str = ""
    ) -> None:
        """Finish with the page, which at first shows ``state``; a file may still be on its way."""
        preparation = self.context.preparations.running(dataset_id)
        try:
            opened = await self.context.run(lambda: self.context.open(dataset_id))
        except NotReady:
            if preparation is None:
                raise
            title = title or preparation.file.name
        else:
            preparation, title = None, title or opened.manifest.title
            # Importing numba takes the interpreter for half a second: not now, when first paint needs it.
            IOLoop.current().call_later(WARM_AFTER, self.context.later, opened.dataset.warm)
        user, role = person(self.current_user), await role_of(self)
        config: page.PageConfig = {
            "id": dataset_id,
            "title": title,
            "root": url_path_join(self.base_url, "cxg/d", dataset_id) + "/",
            "capability": self.context.capabilities.issue(dataset_id, user=user, role=role),
            "version": __version__,
            "sharing": self.context.sharing and role == "own",
            "views": self.context.limits.saving_views and role != "view",
            "state": state or {},
            "opening": preparation is not None,
        }
        await self.send_viewer(config)
