"""Which snapshots files elsewhere become, asked for by a process of its own.

So this process, which may be a server for a long time, needs neither the libraries for that nor to trust
what a server elsewhere says. Addresses go by stdin: arguments are seen by all users of the machine.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict

from .. import errors
from ..errors import Unpublishable
from ..snapshot.address import Address
from ..snapshot.reading import Reading

COMMAND = (sys.executable, "-P", "-m", "jupyter_cxg.snapshot.stamps")


def ids_of(addresses: Sequence[Address], reading: Reading) -> list[str]:
    """The ids of their snapshots.

    Raises
    ------
    CxgError
        One cannot be asked for.
    """
    if not addresses:
        return []
    asked = json.dumps({"urls": [address.url for address in addresses], "reading": asdict(reading)})
    done = subprocess.run(COMMAND, input=asked, stdout=subprocess.PIPE, text=True, check=False)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    for answer in said:
        if "error" in answer:
            raise getattr(errors, answer["error"])(answer["message"])
    if done.returncode != 0 or len(said) != len(addresses):
        raise Unpublishable("Asking for the address failed, by a mistake of ours: the lines above say more.")
    return [answer["id"] for answer in said]
