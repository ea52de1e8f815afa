"""Who may ask: the holder of a capability, or somebody who is logged in to Jupyter."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import Forbidden

if TYPE_CHECKING:
    from .handler import CxgHandler

HEADER = "X-Cxg-Capability"

Verb = TypeVar("Verb", bound=Callable[..., Any])


def login_required(action: str, resource: str) -> Callable[[Verb], Verb]:
    """Decorates a verb that is for Jupyter's own users only, as far as its authorizer lets them.

    The resource is named here because `authorized` would otherwise keep that of the first class it
    meets.
    """

    def decorate(verb: Verb) -> Verb:
        # authenticated is outermost: that is where jupyter_server looks for it
        return cast(Verb, web.authenticated(authorized(action=action, resource=resource)(verb)))

    return decorate


async def check(handler: "CxgHandler", dataset_id: str) -> None:
    """Let a request for data pass, or not.

    A request that brings a capability is judged by it alone, so a page without ambient authority
    gets none by accident.

    Raises
    ------
    Expired, Forbidden
        It may not.
    """
    secret = handler.request.headers.get(HEADER)
    if secret is not None:
        handler.context.capabilities.check(secret, dataset_id)
        return
    if not handler.current_user:
        raise Forbidden(f"This data is not public: log in to Jupyter, or send a capability as {HEADER}.")
    # The login came as a cookie: a foreign page may have sent the request in its user's name.
    if not handler.check_origin():
        raise Forbidden("Pages of other origins need a capability.")
    allowed = handler.authorizer.is_authorized(handler, handler.current_user, "read", "jupyter_cxg:data")
    if not await ensure_async(allowed):
        raise Forbidden("Your Jupyter login does not allow to read snapshots.")
