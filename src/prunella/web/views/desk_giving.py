"""What a colleague can give this customer, and what became of what they asked for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prunella.actions.policy import Limits
from prunella.kit.clock import from_unix
from prunella.kit.money import Money
from prunella.web.views.desk import Deed
from prunella.web.views.paid import as_typed
from prunella.web.views.saying import Saying

_NO_LIMIT = "admin"


@dataclass(frozen=True, slots=True)
class Left:
    """A payment to choose; `amount` is what is left of it, as it is typed."""

    charge: str
    words: str
    amount: str


@dataclass(frozen=True, slots=True)
class Giving:
    """`currency` is the account's, empty where it has none; the limits are sentences, or empty."""

    left: list[Left]
    currency: str
    refund_limit: str
    credit_limit: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was just asked for here; `case` is where people decide it, empty where that is here.

    `going`: it is on its way, and settles by itself.
    """

    deed: Deed
    waits: str
    case: str
    going: bool


def giving_of(
    found: Sequence[tuple[Mapping[str, Any], int]],
    currency: str | None,
    saying: Saying,
    *,
    limits: Limits,
    role: str,
) -> Giving:
    paid_in = sorted({str(raw["currency"]) for raw, _ in found})
    return Giving(
        left=[_left(raw, amount, saying) for raw, amount in found],
        currency=(currency or "").upper(),
        refund_limit=" ".join(
            limit_told("refund", one, limits=limits, role=role, saying=saying) for one in paid_in
        ).strip(),
        credit_limit=limit_told("credit", currency, limits=limits, role=role, saying=saying),
    )


def _left(raw: Mapping[str, Any], amount: int, saying: Saying) -> Left:
    left = Money(amount, str(raw["currency"]))
    paid = Money(raw["amount_captured"], left.currency).format(saying.words.locale)
    card = (raw.get("payment_method_details") or {}).get("card") or {}
    words = saying.say(
        "page.give.payment",
        amount=paid,
        day=saying.day(from_unix(raw["created"])),
        left=left.format(saying.words.locale),
    )
    last4 = card.get("last4")
    named = f"{words}, {saying.say('page.give.card', last4=last4)}" if last4 else words
    return Left(raw["id"], named, as_typed(left, saying.words.locale))


def limit_told(
    kind: str, currency: str | None, *, limits: Limits, role: str, saying: Saying
) -> str:
    """What this role gives by itself, said beforehand; the rules decide."""
    if role == _NO_LIMIT or not currency:
        return ""
    most = limits.of(role, currency)
    if most is None:
        return saying.say("page.give.no_limit", currency=currency.upper())
    amount = Money(most, currency).format(saying.words.locale)
    return saying.say(f"page.give.{kind}_limit", amount=amount)
