"""Payments in two steps: held by the bank first, then captured or let go."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

AMOUNT = 4_000


def held(sandbox: Any, customer: Any, **details: Any) -> Any:
    """A payment that the bank agreed to, and nobody has captured."""
    return sandbox.v1.payment_intents.create(
        {
            "amount": AMOUNT,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": customer.invoice_settings.default_payment_method,
            "capture_method": "manual",
            "confirm": True,
            "off_session": True,
            **details,
        }
    )


def charge_of(sandbox: Any, intent: Any) -> Any:
    return sandbox.v1.charges.retrieve(intent.latest_charge)


def kinds(sandbox: Any) -> list[str]:
    """What happened, in its order."""
    return [event.type for event in reversed(sandbox.v1.events.list({"limit": 100}).data)]


def test_the_bank_holds_it_and_nothing_is_taken(sandbox: Any) -> None:
    intent = held(sandbox, sandbox.customer())
    assert (intent.status, intent.capture_method) == ("requires_capture", "manual")
    assert (intent.amount_capturable, intent.amount_received) == (AMOUNT, 0)
    charge = charge_of(sandbox, intent)
    assert (charge.status, charge.paid, charge.captured) == ("succeeded", True, False)
    assert (charge.amount_captured, charge.balance_transaction) == (0, None)
    assert charge.payment_method_details.card.capture_before == charge.created + 7 * 86_400
    assert kinds(sandbox)[-2:] == ["charge.succeeded", "payment_intent.amount_capturable_updated"]


@pytest.mark.parametrize(("wanted", "taken"), [({}, AMOUNT), ({"amount_to_capture": 1_500}, 1_500)])
def test_it_is_captured_whole_or_in_part(sandbox: Any, wanted: dict[str, int], taken: int) -> None:
    intent = held(sandbox, sandbox.customer())
    done = sandbox.v1.payment_intents.capture(intent.id, wanted)
    assert (done.status, done.amount_capturable, done.amount_received) == ("succeeded", 0, taken)
    charge = charge_of(sandbox, intent)
    assert (charge.captured, charge.amount_captured) == (True, taken)
    moved = sandbox.v1.balance_transactions.retrieve(charge.balance_transaction)
    assert moved.amount == taken
    assert kinds(sandbox)[-2:] == ["charge.captured", "payment_intent.succeeded"]
    refund = sandbox.v1.refunds.create({"charge": charge.id})
    assert refund.amount == taken


def test_it_is_captured_once(sandbox: Any) -> None:
    intent = held(sandbox, sandbox.customer())
    with pytest.raises(stripe.InvalidRequestError, match="amount to capture"):
        sandbox.v1.payment_intents.capture(intent.id, {"amount_to_capture": AMOUNT + 1})
    with pytest.raises(stripe.InvalidRequestError, match="more than once"):
        sandbox.v1.payment_intents.capture(intent.id, {"final_capture": False})
    sandbox.v1.payment_intents.capture(intent.id)
    for again in ("capture", "cancel"):
        with pytest.raises(stripe.InvalidRequestError) as problem:
            getattr(sandbox.v1.payment_intents, again)(intent.id)
        assert problem.value.code == "payment_intent_unexpected_state"


def test_what_is_canceled_is_let_go(sandbox: Any) -> None:
    intent = held(sandbox, sandbox.customer())
    done = sandbox.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "duplicate"})
    assert (done.status, done.cancellation_reason) == ("canceled", "duplicate")
    charge = charge_of(sandbox, intent)
    assert (charge.captured, charge.refunded, charge.amount_refunded) == (False, True, AMOUNT)
    assert sandbox.v1.refunds.list({"charge": charge.id}).data == []
    assert kinds(sandbox)[-2:] == ["charge.refunded", "payment_intent.canceled"]


def test_what_nobody_captures_is_let_go_after_seven_days(sandbox: Any) -> None:
    customer = sandbox.customer()
    forgotten, taken = held(sandbox, customer), held(sandbox, customer)
    sandbox.advance(days=6)
    sandbox.v1.payment_intents.capture(taken.id)
    assert sandbox.v1.payment_intents.retrieve(forgotten.id).status == "requires_capture"
    sandbox.advance(days=2)
    ended = sandbox.v1.payment_intents.retrieve(forgotten.id)
    assert (ended.status, ended.cancellation_reason) == ("canceled", "automatic")
    assert charge_of(sandbox, forgotten).refunded
    assert sandbox.v1.payment_intents.retrieve(taken.id).status == "succeeded"
    assert kinds(sandbox).count("charge.expired") == 1


def test_what_is_only_held_is_not_refunded(sandbox: Any) -> None:
    intent = held(sandbox, sandbox.customer())
    with pytest.raises(stripe.InvalidRequestError, match="has not been captured"):
        sandbox.v1.refunds.create({"charge": intent.latest_charge})


def test_a_bank_that_says_no_holds_nothing(sandbox: Any) -> None:
    customer = sandbox.customer(card="pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError):
        held(sandbox, customer)
    intent = sandbox.v1.payment_intents.list({"customer": customer.id}).data[0]
    assert (intent.status, intent.amount_capturable) == ("requires_payment_method", 0)
