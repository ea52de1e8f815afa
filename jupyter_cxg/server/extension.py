"""Host 1: an extension of Jupyter Server."""

from typing import Any

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import PeriodicCallback

from ..config import Cxg
from ..errors import CxgError
from .context import Context
from .routes import STATIC, routes

TIDY_EVERY_MS = 10 * 60 * 1000


class CxgExtension(ExtensionApp):
    """Serves the snapshots of this user below ``{base_url}cxg/``."""

    name = "jupyter_cxg"
    description = "Shows AnnData objects in the notebook."
    classes = [Cxg]  # noqa: RUF012 - as traitlets declares it

    context: Context | None = None
    _tidying: PeriodicCallback | None = None

    def initialize_handlers(self) -> None:
        """Add the routes; without them, and with a sentence in the log, if there is no place to look."""
        settings = Cxg(parent=self)
        assert self.serverapp is not None  # noqa: S101 - it calls us
        by_hub = getattr(self.serverapp.identity_provider, "hub_auth", None) is not None
        try:
            self.context = Context(settings, by_hub=by_hub)
        except CxgError as error:
            self.serverapp.log.error("jupyter_cxg shows nothing: %s", error)
            return
        settings.hand_down(sharing=self.context.sharing)
        self.handlers.extend(routes(self.context, static=STATIC))

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        """Called once the event loop runs: clear away what nobody will ask for, now and then."""
        if self.context is None:
            return
        context = self.context
        context.later(context.tidy)
        self._tidying = PeriodicCallback(lambda: context.later(context.tidy), TIDY_EVERY_MS)
        self._tidying.start()

    async def stop_extension(self) -> None:
        """Called when the server ends."""
        if self._tidying is not None:
            self._tidying.stop()
        if self.context is not None:
            await self.context.stop()
