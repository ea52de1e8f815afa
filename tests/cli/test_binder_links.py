"""Links into Binder: taken apart again as Binder, nbgitpuller and our server do it."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from jupyter_cxg.cli.binder_links import Repository, badge, binder_link, open_path, pulled_link
from jupyter_cxg.errors import BadQuery

NASTY = "data/T cells & B+C #1 100%/ü?=.h5ad"
STATE = '{"color":{"kind":"gene","name":"HLA-A&B"}}'


def parts_of(link: str) -> tuple[str, str]:
    """Provider, name and ref as BinderHub sees them in the path; the path that it sends the browser to."""
    url = urlsplit(link)
    assert url.path.startswith("/v2/")
    return url.path.removeprefix("/v2/"), parse_qs(url.query)["urlpath"][0]


@pytest.mark.parametrize(
    ("url", "ref", "spec"),
    [
        ("https://github.com/lab/atlas", "HEAD", "gh/lab/atlas/HEAD"),
        ("https://github.com/lab/atlas.git", "v1.2", "gh/lab/atlas/v1.2"),
        ("git@github.com:lab/atlas.git", "fix/colors", "gh/lab/atlas/fix%2Fcolors"),
        ("https://gitlab.com/group/sub/atlas", "main", "gl/group%2Fsub%2Fatlas/main"),
        (
            "https://git.example.org/lab/atlas.git",
            "main",
            "git/https%3A%2F%2Fgit.example.org%2Flab%2Fatlas/main",
        ),
        ("10.5281/zenodo.3242074", "HEAD", "zenodo/10.5281/zenodo.3242074"),
    ],
)
def test_providers(url: str, ref: str, spec: str) -> None:
    assert parts_of(binder_link(Repository(url, ref), "x.h5ad"))[0] == spec


@pytest.mark.parametrize("path", ["x.h5ad", NASTY])
@pytest.mark.parametrize("state", ["", STATE])
def test_the_path_arrives_as_it_was(path: str, state: str) -> None:
    _, inner = parts_of(binder_link(Repository("https://github.com/lab/atlas"), path, state=state))
    asked = urlsplit(inner)
    assert asked.path == "cxg/open"
    assert parse_qs(asked.query) == {"path": [path]} | ({"state": [state]} if state else {})
    assert not asked.fragment


@pytest.mark.parametrize("path", ["x.h5ad", NASTY])
def test_content_of_another_repository(path: str) -> None:
    environment = Repository("https://github.com/lab/binder", "v1")
    content = Repository("https://github.com/lab/atlas.git", "main")
    spec, inner = parts_of(pulled_link(environment, content, path, state=STATE))
    assert spec == "gh/lab/binder/v1"
    pull = urlsplit(inner)
    assert pull.path == "git-pull"
    asked = parse_qs(pull.query)
    assert asked["repo"] == ["https://github.com/lab/atlas"]
    assert asked["branch"] == ["main"]
    opened = urlsplit(asked["urlpath"][0])
    # nbgitpuller clones into the last part of the address that it was given
    assert parse_qs(opened.query) == {"path": [f"atlas/{path}"], "state": [STATE]}


def test_the_example_of_the_readme() -> None:
    link = binder_link(Repository("https://github.com/lab/atlas", "v1.2"), "data/pbmc.h5ad")
    assert link == ("https://mybinder.org/v2/gh/lab/atlas/v1.2?urlpath=cxg%2Fopen%3Fpath%3Ddata%2Fpbmc.h5ad")
    assert badge(link) == f"[![Open in the viewer](https://mybinder.org/badge_logo.svg)]({link})"


def test_another_binder() -> None:
    link = binder_link(
        Repository("https://github.com/lab/atlas"), "x.h5ad", binder="https://binder.example.org/"
    )
    assert link.startswith("https://binder.example.org/v2/gh/")


def test_nothing_ends_the_markdown_of_the_badge() -> None:
    link = binder_link(Repository("https://github.com/lab/atlas"), "a) (b] [c.h5ad")
    assert not set(link) & set("()[] <>\"'")
    assert "a) (b] [c.h5ad" in unquote(unquote(link))


@pytest.mark.parametrize(
    "url", ["", "lab/atlas", "ftp://x/y", "https://github.com/", "file:///etc", "10.5281"]
)
def test_what_is_no_repository(url: str) -> None:
    with pytest.raises(BadQuery):
        binder_link(Repository(url), "x.h5ad")


def test_a_doi_cannot_be_pulled() -> None:
    with pytest.raises(BadQuery, match="git"):
        pulled_link(Repository("https://github.com/a/b"), Repository("10.5281/zenodo.1"), "x.h5ad")


def test_open_path() -> None:
    assert open_path("a b/c.h5ad") == "cxg/open?path=a%20b/c.h5ad"
