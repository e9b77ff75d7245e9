"""The clocks of a case follow what happens to it: pauses, answers, warnings, silence."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.conftest import MakeHouse, TestClock

from prunella import audit, cases, people
from prunella.cases import Case, Clocks
from prunella.kit import timers
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.house import House, Tx
from prunella.people import Customer

AGENT = Actor(kind="staff", id="admin", role="admin", verified=True)
OPENED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
async def house(make_house: MakeHouse, clock: TestClock) -> House:
    clock.time = OPENED
    return await make_house(handlers={cases.CLOCK: cases.on_clock, cases.CLOSE: cases.close_solved})


def them(tx: Tx, customer: Customer) -> Tx:
    return replace(tx, actor=Actor(kind="customer", id=customer.id, role="owner", verified=True))


def us(tx: Tx) -> Tx:
    return replace(tx, actor=AGENT)


async def opened(
    house: House, *, plan: people.Plan = "professional", severity: cases.Severity = "medium"
) -> tuple[Customer, Case]:
    async with house.transaction(SYSTEM) as tx:
        customer = await people.add_customer(tx, name="Northbeck", time_zone="UTC", plan=plan)
        case = await cases.open_case(
            them(tx, customer),
            customer,
            subject="A bill",
            text="Why?",
            because="asked",
            severity=severity,
        )
        return customer, case


async def now(house: House, case: Case) -> tuple[Case, Clocks]:
    async with house.transaction(SYSTEM) as tx:
        found = await cases.get_case(tx, case.id)
        assert found
        return found, (await cases.clocks_of(tx, [case.id]))[case.id]


async def fire(house: House) -> None:
    while await timers.fire_one(house):
        pass


async def told(house: House, name: str) -> list[dict[str, Any]]:
    async with house.transaction(SYSTEM) as tx:
        return [
            row["data"]
            for row in await tx.all("select data from events where name = %s order by seq", (name,))
        ]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}+00:00")


async def test_a_new_case_is_due_at_its_earliest_target(house: House) -> None:
    _, case = await opened(house)
    found, clocks = await now(house, case)
    assert found.due_at == clocks.response_target_at == at("02T14:00")
    assert clocks.resolution_due_at == at("03T10:00")


async def test_while_we_wait_for_the_customer_the_clock_stands_still_and_says_so(
    house: House, clock: TestClock
) -> None:
    customer, case = await opened(house)
    clock.time = at("02T12:00")
    async with house.transaction(AGENT) as tx:
        await case.reply(tx, "Which invoice do you mean?")
    waiting, clocks = await now(house, case)
    assert (waiting.due_at, clocks.paused_at) == (None, at("02T12:00"))
    clock.time = at("04T12:00")
    async with house.transaction(SYSTEM) as tx:
        await case.add_message(them(tx, customer), "The one of March.")
        steps = [entry.verb for entry in await audit.of_subject(tx, case.id)]
    _, clocks = await now(house, case)
    assert clocks.paused_at is None
    assert clocks.paused_for == timedelta(hours=16)
    assert clocks.resolution_due_at == at("05T10:00")
    assert clocks.response_due_at == at("02T14:00")
    assert {"case.clock_paused", "case.clock_resumed"} <= set(steps)


async def test_on_hold_the_contract_goes_on(house: House) -> None:
    _, case = await opened(house)
    async with house.transaction(AGENT) as tx:
        held = await case.set(tx, status="on_hold")
    assert held.due_at == at("02T14:00")


async def test_a_customer_who_writes_again_waits_for_an_answer_though_nothing_else_is_promised(
    house: House, clock: TestClock
) -> None:
    customer, case = await opened(house, plan="free")
    async with house.transaction(AGENT) as tx:
        await case.reply(tx, "It is your plan.")
    clock.time = at("05T10:00")
    async with house.transaction(SYSTEM) as tx:
        await case.add_message(them(tx, customer), "Which plan?")
    waiting, _ = await now(house, case)
    assert waiting.due_at == at("09T10:00")
    async with house.transaction(AGENT) as tx:
        await case.reply(tx, "The free one.", status="open")
    answered, _ = await now(house, case)
    assert answered.due_at is None


async def test_what_a_reopened_case_had_left_it_has_left_again(
    house: House, clock: TestClock
) -> None:
    customer, case = await opened(house)
    clock.time = at("02T16:00")
    async with house.transaction(AGENT) as tx:
        await case.reply(tx, "Done.", status="solved")
    clock.time = at("04T10:00")
    async with house.transaction(SYSTEM) as tx:
        await case.add_message(them(tx, customer), "Not quite.")
    again, clocks = await now(house, case)
    assert clocks.resolved_at is None
    assert clocks.resolution_due_at == at("04T12:00")
    assert again.due_at == at("04T12:00")


async def test_at_three_quarters_we_are_warned_once_and_late_it_steps_up_once(
    house: House, clock: TestClock
) -> None:
    _, case = await opened(house)
    clock.time = at("02T12:59")
    await fire(house)
    assert await told(house, "case.sla_warned") == []
    clock.time = at("02T13:00")
    await fire(house)
    await fire(house)
    [warned] = await told(house, "case.sla_warned")
    assert (warned["clock"], warned["due_at"]) == ("response", "2026-03-02T14:00:00+00:00")
    clock.time = at("02T14:00")
    await fire(house)
    await fire(house)
    late, clocks = await now(house, case)
    assert [one["clock"] for one in await told(house, "case.sla_breached")] == ["response"]
    assert (late.level, late.team) == ("engineering", "engineering")
    assert clocks.breached == ("response",)


async def test_after_a_long_sleep_a_breach_needs_no_warning_and_a_case_on_top_stays_there(
    house: House, clock: TestClock
) -> None:
    _, case = await opened(house)
    async with house.transaction(AGENT) as tx:
        await case.escalate(tx, to="legal", because="asked")
    clock.advance(days=9)
    await fire(house)
    late, clocks = await now(house, case)
    assert await told(house, "case.sla_warned") == []
    assert clocks.breached == ("response", "resolution")
    assert late.level == "legal"


async def test_what_is_answered_and_solved_is_late_no_more(house: House, clock: TestClock) -> None:
    _, case = await opened(house)
    async with house.transaction(AGENT) as tx:
        await case.reply(tx, "Done.", status="solved")
    clock.advance(days=5)
    await fire(house)
    assert await told(house, "case.sla_breached") == []


async def test_a_graver_case_is_due_sooner(house: House) -> None:
    _, case = await opened(house, severity="low")
    async with house.transaction(AGENT) as tx:
        graver = await case.set(tx, severity="high")
    _, clocks = await now(house, case)
    assert graver.due_at == clocks.response_due_at == at("02T12:00")
    assert clocks.resolution_due_at == at("03T10:00")


async def test_spam_is_owed_nothing_until_it_is_none(house: House, clock: TestClock) -> None:
    _, case = await opened(house)
    async with house.transaction(AGENT) as tx:
        assert (await case.mark_spam(tx)).due_at is None
    clock.advance(days=3)
    await fire(house)
    assert await told(house, "case.sla_breached") == []
    async with house.transaction(AGENT) as tx:
        assert (await case.not_spam(tx)).due_at == at("05T14:00")


async def test_who_has_a_case_and_says_nothing_loses_it(house: House, clock: TestClock) -> None:
    _, case = await opened(house)
    async with house.transaction(AGENT) as tx:
        await case.assign(tx, to="admin")
    clock.time = at("02T11:59")
    await fire(house)
    assert (await now(house, case))[0].assignee == "admin"
    clock.time = at("02T12:00")
    await fire(house)
    lost, clocks = await now(house, case)
    assert lost.assignee is None
    assert clocks.lost_by == ("admin",)
    assert await told(house, "case.released") == [{"colleague": "admin"}]


async def test_who_leaves_a_note_keeps_the_case_and_has_time_again(
    house: House, clock: TestClock
) -> None:
    _, case = await opened(house)
    async with house.transaction(AGENT) as tx:
        await case.assign(tx, to="admin")
    clock.time = at("02T11:30")
    async with house.transaction(AGENT) as tx:
        await case.note(tx, "I ask finance.")
    clock.time = at("02T12:00")
    await fire(house)
    kept, clocks = await now(house, case)
    assert kept.assignee == "admin"
    assert clocks.watched_at == at("02T13:00")


async def test_a_guests_case_runs_by_the_contract_of_the_customer_who_it_was(
    house: House,
) -> None:
    async with house.transaction(SYSTEM) as tx:
        guest = await people.guest(tx, email="someone@hollowoak.example")
        real = await people.add_customer(tx, name="Hollow Oak", time_zone="UTC", plan="enterprise")
        case = await cases.open_case(tx, guest, subject="Help", text="Help", because="asked")
    async with house.transaction(AGENT) as tx:
        moved = await case.move_to(tx, real)
    assert moved.due_at == at("02T11:00")


async def test_a_customer_who_waits_again_for_too_long_moves_the_case_up_each_time(
    house: House, clock: TestClock
) -> None:
    customer, case = await opened(house, plan="free")
    for level in ("engineering", "product"):
        async with house.transaction(AGENT) as tx:
            await case.reply(tx, "It is your plan.")
        async with house.transaction(SYSTEM) as tx:
            await case.add_message(them(tx, customer), "Which plan?")
        _, clocks = await now(house, case)
        assert clocks.reply_target_at
        clock.time = clocks.reply_target_at
        await fire(house)
        assert (await now(house, case))[0].level == level
    assert [one["clock"] for one in await told(house, "case.sla_breached")] == ["reply", "reply"]


async def test_a_case_from_before_there_were_clocks_gets_them_when_it_changes(
    house: House,
) -> None:
    _, case = await opened(house)
    async with house.transaction(SYSTEM) as tx:
        await tx.execute("delete from case_clocks")
        assert await cases.clocks_of(tx, [case.id]) == {}
        held = await case.set(us(tx), status="on_hold")
        assert held.due_at == at("02T14:00")
        assert set(await cases.clocks_of(tx, [case.id])) == {case.id}
