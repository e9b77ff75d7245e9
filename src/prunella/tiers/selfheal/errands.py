"""Fixes that are one action: what each asks of the one door, from what the customer chose."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from prunella import mirror
from prunella.actions import ActionRequest, details
from prunella.diagnostics import gather
from prunella.diagnostics.duplicates import is_duplicate
from prunella.kit.house import Tx
from prunella.people import Customer
from prunella.tiers.selfheal.choice import (
    BadChoiceError,
    Choice,
    ChoiceNeededError,
    NotOfferedError,
)
from prunella.tiers.selfheal.money_back import money_back
from prunella.tiers.selfheal.overcharges import credit as credit_overcharge
from prunella.tiers.selfheal.overcharges import refund as refund_overcharge

WAYS_ON = frozenset({"resume", "keep", "stay", "collect"})
PREVIEW_LASTS = timedelta(hours=1)
MAX_DIGITS = 15

Errand = Callable[[Tx, Customer, str, Choice], Awaitable[ActionRequest]]


async def resend(tx: Tx, customer: Customer, target: str, _choice: Choice) -> ActionRequest:
    day = tx.now.date().isoformat()
    return _ask(customer, "send_invoice", target, key=f"send:{target}:{day}")


async def change_details(_tx: Tx, customer: Customer, target: str, choice: Choice) -> ActionRequest:
    if "name" not in choice:
        raise ChoiceNeededError
    typed = details.tidy(choice)
    wrong = details.wrong_with(typed)
    if wrong:
        raise BadChoiceError(fields=wrong)
    return _ask(customer, "update_billing_details", target, key=f"details:{target}", params=typed)


async def resume(_tx: Tx, customer: Customer, target: str, choice: Choice) -> ActionRequest:
    """The page says what it costs; `how` is what it said."""
    if choice.get("how") not in WAYS_ON:
        raise ChoiceNeededError
    params = {"how": choice["how"]}
    return _ask(customer, "resume_subscription", target, key=f"resume:{target}", params=params)


async def change_plan(tx: Tx, customer: Customer, target: str, choice: Choice) -> ActionRequest:
    """What was previewed, to the cent: `item`, `price`, `proration_date`, `amount`."""
    names = ("item", "price", "proration_date", "amount", "currency")
    if any(name not in choice for name in names):
        raise ChoiceNeededError
    at, amount = choice["proration_date"], choice["amount"]
    if not (is_number(at) and is_number(amount)):
        raise BadChoiceError(fields=("amount",))
    if not 0 <= tx.now.timestamp() - int(at) <= PREVIEW_LASTS.total_seconds():
        raise ChoiceNeededError
    return _ask(
        customer,
        "change_plan",
        target,
        key=f"change_plan:{target}",
        params={name: choice[name] for name in ("item", "price", "proration_date")},
        amount=int(amount),
        currency=choice["currency"],
    )


def is_number(text: str) -> bool:
    """Whether it is the figure of a preview, as a form sends it back."""
    return text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS


async def sync(_tx: Tx, customer: Customer, target: str, _choice: Choice) -> ActionRequest:
    return _ask(customer, "sync_entitlement", target, key=f"sync_entitlement:{target}")


async def refund_duplicate(
    tx: Tx, customer: Customer, target: str, _choice: Choice
) -> ActionRequest:
    charge = await mirror.get(tx, target)
    if charge is None or not is_duplicate(await gather(tx, customer), target):
        raise NotOfferedError
    return _ask(
        customer,
        "refund",
        target,
        key=f"refund:{target}",
        amount=charge.data.get("amount_captured"),
        currency=charge.data.get("currency"),
        reason="duplicate",
    )


def _ask(
    customer: Customer, kind: str, target: str, *, key: str, reason: str = "fix", **more: Any
) -> ActionRequest:
    return ActionRequest(
        kind=kind, customer=customer.id, target=target, reason=reason, business_key=key, **more
    )


ERRANDS: Mapping[str, Errand] = {
    "resend_invoice": resend,
    "update_billing_details": change_details,
    "resume_subscription": resume,
    "change_plan": change_plan,
    "sync_entitlement": sync,
    "refund_duplicate": refund_duplicate,
    "refund_overcharge": refund_overcharge,
    "credit_overcharge": credit_overcharge,
    "refund": money_back,
}
KINDS: Mapping[str, str] = {
    "resend_invoice": "send_invoice",
    "update_billing_details": "update_billing_details",
    "resume_subscription": "resume_subscription",
    "change_plan": "change_plan",
    "sync_entitlement": "sync_entitlement",
    "refund_duplicate": "refund",
    "refund_overcharge": "refund",
    "credit_overcharge": "credit_note",
    "refund": "refund",
    "retry_later": "retry_payment",
}
_EITHER = ("refund_overcharge", "credit_overcharge")
A_PERSON_DECIDES = frozenset({"refund_duplicate", "refund", *_EITHER})
"""Where a no of policy goes to a person, instead of saying that it is not needed."""


def alike(fix: str) -> tuple[str, ...]:
    """Return the fixes that are one choice with this one, itself first. Pure."""
    return (fix, *(one for one in _EITHER if fix in _EITHER and one != fix))
