"""Credits of ours that went through, or still may."""

from collections.abc import Iterable
from datetime import datetime

from psycopg.rows import DictRow

from prunella.kit.house import Tx

_COLUMNS = "id, kind, target, amount, currency, state, params, result"
_CREDITS_OF = f"""
select {_COLUMNS} from actions
where customer = any(%(customers)s) and kind in ('credit_balance', 'credit_note')
  and state not in ('denied', 'failed') and (created_at > %(since)s or state <> 'succeeded')
"""  # noqa: S608 the columns above
_NOTES_OF = f"""
select {_COLUMNS} from actions
where target = %(invoice)s and kind = 'credit_note' and state not in ('denied', 'failed')
"""  # noqa: S608 the columns above


async def credits_of_customer(
    tx: Tx, customers: Iterable[str], *, since: datetime
) -> list[DictRow]:
    return await tx.all(_CREDITS_OF, {"customers": list(customers), "since": since})


async def credit_notes_of(tx: Tx, invoice: str) -> list[DictRow]:
    return await tx.all(_NOTES_OF, {"invoice": invoice})
