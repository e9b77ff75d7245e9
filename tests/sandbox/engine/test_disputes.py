"""Disputes from the bank's letter to its decision, and the money they move."""

from __future__ import annotations

from typing import Any

import pytest
import stripe


def test_a_disputed_charge_takes_the_money_and_the_fee(sandbox: Any) -> None:
    charge, dispute = _disputed(sandbox)
    assert (dispute.status, dispute.amount, dispute.is_charge_refundable) == (
        "needs_response",
        4000,
        False,
    )
    assert [(moved.amount, moved.net) for moved in dispute.balance_transactions] == [(-4000, -5500)]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sandbox.v1.refunds.create({"charge": charge.id})
    assert caught.value.code == "charge_disputed"
    kinds = ("charge.dispute.created", "charge.dispute.funds_withdrawn")
    assert [event["type"] for event in sandbox.events(*kinds)] == list(kinds)


@pytest.mark.parametrize(
    ("words", "status", "net"), [("winning_evidence", "won", 0), ("losing_evidence", "lost", -5500)]
)
def test_evidence_decides(sandbox: Any, words: str, status: str, net: int) -> None:
    _, dispute = _disputed(sandbox)
    sandbox.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": words}})
    closed = sandbox.v1.disputes.retrieve(dispute.id)
    assert (closed.status, sum(moved.net for moved in closed.balance_transactions)) == (status, net)
    assert closed.evidence_details.submission_count == 1
    assert len(sandbox.events("charge.dispute.closed")) == 1


def test_evidence_can_be_kept_before_it_is_sent(sandbox: Any) -> None:
    _, dispute = _disputed(sandbox)
    kept = sandbox.v1.disputes.update(
        dispute.id, {"evidence": {"customer_name": "A. Northbeck"}, "submit": False}
    )
    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    sent = sandbox.v1.disputes.update(dispute.id, {"evidence": {"product_description": "Plan"}})
    assert (sent.status, sent.evidence.customer_name) == ("under_review", "A. Northbeck")


def test_a_dispute_nobody_answers_is_lost(sandbox: Any) -> None:
    _, dispute = _disputed(sandbox)
    sandbox.advance(days=13)
    assert sandbox.v1.disputes.retrieve(dispute.id).status == "needs_response"
    sandbox.advance(days=2)
    lost = sandbox.v1.disputes.retrieve(dispute.id)
    assert (lost.status, lost.evidence_details.past_due) == ("lost", True)


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_the_bank_takes_a_month_to_judge(sandbox: Any, outcome: str) -> None:
    _, dispute = _disputed(sandbox)
    sandbox.v1.disputes.update(
        dispute.id,
        {"evidence": {"receipt": "file_1"}, "metadata": {"sandbox_outcome": outcome}},
    )
    sandbox.advance(days=29)
    assert sandbox.v1.disputes.retrieve(dispute.id).status == "under_review"
    sandbox.advance(days=2)
    assert sandbox.v1.disputes.retrieve(dispute.id).status == outcome


def test_the_control_decides_a_dispute(sandbox: Any) -> None:
    charge, dispute = _disputed(sandbox)
    assert sandbox.send("/disputes", {"dispute": dispute.id, "outcome": "won"})["status"] == "won"
    assert len(sandbox.events("charge.dispute.funds_reinstated")) == 1
    assert sandbox.v1.disputes.retrieve(dispute.id).is_charge_refundable
    assert sandbox.v1.refunds.create({"charge": charge.id}).amount == 4000


def test_a_dispute_can_be_accepted(account: Any) -> None:
    _, dispute = _disputed(account)
    assert account.v1.disputes.close(dispute.id).status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        account.v1.disputes.close(dispute.id)


def test_an_inquiry_takes_nothing_and_ends_with_a_refund(sandbox: Any) -> None:
    charge, dispute = _disputed(sandbox, card="pm_card_createDisputeInquiry")
    assert (dispute.status, dispute.is_charge_refundable) == ("warning_needs_response", True)
    assert dispute.balance_transactions == []
    sandbox.v1.refunds.create({"charge": charge.id})
    assert sandbox.v1.disputes.retrieve(dispute.id).status == "warning_closed"


def test_only_what_is_not_refunded_is_disputed(sandbox: Any) -> None:
    charge = _charge(sandbox, "pm_card_visa")
    sandbox.v1.refunds.create({"charge": charge.id, "amount": 1500})
    assert sandbox.send("/disputes", {"charge": charge.id})["amount"] == 2500


def test_every_movement_of_money_can_be_read(account: Any) -> None:
    charge = _charge(account, "pm_card_visa")
    moved = account.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert (moved.type, moved.amount, moved.net) == ("charge", 4000, 4000 - moved.fee)
    refund = account.v1.refunds.create({"charge": charge.id, "amount": 1000})
    back = account.v1.balance_transactions.list({"source": refund.id}).data[0]
    assert (back.type, back.amount, back.id) == ("refund", -1000, refund.balance_transaction)
    expanded = account.v1.charges.retrieve(charge.id, {"expand": ["balance_transaction.source"]})
    assert expanded.balance_transaction.source.id == charge.id


def test_money_is_pending_for_two_days(sandbox: Any) -> None:
    charge = _charge(sandbox, "pm_card_visa")
    moves = sandbox.v1.balance_transactions
    assert moves.retrieve(charge.balance_transaction).status == "pending"
    sandbox.advance(days=2)
    assert moves.retrieve(charge.balance_transaction).status == "available"
    assert sandbox.v1.balance.retrieve().available[0].amount == 4000 - 146


def test_a_refund_that_the_balance_does_not_cover_waits(sandbox: Any) -> None:
    sandbox.send("/settings", {"refunds_need_balance": True})
    charge = _charge(sandbox, "pm_card_visa")
    refund = sandbox.v1.refunds.create({"charge": charge.id, "amount": 1000})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    assert refund.balance_transaction is None
    _charge(sandbox, "pm_card_bypassPending")
    paid = sandbox.v1.refunds.retrieve(refund.id)
    assert (paid.status, paid.pending_reason) == ("succeeded", None)


def test_a_waiting_refund_is_paid_when_the_money_is_there(sandbox: Any) -> None:
    sandbox.send("/settings", {"refunds_need_balance": True})
    charge = _charge(sandbox, "pm_card_visa")
    refund = sandbox.v1.refunds.create({"charge": charge.id, "amount": 1000})
    sandbox.advance(days=4)
    assert sandbox.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert sandbox.v1.charges.retrieve(charge.id).amount_refunded == 1000


def test_a_failed_refund_comes_back_into_the_balance(sandbox: Any) -> None:
    charge = _charge(sandbox, "pm_card_refundFail")
    refund = sandbox.v1.refunds.create({"charge": charge.id})
    sandbox.advance(hours=2)
    failed = sandbox.v1.refunds.retrieve(refund.id)
    assert failed.status == "failed"
    back = sandbox.v1.balance_transactions.retrieve(failed.failure_balance_transaction)
    assert (back.type, back.amount) == ("refund_failure", 4000)


def _charge(account: Any, card: str) -> Any:
    intent = account.v1.payment_intents.create(
        {
            "amount": 4000,
            "currency": "usd",
            "payment_method": card,
            "confirm": True,
        }
    )
    return account.v1.charges.retrieve(intent.latest_charge)


def _disputed(account: Any, *, card: str = "pm_card_createDispute") -> tuple[Any, Any]:
    charge = _charge(account, card)
    return charge, account.v1.disputes.list({"charge": charge.id}).data[0]
