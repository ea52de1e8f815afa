"""Addresses: what is one, and what of it is shown."""

import pytest

from jupyter_cxg.errors import BadQuery
from jupyter_cxg.snapshot.address import address_of, is_address, is_named

SECRET = "https://ada:s3cret@Data.example.org:8443/a%20b/x.h5ad?v=2&X-Amz-Signature=abc&sig=def#frag"


def test_nothing_secret_is_shown() -> None:
    address = address_of(SECRET)
    assert (address.shown, address.name, address.host) == (
        "https://data.example.org:8443/a b/x.h5ad", "x.h5ad", "data.example.org"
    )  # fmt: skip
    assert address.key == "https://data.example.org:8443/a%20b/x.h5ad?v=2"
    said = f"{address} {address!r} " + address.without_secrets(f"failed: {address.url} of ada:s3cret")
    assert not [word for word in ("ada", "s3cret", "abc", "def", "frag") if word in said]


def test_a_new_signature_makes_no_other_file() -> None:
    assert address_of(SECRET).key == address_of(SECRET.replace("abc", "xyz").replace("s3cret", "new")).key
    assert address_of(SECRET).key != address_of(SECRET.replace("v=2", "v=3")).key


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("ftp://h/x.h5ad", "only http://, https://, s3://"),
        ("file:///etc/passwd", "not read"),
        ("gopher://h/x", "not read"),
        ("zip://x::http://h/x.h5ad", "not read"),
        ("simplecache::https://h/x.h5ad", "not read"),
        ("https://", "the path is missing"),
        ("https://h", "the path is missing"),
        ("https:///x.h5ad", "the path is missing"),
        ("https://h:99999/x", "host or port"),
        ("https://h:port/x", "host or port"),
        ("https://[::1/x", "host or port"),
        ("https://h/a b.h5ad", "neither spaces"),
        ("https://h/a\nb.h5ad", "neither spaces"),
        ("https://h\\@evil/x.h5ad", "neither spaces"),
        ("https://h/" + "x" * 5000, "at most 4096"),
        ("s3://KEY:SECRET@bucket/x.h5ad", "no password"),
    ],
)
def test_what_is_no_address(text: str, sentence: str) -> None:
    assert is_address(text)
    with pytest.raises(BadQuery, match=sentence) as caught:
        address_of(text)
    assert "SECRET" not in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["x.h5ad", "/a/b://c", "C:\\x", "./https://h/x", "http:/x", "://x", ""])
def test_what_is_a_path(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("host", "port", "named", "expected"),
    [
        ("files.lan", 80, ("files.lan",), True),
        ("FILES.lan", 80, ("files.lan",), True),
        ("files.lan", 80, ("files.lan:8080",), False),
        ("files.lan", 8080, ("x", "files.lan:8080"), True),
        ("evil.files.lan", 80, ("files.lan",), False),
        ("::1", 80, ("::1",), True),
        ("::1", 80, ("[::1]:80",), True),
        ("::1", 81, ("[::1]:80",), False),
        ("", 80, ("",), False),
        ("x", 80, (), False),
        ("x", 80, ("x:y",), False),
    ],
)
def test_who_was_named(host: str, port: int, named: tuple[str, ...], expected: bool) -> None:
    assert is_named(host, port, named) is expected
