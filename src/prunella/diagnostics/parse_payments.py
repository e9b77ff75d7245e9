"""Attempts to take money, out of charges, payment intents and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from prunella.diagnostics.facts import Attempt, AttemptOutcome, PaymentMethod
from prunella.diagnostics.raw import (
    LONG_AGO,
    Objects,
    Raw,
    entries,
    inner,
    money,
    number,
    of_kind,
    pairs,
    ref,
    text,
    time,
    truth,
)

_CHARGE_OUTCOMES: Mapping[str | None, AttemptOutcome] = {
    "succeeded": "succeeded",
    "failed": "failed",
    "pending": "processing",
}
# While a payment intent is in one of these, that outranks the charges that failed before.
_INTENT_OUTCOMES: Mapping[str | None, AttemptOutcome] = {
    "requires_action": "requires_action",
    "processing": "processing",
    "succeeded": "succeeded",
}


def attempts(objects: Objects) -> tuple[Attempt, ...]:
    """Oldest first; what the payment intent says now comes after its charges."""
    invoice_of = _invoices_by_payment(objects)
    intents = {raw["id"]: raw for raw in of_kind(objects, "payment_intent")}
    charges = [
        _of_charge(raw, intents.get(ref(raw, "payment_intent") or "", {}), invoice_of)
        for raw in of_kind(objects, "charge")
        if text(raw, "status") in _CHARGE_OUTCOMES
    ]
    found = charges + list(_of_intents(intents.values(), charges, invoice_of))
    # The sort is stable: at the same second an intent stays behind its charges.
    return tuple(sorted(found, key=lambda one: one.at or LONG_AGO))


def method_from(*, kind: str, method_id: str | None, details: Raw) -> PaymentMethod:
    return PaymentMethod(
        id=method_id,
        kind=kind,
        brand=text(details, "brand"),
        last4=text(details, "last4"),
        exp_month=number(details, "exp_month"),
        exp_year=number(details, "exp_year"),
    )


def _invoices_by_payment(objects: Objects) -> dict[str, str]:
    """From a payment intent or charge to the invoice that it pays."""
    found: dict[str, str] = {}
    for invoice in of_kind(objects, "invoice"):
        # What older API versions said on the invoice itself.
        found |= dict.fromkeys(_payments(invoice), str(invoice["id"]))
        for payment in entries(invoice, "payments"):
            found |= dict.fromkeys(_payments(inner(payment, "payment")), str(invoice["id"]))
    for payment in of_kind(objects, "invoice_payment"):
        if invoice_id := ref(payment, "invoice"):
            found |= dict.fromkeys(_payments(inner(payment, "payment")), invoice_id)
    return found


def _payments(holder: Raw) -> list[str]:
    held = (ref(holder, "payment_intent"), ref(holder, "charge"))
    return [payment for payment in held if payment]


def _of_charge(charge: Raw, intent: Raw, invoice_of: Mapping[str, str]) -> Attempt:
    error = inner(intent, "last_payment_error")
    told = error if ref(error, "charge") == charge["id"] else {}
    outcome = inner(charge, "outcome")
    intent_id = ref(charge, "payment_intent")
    return Attempt(
        outcome=_CHARGE_OUTCOMES[text(charge, "status")],
        at=time(charge, "created"),
        amount=money(charge, "amount"),
        charge=charge["id"],
        payment_intent=intent_id,
        invoice=invoice_of.get(intent_id or "")
        or invoice_of.get(charge["id"])
        or ref(charge, "invoice"),
        method=_charged_method(charge),
        code=text(charge, "failure_code") or text(told, "code"),
        decline_code=_decline_code(charge, told),
        advice_code=text(outcome, "advice_code") or text(told, "advice_code"),
        outcome_type=text(outcome, "type"),
        payment_intent_status=text(intent, "status"),
        description=text(charge, "description") or text(intent, "description"),
        metadata=pairs(charge, "metadata") or pairs(intent, "metadata"),
        captured=charge.get("captured") is not False,
        refunded=money(charge, "amount_refunded"),
        disputed=truth(charge, "disputed"),
    )


def _decline_code(charge: Raw, told: Raw) -> str | None:
    """A charge keeps it as the outcome's reason; of a blocked one that is a risk rule instead."""
    outcome = inner(charge, "outcome")
    reason = text(outcome, "reason") if text(outcome, "type") != "blocked" else None
    return text(told, "decline_code") or reason


def _charged_method(charge: Raw) -> PaymentMethod:
    kind = text(inner(charge, "payment_method_details"), "type") or "card"
    details = inner(charge, "payment_method_details", kind)
    return method_from(kind=kind, method_id=ref(charge, "payment_method"), details=details)


def _of_intents(
    intents: Iterable[Raw],
    charges: list[Attempt],
    invoice_of: Mapping[str, str],
) -> Iterator[Attempt]:
    for intent in intents:
        mine = [charge for charge in charges if charge.payment_intent == intent["id"]]
        outcome = _says_more(intent, mine)
        if outcome:
            attempt = _of_intent(intent, outcome, invoice_of)
            latest = max((charge.at for charge in mine if charge.at), default=None)
            yield replace(attempt, at=max(filter(None, (attempt.at, latest)), default=None))


def _says_more(intent: Raw, charges: list[Attempt]) -> AttemptOutcome | None:
    """What the intent adds to its charges, if anything: a charge is the lasting evidence."""
    now = _INTENT_OUTCOMES.get(text(intent, "status"))
    if now is not None:
        return None if any(charge.outcome == now for charge in charges) else now
    error = inner(intent, "last_payment_error")
    if not error or text(intent, "status") == "canceled":
        return None
    told, code = ref(error, "charge"), text(error, "code")
    known = any(told == one.charge if told else code == one.code for one in charges)
    return None if known else "failed"


def _of_intent(intent: Raw, outcome: AttemptOutcome, invoice_of: Mapping[str, str]) -> Attempt:
    error = inner(intent, "last_payment_error")
    method = inner(error, "payment_method")
    kind = text(method, "type") or "card"
    return Attempt(
        outcome=outcome,
        at=time(intent, "created"),
        amount=money(intent, "amount"),
        charge=ref(error, "charge"),
        payment_intent=intent["id"],
        invoice=invoice_of.get(intent["id"]) or ref(intent, "invoice"),
        method=method_from(
            kind=kind,
            method_id=ref(intent, "payment_method") or text(method, "id"),
            details=inner(method, kind),
        ),
        code=text(error, "code"),
        decline_code=text(error, "decline_code"),
        advice_code=text(error, "advice_code"),
        payment_intent_status=text(intent, "status"),
        description=text(intent, "description"),
        metadata=pairs(intent, "metadata"),
    )
