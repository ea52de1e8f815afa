"""Which methods a handler has, as 405 must say (RFC 9110, 15.5.6)."""

from tornado import web

_NOTHING = web.RequestHandler._unimplemented_method


class SaysMethods(web.RequestHandler):
    """Answers 405 with the header ``Allow``."""

    def set_status(self, status_code: int, reason: str | None = None) -> None:
        """Called before the body of an error is written, whoever writes it."""
        super().set_status(status_code, reason)
        if status_code == 405:
            there = [
                name
                for name in self.SUPPORTED_METHODS
                if getattr(self, name.lower()).__func__ is not _NOTHING
            ]
            self.set_header("Allow", ", ".join(there))
