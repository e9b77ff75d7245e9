"""SQL of the programs that are told what happens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from prunella.connectors.hooks import Reply
from prunella.kit.house import Tx

Row = DictRow


async def add_endpoint(tx: Tx, endpoint: str, *, url: str, events: list[str], key: str) -> None:
    await tx.execute(
        "insert into hook_endpoints (id, url, events, secrets, state, created_by, created_at)"
        " values (%s, %s, %s, %s, 'on', %s, %s)",
        (endpoint, url, events, [key], tx.actor.id, tx.now),
    )


async def endpoint(tx: Tx, name: str) -> Row | None:
    return await tx.one(
        "select * from hook_endpoints where id = %s and state <> 'removed' for update", (name,)
    )


async def endpoints(tx: Tx) -> list[Row]:
    return await tx.all(
        "select * from hook_endpoints where state <> 'removed' order by id limit 1000"
    )


async def put_endpoint(tx: Tx, name: str, *, url: str, events: list[str], state: str) -> None:
    await tx.execute(
        "update hook_endpoints set url = %s, events = %s, state = %s,"
        " failing_since = case when %s = 'on' then null else failing_since end where id = %s",
        (url, events, state, state, name),
    )


async def put_secrets(tx: Tx, name: str, secrets: list[str]) -> None:
    await tx.execute("update hook_endpoints set secrets = %s where id = %s", (secrets, name))


async def wanting(tx: Tx, event: str) -> list[str]:
    """Return the endpoints that want to hear of this event."""
    rows = await tx.all(
        "select id from hook_endpoints where state = 'on' and %s = any (events) order by id",
        (event,),
    )
    return [row["id"] for row in rows]


async def add_delivery(
    tx: Tx, delivery: str, *, endpoint: str, event: str, subject: str, body: str, next_at: datetime
) -> None:
    await tx.execute(
        "insert into hook_deliveries"
        " (id, endpoint, event, subject, body, state, next_at, created_at)"
        " values (%s, %s, %s, %s, %s, 'waiting', %s, %s)",
        (delivery, endpoint, event, subject, body, next_at, tx.now),
    )


async def claim(tx: Tx, *, now: datetime, until: datetime) -> Row | None:
    """Take one that is due; nobody else does until then."""
    return await tx.one(
        "update hook_deliveries d set next_at = %(until)s, attempts = attempts + 1"
        " from hook_endpoints e where e.id = d.endpoint and d.id = ("
        "  select id from hook_deliveries where state = 'waiting' and next_at <= %(now)s"
        "  order by next_at limit 1 for update skip locked)"
        " returning d.*, e.url, e.secrets, e.state as endpoint_state",
        {"now": now, "until": until},
    )


async def settle(tx: Tx, delivery: str, *, attempts: int, state: str, next_at: datetime) -> bool:
    """Note how it went, unless somebody has taken it again meanwhile."""
    return bool(
        await tx.execute(
            "update hook_deliveries set state = %s, next_at = %s"
            " where id = %s and attempts = %s and state = 'waiting'",
            (state, next_at, delivery, attempts),
        )
    )


async def note_try(tx: Tx, delivery: str, reply: Reply, *, at: datetime) -> None:
    await tx.execute(
        "insert into hook_tries (delivery, at, status, took_ms, problem) values (%s,%s,%s,%s,%s)",
        (delivery, at, reply.status, reply.took_ms, reply.problem),
    )


async def works(tx: Tx, name: str) -> None:
    await tx.execute(
        "update hook_endpoints set failing_since = null"
        " where id = %s and failing_since is not null",
        (name,),
    )


async def fails(tx: Tx, name: str, *, now: datetime) -> datetime:
    """Return since when it has failed without a success between."""
    row = await tx.one(
        "update hook_endpoints set failing_since = coalesce(failing_since, %s) where id = %s"
        " returning failing_since",
        (now, name),
    )
    since: datetime = row["failing_since"] if row else now
    return since


async def again(tx: Tx, delivery: str, *, now: datetime) -> bool:
    """Send it once more from the start, also what was taken."""
    return bool(
        await tx.execute(
            "update hook_deliveries set state = 'waiting', attempts = 0, next_at = %s"
            " where id = %s and state <> 'waiting'",
            (now, delivery),
        )
    )


async def deliveries(tx: Tx, endpoint: str, after: str | None, limit: int) -> list[Row]:
    return await tx.all(
        "select * from hook_deliveries where endpoint = %s and (%s::text is null or id < %s)"
        " order by id desc limit %s",
        (endpoint, after, after, limit),
    )


async def delivery(tx: Tx, name: str) -> Row | None:
    return await tx.one("select * from hook_deliveries where id = %s", (name,))


async def tries(tx: Tx, deliveries: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    rows = await tx.all(
        "select * from hook_tries where delivery = any (%s) order by delivery, at",
        (list(deliveries),),
    )
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in deliveries}
    for row in rows:
        found[row["delivery"]].append(row)
    return found


async def stop(tx: Tx, name: str, state: str) -> None:
    await tx.execute(
        "update hook_endpoints set state = %s where id = %s and state <> 'removed'", (state, name)
    )


async def forget(tx: Tx, *, before: datetime) -> None:
    """Let go of what was settled long ago, and of removed programs that nothing tells of."""
    await tx.execute(
        "delete from hook_deliveries where state <> 'waiting' and next_at < %s", (before,)
    )
    await tx.execute(
        "delete from hook_endpoints e where state = 'removed'"
        " and not exists (select from hook_deliveries d where d.endpoint = e.id)"
    )
