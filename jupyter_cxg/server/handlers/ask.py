"""POST /cxg/d/{id}/ask — several questions in one round trip, as a simple request."""

import logging
from contextlib import suppress
from functools import partial

from jupyter_server.auth.decorator import allow_unauthenticated

from ...annotations.store import GeneSets
from ...errors import CxgError, NotReady
from ...snapshot.links import StoredLink
from ...wire import gene_sets
from ...wire.answers import MEDIA_TYPE, Answer, Refusal, pack
from ...wire.negotiate import ARROW
from .. import annotating, params, questions
from ..bodies import AskBody
from ..context import Context, write
from ..errors import answer_to
from ..handler import DataHandler
from ..results import about_jobs
from ..sharing import view_document
from ..spec import binary, json_body, spec

log = logging.getLogger(__name__)

WATCHING = {"status", "annotated"}
"""What a page asks again and again, also when nobody looks at it."""


class Ask(DataHandler):
    """What the sandboxed viewer uses for everything."""

    def check_xsrf_cookie(self) -> None:
        """Not needed: no cookie and no login is looked at here, only the capability in the body.

        A foreign page that makes its visitor's browser send such a request would have to know a capability,
        and who knows one needs no visitor.
        """

    @spec(
        "Several questions in one round trip, each a route below api/v0.2/ with its query",
        "body",
        binary("An answer or a refusal for each question.", MEDIA_TYPE),
        body=json_body(AskBody),
    )
    @allow_unauthenticated  # the capability in the body says who asks
    async def post(self, dataset_id: str) -> None:
        """Each question is answered or refused on its own."""
        asked = params.ask_body(self.small_body())
        link = await self.context.admit(asked.capability, dataset_id)
        self.guest = link is not None
        if not {*asked.questions} <= WATCHING:
            self.note_activity()
        body = await self.work(partial(_answer, self.context, dataset_id, asked, link))
        if body is not None:
            self.set_header("Content-Type", MEDIA_TYPE)
            self.send(body)


def _answer(context: Context, dataset_id: str, asked: params.Asked, link: StoredLink | None) -> bytes:
    user = context.annotator(asked.capability)
    with suppress(NotReady):  # then only `status` has an answer
        context.open(dataset_id)  # no dataset at all is no matter of one question
    asker = context.asker(asked.capability, dataset_id)
    return pack([_one(context, dataset_id, question, link, user, asker) for question in asked.questions])


def _one(
    context: Context, dataset_id: str, asked: str, link: StoredLink | None, user: str | None, asker: str
) -> Answer | Refusal:
    route, _, query = asked.partition("?")
    try:
        if route == "view":  # about who asks, not about the data
            return write(view_document(link, context.open(dataset_id).manifest), ARROW)
        if route == "genesets":
            stored: GeneSets = context.in_step(
                dataset_id, partial(annotating.gene_sets, user=user), user=user
            )
            return write(gene_sets.to_document(stored.sets, stored.tid), ARROW)
        if route in ("jobs", "job", "job/result"):
            return write(about_jobs(context.jobs, asker, context.open(dataset_id), route, query), ARROW)
        question = questions.ask(route, query, context.limits)
        return write(context.find(dataset_id, question, user), ARROW)
    except CxgError as error:
        return Refusal(*answer_to(error))
    except Exception as error:  # what breaks one question must not take the others along
        log.exception("The question %r failed.", asked)
        return Refusal(*answer_to(error))
