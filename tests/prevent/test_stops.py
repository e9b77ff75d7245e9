"""Everything stops at once when there is nothing to collect, or when a person has taken over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from tests.diagnostics import stripe_json
from tests.prevent.world import Town

from prunella import cases
from prunella.kit.actor import SYSTEM

NAME = "cus_northbeck"
DAY = timedelta(days=1)
Happening = Callable[[Town], Awaitable[None]]


async def paid(town: Town) -> None:
    await town.close(NAME, "in_1", "paid", "paid")


async def voided(town: Town) -> None:
    await town.close(NAME, "in_1", "void", "voided")


async def written_off(town: Town) -> None:
    await town.close(NAME, "in_1", "uncollectible", "marked_uncollectible")


async def canceled(town: Town) -> None:
    ended = stripe_json.subscription("canceled", id=f"sub_{NAME}", ended_at=1)
    await town.put(NAME, ended)
    await town.tell("customer.subscription.deleted", f"sub_{NAME}", NAME)


async def disputed(town: Town) -> None:
    fields = {"charge": "ch_0", "amount": 1, "currency": "usd", "status": "needs_response"}
    await town.put(NAME, {"id": "du_1", "object": "dispute", "created": 1, **fields})
    await town.tell("charge.dispute.created", "du_1", NAME)


async def deleted(town: Town) -> None:
    await town.put(NAME, stripe_json.customer(id=NAME, deleted=True), deleted=True)
    await town.tell("customer.deleted", NAME, NAME)


async def _case(town: Town, about: str) -> None:
    customer = await town.settle()
    async with town.house.transaction(SYSTEM) as tx:
        await cases.open_case(tx, customer, subject="Help", because="asked", about=about)
    await town.listen()


async def asked_about_it(town: Town) -> None:
    await _case(town, "in_1")


async def asked_at_all(town: Town) -> None:
    await _case(town, "")


@pytest.mark.parametrize(
    ("happening", "because"),
    [
        (paid, "paid"),
        (voided, "voided"),
        (written_off, "uncollectible"),
        (canceled, "canceled"),
        (disputed, "disputed"),
        (deleted, "customer_deleted"),
        (asked_about_it, "person"),
        (asked_at_all, "person"),
    ],
)
async def test_the_plan_stops_at_once(town: Town, happening: Happening, because: str) -> None:
    customer = await town.settle()
    await town.fail()
    await happening(town)
    plan = await town.plan()
    assert (plan.state, plan.ended_because) == ("ended", because)
    assert plan.ended_at == town.clock.now()
    assert {step.reason for step in plan.steps if step.state == "skipped"} == {because}
    assert await town.rows("select 1 from timers where name = 'prevent.plan'") == []
    await town.live(until=town.clock.now() + 40 * DAY, step=DAY)
    assert len(await town.letters()) == 1
    assert await town.tries(customer) == []


async def test_a_case_about_something_else_stops_nothing(town: Town) -> None:
    await town.settle()
    await town.fail()
    await _case(town, "in_of_last_year")
    assert (await town.plan()).running


async def test_nobody_hears_of_the_case_of_a_customer_for_whom_no_plan_runs(town: Town) -> None:
    customer = await town.settle()
    async with town.house.transaction(SYSTEM) as tx:
        await cases.open_case(tx, customer, subject="Help", because="asked")
    assert await town.rows("select 1 from deliveries") == []


async def test_what_was_paid_while_nobody_told_us_gets_no_letter(town: Town) -> None:
    """The event is on its way; the mirror knows already."""
    await town.settle()
    await town.fail()
    bill = stripe_json.paid_invoice("in_1", parent=None)
    await town.put(NAME, bill)
    await town.pass_time(days=20)
    assert len(await town.letters()) == 1
    plan = await town.plan()
    assert plan.ended_because == "paid"
    assert plan.paid_at is not None


async def test_a_failure_told_after_the_payment_still_has_its_one_plan(town: Town) -> None:
    await town.settle()
    await town.fail(tell=False)
    await town.close(NAME, "in_1", "paid", "paid")
    await town.tell("invoice.payment_failed", "in_1", NAME)
    assert (await town.plan()).ended_because == "paid"
    assert await town.letters() == []


async def test_paid_later_is_kept_whatever_ended_the_plan(town: Town) -> None:
    await town.settle()
    await town.fail()
    await asked_about_it(town)
    await town.pass_time(days=2)
    await paid(town)
    plan = await town.plan()
    assert plan.ended_because == "person"
    assert plan.paid_at is not None


async def test_the_contact_of_a_paid_invoice_has_one_outcome(town: Town) -> None:
    await town.settle()
    await town.fail()
    await paid(town)
    rows = await town.rows("select tier, confirmed from outcomes")
    assert rows == [{"tier": "prevent", "confirmed": True}]


async def test_who_is_held_out_gets_the_notice_before_the_cut_off_alone(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    await town.rows("update recovery_plans set held_out = true returning invoice")
    await town.live(until=town.clock.now() + 40 * DAY, step=timedelta(hours=6))
    letters = await town.letters()
    assert len(letters) == 2  # the first went out before anyone was held out
    assert letters[1]["subject"].startswith("Your plan can stop after")
    assert await town.tries(customer) == []
