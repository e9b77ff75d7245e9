"""Addresses that can be written to, and that cannot smuggle anything into a message."""

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from functools import lru_cache

MAX_ADDRESS = 254
REMEMBERED = 4_096
"""The same addresses come up again and again, and each takes a while to take apart."""
_PLAIN = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)*")


@lru_cache(maxsize=REMEMBERED)
def is_address(text: str) -> bool:
    """One bare address: no name, no list, no quotes, no control characters."""
    if len(text) > MAX_ADDRESS or not text.isprintable() or not _PLAIN.fullmatch(text):
        return False
    try:
        Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError):
        return False
    return True


def is_public(address: str) -> bool:
    """Whether a mail can get there over the internet: `anna@shopexample` was typed too quickly."""
    return is_address(address) and "." in address.rpartition("@")[2]


def domain_of(sender: str) -> str:
    """Return the domain of `Name <local@domain>`, for Message-IDs and greetings."""
    return sender.rsplit("@", 1)[-1].strip("<> ") or "localhost"
