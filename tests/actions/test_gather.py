"""What counts as a try, and what as a bank's last word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from prunella.actions import Action
from prunella.actions.gather import payment_of
from prunella.diagnostics.facts import Attempt, ChargedBy, Dispute, Facts, Invoice, PaymentMethod
from prunella.kit.actor import SYSTEM
from prunella.kit.money import Money

NOW = datetime(2026, 3, 3, 11, 40, tzinfo=UTC)
CARD = PaymentMethod(id="pm_1", exp_month=12, exp_year=2030)
INVOICE = Invoice(id="in_1", status="open", remaining=Money(4900, "usd"))
KNOWN = Facts(
    customer="cus_1",
    now=NOW,
    charged_by=ChargedBy(field="customer.invoice_settings.default_payment_method", id="pm_1"),
    methods=(CARD,),
    invoices=(INVOICE,),
)


def attempt(n: int = 1, *, days_ago: float = 1, **more: Any) -> Attempt:
    facts: dict[str, Any] = {
        "outcome": "failed",
        "invoice": "in_1",
        "method": CARD,
        "charge": f"ch_{n}",
    } | more
    return Attempt(at=NOW - timedelta(days=days_ago), **facts)


def ours(**more: Any) -> Action:
    nothing: dict[str, Any] = {"reason": "", "params": {}, "decision": {}, "error": None}
    none = dict.fromkeys(("amount", "currency", "contact", "case", "submitted_at", "settled_at"))
    facts = {"target": "in_1", "state": "unknown", "result": {}} | nothing | none | more
    return Action(
        id="act_1",
        kind="retry_payment",
        customer="cust_1",
        requested_by=SYSTEM,
        business_key="k",
        created_at=NOW,
        attempts=1,
        looks=0,
        **facts,
    )


def tries(attempts: list[Attempt], actions: tuple[Action, ...] = ()) -> int:
    known = replace(KNOWN, attempts=tuple(attempts))
    return payment_of(known, INVOICE, None, list(actions)).tries


def test_everyones_tries_count_on_the_invoice_or_the_card() -> None:
    on_another_card = attempt(2, method=PaymentMethod(id="pm_2"))
    on_another_invoice = attempt(3, invoice="in_2")
    neither = attempt(4, invoice="in_2", method=PaymentMethod(id="pm_2"))
    assert tries([attempt(1), on_another_card, on_another_invoice, neither]) == 3


def test_tries_older_than_thirty_days_are_forgotten() -> None:
    assert tries([attempt(1, days_ago=31), attempt(2, days_ago=29)]) == 1


def test_ours_count_before_the_mirror_shows_them_and_never_twice() -> None:
    mirrored = ours(state="failed", error={"charge": "ch_1"})
    on_its_way = ours(state="failed", error={"charge": "ch_9"})
    running = ours(state="submitting")
    elsewhere = ours(target="in_2", state="submitting")
    without_a_charge = ours(state="failed", error={"class": "refused"})
    actions = (mirrored, on_its_way, running, elsewhere, without_a_charge)
    assert tries([attempt(1)], actions) == 3


@pytest.mark.parametrize("code", ["stolen_card", "pickup_card", "transaction_not_allowed"])
def test_a_final_no_stands_while_the_card_is_the_same(code: str) -> None:
    known = replace(KNOWN, attempts=(attempt(decline_code=code),))
    assert payment_of(known, INVOICE, None, []).closed_by_bank
    assert not payment_of(known, INVOICE, "pm_2", []).closed_by_bank


def test_a_card_that_its_bank_renewed_may_be_tried() -> None:
    expired = PaymentMethod(id="pm_1", exp_month=1, exp_year=2026)
    known = replace(KNOWN, attempts=(attempt(code="expired_card", method=expired),))
    assert not payment_of(known, INVOICE, None, []).closed_by_bank


def test_a_bank_that_asks_the_customer_is_not_a_closed_one() -> None:
    known = replace(KNOWN, attempts=(attempt(outcome="requires_action"),))
    found = payment_of(known, INVOICE, None, [])
    assert (found.needs_customer, found.closed_by_bank) == (True, False)


def test_soft_declines_may_be_tried_again() -> None:
    known = replace(KNOWN, attempts=(attempt(decline_code="insufficient_funds"),))
    assert not payment_of(known, INVOICE, None, []).closed_by_bank


def test_a_disputed_charge_of_this_invoice_is_seen() -> None:
    known = replace(KNOWN, attempts=(attempt(1),), disputes=(Dispute(id="dp_1", charge="ch_1"),))
    assert payment_of(known, INVOICE, None, []).disputed
    elsewhere = replace(known, disputes=(Dispute(id="dp_1", charge="ch_7"),))
    assert not payment_of(elsewhere, INVOICE, None, []).disputed


def test_without_any_card_there_is_nothing_to_charge() -> None:
    found = payment_of(replace(KNOWN, charged_by=None), INVOICE, None, [])
    assert not found.method_known
