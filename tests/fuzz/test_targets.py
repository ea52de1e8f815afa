"""Whatever bytes come, a target returns or raises one of our errors, soon."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_cxg.errors import CxgError
from tests.fuzz.targets import TARGETS

FOUND = Path(__file__).parent / "found"
each = pytest.mark.parametrize("name", TARGETS)
# ends of types, and what is special in JSON, CSV and queries
TOKENS = [
    *(b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\xf8\xff\xff\xff"),
    *(b"1e999", b"-1", b"NaN", b"null", b"true", b"1.5", b"1000000000", b"9" * 30, b"[" * 2000, b'"\\ud800"'),
    *(
        b"{}",
        b"[]",
        b'""',
        b",",
        b"&",
        b"=",
        b":",
        b"%",
        b"%25",
        b"\n",
        b"\r",
        b'"',
        b"#",
        b"*",
        b";",
        b"\xc3\xa9",
    ),
]


def tried(name: str, body: bytes) -> bool:
    """Whether the bytes were taken."""
    try:
        TARGETS[name].run(body)
    except CxgError as error:
        assert 0 < len(str(error)) < 1000
        return False
    return True


@each
def test_right_ones_are_read(name: str) -> None:
    assert any(tried(name, seed) for seed in TARGETS[name].seeds)


@each
@settings(max_examples=60, deadline=5000)
@given(body=st.binary(max_size=400))
def test_noise(name: str, body: bytes) -> None:
    tried(name, body)


@each
@settings(max_examples=200, deadline=5000)
@given(data=st.data())
def test_nearly_right_ones(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(TARGETS[name].seeds))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body)))
        end = data.draw(st.integers(start, min(len(body), start + 8)))
        body = body[:start] + data.draw(st.sampled_from(TOKENS) | st.binary(max_size=4)) + body[end:]
    tried(name, body)


def test_what_was_found_before() -> None:
    for path in sorted(FOUND.glob("*/*")):
        tried(path.parent.name, path.read_bytes())
