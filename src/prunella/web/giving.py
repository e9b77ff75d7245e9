"""Money back, or a credit, that a colleague asks for at the desk: the request that a form makes."""

import re
from collections.abc import Sequence
from typing import Literal, get_args

from prunella import actions, mirror
from prunella.actions import ActionRequest
from prunella.cases import OPEN, Case
from prunella.kit.house import Tx
from prunella.kit.money import Money, MoneyError
from prunella.people import Customer
from prunella.tiers.selfheal.money_back import MAX_REASON, plain
from prunella.web.errors import BadRequestError
from prunella.web.forms import Fields

Why = Literal["charged_twice", "billed_wrong", "outage", "not_wanted", "goodwill", "other"]
WHYS: tuple[Why, ...] = get_args(Why)
MOST_CHARGES = 10
_CURRENCY = re.compile("[a-z]{3}")


class BadAmountError(ValueError):
    """Write an amount above zero, and of a payment no more than is left of it."""


class NoReasonError(ValueError):
    """Choose a reason: it stands with the request for good."""


class NothingLeftError(LookupError):
    """Nothing is left of this payment to give back. Choose another one."""


async def refund_asked(tx: Tx, customer: Customer, case: Case, fields: Fields) -> ActionRequest:
    """Make a request of the form: an empty amount is all that is left.

    Raises `BadAmountError`, `NoReasonError` and `NothingLeftError`.
    """
    found = await actions.refundable(tx, customer, most=MOST_CHARGES)
    left = next((one for one in found if one[0]["id"] == fields.get("charge")), None)
    if left is None:
        raise NothingLeftError
    most = Money(left[1], str(left[0]["currency"]))
    asked = amount_in(fields["amount"], most.currency) if fields.get("amount") else most
    if asked.amount > most.amount:
        raise BadAmountError
    return _request("refund", customer, case, fields, target=left[0]["id"], asked=asked)


async def credit_asked(tx: Tx, customer: Customer, case: Case, fields: Fields) -> ActionRequest:
    """The same of the other form; the currency is the account's, where it has one.

    Raises `BadAmountError` and `NoReasonError`.
    """
    target = customer.stripe_customer
    if target is None:
        raise BadRequestError
    currency = await currency_of(tx, customer) or fields.get("currency", "").strip().lower()
    asked = amount_in(fields.get("amount", ""), currency)
    return _request("credit_balance", customer, case, fields, target=target, asked=asked)


async def currency_of(tx: Tx, customer: Customer) -> str | None:
    """Return the currency of the customer's account at Stripe, None where it has none yet."""
    found = await mirror.get(tx, customer.stripe_customer or "")
    return found.data.get("currency") if found else None


def _request(
    kind: str, customer: Customer, case: Case, fields: Fields, *, target: str, asked: Money
) -> ActionRequest:
    return ActionRequest(
        kind=kind,
        customer=customer.id,
        target=target,
        amount=asked.amount,
        currency=asked.currency,
        reason=reason_in(fields, WHYS),
        business_key=actions.money_key(kind, target, amount=asked.amount, currency=asked.currency),
        case=where_decided(case),
    )


def where_decided(case: Case) -> str | None:
    """A case that rests has nobody who looks: what a person decides then gets one of its own."""
    return case.id if case.status in OPEN and not case.spam else None


def reason_in(fields: Fields, whys: Sequence[str]) -> str:
    """Return what was chosen with what was written beside it. Raises `NoReasonError`."""
    if not fields.get("why"):
        raise NoReasonError
    if fields["why"] not in whys:
        raise BadRequestError
    words = " ".join(fields.get("words", "").split())
    return f"{fields['why']}: {words}"[:MAX_REASON].rstrip(": ")


def amount_in(text: str, currency: str) -> Money:
    """Raises `BadAmountError`."""
    if not _CURRENCY.fullmatch(currency):
        raise BadAmountError
    try:
        asked = Money.from_major(plain(text, currency), currency)
    except MoneyError as error:
        raise BadAmountError from error
    if asked.amount <= 0:
        raise BadAmountError
    return asked
