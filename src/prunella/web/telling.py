"""What a customer was told of an action: our letter, and the answers in its case."""

from prunella import actions, cases
from prunella.actions import Action
from prunella.cases import Message
from prunella.kit.house import Tx


async def told_of(tx: Tx, action: Action) -> list[Message]:
    """Oldest last. What was mailed of a case has a link for the customer alone; its words count."""
    case = await cases.get_case(tx, action.case) if action.case else None
    said = await cases.messages_of(tx, case) if case else []
    told = [one for one in said if one.direction == "out" and one.html is None]
    told = [one for one in told if one.created_at >= action.created_at]
    letter = await actions.letter_of(tx, action.id)
    sent = await cases.get_message(tx, letter) if letter else None
    return [sent, *told] if sent else told
