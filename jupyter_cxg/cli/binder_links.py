"""Links to a Binder that opens a file in the viewer.

A path inside a query inside a path: each part is encoded exactly as often as it is nested.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from ..errors import BadQuery

BINDER = "https://mybinder.org"
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:\w]+")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where Binder finds a repository.

    Attributes
    ----------
    url
        ``https://github.com/lab/atlas``, of any git server; or the DOI of a record on Zenodo.
    ref
        Branch, tag or commit; a DOI has none.
    """

    url: str
    ref: str = "HEAD"

    @property
    def spec(self) -> str:
        """Provider, name and ref, as they stand in the path of a Binder link.

        Raises
        ------
        BadQuery
            This is no address of a repository.
        """
        if DOI.fullmatch(self.url):
            return f"zenodo/{self.url}"
        host, name = self._host_and_name()
        ref = quote(self.ref, safe="")
        if host == "github.com" and name.count("/") == 1:
            return f"gh/{quote(name)}/{ref}"
        if host == "gitlab.com":
            return f"gl/{quote(name, safe='')}/{ref}"
        return f"git/{quote(self.web_url, safe='')}/{ref}"

    @property
    def web_url(self) -> str:
        """The https address, without ``.git``."""
        host, name = self._host_and_name()
        return f"https://{host}/{name}"

    @property
    def directory(self) -> str:
        """What a clone of it is called."""
        return self._host_and_name()[1].rpartition("/")[2]

    def _host_and_name(self) -> tuple[str, str]:
        ssh = re.fullmatch(r"(?:ssh://)?git@([\w.-]+)[:/](.+)", self.url)
        if ssh:
            host, name = ssh.groups()
        else:
            parts = urlsplit(self.url)
            host, name = parts.hostname or "", parts.path
            if parts.scheme not in ("http", "https") or not host:
                raise BadQuery(
                    f"{self.url!r} is no repository: give its https address, or the DOI of a Zenodo record."
                )
        name = name.strip("/").removesuffix(".git")
        if not name:
            raise BadQuery(f"{self.url!r} names a server, but no repository on it.")
        return host.lower(), name


def open_path(path: str, state: str = "") -> str:
    """The viewer's address of a file, relative to the server."""
    asked = {"path": path} | ({"state": state} if state else {})
    return f"cxg/open?{urlencode(asked, safe='/', quote_via=quote)}"


def binder_link(repository: Repository, path: str, *, state: str = "", binder: str = BINDER) -> str:
    """A link that builds a repository and opens a file of it.

    Parameters
    ----------
    path
        Of an .h5ad or .zarr, relative to the repository.
    state
        The view to start with, as JSON.
    """
    return _link(repository, open_path(path, state), binder)


def pulled_link(
    environment: Repository, content: Repository, path: str, *, state: str = "", binder: str = BINDER
) -> str:
    """The same where the file lies in another repository than the environment, which has nbgitpuller.

    Raises
    ------
    BadQuery
        The content is a DOI, which git cannot pull.
    """
    if DOI.fullmatch(content.url):
        raise BadQuery("Content that is pulled must be a git repository, not a DOI.")
    asked = {"repo": content.web_url} | ({"branch": content.ref} if content.ref != "HEAD" else {})
    asked["urlpath"] = open_path(f"{content.directory}/{path}", state)
    return _link(environment, f"git-pull?{urlencode(asked, quote_via=quote, safe='')}", binder)


def badge(link: str, *, binder: str = BINDER) -> str:
    """Markdown for a README."""
    return f"[![Open in the viewer]({binder.rstrip('/')}/badge_logo.svg)]({link})"


def _link(repository: Repository, inner: str, binder: str) -> str:
    return f"{binder.rstrip('/')}/v2/{repository.spec}?urlpath={quote(inner, safe='')}"
