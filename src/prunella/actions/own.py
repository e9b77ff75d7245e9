"""Whose request it is: nobody approves their own, by whatever token they asked for it."""

from collections.abc import Sequence

from prunella.actions.action import Action
from prunella.kit.actor import Actor
from prunella.kit.house import Tx
from prunella.people import tokens


def is_same(one: Actor, other: Actor) -> bool:
    return (one.kind, one.id) == (other.kind, other.id)


async def own_of(tx: Tx, found: Sequence[Action]) -> set[str]:
    """Return which of these the transaction's actor asked for: a token counts as its maker."""
    me = tx.actor
    if me.kind != "staff":
        return set()
    behind = await tokens.people_behind(tx, [me, *(one.requested_by for one in found)])
    return {one.id for one in found if behind.get(one.requested_by.id) == behind[me.id]}
