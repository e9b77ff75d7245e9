"""Telling other programs: one POST, signed by the caller. In tests a fake that passes the same."""

from collections.abc import Mapping
from typing import Protocol

from prunella.connectors.hooks.address import BadAddressError, check_address
from prunella.connectors.hooks.fake import MemoryPost
from prunella.connectors.hooks.http import HttpPost
from prunella.connectors.hooks.reply import Reply


class Post(Protocol):
    """Takes one body to where `url` says."""

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        """Return what was answered, or in words why nothing was. Never raises."""
        ...


__all__ = [
    "BadAddressError",
    "HttpPost",
    "MemoryPost",
    "Post",
    "Reply",
    "check_address",
]
