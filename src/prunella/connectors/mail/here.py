"""Whether a host is this very machine: what goes there travels in nobody's sight. Pure."""

import ipaddress


def is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
