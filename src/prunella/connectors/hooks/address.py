"""Where other programs may be told at: public addresses, over TLS."""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

MAX_URL = 2_000
_NAT64 = ip_network("64:ff9b::/96")
_INWARDS = tuple(ip_network(one) for one in ("::/96", "64:ff9b:1::/48", "fec0::/10"))
"""Python calls them global; they name machines of IPv4 or of one's own network."""


class BadAddressError(ValueError):
    """This is no address that can be told: give one like https://tools.example/prunella."""


class PrivateAddressError(BadAddressError):
    """It lies in a private network. Allow that with PRUNELLA_HOOKS_PRIVATE=true, if it is meant."""


def check_address(url: str, *, private: bool) -> SplitResult:
    """Return the parts of an address that may be used; `private`: also http, for one's own network.

    Raises BadAddressError. Where its name leads is looked at when it is used.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddressError(BadAddressError.__doc__) from error
    schemes = {"https", "http"} if private else {"https"}
    usable = parts.hostname and url.isascii() and url.isprintable() and len(url) <= MAX_URL
    if parts.scheme not in schemes or not usable or port == 0:
        raise BadAddressError(BadAddressError.__doc__)
    if parts.username or parts.password or parts.fragment:
        raise BadAddressError(BadAddressError.__doc__)
    return parts


async def resolved(parts: SplitResult, *, private: bool) -> str:
    """Return the IP address that its name leads to. Raises BadAddressError, OSError.

    All of them must be public: the one that was looked at is the one that is used.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    if not private and not all(is_public(one) for one in addresses):
        raise PrivateAddressError(PrivateAddressError.__doc__)
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's to reach, however it is written. Pure."""
    found = ip_address(address)
    inner = _inner(found) if isinstance(found, IPv6Address) else None
    inwards = any(found in one for one in _INWARDS)
    return (
        found.is_global
        and not (found.is_multicast or inwards)
        and (inner is None or inner.is_global)
    )


def _inner(found: IPv6Address) -> IPv4Address | None:
    """Return the address of IPv4 that it leads to."""
    if found in _NAT64:
        return IPv4Address(int(found) & 0xFFFF_FFFF)
    return found.ipv4_mapped or found.sixtofour
