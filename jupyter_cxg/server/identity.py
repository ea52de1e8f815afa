"""Who is there and what they may, where no Jupyter Server says so: for `standalone`."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from jupyter_server.auth import Authorizer, IdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

READ = "read"
LINKS = "jupyter_cxg:links"
ANNOTATIONS = "jupyter_cxg:annotations"


class TokenIdentity(IdentityProvider):
    """Who has the token, in ``?token=``, in the header ``Authorization``, or in the cookie made from it."""

    def __init__(self, token: str, **kwargs: Any) -> None:
        super().__init__(token=token, **kwargs)
        self.cookie_options = {"samesite": "Lax", "expires_days": 30}

    def get_token(self, handler: web.RequestHandler) -> str | None:
        """The token, or nothing: compared in a time that does not depend on how much of it is right."""
        given = super().get_token(handler) or ""
        same = hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode("utf-8", "replace"))
        return str(self.token) if same else None

    def cookie_secret(self) -> bytes:
        """What signs the cookies: another token means that everybody logs in anew."""
        return hashlib.blake2b(self.token.encode("utf-8", "replace"), person=b"cxg-cookie").digest()


class AnyoneIdentity(IdentityProvider):
    """Everybody is the same nobody; nothing is stored in their browsers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(token="", **kwargs)

    def get_user(self, handler: web.RequestHandler) -> User:
        """The visitor."""
        return User("visitor", "Visitor", "Visitor", "V")

    @property
    def auth_enabled(self) -> bool:
        """Nobody is asked."""
        return False


class StandaloneAuthorizer(Authorizer):
    """All who are let in may look; owners may also annotate and make links; nobody removes the snapshot.

    Parameters
    ----------
    owns
        Whether a user is an owner.
    annotates
        Whether a user who is none may annotate.
    """

    def __init__(
        self,
        owns: Callable[[User], bool],
        annotates: Callable[[User], bool] = lambda user: False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._owns, self._annotates = owns, annotates

    def is_authorized(self, handler: JupyterHandler, user: User, action: str, resource: str) -> bool:
        """Whether the user may."""
        if resource == ANNOTATIONS and self._annotates(user):
            return True
        return self._owns(user) if resource in (LINKS, ANNOTATIONS) else action == READ
