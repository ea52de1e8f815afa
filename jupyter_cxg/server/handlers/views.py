"""/cxg/d/{id}/views — the views that users saved, each for themselves."""

from jupyter_server.auth.decorator import allow_unauthenticated

from ...errors import Conflict, Unavailable
from .. import access, viewing
from ..bodies import ViewBody, ViewChangeBody
from ..handler import DataHandler
from ..spec import NOTHING, document, json_body, spec

MAX_VIEW_BODY = 12_000_000
STORE = (Conflict, Unavailable)


class DatasetViews(DataHandler):
    """The views of one dataset."""

    methods = "GET, POST, OPTIONS"

    @spec(
        "The views that who asks has saved of a dataset",
        "own",
        document("Newest first.", viewing.ViewsDocument),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str) -> None:
        """Newest first."""
        user = await access.check_annotator(self, dataset_id)
        self.send_json(
            await self.context.annotate(
                dataset_id, lambda store, opened: viewing.documents(store, opened, user)
            )
        )

    @spec(
        "Save a view",
        "own",
        {201: document("It is saved.", viewing.SavedViewDocument)},
        body=json_body(ViewBody),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def post(self, dataset_id: str) -> None:
        """A new one."""
        self.context.limits.check_views()
        user = await access.check_annotator(self, dataset_id)
        wish = viewing.asked(self.small_body(MAX_VIEW_BODY), whole=True)
        saved = await self.context.annotate(
            dataset_id, lambda store, opened: viewing.add(store, opened, user, wish)
        )
        self.note_activity()
        self.set_status(201)
        self.send_json(saved)


class DatasetView(DataHandler):
    """One view."""

    methods = "GET, PUT, DELETE, OPTIONS"

    @spec("A saved view, with all that it shows", "own", document("It.", viewing.ViewDocument), errors=STORE)
    @allow_unauthenticated  # access.check_annotator says who asks
    async def get(self, dataset_id: str, view_id: str) -> None:
        """With all that it shows."""
        user = await access.check_annotator(self, dataset_id)
        self.send_json(
            await self.context.annotate(
                dataset_id, lambda store, opened: viewing.document(store, opened, user, view_id)
            )
        )

    @spec(
        "Rename a saved view, or make it show something else",
        "own",
        document("It is saved.", viewing.SavedViewDocument),
        body=json_body(ViewChangeBody),
        errors=STORE,
    )
    @allow_unauthenticated  # access.check_annotator says who asks
    async def put(self, dataset_id: str, view_id: str) -> None:
        """Rename it, or make it show something else."""
        self.context.limits.check_views()
        user = await access.check_annotator(self, dataset_id)
        wish = viewing.asked(self.small_body(MAX_VIEW_BODY), whole=False)
        saved = await self.context.annotate(
            dataset_id, lambda store, opened: viewing.change(store, opened, user, view_id, wish)
        )
        self.note_activity()
        self.send_json(saved)

    @spec("Delete a saved view", "own", {204: NOTHING}, errors=STORE)
    @allow_unauthenticated  # access.check_annotator says who asks
    async def delete(self, dataset_id: str, view_id: str) -> None:
        """Delete it."""
        self.context.limits.check_views()
        user = await access.check_annotator(self, dataset_id)
        await self.context.annotate(
            dataset_id, lambda store, _: store.views.remove(user, viewing.number(view_id))
        )
        self.set_status(204)
        self.finish()
