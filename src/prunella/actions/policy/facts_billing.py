"""What policy may know about credits, bills that are put right or withdrawn, and plans that end."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The credit that a customer has, and got. Amounts in minor units of the currency asked for.

    `currency` is that of the customer's account, None where nothing was billed yet. `credited`
    counts everyone's credits of the last 30 days, `refunded` the refunds, reserved and unclear
    ones too.
    """

    currency: str | None = None
    credited: int = 0
    refunded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A bill that is to be put right or withdrawn. Amounts in minor units of `currency`.

    `creditable` is what credit notes may still take off it; `paying`: a payment is on its way.
    `asked_how`: what a credit note is to do, `reduce` what is due or add to the `balance`.
    `overcharge` and `overcharged` are those of a charge: see `Charge`.
    """

    status: str | None
    currency: str
    remaining: int
    creditable: int = 0
    paid: int = 0
    paying: bool = False
    disputed: bool = False
    asked_how: str | None = None
    overcharge: bool = False
    overcharged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A plan that is to end, at the `period_end` or `now`. `scheduled`: its changes are planned."""

    status: str | None
    asked_how: str
    ends_already: bool = False
    scheduled: bool = False
