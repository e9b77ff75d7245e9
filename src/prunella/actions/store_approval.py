"""Rows of approvals."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from prunella.kit.actor import Actor
from prunella.kit.house import Tx

Outcome = Literal["approved", "refused", "lapsed"]

_ASK = """
insert into approvals (action, asked_at, facts) values (%s, %s, %s)
on conflict (action) do update set asked_at = excluded.asked_at, facts = excluded.facts,
  outcome = null, decided_at = null, decided_by = null, note = ''
"""
_GET = "select * from approvals where action = %s"
_WAITING = "select * from approvals where outcome is null order by asked_at, action limit %s"
_ON_CASES = """
select a."case", p.facts from approvals p join actions a on a.id = p.action
where p.outcome is null and a."case" = any(%s) order by p.asked_at limit %s
"""
_ON_ANY_CASE = """
select a."case", p.facts from approvals p join actions a on a.id = p.action
where p.outcome is null and a."case" is not null order by p.asked_at limit %s
"""
_SHOW = "update approvals set facts = %s where action = %s"
_DECIDE = """
update approvals set outcome = %s, decided_at = %s, decided_by = %s, note = %s where action = %s
"""
_TIE = 'update actions set "case" = %s where id = %s and "case" is null'


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a person was asked, with the facts that were last shown, and what they said."""

    action: str
    asked_at: datetime
    facts: dict[str, Any]
    outcome: Outcome | None
    decided_at: datetime | None
    decided_by: Actor | None
    note: str


async def ask(tx: Tx, action: str, facts: Mapping[str, Any]) -> None:
    await tx.send(_ASK, (action, tx.now, Jsonb(dict(facts))))


async def get(tx: Tx, action: str) -> Approval | None:
    row = await tx.one(_GET, (action,))
    return _approval(row) if row else None


async def waiting(tx: Tx, limit: int) -> list[Approval]:
    """Return what nobody has decided yet, longest first."""
    return [_approval(row) for row in await tx.all(_WAITING, (limit,))]


async def waiting_on(
    tx: Tx, cases: Sequence[str] | None, limit: int
) -> list[tuple[str, dict[str, Any]]]:
    """Return case and facts of what waits on these cases, or on any, longest first."""
    if cases is None:
        rows = await tx.all(_ON_ANY_CASE, (limit,))
    else:
        rows = await tx.all(_ON_CASES, (list(cases), limit))
    return [(row["case"], row["facts"]) for row in rows]


async def show(tx: Tx, action: str, facts: Mapping[str, Any]) -> None:
    await tx.execute(_SHOW, (Jsonb(dict(facts)), action))


async def decide(tx: Tx, action: str, outcome: Outcome, *, note: str) -> None:
    by = Jsonb(asdict(tx.actor))
    await tx.execute(_DECIDE, (outcome, tx.now, by, note, action))


async def tie(tx: Tx, action: str, case: str) -> None:
    """Say which case it belongs to, where none is known."""
    await tx.execute(_TIE, (case, action))


def _approval(row: DictRow) -> Approval:
    by = row["decided_by"]
    return Approval(**row | {"decided_by": Actor(**by) if by else None})
