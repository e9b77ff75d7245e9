"""One switch: everything automatic waits for a person, at once, also what is queued."""

import asyncio
from dataclasses import replace

import pytest
from tests.actions.conftest import NewCustomer
from tests.actions.test_approval import ADMIN, AGENT, decide, refunds
from tests.actions.test_refund import ask, pay
from tests.actions.world import Ours
from tests.kit.waiting import someone_waits

from prunella import actions, audit
from prunella.actions import Action, ActionRequest, Door, brake
from prunella.actions.policy import GIVES, KINDS
from prunella.actions.policy.known import Known
from prunella.kit.actor import SYSTEM, Actor

SMALL = 2_000


@pytest.fixture
async def ours(new_customer: NewCustomer) -> Ours:
    return await new_customer()


async def charged(ours: Ours, *, amount: int = SMALL) -> str:
    charge = await pay(ours, amount=amount)
    await ours.see()
    return charge


async def stop(ours: Ours, by: Actor = AGENT) -> int:
    async with ours.house.transaction(by) as tx:
        return await brake.stop(tx, because="Something is off.")


async def resume(ours: Ours, by: Actor = ADMIN) -> int:
    async with ours.house.transaction(by) as tx:
        return await brake.resume(tx)


async def test_while_stopped_a_small_refund_waits_and_a_person_lets_it_go(ours: Ours) -> None:
    await stop(ours)
    action = await ask(ours, await charged(ours), amount=SMALL)
    assert action.state == "awaiting_approval"
    assert action.decision["rules"] == ["automatic.running"]
    assert await decide(ours, action, AGENT) == "approved"
    assert (await ours.work(action)).state == "succeeded"


async def test_what_was_allowed_and_not_yet_sent_waits_too(ours: Ours) -> None:
    action = await ask(ours, await charged(ours), amount=SMALL)
    assert action.state == "approved"
    assert await stop(ours) == 1
    assert (await ours.work(action)).state == "awaiting_approval"
    assert await refunds(ours) == []
    assert await decide(ours, action, AGENT) == "approved"
    assert (await ours.work(action)).state == "succeeded"
    assert len(await refunds(ours)) == 1


async def used(ours: Ours) -> int:
    async with ours.house.transaction(SYSTEM) as tx:
        return (await brake.used_today(tx)).get("usd", 0)


async def test_what_a_person_let_go_is_not_automatic_money(ours: Ours) -> None:
    action = await ask(ours, await charged(ours), amount=SMALL)
    assert await used(ours) == SMALL
    await stop(ours)
    assert await used(ours) == 0
    assert await decide(ours, action, AGENT) == "approved"
    assert (await ours.work(action)).state == "succeeded"
    assert await used(ours) == 0


async def test_what_a_worker_held_just_then_waits_when_it_is_taken(ours: Ours) -> None:
    action = await ask(ours, await charged(ours), amount=SMALL)
    async with ours.house.transaction(SYSTEM) as busy:
        await busy.execute("select 1 from actions where id = %s for update", (action.id,))
        assert await stop(ours) == 0
    assert (await ours.work(action)).state == "awaiting_approval"


async def test_who_stops_waits_for_what_is_being_let_go_just_then(ours: Ours) -> None:
    """Once the switch says that it is pulled, nothing automatic slips past it any more."""
    charge = await charged(ours)
    asked = ActionRequest(
        kind="refund",
        customer=ours.customer.id,
        target=charge,
        amount=SMALL,
        currency="usd",
        business_key=f"refund:{charge}",
    )
    async with ours.house.transaction(ours.person) as tx:
        action = await ours.door.request(tx, asked)
        assert action.state == "approved"
        stopping = asyncio.create_task(stop(ours))
        await someone_waits(ours.house)
        assert not stopping.done()
    assert await asyncio.wait_for(stopping, 60) == 1
    assert (await ours.now(action)).state == "awaiting_approval"


async def test_customers_still_pay_and_staff_still_act(ours: Ours) -> None:
    await stop(ours)
    bill = await ours.stripe.bill(ours.customer.address)
    await ours.see()
    paying = await ours.ask("retry_payment", bill)
    assert (await ours.work(paying)).state == "succeeded"
    given = await ask(ours, await charged(ours), amount=SMALL, actor=AGENT)
    assert (await ours.work(given)).state == "succeeded"


async def test_what_the_system_would_pay_waits(ours: Ours) -> None:
    await stop(ours)
    bill = await ours.stripe.bill(ours.customer.address)
    await ours.see()
    assert (await ours.ask("retry_payment", bill, actor=SYSTEM)).state == "awaiting_approval"


async def test_after_it_goes_on_what_waited_still_waits_and_new_things_go(ours: Ours) -> None:
    await stop(ours)
    waited = await ask(ours, await charged(ours), amount=SMALL)
    assert await resume(ours) == 1
    assert (await ours.work(waited)).state == "awaiting_approval"
    fresh = await ask(ours, await charged(ours, amount=1_000), amount=1_000)
    assert fresh.state == "approved"


async def test_stopping_twice_is_stopping_once(ours: Ours) -> None:
    await asyncio.gather(stop(ours), stop(ours, ADMIN))
    await resume(ours)
    async with ours.house.transaction(SYSTEM) as tx:
        assert (await brake.standing(tx)).brake is None


async def test_it_is_audited_and_told(ours: Ours) -> None:
    await stop(ours)
    async with ours.house.transaction(SYSTEM) as tx:
        pulled = (await brake.standing(tx)).brake
    assert pulled
    assert (pulled.stopped_by, pulled.because) == (AGENT, "Something is off.")
    await resume(ours)
    async with ours.house.transaction(SYSTEM) as tx:
        told = await audit.of_subject(tx, pulled.id)
        events = await tx.all(
            "select name from events where subject = %s order by seq", (pulled.id,)
        )
    assert [(one.verb, one.actor_id) for one in told] == [
        ("brake.stopped", AGENT.id),
        ("brake.lifted", ADMIN.id),
    ]
    assert [one["name"] for one in events] == ["brake.stopped", "brake.lifted"]


async def test_anybody_who_acts_may_stop_and_few_may_let_it_go_on(ours: Ours) -> None:
    for nobody in (
        ours.person,
        Actor("staff", "tok_v", "viewer"),
        Actor("service", "s", "service"),
    ):
        with pytest.raises(actions.NotYourBrakeError):
            await stop(ours, nobody)
    await stop(ours)
    with pytest.raises(actions.NotYourBrakeError):
        await resume(ours, AGENT)


async def test_the_days_limit_is_loud_once(ours: Ours) -> None:
    action = await ask(ours, await charged(ours), amount=SMALL)
    async with ours.house.transaction(SYSTEM) as tx:
        await brake.note_used_up(tx, action)
        await brake.note_used_up(tx, action)
    assert (await ours.events(action)).count("brake.daily_limit") == 1
    async with ours.house.transaction(SYSTEM) as tx:
        assert (await brake.standing(tx)).used_up_at is not None
    await ours.stripe.pass_time(hours=25)
    async with ours.house.transaction(SYSTEM) as tx:
        assert (await brake.standing(tx)).used_up_at is None


_GIVEN = """
insert into actions (id, kind, customer, target, amount, currency, reason, params, requested_by,
  state, decision, business_key, created_at, result)
values (%(kind)s, %(kind)s, %(customer)s, 'x', 100, 'usd', '', '{}', '{"kind": "service"}',
  'succeeded', '{"verdict": "allow"}', %(kind)s, %(at)s, '{}')
"""


async def test_the_day_counts_every_kind_that_gives_money_and_no_other(ours: Ours) -> None:
    async with ours.house.transaction(SYSTEM) as tx:
        for kind in sorted(KINDS):
            row = {"kind": kind, "customer": ours.customer.id, "at": tx.now}
            await tx.execute(_GIVEN, row)
        assert await brake.used_today(tx) == {"usd": 100 * len(GIVES)}


async def use_up(ours: Ours) -> Action:
    """Go up to the daily limit of 40 dollars; returns the one above, with the alarm raised."""
    for _ in range(2):
        assert (await ask(ours, await charged(ours), amount=SMALL)).state == "approved"
    return await above(ours)


async def above(ours: Ours) -> Action:
    waits = await ask(ours, await charged(ours), amount=SMALL)
    assert (waits.state, waits.decision["rules"]) == ("awaiting_approval", ["automatic.day"])
    async with ours.house.transaction(SYSTEM) as tx:
        await brake.note_used_up(tx, waits)
    return waits


@pytest.fixture
def narrow(ours: Ours) -> Ours:
    """40 dollars a day go by themselves, and as much as it takes to one customer."""
    policy = ours.door.policy
    amounts = {**policy.limits.amounts, "automatic_day": {"usd": 2 * SMALL}}
    amounts["customer"] = {"usd": 100 * SMALL}
    limits = replace(policy.limits, amounts=amounts, refunds_in_30_days=100)
    ours.door = Door(replace(policy, limits=limits, known=Known(limits)))
    return ours


async def used_up(ours: Ours) -> bool:
    async with ours.house.transaction(SYSTEM) as tx:
        return (await brake.standing(tx)).used_up_at is not None


async def test_a_lead_lets_a_day_that_is_used_up_go_on_once_more(narrow: Ours) -> None:
    waits = await use_up(narrow)
    assert await used_up(narrow)
    await resume(narrow)
    assert not await used_up(narrow)
    assert (await narrow.now(waits)).state == "awaiting_approval"
    async with narrow.house.transaction(SYSTEM) as tx:
        await brake.note_used_up(tx, waits)  # told late: the day went on meanwhile
        [told] = [
            one for one in await audit.of_subject(tx, waits.id) if one.verb == "brake.day_goes_on"
        ]
    assert told.actor_id == ADMIN.id
    assert not await used_up(narrow)
    await narrow.stripe.pass_time(minutes=1)
    await use_up(narrow)  # as much again, and no more
    assert await used_up(narrow)


async def test_what_was_let_go_on_frees_nothing_once_it_is_a_day_old(narrow: Ours) -> None:
    await use_up(narrow)
    await narrow.stripe.pass_time(hours=23)
    await resume(narrow)
    await narrow.stripe.pass_time(hours=2)
    await use_up(narrow)  # a day's money, and no more


async def test_a_day_goes_on_once_however_often_it_is_said(narrow: Ours) -> None:
    await resume(narrow)  # nothing is used up yet: nothing is given ahead
    await use_up(narrow)
    await asyncio.gather(resume(narrow), resume(narrow))
    await narrow.stripe.pass_time(minutes=1)
    await use_up(narrow)


async def test_whoever_may_not_let_it_go_on_does_not_let_the_day_go_on(narrow: Ours) -> None:
    await use_up(narrow)
    with pytest.raises(actions.NotYourBrakeError):
        await resume(narrow, AGENT)
    assert await used_up(narrow)
    await narrow.stripe.pass_time(minutes=1)
    await above(narrow)


async def test_stopped_and_used_up_both_go_on_with_one_word(narrow: Ours) -> None:
    await use_up(narrow)
    await stop(narrow)
    await resume(narrow)
    await narrow.stripe.pass_time(minutes=1)
    assert (await ask(narrow, await charged(narrow), amount=SMALL)).state == "approved"
