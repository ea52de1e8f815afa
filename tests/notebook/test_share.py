"""Links from Python: what they show, what a notebook keeps of them, and their end."""

from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

from jupyter_cxg.errors import BadQuery, NotFound, SharingOff
from jupyter_cxg.notebook.share import Link, loopback_warning
from jupyter_cxg.notebook.widget import CxgWidget
from jupyter_cxg.snapshot.catalog import user_catalog
from jupyter_cxg.snapshot.links import Links, StoredLink

SERVER = "https://hub.example/user/someone/"


def opened(viewer: CxgWidget, link: Link) -> StoredLink:
    """What the server finds when somebody opens the url."""
    assert link.url is not None
    page, _, secret = link.url.partition("#k=")
    assert page.endswith(f"cxg/s/{viewer._snapshot}{link.id}")
    return Links(user_catalog()).check(viewer._snapshot, link.id, secret)


def test_a_link_has_the_address_that_the_page_told(viewer: CxgWidget, says: Callable[..., None]) -> None:
    link = viewer.share()
    assert link.url is not None and link.url.startswith("cxg/s/"), "no page has told anything yet"
    assert "address of its server" in link.warning and link.warning in repr(link)
    says(_server=SERVER)
    assert link.url.startswith(f"{SERVER}cxg/s/")
    assert link.warning == "" and SERVER in repr(link)
    opened(viewer, link)


def test_a_link_shows_itself_without_its_secret(
    viewer: CxgWidget, says: Callable[..., None], shell: InteractiveShell
) -> None:
    says(_server=SERVER)
    link = viewer.share(note="for Ann")
    assert link.url is not None
    secret = link.url.partition("#k=")[2]
    assert len(secret) == 40
    data, metadata = shell.display_formatter.format(link)
    assert secret not in str((data, metadata)) and secret not in repr([link]) and secret not in str(link)
    assert "print(link.url)" in data["text/plain"] and "'for Ann'" in data["text/plain"]
    # what a notebook that saves its widgets would keep
    assert secret not in str(viewer.get_state()) and secret not in str(viewer.comm.sent)


def test_a_link_carries_what_the_viewer_says(viewer: CxgWidget, says: Callable[..., None]) -> None:
    state = {"color": {"kind": "gene", "name": "GENE3"}, "filters": [], "camera": {"x": 0, "y": 1, "zoom": 3}}
    says(state={**state, "revision": 1})
    assert opened(viewer, viewer.share()).state == state


def test_a_link_carries_what_python_has_asked_for(viewer: CxgWidget) -> None:
    viewer.color_by = "GENE3"
    viewer.embedding = "pca"
    viewer.selection = ["cell-0", "cell-9"]
    stored = opened(viewer, viewer.share())
    (chosen,) = stored.state["filters"]
    assert stored.state["color"] == {"kind": "gene", "name": "GENE3"} and stored.state["embedding"] == "pca"
    assert (chosen["kind"], chosen["count"]) == ("cells", 2)
    bits = np.frombuffer(b64decode(stored.cells[chosen["key"]]), np.uint8)
    assert np.flatnonzero(np.unpackbits(bits, bitorder="little")).tolist() == [0, 9]
    viewer.selection = None
    assert opened(viewer, viewer.share()).state["filters"] == []
    viewer.filters = [{"kind": "categories", "column": "batch", "values": ["one"]}]
    assert opened(viewer, viewer.share()).state["filters"] == viewer.filters
    viewer.color_by = None
    assert opened(viewer, viewer.share()).state["color"] is None


def test_links_are_listed_without_secrets_and_revoked(viewer: CxgWidget) -> None:
    link = viewer.share(expires="12h", note="<b>one</b>")
    until = datetime.now(UTC) + timedelta(hours=12)
    (listed,) = viewer.links
    assert listed.id == link.id and listed.note == "<b>one</b>" and listed.role == "view"
    assert abs(listed.expires - until) < timedelta(minutes=1)
    assert listed.url is None and listed.warning == "" and "<b>one</b>" in repr(listed)
    listed.revoke()
    assert viewer.links == []
    with pytest.raises(NotFound, match="revoked"):
        link.revoke()


def test_a_link_outlives_a_refresh_but_not_the_view(viewer: CxgWidget) -> None:
    link = viewer.share()
    viewer.refresh()
    opened(viewer, link)
    viewer.close()
    with pytest.raises(NotFound):
        _ = viewer.links
    with pytest.raises(NotFound):
        viewer.share()


@pytest.mark.parametrize(
    "wish",
    [
        {"expires": "0d"},
        {"expires": "-1d"},
        {"expires": "abc"},
        {"expires": "3650d"},
        {"expires": 7},
        {"role": "owner"},
        {"note": "x" * 1000},
    ],
)
def test_nonsense_is_a_sentence(viewer: CxgWidget, wish: dict[str, Any]) -> None:
    with pytest.raises(BadQuery):
        viewer.share(**wish)
    assert viewer.links == []


def test_where_sharing_is_off_there_is_no_link(viewer: CxgWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    link = viewer.share()
    monkeypatch.setenv("CXG_SHARING", "off")
    with pytest.raises(SharingOff, match="switched off"):
        viewer.share()
    assert [listed.id for listed in viewer.links] == [link.id]
    monkeypatch.setenv("CXG_SHARING", "perhaps")
    with pytest.raises(BadQuery, match="CXG_SHARING"):
        viewer.share()


def test_the_longest_life_is_the_servers_word(viewer: CxgWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXG_MAX_LINK_DAYS", "2")
    viewer.share(expires="2d")
    with pytest.raises(BadQuery, match="2 days at most"):
        viewer.share(expires="3d")


@pytest.mark.parametrize(
    ("url", "tunnel"),
    [
        ("http://127.0.0.1:8888/cxg/s/x", "ssh -N -L 8888:localhost:8888 "),
        ("http://localhost/cxg/s/x", "ssh -N -L 80:localhost:80 "),
        ("https://LOCALHOST/cxg/s/x", "ssh -N -L 443:localhost:443 "),
        ("http://[::1]:5005/", "ssh -N -L 5005:localhost:5005 "),
        ("http://127.8.9.10:1/", "ssh -N -L 1:localhost:1 "),
        ("https://hub.example/user/someone/", ""),
        ("http://localhost.example/", ""),
        ("http://10.127.0.1/", ""),
        ("cxg/s/x", ""),
    ],
)
def test_an_address_of_this_machine_is_said_to_be_one(url: str, tunnel: str) -> None:
    assert (tunnel in loopback_warning(url)) if tunnel else loopback_warning(url) == ""
