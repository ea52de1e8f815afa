"""The process that asks which snapshots files elsewhere become: ``python -m jupyter_cxg.snapshot.stamps``.

It reads one line of JSON from stdin, ``{"urls": […], "reading": {…}}``, and answers each with a line:
``{"id": …}``, or ``{"error": "NotFound", "message": …}`` and no more.
"""

import json
import sys
import warnings

from ..errors import CxgError
from .address import address_of
from .identity import snapshot_id
from .reading import reading_of


def main() -> int:
    """Answer what stdin asks for."""
    warnings.simplefilter("ignore")
    asked = json.loads(sys.stdin.readline())
    reading = reading_of(asked["reading"])
    for url in asked["urls"]:
        try:
            print(json.dumps({"id": snapshot_id(address_of(url), reading)}), flush=True)
        except CxgError as error:
            print(json.dumps({"error": type(error).__name__, "message": str(error)}), flush=True)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
