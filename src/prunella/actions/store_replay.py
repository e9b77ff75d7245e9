"""Past decisions, in pages."""

from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

A_PAGE = 1_000
_PAGE = """
select id, kind, amount, currency, created_at, decision from actions
where created_at >= %(since)s and id > %(after)s order by id limit %(limit)s
"""


async def page(tx: Tx, *, since: datetime, after: str) -> list[DictRow]:
    return await tx.all(_PAGE, {"since": since, "after": after, "limit": A_PAGE})
