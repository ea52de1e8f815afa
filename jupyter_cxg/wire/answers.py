"""Several answers in one body: what ``POST …/ask`` sends.

::

    uint32, little-endian     length of the header
    header                    JSON as UTF-8, padded with spaces to the next multiple of 64
    body                      the parts, each from a multiple of 64 of the body on

The header is ``{"answers": [{"status": 200, "type": …, "offset": …, "length": …} | {"status": …, "code": …,
"message": …}]}``, one entry per question, in order. 64 is Arrow's recommended alignment, so a browser
makes typed arrays over the parts without copying them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .plain import json_document

MEDIA_TYPE = "application/vnd.cxg.answers"
ALIGNMENT = 64


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, as bytes."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question has no answer."""

    status: int
    code: str
    message: str


def pack(answers: Sequence[Answer | Refusal]) -> bytes:
    """The body of the response."""
    entries: list[dict[str, Any]] = []
    parts: list[bytes] = []
    end = 0
    for answer in answers:
        if isinstance(answer, Refusal):
            entries.append({"status": answer.status, "code": answer.code, "message": answer.message})
            continue
        padding = -end % ALIGNMENT
        parts += [bytes(padding), answer.body]
        entries.append(
            {
                "status": 200,
                "type": answer.media_type,
                "offset": end + padding,
                "length": len(answer.body),
            }
        )
        end += padding + len(answer.body)
    header = json_document({"answers": entries})
    header += b" " * (-(4 + len(header)) % ALIGNMENT)
    return b"".join([len(header).to_bytes(4, "little"), header, *parts])
