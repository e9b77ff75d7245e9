"""How much everybody has, for who gives out more."""

from prunella.kit.house import Tx

_TURN = "select pg_advisory_xact_lock(hashtextextended('assignment', 0))"
_LOADS = """
select assignee, count(*) as cases from cases
where coalesce(assignee, 'none') = any(%(colleagues)s) and status = any(%(statuses)s)
  and status in ('new', 'open', 'pending', 'on_hold') and not spam
  and snoozed_until is null
group by assignee
"""

_HELD_BY = """
select id from cases
where coalesce(assignee, 'none') = %s and status in ('new', 'open', 'pending', 'on_hold')
order by id limit %s
"""


async def take_turn(tx: Tx) -> None:
    await tx.execute(_TURN)


async def held_by(tx: Tx, colleague: str, limit: int) -> list[str]:
    """Return the open cases that this colleague has."""
    return [row["id"] for row in await tx.all(_HELD_BY, (colleague, limit))]


async def loads(tx: Tx, colleagues: list[str], statuses: list[str]) -> dict[str, int]:
    """Return how many cases each of them works on."""
    rows = await tx.all(_LOADS, {"colleagues": colleagues, "statuses": statuses})
    return {row["assignee"]: row["cases"] for row in rows}
