"""Rows of what customers may use by the company's own system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from prunella.connectors.subscriptions import Asked, Usable
from prunella.kit.house import Tx

_FIND = """
select s.kind, s.writable, e.standing, e.known, e.plan, e.active, e.quantity, e.as_of,
  e.asked_at, e.failed
from entitlement_source s left join entitlements e on e.customer = %s
where s.kind <> 'mirror'
"""
_PUT = """
insert into entitlements
  (customer, standing, known, plan, active, quantity, as_of, asked_at, failed)
values
  (%(customer)s, %(standing)s, %(known)s, %(plan)s, %(active)s, %(quantity)s, %(as_of)s,
   %(asked_at)s, false)
on conflict (customer) do update set
  standing = excluded.standing, known = excluded.known, plan = excluded.plan,
  active = excluded.active, quantity = excluded.quantity, as_of = excluded.as_of,
  asked_at = excluded.asked_at, failed = false
where entitlements.asked_at <= excluded.asked_at
"""
_FAILED = """
insert into entitlements (customer, standing, known, active, asked_at, failed)
values (%(customer)s, '', false, false, %(asked_at)s, true)
on conflict (customer) do update set asked_at = excluded.asked_at, failed = true
where entitlements.asked_at <= excluded.asked_at
"""
_SOURCE = """
update entitlement_source set kind = %(kind)s, writable = %(writable)s
where (kind, writable) is distinct from (%(kind)s, %(writable)s)
returning kind
"""
_FORGET = "delete from entitlements"
_FRESH = "select customer from entitlements where customer = any(%s) and asked_at > %s"
_WALKED = "select walked from entitlement_source"
_WALK = "update entitlement_source set walked = %s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """What was read last. `usable` is None where that system does not know them, or never said.

    `as_of` is when it answered last, None before; `failed`: the last time it did not. `asked_at`
    is system time. `standing` is what Stripe said then.
    """

    kind: str
    writable: bool
    usable: Usable | None = None
    standing: str = ""
    as_of: datetime | None = None
    asked_at: datetime | None = None
    failed: bool = False


async def entitlement_of(tx: Tx, customer: str) -> Entitlement | None:
    """Return what is known, nothing of it where nobody asked; None without a system of its own."""
    row = await tx.one(_FIND, (customer,))
    if row is None:
        return None
    usable = None
    if row["known"]:
        usable = Usable(plan=row["plan"], active=row["active"], quantity=row["quantity"])
    return Entitlement(
        kind=row["kind"],
        writable=row["writable"],
        usable=usable,
        standing=row["standing"] or "",
        as_of=row["as_of"],
        asked_at=row["asked_at"],
        failed=bool(row["failed"]),
    )


async def put(
    tx: Tx, customer: str, usable: Usable | None, *, standing: str, asked_at: datetime
) -> None:
    """Keep an answer, unless a later question was answered before."""
    row = {
        "customer": customer,
        "standing": standing,
        "known": usable is not None,
        "plan": usable.plan if usable else None,
        "active": bool(usable and usable.active),
        "quantity": usable.quantity if usable else None,
        "as_of": tx.now,
        "asked_at": asked_at,
    }
    await tx.execute(_PUT, row)


async def put_failed(tx: Tx, customer: str, *, asked_at: datetime) -> None:
    await tx.execute(_FAILED, {"customer": customer, "asked_at": asked_at})


async def set_source(tx: Tx, source: Asked) -> None:
    """Say where what customers may use is read; what another place said is forgotten."""
    if await tx.one(_SOURCE, {"kind": source.kind, "writable": source.writable}):
        await tx.execute(_FORGET)


async def asked_since(tx: Tx, customers: Sequence[str], since: datetime) -> set[str]:
    return {row["customer"] for row in await tx.all(_FRESH, (list(customers), since))}


async def walked(tx: Tx) -> str:
    row = await tx.one(_WALKED)
    return str(row["walked"]) if row else ""


async def walk(tx: Tx, to: str) -> None:
    await tx.execute(_WALK, (to,))
