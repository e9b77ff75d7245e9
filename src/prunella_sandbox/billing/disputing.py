"""Disputes: the cardholder's bank takes a charge back, or asks about it first.

A dispute that nobody answers within two weeks is lost. Evidence is judged a month after it was
sent: `winning_evidence` and `losing_evidence` as `uncategorized_text` decide at once, as in
Stripe's test mode; anything else loses unless `metadata[sandbox_outcome]` is `won`.
"""

from __future__ import annotations

from typing import Any

from prunella_sandbox.billing import funds
from prunella_sandbox.errors import InvalidRequestError
from prunella_sandbox.events import emit
from prunella_sandbox.store import Obj
from prunella_sandbox.world import World

DAYS_TO_ANSWER, DAYS_TO_JUDGE = 14, 30
DAY = 24 * 3600
INQUIRY = "inquiry"
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1", "duplicate": "12.6.1"}
OPEN = {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}
AT_ONCE = {"winning_evidence": True, "losing_evidence": False}
FILES = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
TEXTS = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_tracking_number",
    "uncategorized_text",
)


def open_dispute(world: World, charge: Obj, *, reason: str, case_type: str = "chargeback") -> Obj:
    """Dispute what of a charge is not refunded; its money goes back, and it cannot be refunded.

    An inquiry takes nothing yet, and a refund ends it.
    """
    is_inquiry = case_type == INQUIRY
    due_by = world.clock.unix() + DAYS_TO_ANSWER * DAY
    dispute = world.insert(
        "dispute",
        amount=charge["amount"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence=dict.fromkeys((*TEXTS, *FILES)) | {"enhanced_evidence": {}},
        evidence_details={
            "due_by": due_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        is_charge_refundable=is_inquiry,
        livemode=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        payment_method_details=_details(charge, reason=reason, case_type=case_type),
        reason=reason,
        status="warning_needs_response" if is_inquiry else "needs_response",
    )
    world.agenda.arm("dispute", dispute["id"], at=due_by)
    disputed = world.update(charge, disputed=True, _dispute=dispute["id"])
    emit(world, "charge.updated", disputed, before=charge)
    emit(world, "charge.dispute.created", dispute)
    return dispute if is_inquiry else _move_funds(world, dispute, is_won=False)


def _details(charge: Obj, *, reason: str, case_type: str) -> Obj:
    card = charge["payment_method_details"]["card"]
    return {
        "card": {
            "brand": card["brand"],
            "case_type": case_type,
            "network": card["network"],
            "network_reason_code": NETWORK_CODES.get(reason),
        },
        "type": "card",
    }


def _move_funds(world: World, dispute: Obj, *, is_won: bool) -> Obj:
    moved = funds.of_dispute(world, dispute, is_won=is_won)
    after = world.update(dispute, balance_transactions=[*dispute["balance_transactions"], moved])
    emit(world, f"charge.dispute.funds_{'reinstated' if is_won else 'withdrawn'}", after)
    return after


def answer(world: World, dispute: Obj, *, evidence: dict[str, Any], submits: bool) -> Obj:
    """Keep evidence, and send it to the bank if it is meant to be sent.

    Raises:
        InvalidRequestError: the dispute is closed.
    """
    before = _open(dispute)
    details = before["evidence_details"] | {"has_evidence": True}
    after = world.update(before, evidence=before["evidence"] | evidence, evidence_details=details)
    if not submits:
        emit(world, "charge.dispute.updated", after, before=before)
        return after
    return _submitted(world, before, after)


def _submitted(world: World, before: Obj, after: Obj) -> Obj:
    count = after["evidence_details"]["submission_count"] + 1
    sent = {"submission_count": count, "submission_method": "manual"}
    is_inquiry = before["status"].startswith("warning")
    after = world.update(
        after,
        evidence_details=after["evidence_details"] | sent,
        status="warning_under_review" if is_inquiry else "under_review",
    )
    emit(world, "charge.dispute.updated", after, before=before)
    decided = AT_ONCE.get(after["evidence"]["uncategorized_text"] or "")
    if decided is not None:
        return decide(world, after, is_won=decided)
    world.agenda.arm("dispute", after["id"], at=world.clock.unix() + DAYS_TO_JUDGE * DAY)
    return after


def close(world: World, dispute: Obj) -> Obj:
    """Accept the dispute as lost."""
    return decide(world, _open(dispute), is_won=False)


def decide(world: World, dispute: Obj, *, is_won: bool) -> Obj:
    """Let the bank decide; an inquiry just ends."""
    before = _open(world.fresh(dispute))
    world.agenda.disarm("dispute", before["id"])
    is_inquiry = before["status"].startswith("warning")
    result = "warning_closed" if is_inquiry else "won" if is_won else "lost"
    late = before["status"] == "needs_response" and not is_won
    after = world.update(
        before,
        evidence_details=before["evidence_details"]
        | {"past_due": late and _is_late(world, before)},
        is_charge_refundable=is_inquiry or is_won,
        status=result,
    )
    if result == "won":
        after = _move_funds(world, after, is_won=True)
    emit(world, "charge.dispute.closed", after)
    return after


def _is_late(world: World, dispute: Obj) -> bool:
    return bool(dispute["evidence_details"]["due_by"] <= world.clock.unix())


def decide_due(world: World, dispute_id: str) -> None:
    """Decide what was not answered in time, or has lain with the bank for a month."""
    dispute = world.need("dispute", dispute_id)
    if dispute["status"] in OPEN:
        wished = dispute["metadata"].get("sandbox_outcome") == "won"
        decide(world, dispute, is_won=wished and dispute["status"] == "under_review")


def end_inquiry(world: World, charge: Obj) -> None:
    """Close the bank's question about a charge that was refunded in full."""
    dispute = world.find("dispute", charge["_dispute"])
    asked = {"warning_needs_response", "warning_under_review"}
    if dispute and charge["refunded"] and dispute["status"] in asked:
        decide(world, dispute, is_won=False)


def is_refundable(world: World, charge: Obj) -> bool:
    """Whether a dispute leaves the charge refundable; without one it is."""
    dispute = world.find("dispute", charge["_dispute"])
    return dispute is None or bool(dispute["is_charge_refundable"])


def _open(dispute: Obj) -> Obj:
    if dispute["status"] not in OPEN:
        message = f"This dispute is already closed: it is {dispute['status']}."
        raise InvalidRequestError(message=message)
    return dispute
