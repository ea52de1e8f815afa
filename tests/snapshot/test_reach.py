"""Which machines an address may lead to."""

import socket

import pytest

from jupyter_cxg.snapshot.reach import Refused, is_private, public_socket

PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1",
    "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    ".".join("0000"), "::", "::1",
    "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::1", "2001:db8::1",
]  # fmt: skip
PUBLIC = [
    "93.184.216.34",
    "1.1.1.1",
    "172.32.0.1",
    "2606:2800:220:1::1",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_private(address: str) -> None:
    assert is_private(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(Refused):
        public_socket((family, socket.SOCK_STREAM, 6, "", (address, 80)))


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public(address: str) -> None:
    assert not is_private(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    public_socket((family, socket.SOCK_STREAM, 6, "", (address, 80))).close()


def test_only_the_internet_is_reached() -> None:
    with pytest.raises(Refused):
        public_socket((socket.AF_UNIX, socket.SOCK_STREAM, 0, "", ("/run/x.sock", 0)))
