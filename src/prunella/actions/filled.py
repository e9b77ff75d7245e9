"""What a program leaves out of a request where there is one plain way to do it."""

from dataclasses import replace

from prunella import mirror, people
from prunella.actions import store
from prunella.actions.action import ActionRequest
from prunella.actions.front import money_key
from prunella.actions.gather_account import how_to_go_on
from prunella.actions.gather_refund import refund
from prunella.kit.house import Tx

_KINDS = frozenset({"cancel_subscription", "resume_subscription", "credit_note"})


async def filled(tx: Tx, asked: ActionRequest) -> ActionRequest:
    """Say how, where it was left out.

    A plan ends with what is paid, and goes on as it stopped. A credit note makes an open bill
    smaller, and of a paid one becomes credit. A refund gives back what is left of the payment, in
    its currency. Raises `NotTheirsError` where a payment is not this customer's.
    """
    if asked.kind == "refund":
        return await _refund(tx, asked)
    if asked.kind not in _KINDS or "how" in asked.params:
        return asked
    found = await mirror.get(tx, asked.target)
    return replace(asked, params={**asked.params, "how": _how(asked.kind, found)})


async def _refund(tx: Tx, asked: ActionRequest) -> ActionRequest:
    """In the customer's turn: what is left stays so until it is reserved.

    Whatever was left out, the attempt has one name: who asks for the rest twice asks once.
    """
    customer = await people.find_customer(tx, asked.customer)
    if customer is None or (asked.amount is not None and asked.currency):
        return asked
    await store.take_turn(tx, customer.id)
    charge = (await refund(tx, customer, asked, None))["charge"]
    left, currency = charge.captured - charge.given_back, asked.currency or charge.currency
    rest = left if left > 0 and currency.lower() == charge.currency else None
    return replace(
        asked,
        amount=rest if asked.amount is None else asked.amount,
        currency=currency,
        business_key=money_key("refund", asked.target, amount=asked.amount, currency=currency),
    )


def _how(kind: str, found: mirror.Mirrored | None) -> str:
    if kind == "cancel_subscription":
        return "period_end"
    if kind == "resume_subscription":
        return (how_to_go_on(found) if found else None) or "resume"
    return "reduce" if found and found.data.get("status") == "open" else "balance"
