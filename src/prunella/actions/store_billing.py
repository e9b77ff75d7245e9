"""Credits of ours that went through, or still may."""

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_NOTES_OF = """
select id, kind, target, amount, currency, state, params, result from actions
where target = %(invoice)s and kind = 'credit_note' and state not in ('denied', 'failed')
"""


async def credit_notes_of(tx: Tx, invoice: str) -> list[DictRow]:
    return await tx.all(_NOTES_OF, {"invoice": invoice})
