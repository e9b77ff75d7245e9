"""When something was said last."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_HEARD = """
select case_id, max(created_at) as at from messages
where case_id = any(%s) and direction = 'in' group by case_id
"""


async def heard_last(tx: Tx, cases: list[str]) -> list[DictRow]:
    return await tx.all(_HEARD, (cases,))
