"""A plan that a person stopped goes on when they are done, and not before."""

from datetime import timedelta
from typing import Any

from tests.prevent.world import Town

from prunella import cases
from prunella.cases import Case
from prunella.kit.actor import SYSTEM, Actor
from prunella.people import Customer

NAME = "cus_northbeck"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
STAFF = Actor(kind="staff", id="dana", role="agent")


async def asks(town: Town, customer: Customer, about: str = "in_1") -> Case:
    async with town.house.transaction(SYSTEM) as tx:
        case = await cases.open_case(
            tx, customer, subject="Why so much?", because="asked", about=about
        )
    await town.listen()
    return case


async def put(town: Town, case: Case, status: Any) -> None:
    async with town.house.transaction(STAFF) as tx:
        found = await cases.get_case(tx, case.id)
        assert found
        root_cause = "Their bank refuses it." if status == "solved" else ""
        await found.set(tx, status=status, root_cause=root_cause)
    await town.listen()


async def test_what_a_person_solved_without_a_payment_goes_on_the_next_morning(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    case = await asks(town, customer)
    assert (await town.plan()).ended_because == "person"
    await town.pass_time(days=3)
    await put(town, case, "solved")
    plan = await town.plan()
    assert (plan.running, plan.ended_because) == (True, None)
    assert len(await town.letters()) == 1  # nothing at once
    told = [(one.name, (one.due_at - plan.opened_at).days) for one in plan.awaited]
    assert ("first", 3) not in told
    assert plan.next_due_at is not None
    assert plan.next_due_at > town.clock.now() + 12 * HOUR
    await town.live(until=town.clock.now() + 40 * DAY, step=6 * HOUR)
    subjects = [one["subject"].split(":")[0] for one in await town.letters()]
    assert subjects[1:4] == ["Still open", "Still open", "A last reminder"]
    assert subjects[4].startswith("Your plan can stop after")


async def test_a_letter_never_comes_sooner_than_the_cap_allows(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    for _ in range(6):
        case = await asks(town, customer)
        await town.pass_time(days=1)
        await put(town, case, "solved")
        await town.live(until=town.clock.now() + 2 * DAY, step=6 * HOUR)
    written = [one["created_at"] for one in await town.letters()]
    assert all(sum(1 for one in written if at <= one < at + 7 * DAY) <= 4 for at in written)


async def test_waiting_for_the_customer_is_not_being_done(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    case = await asks(town, customer)
    await put(town, case, "pending")
    assert not (await town.plan()).running


async def test_another_open_case_about_it_keeps_it_stopped(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    first, _other = await asks(town, customer), await asks(town, customer, f"sub_{NAME}")
    await put(town, first, "solved")
    assert not (await town.plan()).running


async def test_what_was_paid_meanwhile_stays_ended(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    case = await asks(town, customer)
    await town.close(NAME, "in_1", "paid", "paid")
    await put(town, case, "solved")
    plan = await town.plan()
    assert (plan.state, plan.ended_because) == ("ended", "person")


async def test_solved_opened_again_and_solved_once_more_is_one_plan(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    case = await asks(town, customer)
    for _ in range(3):
        await put(town, case, "solved")
        assert (await town.plan()).running
        await put(town, case, "open")
        assert not (await town.plan()).running
    await put(town, case, "solved")
    plan = await town.plan()
    called = sorted(one.called for one in plan.awaited)
    assert called == ["cut_off", "cut_off_notice", "last", "reminder", "reminder", *["try"] * 4]
    assert await town.rows("select count(*) from recovery_plans") == [{"count": 1}]
