"""Session addresses. They stand here alone, are read once, and end in system time."""

from datetime import datetime

from prunella.kit.house import Tx

_PUT = """
insert into session_urls (action, url, expires_at) values (%s, %s, %s)
on conflict (action) do update set url = excluded.url, expires_at = excluded.expires_at
"""
_SWEEP = "delete from session_urls where expires_at <= %s"
_TAKE = "delete from session_urls where action = %s returning url, expires_at"


async def put(tx: Tx, action: str, url: str, *, expires_at: datetime, now: datetime) -> None:
    """Keep the address until it is taken; those that expired meanwhile go."""
    await tx.execute(_SWEEP, (now,))
    await tx.execute(_PUT, (action, url, expires_at))


async def take(tx: Tx, action: str, *, now: datetime) -> str | None:
    row = await tx.one(_TAKE, (action,))
    return row["url"] if row and row["expires_at"] > now else None
