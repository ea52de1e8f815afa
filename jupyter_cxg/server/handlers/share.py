"""/cxg/s/{id} — the page behind a link; /cxg/d/{id}/links — the links, for the owner of the dataset."""

import re
from functools import partial
from typing import TypedDict

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.utils import url_path_join
from tornado import web

from ..._version import __version__
from ...errors import NotFound, SharingOff
from .. import access, page, params
from ..bodies import LinkBody
from ..handler import DataHandler
from ..sharing import LinkDocument, NewLinkDocument, link_document, new_link_document
from ..spec import ELSEWHERE, NOTHING, document, html, json_body, spec
from .pages import PageHandler

RESOURCE = "jupyter_cxg:links"
MAX_LINK_BODY = 12_000_000
_IDS = re.compile(r"([0-9a-f]{16})([0-9a-f]{16})")


class LinksDocument(TypedDict):
    """The links to a dataset, newest first, and how long one may live."""

    links: list[LinkDocument]
    max_days: float


class Shared(PageHandler):
    """The page behind a link: the same for everybody and for every id, so it tells nothing.

    The secret is in the URL's fragment, which no browser sends.
    """

    when_missing = ""

    async def prepare(self, *, _redirect_to_login: bool = True) -> None:
        """Nobody is recognized here, not even the owner, and no cookie is given."""
        self.current_user = self._jupyter_current_user = None
        if not self.check_host():
            raise web.HTTPError(403)
        self.leave_token()

    @spec(
        "The viewer without a capability, the same for everybody",
        "public",
        {200: html("The viewer."), 302: ELSEWHERE},
        errors=(NotFound, SharingOff),
    )
    @allow_unauthenticated  # holds no data
    async def get(self, ids: str) -> None:
        """The viewer without a capability."""
        if not self.context.sharing:
            raise SharingOff
        found = _IDS.fullmatch(ids)
        if found is None:
            raise NotFound("This address is no link to a view: see whether all of it was copied.")
        dataset_id, link_id = found.groups()
        config: page.PageConfig = {
            "id": dataset_id,
            "title": "Shared view",
            "root": url_path_join(self.base_url, "cxg/d", dataset_id) + "/",
            "capability": None,
            "version": __version__,
            "sharing": False,
            "link": link_id,
        }
        await self.send_viewer(config)

    @spec("Its headers", "public", {200: html("Nothing."), 302: ELSEWHERE}, errors=(NotFound, SharingOff))
    @allow_unauthenticated  # holds no data
    async def head(self, ids: str) -> None:
        """Its headers."""
        await self.get(ids)


class DatasetLinks(DataHandler):
    """The links to one dataset."""

    @spec("The links to a dataset", "own", document("Without their secrets.", LinksDocument))
    @allow_unauthenticated  # access.check says who asks
    async def get(self, dataset_id: str) -> None:
        """Newest first, without their secrets."""
        await access.check(self, dataset_id, "own", resource=RESOURCE)
        links = await self.work(partial(self.context.links.list, dataset_id))
        found: LinksDocument = {
            "links": [link_document(link) for link in links or ()],
            "max_days": self.context.links.max_days,
        }
        self.send_json(found)

    @spec(
        "Make a link to a dataset",
        "own",
        {201: document("The only answer that ever has its secret.", NewLinkDocument)},
        body=json_body(LinkBody),
    )
    @allow_unauthenticated  # access.check says who asks
    async def post(self, dataset_id: str) -> None:
        """A new one: the only answer that ever has its secret."""
        await access.check(self, dataset_id, "own", action="write", resource=RESOURCE)
        if not self.context.sharing:
            raise SharingOff
        wish = params.link_body(self.small_body(MAX_LINK_BODY))
        link, secret = await self.context.run(partial(self.context.links.create, dataset_id, wish))
        path = url_path_join(self.base_url, "cxg/s", dataset_id + link.id)
        self.set_status(201)
        self.send_json(new_link_document(link, path, secret))


class DatasetLink(DataHandler):
    """One link."""

    methods = "DELETE, OPTIONS"

    @spec("Revoke a link", "own", {204: NOTHING})
    @allow_unauthenticated  # access.check says who asks
    async def delete(self, dataset_id: str, link_id: str) -> None:
        """Revoke it, from the next request on."""
        await access.check(self, dataset_id, "own", action="write", resource=RESOURCE)
        await self.context.run(partial(self.context.links.revoke, dataset_id, link_id))
        self.context.jobs.end(dataset_id, access.guests_of(dataset_id, link_id))
        self.context.feeds.look_now(dataset_id)
        self.set_status(204)
        self.finish()
