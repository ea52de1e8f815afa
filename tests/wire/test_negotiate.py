"""Which encoding a client gets."""

import pytest

from jupyter_cxg.errors import NotAcceptable
from jupyter_cxg.wire import negotiate

FLATBUFFERS = "application/octet-stream"
ARROW = "application/vnd.apache.arrow.stream"
JSON = "application/json"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", FLATBUFFERS),
        ("*/*", FLATBUFFERS),
        ("application/*", FLATBUFFERS),
        ("text/html,application/xhtml+xml,*/*;q=0.8", FLATBUFFERS),
        (ARROW, ARROW),
        (JSON, JSON),
        ("application/JSON; charset=utf-8", JSON),
        (f"{JSON};q=0.5, {ARROW};q=0.9, */*;q=0.1", ARROW),
        (f"{FLATBUFFERS};q=0, */*", ARROW),
        (f"{JSON};q=high, {ARROW}", ARROW),
    ],
)
def test_the_client_decides(accept: str, expected: str) -> None:
    assert negotiate(accept).media_type == expected


@pytest.mark.parametrize("accept", ["text/html", "image/*", "*/*;q=0", f"{JSON};q=0", "nonsense"])
def test_nothing_else_is_sent(accept: str) -> None:
    with pytest.raises(NotAcceptable, match="there are application/octet-stream"):
        negotiate(accept)
