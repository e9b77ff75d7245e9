"""What may have happened is looked at, and never sent again blindly."""

import asyncio

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_retry_payment import charges_of, invoice_of

from prunella.actions.carry_out import MAX_SENDS

LOST = ["error_after", "timeout_after"]


@pytest.mark.parametrize("fault", LOST)
async def test_stripe_commits_and_the_answer_is_lost(new_customer: NewCustomer, fault: str) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault(fault, "/pay")
    done = await ours.work(asked)
    assert done.state == "succeeded"
    assert done.result["charge"].startswith("ch_")
    assert await ours.life(done) == [
        "requested",
        "approved",
        "submitting",
        "unknown",
        "succeeded",
    ]
    assert len(await ours.stripe.sent("/pay")) == 1
    assert await charges_of(ours) == ["succeeded"]


async def test_a_no_that_got_lost_is_found_as_a_no(new_customer: NewCustomer) -> None:
    ours = await new_customer(card="pm_card_chargeCustomerFail")
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault("timeout_after", "/pay")
    lost = await ours.work(asked)
    assert lost.state == "unknown", "a failed charge may be of somebody else's try for a moment"

    await ours.stripe.pass_time(minutes=5)
    await ours.fire_timers()
    failed = await ours.work(asked)
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["decline_code"] == "generic_decline"
    assert len(await ours.stripe.sent("/pay")) == 1
    assert await charges_of(ours) == ["failed"]


async def test_what_never_arrived_is_sent_again_under_the_same_key_after_looking(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault("error_before", "/pay")
    assert (await ours.work(asked)).state == "unknown"
    assert await charges_of(ours) == []

    await ours.stripe.pass_time(minutes=5)
    await ours.fire_timers()
    assert (await ours.work(asked)).state == "succeeded"
    assert {one["idempotency_key"] for one in await ours.stripe.sent("/pay")} == {asked.id}
    assert await charges_of(ours) == ["succeeded"]
    life = ["unknown", "approved", "submitting", "succeeded"]
    assert (await ours.life(asked))[-4:] == life


async def test_25_hours_later_it_is_looked_at_and_not_sent(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault("timeout_after", "/pay")
    await ours.stripe.fault("error_before", "/v1/invoice", method="GET", count=10)
    assert (await ours.work(asked)).state == "unknown"
    await ours.stripe.http.delete("/_sandbox/faults")

    await ours.stripe.pass_time(hours=25)
    await ours.fire_timers()
    assert (await ours.work(asked)).state == "succeeded"
    assert len(await ours.stripe.sent("/pay")) == 1
    assert await charges_of(ours) == ["succeeded"]


async def test_a_worker_that_is_gone_is_followed_by_a_look(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.carry_out._take(asked.id)
    assert (await ours.now(asked)).state == "submitting"
    assert (await ours.work(asked)).state == "succeeded"
    assert (await ours.life(asked))[2:] == [
        "submitting",
        "unknown",
        "approved",
        "submitting",
        "succeeded",
    ]


async def test_a_worker_that_comes_back_late_changes_nothing(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    taken = await ours.carry_out._take(asked.id)
    assert taken is not None
    assert (await ours.work(asked)).state == "succeeded"
    await ours.carry_out._send(taken)
    assert (await ours.now(asked)).state == "succeeded"
    assert await charges_of(ours) == ["succeeded"]


async def test_two_workers_at_once_pay_once(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await asyncio.gather(*(ours.work(asked) for _ in range(8)))
    await ours.stripe.pass_time(hours=1)
    await ours.fire_timers()
    assert (await ours.work(asked)).state == "succeeded"
    assert await charges_of(ours) == ["succeeded"]


async def test_too_many_requests_cost_nothing_but_time(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault("rate_limit", "/pay", count=3)
    for _ in range(3):
        back = await ours.work(asked)
        assert (back.state, back.attempts, back.submitted_at) == ("approved", 0, None)
    assert (await ours.work(asked)).state == "succeeded"
    assert await charges_of(ours) == ["succeeded"]


async def test_a_lost_job_is_found_again_by_the_timer(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    before = len(await ours.jobs("actions.carry_out"))
    await ours.stripe.pass_time(hours=1)
    await ours.fire_timers()
    assert len(await ours.jobs("actions.carry_out")) == before + 1
    assert (await ours.now(asked)).state == "approved"


async def test_what_stays_unclear_calls_a_person_and_is_looked_at_daily(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault("timeout_after", "/pay")
    await ours.stripe.fault("rate_limit", "/v1/invoices", method="GET", count=1000)
    await ours.work(asked)
    for hours in (1, 2, 25):
        assert "action.needs_person" not in await ours.events(asked)
        await ours.stripe.pass_time(hours=hours)
        await ours.fire_timers()
        await ours.work(asked)
    found = await ours.now(asked)
    assert (found.state, found.looks) == ("unknown", 3)
    assert "action.needs_person" in await ours.events(asked)

    await ours.stripe.http.delete("/_sandbox/faults")
    await ours.stripe.pass_time(hours=24)
    await ours.fire_timers()
    assert (await ours.work(asked)).state == "succeeded"


async def test_what_cannot_be_done_ends_with_words_and_a_person(new_customer: NewCustomer) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    await ours.stripe.fault("error_before", "/pay", count=100)
    for _ in range(MAX_SENDS):
        await ours.work(asked)
        await ours.stripe.pass_time(hours=1)
        await ours.fire_timers()
    failed = await ours.work(asked)
    assert failed.state == "failed"
    assert failed.error is not None
    assert failed.error["class"] == "nothing_happened"
    assert "nothing was charged" in failed.error["words"]
    assert "action.needs_person" in await ours.events(asked)
    assert await charges_of(ours) == []


async def test_while_stripe_cannot_be_reached_nothing_is_lost_and_a_person_hears_of_it(
    new_customer: NewCustomer,
) -> None:
    ours = await new_customer()
    asked = await ours.ask("retry_payment", await invoice_of(ours))
    for _ in range(3):
        assert "action.needs_person" not in await ours.events(asked)
        await ours.stripe.pass_time(hours=1)
        await ours.fire_timers()
    assert "action.needs_person" in await ours.events(asked)
    assert (await ours.work(asked)).state == "succeeded"
