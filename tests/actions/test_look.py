"""What Stripe shows, and what follows from it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prunella.actions.look import judge_payment

SINCE = datetime(2026, 3, 3, 11, 40, tzinfo=UTC)


def charge(name: str, status: str, *, seconds: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": name, "status": status, "created": SINCE.timestamp() + seconds} | more


def seen(
    status: str = "open", intent: str = "requires_payment_method", *charges: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    invoice = {"id": "in_1", "status": status}
    found = judge_payment(invoice, [{"id": "pi_1", "status": intent}], charges, since=SINCE)
    return found.verdict, found.evidence


def test_a_paid_invoice_is_paid_by_whomever() -> None:
    assert seen("paid") == (
        "happened",
        {"invoice": "in_1", "status": "paid", "paid_before": True},
    )


def test_our_charge_is_the_proof() -> None:
    verdict, evidence = seen("paid", "succeeded", charge("ch_1", "succeeded"))
    assert (verdict, evidence["charge"]) == ("happened", "ch_1")


def test_the_first_no_since_it_was_sent_is_ours() -> None:
    outcome = {"type": "issuer_declined", "reason": "insufficient_funds"}
    mine = charge("ch_1", "failed", failure_code="card_declined", outcome=outcome)
    later = charge("ch_2", "failed", seconds=90)
    verdict, evidence = seen("open", "requires_payment_method", later, mine)
    assert verdict == "refused"
    assert evidence == {
        "charge": "ch_1",
        "code": "card_declined",
        "decline_code": "insufficient_funds",
    }


def test_a_no_from_before_says_nothing() -> None:
    old = charge("ch_1", "failed", seconds=-60)
    assert seen("open", "requires_payment_method", old)[0] == "did_not_happen"


@pytest.mark.parametrize("intent", ["processing", "requires_capture"])
def test_what_is_on_its_way_is_waited_for(intent: str) -> None:
    assert seen("open", intent)[0] == "still_unclear"


def test_a_pending_charge_is_waited_for() -> None:
    assert seen("open", "processing", charge("ch_1", "pending"))[0] == "still_unclear"


def test_a_charge_whose_invoice_is_still_open_is_waited_for() -> None:
    assert seen("open", "succeeded", charge("ch_1", "succeeded"))[0] == "still_unclear"


def test_a_bank_that_asks_the_customer_was_asked() -> None:
    assert seen("open", "requires_action") == ("refused", {"code": "authentication_required"})


def test_clocks_that_differ_a_little_hide_nothing() -> None:
    early = charge("ch_1", "failed", seconds=-int(timedelta(seconds=4).total_seconds()))
    assert seen("open", "requires_payment_method", early)[0] == "refused"
