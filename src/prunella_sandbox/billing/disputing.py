"""Disputes: the cardholder's bank takes a charge back."""

from __future__ import annotations

from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAYS_TO_ANSWER = 14
DAY = 24 * 3600
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "duplicate": "12.6.1"}
EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def open_dispute(world: World, charge: Obj, *, reason: str) -> Obj:
    """Dispute what of a charge is not refunded; it can no longer be refunded then."""
    due_by = world.clock.unix() + DAYS_TO_ANSWER * DAY
    evidence: Obj = dict.fromkeys(EVIDENCE)
    card = charge["payment_method_details"]["card"]
    dispute = world.insert(
        "dispute",
        amount=charge["amount"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence=evidence | {"enhanced_evidence": {}},
        evidence_details={
            "due_by": due_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        is_charge_refundable=False,
        livemode=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details={
            "card": {
                "brand": card["brand"],
                "case_type": "chargeback",
                "network": card["network"],
                "network_reason_code": NETWORK_CODES.get(reason),
            },
            "type": "card",
        },
        reason=reason,
        status="needs_response",
    )
    disputed = world.update(charge, disputed=True, _dispute=dispute["id"])
    emit(world, "charge.updated", disputed, before=charge)
    emit(world, "charge.dispute.created", dispute)
    return dispute
