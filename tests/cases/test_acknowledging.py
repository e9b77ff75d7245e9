"""How often a machine of ours answers: seldom enough, and each time that is allowed."""

import asyncio

from tests.conftest import MakeHouse, TestClock
from tests.kit.waiting import someone_waits

from prunella.cases.mail import may_acknowledge
from prunella.cases.mail.acknowledging import MOST_A_DAY
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House

ADA = "ada@north.example"


async def asked(house: House, subject: str) -> bool:
    async with house.transaction(SYSTEM) as tx:
        return await may_acknowledge(tx, sender=ADA, subject=subject, verified=True)


async def test_whoever_writes_about_many_things_is_answered_so_often_a_day(
    make_house: MakeHouse, clock: TestClock
) -> None:
    house = await make_house()
    answered = [await asked(house, f"Question {number}") for number in range(MOST_A_DAY + 1)]
    assert answered == [True] * MOST_A_DAY + [False]
    clock.advance(days=1)
    assert await asked(house, "One more question")


async def test_two_mails_at_once_do_not_take_each_others_answer(
    make_house: MakeHouse,
) -> None:
    house = await make_house()
    async with house.transaction(SYSTEM) as tx:
        assert await may_acknowledge(tx, sender=ADA, subject="VAT", verified=True)
        second = asyncio.create_task(asked(house, "Seats"))
        await someone_waits(house)
    assert await asyncio.wait_for(second, 120)
    async with house.transaction(SYSTEM) as tx:
        rows = await tx.all(
            "select who from mail_acknowledged where starts_with(who, 'day:') order by who"
        )
    assert [row["who"] for row in rows] == [f"day:0:{ADA}", f"day:1:{ADA}"]
