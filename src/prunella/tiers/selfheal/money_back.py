"""Asking for money back: any payment, any part of it; policy says who decides."""

import re
from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any, Literal, get_args

from babel.numbers import get_currency_symbol

from prunella import mirror
from prunella.actions import ActionRequest, money_key
from prunella.kit.house import Tx
from prunella.kit.money import Money, MoneyError, decimals_of
from prunella.people import Customer
from prunella.tiers.selfheal.choice import (
    BadChoiceError,
    Choice,
    ChoiceNeededError,
    NotOfferedError,
)

Why = Literal["twice", "unwanted", "not_as_promised", "other"]
MAX_REASON = 1_000
THREE = 3
WHYS: tuple[Why, ...] = get_args(Why)


def left_of(charge: Mapping[str, Any]) -> Money:
    """What of a payment has not gone back yet, as Stripe last said. Pure."""
    left = (charge.get("amount_captured") or 0) - (charge.get("amount_refunded") or 0)
    return Money(max(left, 0), str(charge["currency"]))


async def payment(tx: Tx, customer: Customer, target: str) -> Mapping[str, Any]:
    """Return the charge. Raises `NotOfferedError` when it is not theirs or took no money."""
    found = await mirror.get(tx, target)
    if found is None or found.kind != "charge" or found.customer is None:
        raise NotOfferedError
    if found.customer != customer.stripe_customer:
        raise NotOfferedError
    if found.data.get("status") != "succeeded" or not left_of(found.data).amount:
        raise NotOfferedError
    return found.data


def plain(text: str, currency: str) -> str:
    """Return an amount as people type it with a point at most: "1,000" is a thousand. Pure.

    The currency's own sign or code may stand on either side, another one's is no amount.
    Three digits after a comma or a point are thousands, except where there are three decimals.
    Raises `MoneyError`.
    """
    decimals = decimals_of(currency)
    whole = r"\d+" if decimals == THREE else r"\d{1,3}(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})*|\d+"
    other = "(?!(?P=sign))[.,]" if "sign" in whole else "[.,]"
    part = rf"(?:{other}(?P<part>\d{{1,{decimals}}}))?" if decimals else "(?P<part>)"
    beside = rf"(?:{'|'.join(map(re.escape, _signs(currency)))})?"
    bare = re.sub(r"[\s']", "", text).upper()
    found = re.fullmatch(rf"{beside}(?P<whole>{whole}){part}{beside}", bare, re.ASCII)
    if found is None:
        message = f"{text!r} is no amount"
        raise MoneyError(message)
    return f"{re.sub('[.,]', '', found['whole'])}.{found['part'] or 0}"


def _signs(currency: str) -> set[str]:
    """Dollars of Canada are written CA$, and by who lives there $."""
    sign = get_currency_symbol(currency.upper(), locale="en").upper()
    return {currency.upper(), sign, sign.lstrip(ascii_uppercase) or sign}


async def money_back(tx: Tx, customer: Customer, target: str, choice: Choice) -> ActionRequest:
    """`amount` as it is typed, like "40.00"; `why` is one of `WHYS`; `words` are their own."""
    charge = await payment(tx, customer, target)
    if not {"amount", "why"} <= choice.keys():
        raise ChoiceNeededError
    if choice["why"] not in WHYS:
        raise BadChoiceError(fields=("why",))
    asked = _typed(choice["amount"], left_of(charge))
    return ActionRequest(
        kind="refund",
        customer=customer.id,
        target=target,
        amount=asked.amount,
        currency=asked.currency,
        reason=f"{choice['why']}: {choice.get('words', '').strip()}"[:MAX_REASON].rstrip(": "),
        business_key=money_key("refund", target, amount=asked.amount, currency=asked.currency),
    )


def _typed(text: str, left: Money) -> Money:
    try:
        asked = Money.from_major(plain(text, left.currency), left.currency)
    except MoneyError as error:
        raise BadChoiceError(fields=("amount",)) from error
    if not 0 < asked.amount <= left.amount:
        raise BadChoiceError(fields=("amount",))
    return asked
