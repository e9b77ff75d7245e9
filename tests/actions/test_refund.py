"""Giving money back: once, within the limits, and never what is not theirs."""

import asyncio
from typing import Any

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.world import Ours

from prunella.actions import Action, ActionRequest, NotTheirsError, business_key_of
from prunella.actions.given import given_back
from prunella.kit.actor import Actor

AMOUNT = 4_900
LEAD = Actor("staff", "staff_lead", "lead", verified=True)
LOST = ["error_after", "timeout_after"]


async def pay(ours: Ours, *, amount: int = AMOUNT, order: str = "1041", **more: str) -> str:
    method = (await ours.stripe.get("payment_methods", customer=ours.customer.address))["data"]
    made = await ours.stripe.post(
        "payment_intents",
        amount=str(amount),
        currency="usd",
        customer=ours.customer.address,
        payment_method=method[0]["id"],
        confirm="true",
        off_session="true",
        description="Barcode pack",
        **{"metadata[order]": order},
        **more,
    )
    return str(made["latest_charge"])


async def paid_twice(ours: Ours, *, amount: int = AMOUNT) -> str:
    """Return the charge that is one too many."""
    await pay(ours, amount=amount)
    await ours.stripe.pass_time(minutes=2)
    charge = await pay(ours, amount=amount)
    await ours.see()
    return charge


async def ask(ours: Ours, charge: str, *, amount: int = AMOUNT, **more: Any) -> Action:
    asked = {"amount": amount, "currency": "usd", "business_key": f"refund:{charge}"}
    asked = {**asked, "reason": "duplicate"} | more
    return await ours.ask("refund", charge, **asked)


async def refunds(ours: Ours, charge: str) -> list[int]:
    return [one["amount"] for one in (await ours.stripe.get("refunds", charge=charge))["data"]]


async def test_a_duplicate_goes_back_with_our_mark(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    done = await ours.work(await ask(ours, charge))
    assert done.state == "succeeded", done.error
    made = (await ours.stripe.get("refunds", charge=charge))["data"]
    assert [(one["amount"], one["reason"]) for one in made] == [(AMOUNT, "duplicate")]
    assert made[0]["metadata"] == {"prunella_action": done.id}
    assert {"kind": "refund", "id": made[0]["id"]} in await ours.jobs("mirror.refresh")


async def test_a_second_click_gives_nothing_back_twice(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    first = await ask(ours, charge)
    assert (await ask(ours, charge)).id == first.id
    other_key = await ask(ours, charge, business_key="another")
    assert other_key.decision["rules"] == ["refund.not_over"]
    await ours.work(first)
    late = await ask(ours, charge)
    assert late.state == "denied"
    await ours.see()
    assert (await ask(ours, charge)).state == "denied"
    assert await refunds(ours, charge) == [AMOUNT]


async def test_64_at_once_give_back_one(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    tabs = [ask(ours, charge, business_key=f"refund:{n}") for n in range(64)]
    asked = await asyncio.gather(*tabs)
    allowed = [action for action in asked if action.state == "approved"]
    assert len(allowed) == 1
    await ours.work(allowed[0])
    assert await refunds(ours, charge) == [AMOUNT]


@pytest.mark.parametrize("fault", LOST)
async def test_stripe_gives_back_and_the_answer_is_lost(
    new_customer: NewCustomer, fault: str
) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    asked = await ask(ours, charge)
    await ours.stripe.fault(fault, "/refunds", method="POST")
    assert (await ours.work(asked)).state == "succeeded"
    assert await refunds(ours, charge) == [AMOUNT]


async def test_25_hours_later_it_is_looked_at_and_not_sent(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    asked = await ask(ours, charge)
    await ours.stripe.fault("timeout_after", "/refunds", method="POST")
    await ours.stripe.fault("error_before", "/v1/refunds", method="GET", count=10)
    assert (await ours.work(asked)).state == "unknown"
    await ours.stripe.http.delete("/_sandbox/faults")
    await ours.stripe.pass_time(hours=25)
    await ours.fire_timers()
    assert (await ours.work(asked)).state == "succeeded"
    assert len(await ours.stripe.sent("/v1/refunds")) == 1
    assert await refunds(ours, charge) == [AMOUNT]


async def test_a_refund_of_the_dashboard_counts(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    await ours.stripe.post("refunds", charge=charge, amount="100")
    await ours.see()
    assert (await ask(ours, charge)).decision["rules"][0] == "refund.not_over"
    rest = await ask(ours, charge, amount=AMOUNT - 100, business_key="the rest")
    assert rest.state == "approved"


async def test_one_that_the_dashboard_made_meanwhile_calls_a_person(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    asked = await ask(ours, charge)
    await ours.stripe.post("refunds", charge=charge)
    failed = await ours.work(asked)
    assert failed.error_code == "charge_already_refunded"
    assert "action.needs_person" in await ours.events(failed)
    assert await refunds(ours, charge) == [AMOUNT]


async def test_two_orders_are_no_duplicate(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    await paid_twice(ours, amount=6_000)
    other = await pay(ours, order="1042", amount=6_000)
    await ours.see()
    assert (await ask(ours, other, amount=6_000)).decision["rules"] == ["refund.cap"]


async def test_above_the_limit_a_person_decides(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours, amount=20_001)
    waiting = await ask(ours, charge, amount=20_001)
    assert waiting.state == "awaiting_approval"
    assert waiting.decision["rules"] == ["refund.limit"]
    other = await paid_twice(ours, amount=20_000)
    assert (await ask(ours, other, amount=20_000)).state == "approved"


async def test_a_disputed_one_is_the_banks(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    await ours.stripe.http.post("/_sandbox/disputes", json={"charge": charge})
    await ours.see()
    assert "refund.disputed" in (await ask(ours, charge)).decision["rules"]


async def test_a_mails_button_and_a_member_get_nothing_back(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await paid_twice(ours)
    by_mail = Actor(kind="customer", id=ours.customer.id, role="billing", verified=False)
    member = Actor(kind="customer", id=ours.customer.id, role="member", verified=True)
    assert (await ask(ours, charge, actor=by_mail)).decision["rules"] == ["who.mail_link"]
    assert (await ask(ours, charge, actor=member)).decision["rules"] == ["who.may_pay"]


async def test_another_customers_payment_does_not_exist(new_customer: NewCustomer) -> None:
    ours, other = await new_customer(), await new_customer()
    charge = await paid_twice(other)
    with pytest.raises(NotTheirsError):
        await ask(ours, charge)


def test_the_larger_of_stripes_two_figures_counts() -> None:
    one = {"id": "re_1", "status": "succeeded", "amount": 300}
    failed = {"id": "re_2", "status": "failed", "amount": 900}
    assert given_back({"amount_refunded": 0}, [one, failed], []) == 300
    assert given_back({"amount_refunded": 400}, [one], []) == 400


async def post(ours: Ours, charge: str, *, key: str = "k1", **given: Any) -> Action:
    """As a program asks over the API."""
    async with ours.house.transaction(LEAD) as tx:
        attempt = await business_key_of(
            tx, kind="refund", target=charge, payment_method=None, key=key, **given
        )
        asked = ActionRequest(
            kind="refund",
            customer=ours.customer.address,
            target=charge,
            business_key=attempt,
            **given,
        )
        return await ours.door.request_once(tx, asked, scope="api", key=key)


async def test_without_an_amount_what_is_left_goes_back_in_its_currency(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    charge = await pay(ours)
    await ours.stripe.post("refunds", charge=charge, amount="1500")
    await ours.see()
    asked = await post(ours, charge)
    assert (asked.amount, asked.currency, asked.state) == (AMOUNT - 1_500, "usd", "approved")
    assert (await post(ours, charge)).id == asked.id
    assert (await post(ours, charge, key="k2")).id == asked.id
    assert (await post(ours, charge, key="k3", currency="usd")).id == asked.id
    assert (await ours.work(asked)).state == "succeeded"
    assert sorted(await refunds(ours, charge)) == [1_500, AMOUNT - 1_500]


async def test_a_part_without_a_currency_is_of_the_payments(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours)
    await ours.see()
    part = await post(ours, charge, amount=1_000)
    assert (part.amount, part.currency, part.state) == (1_000, "usd", "approved")
    same = await post(ours, charge, key="k2", amount=1_000, currency="usd")
    assert same.id == part.id


async def test_nothing_is_left_and_another_currency_stay_denied(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours)
    await ours.see()
    other = await post(ours, charge, currency="eur")
    assert (other.state, other.amount) == ("denied", None)
    assert "refund.currency" in other.decision["rules"]
    await ours.stripe.post("refunds", charge=charge)
    await ours.see()
    empty = await post(ours, charge, key="k2")
    assert empty.state == "denied"
    assert "refund.not_over" in empty.decision["rules"]
    assert "refund.currency" not in empty.decision["rules"]


async def test_the_rest_asked_for_at_once_goes_back_once(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    charge = await pay(ours)
    await ours.see()
    asked = await asyncio.gather(*(post(ours, charge, key=f"k{n}") for n in range(8)))
    assert len({one.id for one in asked}) == 1
    assert asked[0].amount == AMOUNT


async def test_the_rest_of_another_customers_payment_does_not_exist(
    new_customer: NewCustomer,
) -> None:
    ours, other = await new_customer(), await new_customer()
    charge = await pay(other)
    await other.see()
    with pytest.raises(NotTheirsError):
        await post(ours, charge)
