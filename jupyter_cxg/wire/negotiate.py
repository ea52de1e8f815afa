"""The table of encodings, and which of them a client wants."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from ..errors import NotAcceptable
from ..model import Columns

# media type → module; the first wins where the client does not mind, and that is what cellxgene speaks
_ENCODINGS = {
    "application/octet-stream": "flatbuffer",
    "application/vnd.apache.arrow.stream": "arrow",
    "application/json": "plain",
    "text/csv": "table",
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """A way to write `Columns`."""

    media_type: str

    @property
    def encode(self) -> Callable[[Columns], bytes]:
        """The encoder; loaded when first needed, because Arrow takes a while to import."""
        encoder: Callable[[Columns], bytes] = import_module(
            f".{_ENCODINGS[self.media_type]}", __package__
        ).encode
        return encoder


FLATBUFFERS, ARROW, JSON, CSV = map(Encoding, _ENCODINGS)
ALL = tuple(_ENCODINGS)
PRECISE = (JSON.media_type, ARROW.media_type, CSV.media_type)
"""Those that keep float64: in cellxgene's matrices a small p would be 0."""


def negotiate(accept: str, offered: tuple[str, ...] = ALL) -> Encoding:
    """The encoding that a client likes best.

    Parameters
    ----------
    accept
        An ``Accept`` header; ``""``, which is what a client without one says, means anything.
    offered
        Media types to choose from; the first wins where the client does not mind.

    Raises
    ------
    NotAcceptable
        It wants none of ours.
    """
    wanted = _weights(accept or "*/*")
    best, best_weight = None, 0.0
    for media_type in offered:
        weight = _weight(media_type, wanted)
        if weight > best_weight:
            best, best_weight = media_type, weight
    if best is None:
        known = ", ".join(offered)
        raise NotAcceptable(f"Accept: {accept[:80]} names no encoding that there is; there are {known}.")
    return Encoding(best)


def _weights(accept: str) -> dict[str, float]:
    """Media range → quality, as RFC 9110 §12.5.1 has it."""
    found: dict[str, float] = {}
    for item in accept.split(","):
        media_range, *parameters = (part.strip().lower() for part in item.split(";"))
        quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            found[media_range] = float(quality)
        except ValueError:
            continue
    return found


def _weight(media_type: str, wanted: dict[str, float]) -> float:
    """The quality of the most specific range that matches."""
    major = media_type.partition("/")[0]
    for media_range in (media_type, f"{major}/*", "*/*"):
        if media_range in wanted:
            return wanted[media_range]
    return 0.0
