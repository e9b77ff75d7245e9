"""A queue drains to whoever has room; nobody gets more than that."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.conftest import MakeHouse
from tests.kit.waiting import someone_waits
from tests.people import team

from prunella import cases, people
from prunella.bootstrap.table import DRAIN, SOMETIMES
from prunella.cases import Case
from prunella.kit import events
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.kit.timers import Timer
from prunella.people import roster, staff
from prunella.settings import Content, load_content
from prunella.settings.shipped import shipped

LEAD = Actor(kind="staff", id="admin", role="admin", verified=True)
GIVING = ("case.opened", "case.set", "case.assigned", "case.escalated")


def content(*changes: tuple[str, str]) -> Content:
    found = load_content(shipped("content"))
    text = found.files["sla.toml"]
    for right, wrong in changes:
        assert right in text
        text = text.replace(right, wrong)
    return replace(found, files={**found.files, "sla.toml": text})


ASSIGNING = ("[assignment]\non = false", "[assignment]\non = true")


@pytest.fixture
async def house(make_house: MakeHouse) -> House:
    house = await make_house(
        listeners={name: [(DRAIN, cases.drain)] for name in GIVING}
        | {"staff.disabled": [("cases.release_all", cases.release_all)]},
        handlers={cases.CLOCK: cases.on_clock},
    )
    house.sometimes = SOMETIMES
    async with house.transaction(SYSTEM) as tx:
        await cases.set_sla(tx, content(ASSIGNING))
    return house


async def hire(house: House, name: str, *, works_in: str = "support", capacity: int = 1) -> str:
    async with house.transaction(LEAD) as tx:
        await people.tokens.create(tx, name=name, role="agent")
        [token] = [one.id for one in await people.tokens.listed(tx) if one.name == name]
        await roster.set_teams(tx, token, [works_in])
        await roster.set_capacity(tx, token, capacity)
        return token


async def ask(tx: Tx, subject: str, severity: cases.Severity = "medium") -> Case:
    customer = await people.add_customer(tx, name=subject, plan="starter", time_zone="UTC")
    return await cases.open_case(
        tx, customer, subject=subject, text="Why?", because="asked", severity=severity
    )


async def deliver(house: House) -> None:
    while await events.deliver(house):
        pass


async def who_has(house: House, case: Case) -> str | None:
    async with house.transaction(SYSTEM) as tx:
        found = await cases.get_case(tx, case.id)
        assert found
        return found.assignee


async def test_a_new_case_goes_to_whoever_has_most_room(house: House) -> None:
    busy, idle = await hire(house, "Busy", capacity=4), await hire(house, "Idle", capacity=4)
    async with house.transaction(LEAD) as tx:
        await (await ask(tx, "first")).assign(tx, to=busy)
        case = await ask(tx, "second")
    await deliver(house)
    assert await who_has(house, case) == idle


async def test_nobody_gets_more_than_they_have_room_for_and_the_queue_drains_when_there_is(
    house: House,
) -> None:
    await hire(house, "Ada")
    async with house.transaction(SYSTEM) as tx:
        first = await ask(tx, "first", "high")
        mild, grave = await ask(tx, "mild", "low"), await ask(tx, "grave", "high")
    await deliver(house)
    assert await who_has(house, first)
    assert [await who_has(house, one) for one in (mild, grave)] == [None, None]
    async with house.transaction(LEAD) as tx:
        await first.reply(tx, "Which one?")
    await deliver(house)
    assert await who_has(house, grave)
    assert await who_has(house, mild) is None


async def test_a_case_of_another_team_waits_for_that_team(house: House) -> None:
    await hire(house, "Ada", works_in="finance")
    async with house.transaction(SYSTEM) as tx:
        case = await ask(tx, "first")
    await deliver(house)
    assert await who_has(house, case) is None


async def test_who_lost_a_case_by_silence_does_not_get_it_back_by_itself(house: House) -> None:
    silent = await hire(house, "Ada")
    async with house.transaction(SYSTEM) as tx:
        case = await ask(tx, "first")
    await deliver(house)
    assert await who_has(house, case) == silent
    async with house.transaction(SYSTEM) as tx:
        clocks = (await cases.clocks_of(tx, [case.id]))[case.id]
        assert clocks.watched_at
        later = replace(tx, now=clocks.watched_at)
        await cases.on_clock(later, Timer(cases.CLOCK, case.id, clocks.watched_at))
    await deliver(house)
    assert await who_has(house, case) is None


async def test_where_nothing_is_given_out_nobody_is_told_of_new_cases(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await cases.set_sla(tx, content())
        await ask(tx, "first")
    assert await events.deliver(house) == 0
    async with house.transaction(SYSTEM) as tx:
        await cases.set_sla(tx, content(ASSIGNING))
        await ask(tx, "second")
    assert await events.deliver(house) == 1


async def test_without_the_setting_people_take_what_they_ask_for(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await cases.set_sla(tx, content())
    ada = await hire(house, "Ada")
    async with house.transaction(SYSTEM) as tx:
        mild, grave = await ask(tx, "mild", "low"), await ask(tx, "grave", "high")
    await deliver(house)
    assert await who_has(house, grave) is None
    async with house.transaction(LEAD) as tx:
        first = await cases.assign_next(tx, ada)
        second = await cases.assign_next(tx, ada)
        assert first
        assert second
        assert (first.id, second.id) == (grave.id, mild.id)
        assert await cases.assign_next(tx, ada) is None


async def test_two_who_ask_at_once_get_two_cases(house: House) -> None:
    ada, ben = await hire(house, "Ada", capacity=0), await hire(house, "Ben", capacity=0)
    async with house.transaction(SYSTEM) as tx:
        opened = {(await ask(tx, name)).id for name in ("first", "second")}

    async def bens() -> Case | None:
        async with house.transaction(LEAD) as tx:
            return await cases.assign_next(tx, ben)

    async with house.transaction(LEAD) as tx:
        first = await cases.assign_next(tx, ada)
        asking = asyncio.create_task(bens())
        await someone_waits(house)
    second = await asking
    assert first
    assert second
    assert {first.id, second.id} == opened
    assert (await who_has(house, first), await who_has(house, second)) == (ada, ben)


@pytest.mark.parametrize("by_queue", [True, False])
async def test_a_case_that_somebody_takes_at_that_moment_stays_theirs(
    house: House, *, by_queue: bool
) -> None:
    ada, ben = (
        await hire(house, "Ada", capacity=0),
        await hire(house, "Ben", capacity=int(by_queue)),
    )
    async with house.transaction(SYSTEM) as tx:
        case = await ask(tx, "first")

    async def give() -> None:
        async with house.transaction(LEAD) as tx:
            if by_queue:
                await cases.drain(tx, Event("case.opened", case.id))
            else:
                assert await cases.assign_next(tx, ben) is None

    async with house.transaction(LEAD) as tx:
        await case.assign(tx, to=ada)
        giving = asyncio.create_task(give())
        await someone_waits(house)
    await giving
    assert await who_has(house, case) == ada


async def test_mild_cases_are_answered_in_batches_if_the_team_wants(make_house: MakeHouse) -> None:
    house = await make_house(handlers={cases.BATCH: cases.on_batch})
    wanting = content(("[batches]\non = false", "[batches]\non = true"))
    async with house.transaction(SYSTEM) as tx:
        await cases.set_sla(tx, wanting)
        mild = await ask(tx, "mild", "low")
        [batch] = await cases.batches(tx)
        assert batch.cases == (mild.id,)
        assert mild.due_at == batch.at
        assert (batch.at.hour, batch.at.minute) == (15, 0)
        later = replace(tx, now=batch.at)
        await cases.on_batch(later, Timer(cases.BATCH, "all", batch.at))
        [told] = await tx.all("select data from events where name = 'sla.batch_due'")
        assert told["data"] == {"cases": 1}
        [next_one] = await tx.all("select due_at from timers where name = %s", (cases.BATCH,))
        assert next_one["due_at"] == batch.at + timedelta(hours=19)


async def test_how_many_answers_came_in_time_is_counted_by_the_contract(house: House) -> None:
    async with house.transaction(LEAD) as tx:
        since = tx.now
        kept, late, _open = [await ask(tx, name) for name in ("kept", "late", "open")]
        spam = await ask(tx, "spam")
        await spam.mark_spam(tx)
        await kept.reply(tx, "Here it is.")
        slow = replace(tx, now=tx.now + timedelta(days=3))
        await late.reply(slow, "Sorry.")
        starter = next(one for one in await cases.attainment(tx, since=since) if one.aim == 90)
    assert (starter.plan, starter.kept, starter.missed) == ("starter", 1, 1)
    assert (starter.share, starter.reached) == (0.5, False)


async def test_whoever_is_disabled_loses_their_open_cases_to_the_queue(house: House) -> None:
    async with house.transaction(SYSTEM) as tx:
        await cases.set_sla(tx, content())
    ada = (await team.joined(house, "Ada Weaver")).member
    async with house.transaction(LEAD) as tx:
        waiting, solved, other = [await ask(tx, name) for name in ("one", "two", "three")]
        for case in (waiting, solved):
            await case.assign(tx, to=ada.id)
        await waiting.set(tx, status="pending")
        await solved.set(tx, status="solved")
        await other.assign(tx, to="admin")
        await staff.disable(tx, ada.id)
    await deliver(house)
    assert await who_has(house, waiting) is None
    assert await who_has(house, solved) == ada.id
    assert await who_has(house, other) == "admin"
    async with house.transaction(SYSTEM) as tx:
        steps = await cases.history_of(tx, waiting)
        assert [one.because for one in steps if one.what == "case.assigned"] == ["assigned", "left"]
        await cases.release_all(tx, Event("staff.disabled", ada.id))
        assert len(await cases.history_of(tx, waiting)) == len(steps)


async def test_a_colleague_who_is_back_by_then_keeps_their_cases(house: House) -> None:
    ada = await hire(house, "Ada")
    async with house.transaction(LEAD) as tx:
        case = await (await ask(tx, "first")).assign(tx, to=ada)
        await cases.release_all(tx, Event("staff.disabled", ada))
    assert await who_has(house, case) == ada
