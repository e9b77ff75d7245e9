"""A refund and a credit are the same till: what one gave, the other cannot give again."""

import asyncio

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_billing import AMOUNT, LEAD, paid_invoice
from tests.actions.test_refund import pay
from tests.actions.world import Ours

from prunella.actions import Action, Approvals, business_key_of, money_key
from prunella.actions.credits import credited_besides_refunds
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import Tx

LEE = Actor(kind="lee", id="lee", verified=True)
AGENT = Actor(kind="staff", id="agent_1", role="agent", verified=True)
CAP = 10_000


async def charge_of(ours: Ours) -> str:
    return str((await ours.stripe.charges(ours.customer.address))[0]["id"])


async def give_back(ours: Ours, charge: str, amount: int, by: Actor = LEAD) -> Action:
    key = money_key("refund", charge, amount=amount, currency="usd")
    return await ours.ask(
        "refund", charge, amount=amount, currency="usd", business_key=key, actor=by
    )


async def credit_note(ours: Ours, invoice: str, amount: int) -> Action:
    more = {"amount": amount, "currency": "usd", "params": {"how": "balance"}, "actor": LEAD}
    return await ours.ask("credit_note", invoice, **more)


async def credit(ours: Ours, amount: int, by: Actor = LEE) -> Action:
    more = {"amount": amount, "currency": "usd", "actor": by}
    return await ours.ask("credit_balance", ours.customer.address, **more)


def missed(action: Action) -> list[str]:
    return [] if action.decision["verdict"] == "allow" else list(action.decision["rules"])


async def test_what_a_credit_note_gave_is_not_refunded_as_well(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await paid_invoice(ours)
    charge = await charge_of(ours)
    noted = await credit_note(ours, invoice, 3_000)
    assert "refund.not_over" in missed(await give_back(ours, charge, AMOUNT))  # while reserved
    assert (await ours.work(noted)).state == "succeeded"
    assert "refund.not_over" in missed(await give_back(ours, charge, AMOUNT))  # before it is seen
    await ours.see()
    assert "refund.not_over" in missed(await give_back(ours, charge, AMOUNT))
    assert (await give_back(ours, charge, AMOUNT - 3_000)).state == "approved"


async def test_what_was_refunded_is_not_credited_as_well(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await paid_invoice(ours)
    await give_back(ours, await charge_of(ours), 3_000)
    assert missed(await credit_note(ours, invoice, AMOUNT)) == ["credit_note.not_over"]
    assert (await credit_note(ours, invoice, AMOUNT - 3_000)).state == "approved"


async def test_a_note_of_the_dashboard_counts(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await paid_invoice(ours)
    await ours.stripe.post("credit_notes", invoice=invoice, amount="3000", credit_amount="3000")
    await ours.see()
    charge = await charge_of(ours)
    assert "refund.not_over" in missed(await give_back(ours, charge, AMOUNT - 2_999))
    assert (await give_back(ours, charge, AMOUNT - 3_000)).state == "approved"


async def test_at_once_only_one_of_the_two_gives_it(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    invoice = await paid_invoice(ours)
    charge = await charge_of(ours)
    both = [credit_note(ours, invoice, AMOUNT), give_back(ours, charge, AMOUNT)]
    states = sorted(one.state for one in await asyncio.gather(*both))
    assert states == ["approved", "denied"]


async def test_credits_and_refunds_share_the_customers_limit(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours, amount=40_000)
    await ours.see()
    assert (await credit(ours, 6_000)).state == "approved"
    assert (await give_back(ours, charge, 4_000, LEE)).state == "approved"
    assert missed(await give_back(ours, charge, 1, LEE)) == ["refund.customer_cap"]


async def test_refunds_leave_less_to_credit(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours, amount=40_000)
    await ours.see()
    done = await ours.work(await give_back(ours, charge, 4_500, LEE))
    assert done.state == "succeeded"
    assert missed(await credit(ours, 6_000)) == ["credit.cap"]
    await ours.see()
    assert missed(await credit(ours, 5_501)) == ["credit.cap"]


async def test_asked_for_at_once_they_stay_within_the_limit_together(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charges = [await pay(ours, amount=40_000, order=str(n)) for n in range(4)]
    await ours.see()
    refunds = [give_back(ours, charge, 3_000, LEE) for charge in charges]
    credits_ = [
        ours.ask(
            "credit_balance",
            ours.customer.address,
            amount=3_000,
            currency="usd",
            actor=LEE,
            business_key=f"credit:{n}",
        )
        for n in range(4)
    ]
    asked = await asyncio.gather(*refunds, *credits_)
    went = sum(one.amount or 0 for one in asked if one.state == "approved")
    assert 0 < went <= CAP


async def part(ours: Ours, n: int, by: Actor = AGENT) -> Action:
    """One of several credits for one customer, each within the role's limit."""
    more = {"amount": 30_000, "currency": "usd", "actor": by, "business_key": f"part:{n}"}
    return await ours.ask("credit_balance", ours.customer.address, **more)


async def test_the_limit_of_a_role_split_over_many_credits(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    first, second = [await part(ours, n) for n in range(2)]
    assert (first.state, second.state) == ("approved", "awaiting_approval")
    assert missed(second) == ["staff.limit"]
    async with ours.house.transaction(LEAD) as tx:
        waiting = await Approvals(ours.door).look(tx, second)
    assert waiting
    assert waiting.role == "lead"
    assert (await ours.work(first)).state == "succeeded"
    await ours.see()
    assert missed(await part(ours, 3)) == ["staff.limit"]
    await ours.stripe.pass_time(hours=24 * 31)
    assert (await part(ours, 4)).state == "awaiting_approval"  # the second one still waits


async def test_credits_of_a_role_are_counted_together_however_they_are_given(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    invoice = await paid_invoice(ours)
    assert (await part(ours, 1)).state == "approved"
    more = {"amount": 20_001, "currency": "usd", "params": {"how": "balance"}, "actor": AGENT}
    noted = await ours.ask("credit_note", invoice, **more)
    assert "staff.limit" in missed(noted)


async def test_credits_of_a_role_at_once_stay_within_its_limit(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await asyncio.gather(*(part(ours, n) for n in range(6)))
    assert [one.state for one in asked].count("approved") == 1


async def key(tx: Tx, *, amount: int, key: str, kind: str = "refund") -> str:
    return await business_key_of(
        tx, kind=kind, target="x_1", payment_method=None, key=key, amount=amount, currency="USD"
    )


@pytest.mark.parametrize("kind", ["refund", "credit_balance", "credit_note"])
async def test_the_same_amount_is_one_attempt_and_another_is_another(tx: Tx, kind: str) -> None:
    first = await key(tx, amount=4_900, key="tab one", kind=kind)
    assert await key(tx, amount=4_900, key="tab two", kind=kind) == first
    assert await key(tx, amount=1_000, key="tab one", kind=kind) != first


async def test_two_parts_on_purpose_are_two_and_limits_count_both(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge = await pay(ours, amount=40_000)
    await ours.see()
    first = await give_back(ours, charge, 3_000, LEE)
    assert (await give_back(ours, charge, 3_000, LEE)).id == first.id
    second = await give_back(ours, charge, 2_000, LEE)
    assert (second.id != first.id, second.state) == (True, "approved")
    assert "refund.cap" in missed(await give_back(ours, charge, 1_000, LEE))
    assert [(await ours.work(one)).state for one in (first, second)] == ["succeeded"] * 2
    made = (await ours.stripe.get("refunds", charge=charge))["data"]
    assert sorted(one["amount"] for one in made) == [2_000, 3_000]


async def test_two_parts_at_once_never_come_to_more_than_was_paid(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge = await pay(ours, amount=AMOUNT)
    await ours.see()
    parts = [give_back(ours, charge, 3_000 + n, LEAD) for n in range(8)]
    assert [one.state for one in await asyncio.gather(*parts)].count("approved") == 1


def test_what_a_note_refunded_is_counted_as_a_refund() -> None:
    invoice = {"id": "in_1", "post_payment_credit_notes_amount": 1_000}
    part = {"id": "cn_1", "invoice": "in_1", "status": "issued", "amount": 1_000}
    refunded = {**part, "refunds": [{"amount_refunded": 400}]}
    assert credited_besides_refunds(invoice, [part], []) == 1_000
    assert credited_besides_refunds(invoice, [refunded], []) == 600
    assert credited_besides_refunds(invoice, [], []) == 1_000
    reduced = {**part, "pre_payment_amount": 1_000}
    assert credited_besides_refunds({"id": "in_1"}, [reduced], []) == 0


async def test_nothing_else_is_told_apart_by_the_amount(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    async with ours.house.transaction(SYSTEM) as tx:
        assert await key(tx, amount=1, key="k", kind="send_invoice") == "send_invoice:x_1:k"
