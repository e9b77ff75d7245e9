"""A refund that takes its time: on its way until Stripe says how it ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.actions.test_refund import AMOUNT, ask, paid_twice, refunds
from tests.actions.world import Ours, Outside, settle_in

from prunella import audit, mirror
from prunella.actions import Action, on_refund_changed
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event
from prunella.kit.house import House

NewOurs = Callable[[str], Awaitable[Ours]]


@pytest.fixture
def with_card(our_house: House, at_stripe: Outside) -> NewOurs:
    async def make(number: str) -> Ours:
        customer = await at_stripe.customer(card=None)
        fields = {"card[number]": number, "card[exp_month]": "12", "card[exp_year]": "2034"}
        method = await at_stripe.post("payment_methods", type="card", **fields)
        await at_stripe.set_card(customer["id"], method["id"])
        return await settle_in(our_house, at_stripe, customer)

    return make


async def hear(ours: Ours, action: Action) -> None:
    """Take in what Stripe tells of the refund."""
    made = await its_refund(ours, action)
    await mirror.refresh(ours.house, ours.carry_out.reads, "refund", made["id"])
    async with ours.house.transaction(SYSTEM) as tx:
        event = Event("stripe.refund.updated", made["id"], None, {"kind": "refund"})
        await on_refund_changed(tx, event)


async def its_refund(ours: Ours, action: Action) -> dict[str, Any]:
    return dict((await ours.stripe.get("refunds", charge=action.target))["data"][0])


async def test_one_that_waits_is_not_done_yet_and_settles_by_itself(with_card: NewOurs) -> None:
    ours = await with_card("4000000000007726")
    asked = await ours.work(await ask(ours, await paid_twice(ours)))
    assert asked.state == "unknown"
    assert asked.result["status"] == "pending"
    again = await ask(ours, asked.target, business_key="another")
    assert "refund.not_over" in again.decision["rules"], "what is on its way counts"
    await ours.stripe.pass_time(hours=2)
    await ours.fire_timers()
    done = await ours.work(asked)
    assert (done.state, done.result["status"]) == ("succeeded", "succeeded")
    assert "action.needs_person" not in await ours.events(done)
    assert await refunds(ours, asked.target) == [AMOUNT]


async def test_stripe_tells_and_it_is_looked_at_at_once(with_card: NewOurs) -> None:
    ours = await with_card("4000000000007726")
    asked = await ours.work(await ask(ours, await paid_twice(ours)))
    before = len(await ours.jobs("actions.carry_out"))
    await ours.stripe.pass_time(hours=1)
    await hear(ours, asked)
    assert len(await ours.jobs("actions.carry_out")) == before + 1
    assert (await ours.work(asked)).state == "succeeded"


@pytest.mark.parametrize("end", ["succeeded", "failed", "canceled"])
async def test_one_that_needs_the_customer_ends_as_stripe_says(
    with_card: NewOurs, end: str
) -> None:
    ours = await with_card("4000000000007726")
    asked = await ours.work(await ask(ours, await paid_twice(ours)))
    made = await its_refund(ours, asked)
    await ours.stripe.post(f"refunds/{made['id']}", **{"metadata[sandbox_refund]": end})
    await hear(ours, asked)
    ended = await ours.work(asked)
    assert ended.state == ("succeeded" if end == "succeeded" else "failed")
    if end != "succeeded":
        assert ended.error_code == f"refund_{end}"
        assert "action.needs_person" in await ours.events(ended)
        await ours.see()
        again = await ask(ours, asked.target, business_key="another")
        assert again.state == "approved", "what did not arrive may be sent again"


async def test_one_that_comes_back_calls_a_person_once(with_card: NewOurs) -> None:
    ours = await with_card("4000000000005126")
    asked = await ours.work(await ask(ours, await paid_twice(ours)))
    assert asked.state == "succeeded"
    await ours.stripe.pass_time(hours=2)
    for _ in range(2):
        await hear(ours, asked)
    undone = await ours.now(asked)
    assert (undone.state, undone.result["status"]) == ("succeeded", "failed")
    assert (await ours.events(undone)).count("action.needs_person") == 1
    async with ours.house.transaction(SYSTEM) as tx:
        verbs = [entry.verb for entry in await audit.of_subject(tx, undone.id)]
    assert verbs.count("action.undone") == 1


async def test_a_mark_of_another_charge_means_nothing(with_card: NewOurs) -> None:
    ours = await with_card("4000000000007726")
    asked = await ours.work(await ask(ours, await paid_twice(ours)))
    charges = await ours.stripe.charges(ours.customer.address)
    other = next(one["id"] for one in charges if one["id"] != asked.target)
    mark = {"metadata[prunella_action]": asked.id}
    forged = await ours.stripe.post("refunds", charge=other, amount="100", **mark)
    await ours.see()
    before = len(await ours.jobs("actions.carry_out"))
    async with ours.house.transaction(SYSTEM) as tx:
        event = Event("stripe.refund.updated", forged["id"], None, {"kind": "refund"})
        await on_refund_changed(tx, event)
    assert len(await ours.jobs("actions.carry_out")) == before
