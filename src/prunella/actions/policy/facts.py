"""What policy may know about a request. Figures and words of ours, never free text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from prunella.actions.policy.facts_access import Entitlement
from prunella.actions.policy.facts_billing import Credit, Ending, Invoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks. A customer who is not verified came by the button in a mail."""

    kind: str
    role: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The invoice that is to be paid, and what paying it has come to so far.

    `remaining` is in minor units. `tries` counts everyone's in the last 30 days, on this invoice
    or the same payment method. `closed_by_bank`: the last no was final, and the payment method is
    still the one that got it. `needs_customer`: the bank wants the customer to confirm.
    """

    status: str | None
    remaining: int
    currency: str
    tries: int = 0
    method_known: bool = True
    closed_by_bank: bool = False
    needs_customer: bool = False
    retry_scheduled: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A Checkout session that a new one is to be a copy of."""

    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An invoice that is to be sent again."""

    status: str | None
    remaining: int
    sent_to_pay: bool
    sent_lately: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A subscription, and `how` it could go on: `resume`, `keep`, `stay` or `collect`."""

    status: str | None
    how: str | None = None
    asked_how: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Another price for a plan. `simple`: one item, same currency, charged automatically."""

    offered: bool
    other: bool
    simple: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A payment that is to be given back. Amounts in minor units of `currency`.

    `given_back` counts everyone's refunds: Stripe's own figure, those made in the dashboard, ours
    that are reserved, on their way or unclear; and what credit notes gave of the same bill.
    `duplicate`: it is proven that it was paid twice. `overcharged` is what is proven to have been
    billed too much and has not gone back; `overcharge`: no more than that is asked for.
    """

    status: str | None
    captured: int
    currency: str
    given_back: int = 0
    disputed: bool = False
    duplicate: bool = False
    overcharge: bool = False
    overcharged: int = 0
    age_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The customer whom money is given to.

    `given` (refunds) and `credited` are in minor units of the charge's currency and `refunds` a
    count in any, all of the last 30 days and of everyone's. `flags`: `disputed_before`,
    `delinquent`.
    """

    plan: str | None = None
    flags: tuple[str, ...] = ()
    given: int = 0
    refunds: int = 0
    credited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One request. `flow` is the portal's; `automatic_stopped` is the switch a person can pull.

    `automatic_today`: what was given back by itself in the last 24 hours, everyone's, in minor
    units by currency.
    """

    kind: str
    asker: Asker
    amount: int | None = None
    currency: str | None = None
    flow: str = ""
    payment: Payment | None = None
    checkout: Checkout | None = None
    bill: Bill | None = None
    plan: Plan | None = None
    change: Change | None = None
    charge: Charge | None = None
    credit: Credit | None = None
    invoice: Invoice | None = None
    ending: Ending | None = None
    entitlement: Entitlement | None = None
    customer: Standing | None = None
    automatic_stopped: bool = False
    automatic_today: Mapping[str, int] = field(default_factory=dict)


GIVES = frozenset({"refund", "credit_balance", "credit_note"})
"""Kinds that give money away: limits count them, and the daily total."""

NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "retry_payment": ("payment",),
        "send_invoice": ("bill",),
        "resume_subscription": ("plan",),
        "change_plan": ("plan", "change"),
        "refund": ("charge", "customer"),
        "credit_balance": ("credit",),
        "credit_note": ("credit", "invoice"),
        "void_invoice": ("invoice",),
        "correct_invoice": ("invoice",),
        "cancel_subscription": ("ending",),
        "sync_entitlement": ("entitlement",),
    }
)
"""What has to be known of a kind: without it nothing of that kind is judged, so none is done."""
