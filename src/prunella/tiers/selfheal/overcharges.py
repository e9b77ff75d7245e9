"""What was billed too much: money back or credit, as the customer chooses; finance decides."""

from collections.abc import Mapping

from prunella import actions
from prunella.actions import ActionRequest
from prunella.diagnostics import gather
from prunella.diagnostics.overcharges import overcharge_of
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.selfheal.choice import Choice, NotOfferedError

REASON = "overcharge"


async def refund(tx: Tx, customer: Customer, target: str, _choice: Choice) -> ActionRequest:
    """`target` is the payment; what is proven, and has not gone back, goes where it came from."""
    _, left, currency = await _proven(tx, customer, target)
    return _ask(customer, "refund", target, charge=target, amount=left, currency=currency)


async def credit(tx: Tx, customer: Customer, target: str, _choice: Choice) -> ActionRequest:
    """`target` is the payment; the credit is noted on the bill that it paid."""
    invoice, left, currency = await _proven(tx, customer, target)
    return _ask(
        customer,
        "credit_note",
        invoice,
        charge=target,
        amount=left,
        currency=currency,
        params={"how": "balance"},
    )


async def _proven(tx: Tx, customer: Customer, charge: str) -> tuple[str, int, str]:
    found = overcharge_of(await gather(tx, customer), charge=charge)
    left = await actions.overcharged(tx, customer, charge=charge) if found else 0
    if found is None or not left:
        raise NotOfferedError
    return found.invoice.id, left, found.over.currency


def _ask(
    customer: Customer,
    kind: str,
    target: str,
    *,
    charge: str,
    amount: int,
    currency: str,
    params: Mapping[str, str] | None = None,
) -> ActionRequest:
    """Both ways are one attempt: whoever asks for the other meanwhile gets what is open."""
    return ActionRequest(
        kind=kind,
        customer=customer.id,
        target=target,
        amount=amount,
        currency=currency,
        params=params or {},
        reason=REASON,
        business_key=f"overcharge:{charge}",
    )
