"""GET / — the list of what a standalone server has, where that is more than one file; and its pages."""

from html import escape
from urllib.parse import quote

from ...errors import NotFound
from .. import page
from ..access import login_required
from ..preparing import File
from ..spec import ELSEWHERE, html, spec
from .front import Front


class Index(Front):
    """The list."""

    @spec("The list of the files", "login", {200: html("The list."), 302: ELSEWHERE})
    @login_required("read", "jupyter_cxg:data")
    async def get(self) -> None:  # type: ignore[override]  # as Front
        """Title, cells and genes of each file, as far as they are known by now."""
        rows = await self.context.run(lambda: [self._row(file) for file in self.site.files])
        self.set_header("Content-Type", "text/html; charset=utf-8")
        title = self.site.title or f"{len(rows)} datasets"
        self.finish(page.list_page(title, ("Dataset", "Cells", "Genes"), rows, self.nonce))

    def _row(self, file: File) -> tuple[str, str, str]:
        href = f"{self.base_url}cxg/d/{quote(file.id)}/"
        # where it lies on this machine is no visitor's business
        label = file.title if file.shown.startswith(("/", ".")) else file.label
        link = f'<a href="{escape(href)}">{escape(label)}</a>'
        try:
            manifest = self.context.catalog.get(file.id)
        except NotFound:
            return link, "–", "–"
        return link, f"{manifest.n_obs:,}", f"{manifest.n_vars:,}"


class Each(Front):
    """The page of one of several files, which is opened when somebody looks for the first time."""

    @spec("The viewer of a file", "login", {200: html("The viewer, with a capability."), 302: ELSEWHERE})
    @login_required("read", "jupyter_cxg:data")
    async def get(self, dataset_id: str) -> None:  # type: ignore[override]  # one of them
        """The page; to the URL without the last slash, the way to it."""
        if not self.request.path.endswith("/"):
            self.redirect(f"{self.request.path}/")
            return
        await self.show(self._file(dataset_id))

    def _file(self, dataset_id: str) -> File:
        for file in self.site.files:
            if file.id == dataset_id:
                return file
        raise NotFound(f"There is no dataset {dataset_id[:40]!r} here.")
