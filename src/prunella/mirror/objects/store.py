"""SQL of the mirrored objects."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.mirror.objects.seen import Seen

MAX_OF_CUSTOMER = 10_000
MAX_IN_USE = 40
PARENTS = frozenset({"invoice", "charge", "payment_intent"})


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What the mirror has of an object. `version` counts its writes."""

    id: str
    kind: str
    customer: str | None
    as_of: datetime
    as_of_until: datetime
    deleted: bool
    version: int
    data: dict[str, Any]


_FIND = """
select id, kind, customer, as_of, as_of_until, deleted, version, data
from mirror_objects where id = any(%s)
"""
_KNOWN = "select id from mirror_objects where id = any(%s)"
_OWNERS = "select id, customer from mirror_objects where id = any(%s)"
_IN_USE = """
select kind, id from mirror_objects
where customer = %s and not deleted
  and (kind = 'payment_method'
       or kind = 'subscription' and status not in ('canceled', 'incomplete_expired'))
order by id limit %s
"""
_VERSIONS = "select id, version from mirror_objects where customer = %s limit %s"
# Written only over the version that was judged: who comes late judges again.
_PUT_OVER = """
insert into mirror_objects as m (id, kind, customer, parent, status, created, as_of, as_of_until,
                                 deleted, version, data)
select * from unnest(%(ids)s::text[], %(kinds)s::text[], %(customers)s::text[],
                     %(parents)s::text[], %(statuses)s::text[], %(created)s::timestamptz[],
                     %(since)s::timestamptz[], %(until)s::timestamptz[], %(deleted)s::boolean[],
                     %(versions)s::bigint[], %(data)s::text[]::jsonb[])
on conflict (id) do update set
  customer = case when excluded.parent is null then excluded.customer
                  else coalesce(excluded.customer, m.customer) end,
  parent = excluded.parent, status = excluded.status, created = excluded.created,
  as_of = greatest(m.as_of, excluded.as_of),
  as_of_until = greatest(m.as_of_until, excluded.as_of_until),
  deleted = excluded.deleted, version = excluded.version, data = excluded.data
where m.version = excluded.version - 1
returning id
"""
# Written only over what is certainly older.
_PUT_NEWER = """
insert into mirror_objects as m (id, kind, customer, parent, status, created, as_of, as_of_until,
                                 deleted, version, data)
select * from unnest(%(ids)s::text[], %(kinds)s::text[], %(customers)s::text[],
                     %(parents)s::text[], %(statuses)s::text[], %(created)s::timestamptz[],
                     %(since)s::timestamptz[], %(until)s::timestamptz[], %(deleted)s::boolean[],
                     %(versions)s::bigint[], %(data)s::text[]::jsonb[])
on conflict (id) do update set
  customer = case when excluded.parent is null then excluded.customer
                  else coalesce(excluded.customer, m.customer) end,
  parent = excluded.parent, status = excluded.status, created = excluded.created,
  as_of = excluded.as_of, as_of_until = excluded.as_of_until,
  deleted = excluded.deleted, version = m.version + 1, data = excluded.data
where m.as_of_until <= excluded.as_of
returning id
"""
_ADOPT = """
update mirror_objects child set customer = parent.customer from mirror_objects parent
where parent.id = child.parent and child.customer is null and parent.customer is not null
  and (child.id = any(%(ids)s) or child.parent = any(%(ids)s))
"""


async def find(tx: Tx, ids: Iterable[str]) -> dict[str, Mirrored]:
    rows = await tx.all(_FIND, (list(ids),))
    return {row["id"]: Mirrored(**row) for row in rows}


async def get(tx: Tx, id: str) -> Mirrored | None:  # noqa: A002 Stripe's word
    """Return one object, also when it was deleted at Stripe; None when it was never seen."""
    return (await find(tx, [id])).get(id)


async def unknown(tx: Tx, ids: Iterable[str]) -> set[str]:
    wanted = set(ids)
    rows = await tx.all(_KNOWN, (list(wanted),))
    return wanted - {row["id"] for row in rows}


async def owners(tx: Tx, ids: Iterable[str]) -> dict[str, str | None]:
    rows = await tx.all(_OWNERS, (list(ids),))
    return {row["id"]: row["customer"] for row in rows}


async def versions_of(tx: Tx, stripe_customer: str) -> dict[str, int]:
    rows = await tx.all(_VERSIONS, (stripe_customer, MAX_OF_CUSTOMER))
    return {row["id"]: row["version"] for row in rows}


async def in_use(tx: Tx, stripe_customer: str) -> list[tuple[str, str]]:
    """Return kind and id of the customer's payment methods and plans that are not over."""
    rows = await tx.all(_IN_USE, (stripe_customer, MAX_IN_USE))
    return [(row["kind"], row["id"]) for row in rows]


async def adopt(tx: Tx, sights: Iterable[Seen]) -> None:
    """Give the objects that name no customer the one of their parent."""
    ids = [seen.id for seen in sights if seen.parent or seen.kind in PARENTS]
    if ids:
        await tx.execute(_ADOPT, {"ids": ids})


async def adopt_late(house: House, sights: Iterable[Seen]) -> None:
    """Do it once more after the commit.

    A parent and its child that two transactions store at the same time do not see each other.
    """
    seen = list(sights)
    await house.transact(SYSTEM, lambda tx: adopt(tx, seen))


async def put_over(tx: Tx, sights: Sequence[Seen], versions: Mapping[str, int]) -> set[str]:
    """Store each over the version that was judged (0: none); returns the ids that were stored."""
    rows = sorted(sights, key=lambda seen: seen.id)
    params = _columns(rows, [versions.get(row.id, 0) + 1 for row in rows])
    stored = {row["id"] for row in await tx.all(_PUT_OVER, params)}
    await adopt(tx, rows)
    return stored


async def put_newer(tx: Tx, sights: Iterable[Seen]) -> set[str]:
    """Store each unless the mirror may have something newer; returns the ids that were stored."""
    latest = {seen.id: seen for seen in sights}
    rows = [latest[name] for name in sorted(latest)]
    if not rows:
        return set()
    stored = {row["id"] for row in await tx.all(_PUT_NEWER, _columns(rows, [1] * len(rows)))}
    await adopt(tx, rows)
    return stored


def _columns(rows: Sequence[Seen], versions: list[int]) -> dict[str, Any]:
    return {
        "ids": [row.id for row in rows],
        "kinds": [row.kind for row in rows],
        "customers": [row.customer for row in rows],
        "parents": [row.parent for row in rows],
        "statuses": [row.status for row in rows],
        "created": [row.created for row in rows],
        "since": [row.since for row in rows],
        "until": [row.until for row in rows],
        "deleted": [row.deleted for row in rows],
        "versions": versions,
        "data": [json.dumps(row.data, allow_nan=False) for row in rows],
    }
