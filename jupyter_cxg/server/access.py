"""Who may ask: the holder of a capability, or somebody who is logged in to Jupyter."""

import os
import pwd
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from jupyter_core.utils import ensure_async
from jupyter_server.auth import User
from jupyter_server.auth.decorator import authorized
from tornado import web

from ..errors import Forbidden
from .capability import Role

if TYPE_CHECKING:
    from .handler import CxgHandler, DataHandler

HEADER = "X-Cxg-Capability"
ANNOTATIONS = "jupyter_cxg:annotations"
COMPUTE: Role = "view"
"""What a capability must allow for comparing groups of cells: so far, whoever may look may also compute."""

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


async def check(
    handler: "DataHandler",
    dataset_id: str,
    role: Role = "view",
    *,
    action: str = "read",
    resource: str = "jupyter_cxg:data",
) -> None:
    """Let a request for one dataset pass, or not.

    A request that brings a capability or a link is judged by it alone, so a page without ambient
    authority gets none by accident.

    Parameters
    ----------
    role
        What a capability must allow.
    action, resource
        What Jupyter's authorizer is asked about a login.

    Raises
    ------
    Expired, Forbidden
        It may not.
    """
    secret = handler.request.headers.get(HEADER)
    if secret is not None:
        handler.guest = await handler.context.admit(secret, dataset_id, role) is not None
        return
    if not handler.current_user:
        raise Forbidden(f"This data is not public: log in to Jupyter, or send a capability as {HEADER}.")
    # The login came as a cookie: a foreign page may have sent the request in its user's name.
    if not handler.check_origin() or (action != "read" and _is_foreign(handler)):
        raise Forbidden("Pages of other origins need a capability.")
    allowed = handler.authorizer.is_authorized(handler, handler.current_user, action, resource)
    if not await ensure_async(allowed):
        raise Forbidden(f"Your Jupyter login does not allow to {action} {resource.rpartition(':')[2]}.")


async def role_of(handler: "CxgHandler") -> Role:
    """What the capability in a page may allow to the user who loads it: owners may make links."""
    user = handler.current_user
    roles: tuple[tuple[Role, str], ...] = (("own", "jupyter_cxg:links"), ("annotate", ANNOTATIONS))
    for role, resource in roles:
        if await ensure_async(handler.authorizer.is_authorized(handler, user, "write", resource)):
            return role
    return "view"


async def check_annotator(handler: "DataHandler", dataset_id: str) -> str:
    """The name of who asks, who may write about the dataset.

    Raises
    ------
    Expired, Forbidden
        They may not.
    """
    await check(handler, dataset_id, "annotate", action="write", resource=ANNOTATIONS)
    user = await annotator(handler)
    if user is None:
        raise Forbidden("Only the owner of this view can do that.")
    return user


async def annotator(handler: "DataHandler") -> str | None:
    """The name of who asks if they may write, and so have something to read; after `check` let them pass."""
    secret = handler.request.headers.get(HEADER)
    if secret is not None:
        return handler.context.annotator(secret)
    may = handler.authorizer.is_authorized(handler, handler.current_user, "write", ANNOTATIONS)
    return handler.context.author(person(handler.current_user)) if await ensure_async(may) else None


def _is_foreign(handler: "DataHandler") -> bool:
    """Whether a browser says that the request is that of another page, where no XSRF token is asked for."""
    site = handler.request.headers.get("Sec-Fetch-Site", "none")
    return bool(handler.settings.get("disable_check_xsrf")) and site not in ("same-origin", "none")


def asker(handler: "DataHandler", dataset_id: str) -> str:
    """Under which name jobs are kept; after `check` let them pass."""
    secret = handler.request.headers.get(HEADER)
    if secret is not None:
        return handler.context.asker(secret, dataset_id)
    return f"user {person(handler.current_user)}"


def guests_of(dataset_id: str, link_id: str) -> str:
    """The name of all who came by a link: for what is limited and kept they are one."""
    return f"link {dataset_id} {link_id}"


def person(user: User) -> str:
    """Under which name a user writes.

    Who logs in with the one token or password of a server has a name made up for one browser; it is the
    server's owner all the same, and shall find their annotations with the next browser too.
    """
    made_up = re.fullmatch("[0-9a-f]{32}", user.username) and (user.name or "").startswith("Anonymous ")
    return owner() if made_up else user.username


def owner() -> str:
    """Who runs this server."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # containers run under numbers that nobody has named
        return f"uid-{os.getuid()}"
