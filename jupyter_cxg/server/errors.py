"""The one place where an exception becomes an HTTP answer."""

from http import HTTPStatus

from tornado.web import HTTPError

from .. import errors

ANSWER: dict[type[BaseException], tuple[int, str]] = {
    errors.NotFound: (404, "not_found"),
    errors.BadQuery: (400, "bad_query"),
    errors.NotAcceptable: (406, "not_acceptable"),
    errors.Conflict: (409, "conflict"),
    errors.Expired: (403, "expired"),
    errors.SharingOff: (403, "sharing_off"),
    errors.Forbidden: (403, "forbidden"),
    errors.TooLarge: (413, "too_large"),
    errors.NotOffered: (501, "not_offered"),
    errors.Unavailable: (503, "unavailable"),
    errors.NotReady: (503, "not_ready"),
    errors.Unfinished: (409, "unfinished"),
    errors.TooMany: (429, "too_many"),
    errors.Unpublishable: (422, "unpublishable"),
}

RETRY_AFTER: dict[type[BaseException], int] = {errors.NotReady: 1, errors.Unfinished: 1, errors.TooMany: 5}
"""After how many seconds to ask again, where that is of use."""

# tornado and jupyter_server refuse in their own words before we are asked
_THEIRS = {400: "bad_query", 403: "forbidden", 404: "not_found"}


def answer_to(error: BaseException | None, status: int = 500) -> tuple[int, str, str]:
    """Status, code and message for an error.

    Parameters
    ----------
    error
        What was raised, if anything was.
    status
        What tornado would answer.

    Returns
    -------
    Our errors say their sentence. Others say the name of the status and nothing else: their text may
    tell what is nobody's business.
    """
    known = next((ANSWER[cls] for cls in type(error).__mro__ if cls in ANSWER), None)
    if known is not None:
        return *known, str(error)
    if isinstance(error, HTTPError):
        status = error.status_code
    return status, _THEIRS.get(status, "error"), _phrase(status)


def codes_of(status: int) -> list[str]:
    """What the code of an answer with this status can be."""
    every = [*ANSWER.values(), *_THEIRS.items()]
    return sorted({code for known, code in every if known == status})


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase}."
    except ValueError:
        return "Unknown error."
