"""May this process take requests? The database answers, has our shape, and content is read."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

from psycopg import OperationalError

from prunella.kit.actor import SYSTEM
from prunella.settings.shipped import shipped
from prunella.web.operations import store
from prunella.web.site import Site

PATIENCE_S = 4.0
"""Who probes gives up after five seconds."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was checked, in words; empty `missing` means ready."""

    missing: tuple[str, ...]
    content: str

    @property
    def ready(self) -> bool:
        return not self.missing


async def readiness(site: Site) -> Readiness:
    applied = await in_time(_applied(site))
    return Readiness(missing=_lacking(applied), content=site.rooms.content.digest)


async def in_time(asked: Awaitable[Found]) -> Found | None:
    """What the database says; None where it is away, or not quick enough for who asks."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await asked
    except (OperationalError, TimeoutError):
        return None


async def _applied(site: Site) -> set[str]:
    async with site.rooms.house.transaction(SYSTEM) as tx:
        return await store.applied(tx)


def _lacking(applied: set[str] | None) -> tuple[str, ...]:
    if applied is None:
        return ("database",)
    wanted = {path.name for path in shipped("schema").glob("*.sql")}
    return tuple(f"migration {name}" for name in sorted(wanted - applied))
