"""Who is on a case right now, told the same by every web process."""

import pytest
from tests.web.company import Company

from prunella import cases
from prunella.kit.actor import Actor
from prunella.kit.clock import system_now
from prunella.web import presence
from prunella.web.presence import store
from prunella.web.presence.here import LEASE

ANNA = Actor("staff", "tok_anna", "agent", verified=True)
BERT = Actor("staff", "tok_bert", "agent", verified=True)


@pytest.fixture
async def case(web: Company) -> str:
    customer = await web.free_customer()
    async with web.rooms.house.transaction(BERT) as tx:
        opened = await cases.open_case(tx, customer, subject="401 on every call", because="asked")
    return opened.id


async def test_two_people_see_each_other_and_not_themselves(web: Company, case: str) -> None:
    house = web.rooms.house
    async with house.transaction(ANNA) as tx:
        await presence.note(tx, case, doing="replying")
        assert await presence.others(tx, case) == []
    async with house.transaction(BERT) as tx:
        await presence.note(tx, case, doing="looking")
        assert await presence.others(tx, case) == [presence.Present("tok_anna", "replying")]
    async with house.transaction(ANNA) as tx:
        assert await presence.others(tx, case) == [presence.Present("tok_bert", "looking")]


async def test_who_leaves_is_gone_at_once(web: Company, case: str) -> None:
    async with web.rooms.house.transaction(ANNA) as tx:
        await presence.note(tx, case, doing="looking")
        await presence.leave(tx, case)
    async with web.rooms.house.transaction(BERT) as tx:
        assert await presence.others(tx, case) == []


async def test_a_page_that_died_is_forgotten_by_itself(web: Company, case: str) -> None:
    async with web.rooms.house.transaction(ANNA) as tx:
        await store.put(tx, case, ANNA.id, "noting", system_now() - LEASE)
    async with web.rooms.house.transaction(BERT) as tx:
        assert await presence.others(tx, case) == []
        await presence.note(tx, case, doing="looking")
    assert await web.count("presence") == 1
