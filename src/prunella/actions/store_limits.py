"""Rows of limits, and the refunds that count against them."""

from collections.abc import Iterable

from prunella.kit.house import Tx

_TURN = "select pg_advisory_xact_lock(hashtextextended('policy_limits', 0))"
_CLEAR = "delete from policy_limits"
_PUT = "insert into policy_limits (name, currency, amount) values (%s, %s, %s)"
_FIND = "select amount from policy_limits where name = %s and currency = %s"


async def put_all(tx: Tx, rows: Iterable[tuple[str, str, int]]) -> None:
    await tx.execute(_TURN)
    await tx.execute(_CLEAR)
    await tx.many(_PUT, list(rows))


async def find(tx: Tx, name: str, currency: str) -> int | None:
    row = await tx.one(_FIND, (name, currency))
    return int(row["amount"]) if row else None
