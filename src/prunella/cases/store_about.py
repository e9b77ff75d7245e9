"""SQL of what was said about a matter."""

from prunella.kit.house import Tx

_WRITTEN = """
select exists (select 1 from messages where contact = %s and direction = 'out') as written
"""


async def was_written(tx: Tx, contact: str) -> bool:
    row = await tx.one(_WRITTEN, (contact,))
    return bool(row and row["written"])
