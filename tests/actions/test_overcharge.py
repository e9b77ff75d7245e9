"""What was billed too much: only as far as it is proven, through finance, and once."""

import asyncio
from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_account import plan
from tests.actions.test_approval import decide
from tests.actions.test_billing import balance, notes
from tests.actions.test_refund import refunds
from tests.actions.world import Ours

from prunella import actions
from prunella.actions import Action, Approvals, NotTheirsError
from prunella.kit.actor import SYSTEM, Actor

FINANCE = Actor("staff", "tok_finance", "finance", verified=True)
LEAD = Actor("staff", "tok_lead", "lead", verified=True)
PROVEN = {"verdict": "needs_approval", "rules": ["refund.overcharge"]}


async def billed_twice(ours: Ours) -> tuple[str, str, int]:
    """Return the payment that is one too many, the bill it paid, and what it came to."""
    subscription = await plan(ours)
    await ours.stripe.pass_time(hours=30)
    invoice = await misbilled(ours, subscription=subscription)
    charges = await ours.stripe.charges(ours.customer.address)
    await ours.see()
    return charges[0]["id"], invoice["id"], charges[0]["amount"]


async def misbilled(ours: Ours, **what: Any) -> dict[str, Any]:
    answer = await ours.stripe.http.post("/_sandbox/misbill", json=what)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def money_back(ours: Ours, charge: str, amount: int, **more: Any) -> Action:
    asked = {"amount": amount, "currency": "usd", "business_key": f"overcharge:{charge}"}
    return await ours.ask("refund", charge, **asked | more)


async def credit(ours: Ours, invoice: str, amount: int, **more: Any) -> Action:
    asked = {"amount": amount, "currency": "usd", "params": {"how": "balance"}}
    return await ours.ask("credit_note", invoice, **asked | more)


def decided(action: Action) -> dict[str, Any]:
    return {name: action.decision[name] for name in ("verdict", "rules")}


async def left(ours: Ours, charge: str) -> int:
    async with ours.house.transaction(SYSTEM) as tx:
        return await actions.overcharged(tx, ours.customer, charge=charge)


async def test_it_goes_through_finance_and_back_once(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, _, amount = await billed_twice(ours)
    asked = await money_back(ours, charge, amount)
    assert decided(asked) == PROVEN
    assert asked.decision["facts"]["charge"]["overcharged"] == amount
    async with ours.house.transaction(FINANCE) as tx:
        look = await Approvals(ours.door).look(tx, asked)
    assert look
    assert (look.role, look.changed) == ("finance", False)
    with pytest.raises(actions.NotYoursError):
        await decide(ours, asked, LEAD)
    assert await decide(ours, asked, FINANCE) == "approved"
    assert (await ours.work(asked)).state == "succeeded"
    assert await refunds(ours, charge) == [amount]
    await ours.see()
    assert await left(ours, charge) == 0
    again = await money_back(ours, charge, amount)
    assert (again.state, again.decision["rules"][0]) == ("denied", "refund.not_over")


async def test_it_becomes_credit_on_the_bill_where_they_choose_so(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge, invoice, amount = await billed_twice(ours)
    asked = await credit(ours, invoice, amount)
    assert decided(asked) == {"verdict": "needs_approval", "rules": ["credit_note.overcharge"]}
    assert await decide(ours, asked, FINANCE) == "approved"
    assert (await ours.work(asked)).state == "succeeded"
    assert await notes(ours, invoice) == [amount]
    assert await balance(ours, invoice) == [-amount]
    await ours.see()
    assert await left(ours, charge) == 0
    assert (await money_back(ours, charge, amount)).state == "denied"


async def test_the_first_of_the_two_bills_is_no_overcharge(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    await billed_twice(ours)
    first = (await ours.stripe.charges(ours.customer.address))[-1]
    asked = await money_back(ours, first["id"], first["amount"])
    assert "refund.overcharge" not in asked.decision["rules"]
    assert "refund.cap" in asked.decision["rules"]


async def test_more_than_what_is_proven_is_an_ordinary_refund(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    subscription = await plan(ours)
    charge = await too_high_a_sum(ours, subscription, by=700)
    assert await left(ours, charge) == 700
    whole = await money_back(ours, charge, 701, business_key="more")
    assert decided(whole)["verdict"] == "allow"
    assert whole.decision["facts"]["charge"]["overcharge"] is False
    assert await left(ours, charge) == 0


async def too_high_a_sum(ours: Ours, subscription: str, *, by: int) -> str:
    """Return the payment of a renewal on which a line was given another amount."""
    known = await ours.stripe.get(f"subscriptions/{subscription}")
    ends = known["items"]["data"][0]["current_period_end"]
    await ours.stripe.pass_time(minutes=(ends - ours.stripe.world.clock.unix()) / 60 + 5)
    drafts = await ours.stripe.get("invoices", subscription=subscription, status="draft")
    await misbilled(ours, invoice=drafts["data"][0]["id"], by=by)
    await ours.stripe.pass_time(hours=2)
    await ours.see()
    return str((await ours.stripe.charges(ours.customer.address))[0]["id"])


async def test_a_part_is_proven_while_no_more_is_asked_for(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, _, amount = await billed_twice(ours)
    part = await money_back(ours, charge, amount - 100, business_key="part")
    assert decided(part) == PROVEN
    assert await left(ours, charge) == 100
    again = await money_back(ours, charge, amount, business_key="whole")
    assert again.decision["facts"]["charge"]["overcharge"] is False
    assert again.state == "denied"
    rest = await money_back(ours, charge, 100, business_key="rest")
    assert decided(rest) == PROVEN


async def test_another_customers_payment_is_nobodys_to_ask_for(new_customer: NewCustomer) -> None:
    ours, other = await new_customer(), await new_customer()
    charge, invoice, amount = await billed_twice(other)
    with pytest.raises(NotTheirsError):
        await money_back(ours, charge, amount)
    with pytest.raises(NotTheirsError):
        await credit(ours, invoice, amount)
    assert await left(ours, charge) == 0


async def test_both_ways_are_one_attempt(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, invoice, amount = await billed_twice(ours)
    first = await money_back(ours, charge, amount)
    key = {"business_key": f"overcharge:{charge}"}
    assert (await credit(ours, invoice, amount, **key)).id == first.id
    beside = await credit(ours, invoice, amount)
    assert (beside.state, "credit_note.not_over" in beside.decision["rules"]) == ("denied", True)


async def test_of_many_at_once_one_is_proven(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, invoice, amount = await billed_twice(ours)
    asked = await asyncio.gather(
        *(money_back(ours, charge, amount, business_key=f"tab:{n}") for n in range(4)),
        *(credit(ours, invoice, amount, business_key=f"other:{n}") for n in range(4)),
    )
    open_ones = [one for one in asked if one.state == "awaiting_approval"]
    assert len(open_ones) == 1
    assert {one.state for one in asked} == {"awaiting_approval", "denied"}


async def test_what_went_back_in_the_dashboard_counts(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, _, amount = await billed_twice(ours)
    asked = await money_back(ours, charge, amount)
    await ours.stripe.post("refunds", charge=charge, amount="500")
    await ours.see()
    assert await left(ours, charge) == 0
    with pytest.raises(actions.NotAllowedNowError):
        await decide_anew(ours, asked)
    async with ours.house.transaction(FINANCE) as tx:
        await Approvals(ours.door).decide(tx, asked.id, approve=False)
    assert await left(ours, charge) == amount - 500


async def decide_anew(ours: Ours, asked: Action) -> None:
    """Approve what was shown; where it changed, look again and approve that."""
    assert await decide(ours, asked, FINANCE) == "changed"
    await decide(ours, asked, FINANCE)


async def test_what_went_back_of_the_other_bill_settles_it_as_well(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge, _, amount = await billed_twice(ours)
    first = (await ours.stripe.charges(ours.customer.address))[-1]["id"]
    await ours.stripe.post("refunds", charge=first)
    await ours.see()
    assert await left(ours, charge) == 0
    asked = await money_back(ours, charge, amount)
    assert "refund.overcharge" not in asked.decision["rules"]


async def test_what_a_bank_looks_at_is_not_proven(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, _, amount = await billed_twice(ours)
    await ours.stripe.http.post("/_sandbox/disputes", json={"charge": charge})
    await ours.see()
    assert await left(ours, charge) == 0
    asked = await money_back(ours, charge, amount)
    assert (asked.state, "refund.disputed" in asked.decision["rules"]) == ("denied", True)


async def test_nobody_approves_what_they_asked_for(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge, _, amount = await billed_twice(ours)
    asked = await money_back(ours, charge, amount, actor=LEAD)
    assert decided(asked) == PROVEN
    with pytest.raises(actions.OwnRequestError):
        await decide(ours, asked, Actor("staff", "tok_lead", "admin", verified=True))
