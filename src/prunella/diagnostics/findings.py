"""What a diagnosis says: findings in order, merged into one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from prunella.diagnostics.facts import ChargedBy, Source
from prunella.kit.money import Money

Status = Literal["green", "amber", "red"]
# Those that Stripe can tell, what the company's own system tells, and that Stripe tells nothing.
RootCause = Literal[
    "healthy",
    "payment_method_missing",
    "card_expired",
    "card_expiring",
    "card_data_wrong",
    "insufficient_funds",
    "bank_declined",
    "authentication_required",
    "consent_withdrawn",
    "payment_processing",
    "payment_link_expired",
    "invoice_overdue",
    "subscription_past_due",
    "subscription_unpaid",
    "subscription_incomplete",
    "subscription_paused",
    "subscription_canceled",
    "trial_ending",
    "duplicate_charge",
    "invoice_miscalculated",
    "dispute_open",
    "refund_pending",
    "refund_failed",
    "entitlement_missing",
    "entitlement_surplus",
    "stripe_unreachable",
]
FixName = Literal[
    "update_card",
    "retry_payment",
    "retry_later",
    "confirm_payment",
    "regenerate_link",
    "resend_invoice",
    "update_billing_details",
    "resume_subscription",
    "refund_duplicate",
    "refund_overcharge",
    "credit_overcharge",
    "sync_entitlement",
    "change_plan",
    "talk_to_human",
]
# What hurts most comes first. `money_back` is theirs and with us; `on_pause` stands still;
# `not_asked` is what nobody could be asked about: it is told, and is no trouble of theirs.
Hurt = Literal[
    "service_off",
    "money_due",
    "money_back",
    "overdue",
    "on_pause",
    "attention",
    "not_asked",
    "fine",
]
HURTS: tuple[Hurt, ...] = get_args(Hurt)
CheckState = Literal["ok", "warn", "bad", "wait"]


@dataclass(frozen=True, kw_only=True)
class FixOffer:
    """A one-click remedy and what it is aimed at.

    `charged_by` is the field that a new card has to go into; `payment_method` the one a retry
    takes; `days` those that may be chosen, in the customer's own zone.
    """

    name: FixName
    label: str
    main: bool = False
    invoice: str | None = None
    subscription: str | None = None
    payment_intent: str | None = None
    checkout_session: str | None = None
    charge: str | None = None
    payment_method: str | None = None
    charged_by: ChargedBy | None = None
    amount: Money | None = None
    days: tuple[date, ...] = ()

    @property
    def target(self) -> str | None:
        """The id that the fix acts on, if it acts on one."""
        paid = self.invoice or self.checkout_session or self.charge or self.payment_intent
        return paid or self.subscription

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "label": self.label,
            "main": self.main,
            "target": self.target,
            "amount": self.amount.amount if self.amount else None,
            "currency": self.amount.currency if self.amount else None,
            "days": [day.isoformat() for day in self.days],
        }


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong, or fine, with its evidence.

    Evidence holds ids and figures only; never a concealed code, a risk or a network's word.
    `todo_by_person` is said instead of `todo` where the main remedy is not possible.
    """

    root_cause: RootCause
    status: Status
    hurt: Hurt
    title: str
    happened: str
    means: str = ""
    todo: str = ""
    todo_by_person: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[FixOffer, ...] = ()
    amount: Money | None = None
    at: datetime | None = None
    invoice: str | None = None
    subscription: str | None = None
    payment_method: str | None = None
    alert: str | None = None

    @property
    def is_trouble(self) -> bool:
        """Whether something is wrong with the account, not only with how we hear of it."""
        return self.status != "green" and self.hurt != "not_asked"

    @property
    def explanation(self) -> str:
        return " ".join(part for part in (self.happened, self.means, self.todo) if part)

    @property
    def fix(self) -> FixName | None:
        return next((offer.name for offer in self.offers if offer.main), None)

    @property
    def other_fixes(self) -> tuple[FixName, ...]:
        return tuple(offer.name for offer in self.offers if not offer.main)

    def to_json(self) -> dict[str, Any]:
        return {
            "root_cause": self.root_cause,
            "status": self.status,
            "title": self.title,
            "explanation": self.explanation,
            "evidence": {key: _json(value) for key, value in self.evidence.items()},
            "fix": self.fix,
            "other_fixes": list(self.other_fixes),
        }


@dataclass(frozen=True, kw_only=True)
class Check:
    """One of the five lights of the meter: `check` is its name, `word` what it says."""

    check: str
    name: str
    word: str
    state: CheckState


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """All findings of a customer, the worst first. `alerts` are for us and never shown."""

    customer: str
    explanation: str
    findings: tuple[Finding, ...]
    meter: tuple[Check, ...]
    offers: tuple[FixOffer, ...]
    as_of: datetime | None = None
    sources: tuple[Source, ...] = ()

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def status(self) -> Status:
        return self.first.status

    @property
    def root_cause(self) -> RootCause:
        return self.first.root_cause

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What is wrong with the account; letters, cases and counts go by these."""
        return tuple(finding for finding in self.findings if finding.is_trouble)

    @property
    def recommended_action(self) -> FixName | None:
        """What the main button does: the first remedy that any finding asks for."""
        return next((finding.fix for finding in self.findings if finding.fix), None)

    @property
    def self_serve_eligible(self) -> bool:
        """Whether the worst of it can be settled without a person."""
        return self.first.fix != "talk_to_human"

    @property
    def alerts(self) -> tuple[str, ...]:
        return tuple(finding.alert for finding in self.findings if finding.alert)

    def to_json(self) -> dict[str, Any]:
        """The answer of `GET /v1/customers/{customer}/diagnosis`."""
        return {
            "customer": self.customer,
            "status": self.status,
            "root_cause": self.root_cause,
            "explanation": self.explanation,
            "recommended_action": self.recommended_action,
            "self_serve_eligible": self.self_serve_eligible,
            "findings": [finding.to_json() for finding in self.findings],
            "as_of": _json(self.as_of),
            "sources": [
                {"name": source.name, "as_of": _json(source.as_of), "state": source.state}
                for source in self.sources
            ],
        }


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
