"""The letter that told the customer of an action."""

from prunella.kit.house import Tx

_KEEP = "insert into action_letters (action, message, written_at) values (%s, %s, %s)"
_OF = "select message from action_letters where action = %s"


async def keep(tx: Tx, action: str, message: str) -> None:
    await tx.execute(_KEEP, (action, message, tx.now))


async def letter_of(tx: Tx, action: str) -> str | None:
    row = await tx.one(_OF, (action,))
    return row["message"] if row else None
