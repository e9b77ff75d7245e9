"""What the customer was told of an action: one letter, written with the note that it was."""

from prunella.actions import store, store_letters
from prunella.actions.action import Action
from prunella.kit.house import Tx


async def letter_of(tx: Tx, action: str) -> str | None:
    """Return the id of the message that told of it."""
    return await store_letters.letter_of(tx, action)


async def untold(tx: Tx, action: str) -> Action | None:
    """Return it, held until the commit, if it was done and nobody was told of it yet."""
    found = await store.lock(tx, action)
    if found is None or found.state != "succeeded":
        return None
    return None if await store_letters.letter_of(tx, action) else found


async def keep_letter(tx: Tx, action: Action, message: str) -> None:
    await store_letters.keep(tx, action.id, message)
