"""A payment, as the page on which its money is asked back tells of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.numbers import format_decimal

from prunella.kit.clock import from_unix
from prunella.kit.money import Money, decimals_of
from prunella.tiers.selfheal.money_back import left_of
from prunella.web.views.saying import Saying


@dataclass(frozen=True, slots=True)
class Paid:
    """`left` is the most that can go back as it is typed, `most` as it is read."""

    paid: str
    left: str
    most: str
    currency: str


def paid_so(charge: Mapping[str, Any], saying: Saying) -> Paid:
    left = left_of(charge)
    whole = Money(charge["amount_captured"], left.currency)
    day = saying.day(from_unix(charge["created"]))
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    last4 = card.get("last4")
    said = (
        saying.say("page.choose.refund.paid", amount=whole, day=day, last4=last4)
        if last4
        else saying.say("page.choose.refund.paid_plain", amount=whole, day=day)
    )
    return Paid(
        paid=said,
        left=as_typed(left, saying.words.locale),
        most=left.format(saying.words.locale),
        currency=left.currency.upper(),
    )


def as_typed(left: Money, locale: str) -> str:
    """With the decimal sign of the language, and nothing beside it."""
    decimals = decimals_of(left.currency)
    return format_decimal(left.major, "0." + decimals * "0" if decimals else "0", locale=locale)
