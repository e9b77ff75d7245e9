"""Which sites may frame the meter: PRUNELLA_EMBED_ORIGINS, each a scheme, a host, maybe a port."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from prunella.settings import Settings

MAX_ADDRESS = 2_000
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?", re.ASCII)


def listed(settings: Settings) -> tuple[str, ...]:
    """Return the origins, without what is none: no wildcard, no path, no second word."""
    return tuple(found for one in settings.embed_origins if (found := origin_of(one)))


def origin_of(text: str) -> str:
    """Return the origin as a browser writes it, else nothing."""
    asked = text.lower().rstrip("/")
    try:
        is_one = _ORIGIN.fullmatch(asked) is not None and urlsplit(asked).port != 0
    except ValueError:
        is_one = False
    return asked if is_one else ""


def home_of(address: str, origins: Sequence[str]) -> str:
    """Return the address if it is a page of a listed origin, else nothing."""
    if len(address) > MAX_ADDRESS or not address.isprintable() or "\\" in address:
        return ""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.username or parts.password:
        return ""
    return address if f"{parts.scheme}://{parts.hostname}{port}" in origins else ""
