"""Users of a JupyterHub as an identity provider, for a server that the Hub spawns (``--auth hub``).

The Hub's own provider does all of it: login by OAuth, the check that the user may use this very server,
tokens in headers, XSRF. It is imported when it is asked for: the import takes a second.
"""

from importlib.metadata import version
from typing import TYPE_CHECKING

from ..errors import BadQuery

if TYPE_CHECKING:
    from jupyter_server.auth import IdentityProvider


def hub_identity() -> "IdentityProvider":
    """The provider, with what the Hub put into the environment; makes requests on the running event loop.

    Raises
    ------
    BadQuery
        jupyterhub is not installed.
    """
    try:
        from jupyterhub.singleuser.extension import JupyterHubIdentityProvider
    except ImportError:
        raise BadQuery("--auth hub needs JupyterHub: pip install 'jupyter-cxg[hub]'.") from None
    provider: IdentityProvider = JupyterHubIdentityProvider()
    return provider


def hub_headers() -> dict[str, str]:
    """What the Hub looks for in the answers of the servers it spawns: which JupyterHub they were made for."""
    return {"X-JupyterHub-Version": version("jupyterhub")}
