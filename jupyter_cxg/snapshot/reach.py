"""Which machines a pasted address may reach: those of the Internet, and none of this network.

Looked at is the very address that a socket is about to be connected to: whatever a name resolves to, and
however a number is written, nothing lies between the check and its use.
"""

import ipaddress
import socket
from typing import Any

REFUSED = "is an address of this network"

_TRANSLATED = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))  # NAT64
_COMPATIBLE = ipaddress.IPv6Network("::/96")
# what looks public to some versions of Python, and numbers at which platforms tell machines their secrets
_MORE = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("168.63.129.16/32"))

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(OSError):  # noqa: N818 - called for what happened
    """A socket that is not connected."""


def is_private(text: str) -> bool:
    """Whether an IP address is this machine's, this network's, or nobody's.

    Also of IPv4 addresses within IPv6 ones: mapped, translated or tunnelled.
    """
    ip = ipaddress.ip_address(text.partition("%")[0])  # without the network card
    return any(
        not one.is_global
        or one.is_multicast
        or one.is_reserved
        or one.is_unspecified
        or getattr(one, "is_site_local", False)
        or any(one in network for network in _MORE)
        for one in _all(ip)
    )


def public_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """A socket for what `socket.getaddrinfo` found, if that is public.

    Raises
    ------
    Refused
        It is not.
    """
    family, kind, protocol, _, address = addr_info
    if family not in (socket.AF_INET, socket.AF_INET6) or is_private(str(address[0])):
        raise Refused(f"{address[0]} {REFUSED}")
    return socket.socket(family, kind, protocol)


def _all(ip: IPAddress) -> list[IPAddress]:
    """The address, or those of IPv4 that it stands for."""
    if isinstance(ip, ipaddress.IPv4Address):
        return [ip]
    if ip.ipv4_mapped:
        return [ip.ipv4_mapped]
    if ip.sixtofour:
        return [ip.sixtofour]
    if ip.teredo:
        return [*ip.teredo]
    if any(ip in network for network in _TRANSLATED) or (ip in _COMPATIBLE and int(ip) > 0xFFFF):
        return [ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)]
    return [ip]
