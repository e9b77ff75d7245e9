"""Whoever asked twice is told, once, where their question goes on."""

from collections.abc import AsyncIterator

import pytest
from tests.web.company import Company, company

from prunella import cases, people
from prunella.cases import Case
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import deliver
from prunella.people import Customer

STAFF = Actor(kind="staff", id="admin", role="admin", verified=True)


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened:
        yield opened


async def asks(web: Company, customer: Customer, subject: str) -> Case:
    actor = Actor(kind="customer", id=customer.id, role="owner", verified=not customer.guest)
    async with web.rooms.house.transaction(actor) as tx:
        return await cases.open_case(
            tx, customer, subject=subject, text=f"{subject}?", because="asked"
        )


async def merge(web: Company, one: Case, other: Case) -> None:
    async with web.rooms.house.transaction(STAFF) as tx:
        await one.merge_into(tx, other)
    while await deliver(web.rooms.house):
        pass


async def letters(web: Company) -> list[tuple[str, str]]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        waiting = await cases.outbox(tx, states=("waiting",))
        return [(one.recipient, one.subject) for one in waiting]


async def test_who_asked_is_told_where_it_goes_on(web: Company) -> None:
    customer = await web.free_customer()
    first, second = await asks(web, customer, "VAT"), await asks(web, customer, "VAT again")
    await merge(web, second, first)
    told = f"Question {second.number} goes on in question {first.number}"
    assert await letters(web) == [("hello@hollowoak.example", told)]


async def test_who_reads_along_in_one_thread_does_in_the_other(web: Company) -> None:
    customer = await web.free_customer()
    first, second = await asks(web, customer, "VAT"), await asks(web, customer, "VAT again")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await cases.mail.join(tx, second.id, ["books@hollowoak.example"], how="asked")
        await cases.mail.join(tx, second.id, ["hello@hollowoak.example"], how="cc")
    await merge(web, second, first)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        known = dict(await cases.mail.people_of(tx, first.id))
    assert known == {"books@hollowoak.example": "cc", "hello@hollowoak.example": "written_to"}
    [(recipient, _)] = await letters(web)
    assert recipient == "books@hollowoak.example"


async def test_nobody_is_told_of_what_they_never_asked_or_might_not_have(web: Company) -> None:
    customer = await web.free_customer()
    first = await asks(web, customer, "VAT")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        ours = await cases.open_case(tx, customer, subject="A refund waits", because="approval")
        guest = await people.guest(tx, email="somebody@else.example")
    await merge(web, ours, first)
    one, two = await asks(web, guest, "Hello"), await asks(web, guest, "Hello again")
    await merge(web, two, one)
    assert await letters(web) == []
