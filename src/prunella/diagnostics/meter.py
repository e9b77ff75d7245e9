"""The five lights of the health meter, always the same five in the same order."""

from __future__ import annotations

from collections.abc import Sequence

from prunella.diagnostics.facts import ChargedBy, Facts
from prunella.diagnostics.findings import Check, CheckState, Finding, RootCause
from prunella.diagnostics.rules.methods import needs_a_method
from prunella.diagnostics.wording import Words

Light = tuple[str, CheckState]

_PAYMENT_WORDS: dict[RootCause, str] = {
    "authentication_required": "confirm",
    "duplicate_charge": "twice",
    "invoice_miscalculated": "too_much",
    "refund_failed": "not_back",
    "subscription_canceled": "not_paid",
    "invoice_overdue": "overdue",
    "payment_link_expired": "not_paid",
    "payment_method_missing": "not_paid",
    "subscription_past_due": "not_paid",
    "subscription_unpaid": "not_paid",
    "subscription_incomplete": "not_paid",
}
# The worst plan decides: a stopped one before one that runs.
_PLAN_LIGHTS: tuple[tuple[frozenset[str], Light], ...] = (
    (frozenset({"unpaid"}), ("on_hold", "bad")),
    (frozenset({"incomplete"}), ("not_begun", "bad")),
    (frozenset({"active", "past_due"}), ("active", "ok")),
    (frozenset({"trialing"}), ("trial", "ok")),
    (frozenset({"paused"}), ("paused", "warn")),
    (frozenset({"canceled", "incomplete_expired"}), ("ended", "wait")),
)
_ACCESS_LIGHTS: dict[str, Light] = {
    "on_hold": ("on_hold", "bad"),
    "not_begun": ("not_yet", "wait"),
    "active": ("all_on", "ok"),
    "trial": ("all_on", "ok"),
    "ends_soon": ("all_on", "ok"),
    "paused": ("paused", "warn"),
    "ended": ("ended", "wait"),
}
# What stands still or waits is no missing payment.
_NOT_ABOUT_MONEY = frozenset({"attention", "on_pause"})
_ABOUT_ACCESS: RootCause = "entitlement_missing"
_WAITING: tuple[tuple[RootCause, Light], ...] = (
    ("dispute_open", ("disputed", "warn")),
    ("payment_processing", ("pending", "wait")),
    ("bank_declined", ("retrying", "wait")),
    ("payment_link_expired", ("not_paid", "warn")),
    ("refund_pending", ("refund", "wait")),
)
_CARD_LIGHTS: dict[RootCause, Light] = {
    "card_data_wrong": ("check_it", "bad"),
    "card_expired": ("expired", "bad"),
    "consent_withdrawn": ("refused", "warn"),
}
_WANT_A_CARD: frozenset[RootCause] = frozenset({"trial_ending", "subscription_paused"})
_NOT_READ: Light = ("not_read", "wait")


def meter(facts: Facts, problems: Sequence[Finding], words: Words) -> tuple[Check, ...]:
    """Usage is not read yet; access is what is known not to be on, else what the plan says."""
    plan = _plan(facts, problems)
    lights: dict[str, Light] = {
        "payment": _payment(facts, problems),
        "card": _card(facts, problems),
        "plan": plan,
        "usage": _NOT_READ,
        "access": _not_on(problems) or _access(facts, plan),
    }
    return tuple(
        Check(
            check=check,
            name=words.say(f"meter.{check}.name"),
            word=words.say(f"meter.{check}.{word}"),
            state=state,
        )
        for check, (word, state) in lights.items()
    )


def _payment(facts: Facts, problems: Sequence[Finding]) -> Light:
    about_money = [
        finding
        for finding in problems
        if finding.hurt not in _NOT_ABOUT_MONEY and finding.root_cause != _ABOUT_ACCESS
    ]
    if about_money:
        return _PAYMENT_WORDS.get(about_money[0].root_cause, "failed"), "bad"
    causes = {finding.root_cause for finding in problems}
    waiting = next((light for cause, light in _WAITING if cause in causes), None)
    if waiting is not None:
        return waiting
    paid = any(invoice.status == "paid" for invoice in facts.invoices)
    return ("on_time", "ok") if paid else ("none_yet", "wait")


def _card(facts: Facts, problems: Sequence[Finding]) -> Light:
    """The card that is charged next: what a bank said of another one is history."""
    needing = [one for one in facts.subscriptions if needs_a_method(facts, one)]
    fields = [facts.charged_for_plan(one) for one in needing] or [facts.charged_by]
    held = {field.id for field in fields if field}
    for finding in problems:
        if finding.root_cause == "payment_method_missing":
            return "none", "warn" if finding.hurt == "attention" else "bad"
        light = _CARD_LIGHTS.get(finding.root_cause)
        if light and finding.payment_method in held and finding.hurt != "attention":
            return light
    if any(_expired(facts, field) for field in fields):
        return "expired", "warn"
    causes = {finding.root_cause for finding in problems}
    if "card_expiring" in causes:
        return "expiring", "warn"
    if None in fields:
        return "none", "warn" if causes & _WANT_A_CARD else "wait"
    known = all(facts.method(method_id) for method_id in held)
    return ("valid", "ok") if known else _NOT_READ


def _expired(facts: Facts, field: ChargedBy | None) -> bool:
    method = facts.method(field.id) if field else None
    return facts.expired(method)


def _plan(facts: Facts, problems: Sequence[Finding]) -> Light:
    statuses = {one.status for one in facts.subscriptions if one.status}
    light = next((light for those, light in _PLAN_LIGHTS if those & statuses), ("none", "wait"))
    if light[1] == "ok" and any(
        one.running and one.collection_paused for one in facts.subscriptions
    ):
        return "paused", "warn"
    by_cause = {finding.root_cause: finding for finding in reversed(problems)}
    ended = by_cause.get("subscription_canceled")
    if light[0] == "trial" and "trial_ending" in by_cause:
        return "ends_soon", "warn"
    if light[0] == "ended" and ended is not None:
        return "ended", "bad" if ended.status == "red" else "warn"
    return light


def _not_on(problems: Sequence[Finding]) -> Light | None:
    """What is paid for, and cannot be used."""
    hurts = {one.hurt for one in problems if one.root_cause == _ABOUT_ACCESS}
    if not hurts:
        return None
    return ("off", "bad") if "service_off" in hurts else ("not_all", "warn")


def _access(facts: Facts, plan: Light) -> Light:
    """What can be used goes by the plan that runs, whatever is on hold beside it."""
    if plan[0] == "paused" and any(one.running for one in facts.subscriptions):
        return _ACCESS_LIGHTS["active"]
    return _ACCESS_LIGHTS.get(plan[0], _NOT_READ)
