"""GET, POST /login — where a browser shows the token of ``jupyter cxg serve``."""

import secrets
from functools import cached_property
from html import escape
from typing import Any, TypedDict

from jupyter_server.auth.decorator import allow_unauthenticated

from ..errors import answer_to
from ..handler import CxgHandler
from ..spec import ELSEWHERE, FORM, html, spec

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>jupyter_cxg</title>
<style nonce="{nonce}">
body {{ font: 14px/1.5 system-ui, sans-serif; margin: 20vh auto 0; max-width: 26rem; padding: 0 1rem; }}
form {{ display: flex; gap: 0.5rem; }}
input {{ flex: 1; min-width: 0; }}
input, button {{ font: inherit; padding: 0.3rem 0.6rem; }}
</style>
</head>
<body><main>
<p role="status">{sentence}</p>
<form method="post" action="{action}">
<input name="token" type="password" aria-label="Token" placeholder="Token" required autofocus>
<button>Open</button>
</form>
</main></body>
</html>
"""


class LoginBody(TypedDict):
    """What the form sends."""

    token: str


class Login(CxgHandler):
    """A form with one field."""

    @property
    def content_security_policy(self) -> str:
        """A form that leads nowhere else, in no frame."""
        return (
            f"default-src 'none'; style-src 'nonce-{self.nonce}'; frame-ancestors 'none'; base-uri 'none'; "
            "form-action 'self'"
        )

    @cached_property
    def nonce(self) -> str:
        """What the style of this one page is known by."""
        return secrets.token_urlsafe(16)

    @spec("The form that asks for the token", "public", {200: html("The form."), 302: ELSEWHERE})
    @allow_unauthenticated
    async def get(self) -> None:
        """The form; who is logged in is led on."""
        self._answer("This viewer asks for a token: its owner has it.", 200)

    @spec(
        "Log in by the token",
        "public",
        {302: ELSEWHERE, 403: html("That is not the token.")},
        body={FORM: LoginBody},
    )
    @allow_unauthenticated
    async def post(self) -> None:
        """The form comes back; the identity provider has looked at the token and set the cookie."""
        self._answer("That is not the token.", 403)

    def check_xsrf_cookie(self) -> None:
        """Not needed: a foreign page that knows the token needs no visitor to use it."""

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """The form again, with what went wrong."""
        _, _, message = answer_to(kwargs.get("exc_info", (None, None))[1], status_code)
        self._form(message)

    def _answer(self, sentence: str, status: int) -> None:
        if self.current_user:
            self.redirect(self.base_url)
            return
        self.set_status(status)
        self._form(sentence)

    def _form(self, sentence: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        action = escape(f"{self.base_url}login")
        self.finish(_PAGE.format(nonce=self.nonce, sentence=escape(sentence), action=action))
