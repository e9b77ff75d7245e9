"""Ending letters from the letter itself: with one click, without signing in."""

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.diagnostics.stripe_json import CUSTOMER, card, customer
from tests.web.company import URL, Company, company

from prunella import cases, people
from prunella.kit.actor import SYSTEM


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened:
        await opened.knows(customer(), card())
        yield opened


@pytest.fixture
async def anyone(web: Company) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=web.app)
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        yield client


async def path_of(web: Company) -> str:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        known = await people.of_stripe(tx, CUSTOMER)
        assert known is not None
        return await cases.unsubscribe_address(tx, known.id, "card_expiring", public_url="")


async def wanted(web: Company) -> bool:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        known = await people.of_stripe(tx, CUSTOMER)
        assert known is not None
        return await cases.wants(tx, known.id, "card_expiring")


async def test_a_mail_program_ends_them_by_itself(web: Company, anyone: httpx.AsyncClient) -> None:
    """RFC 8058: a POST without cookies, with this body, from no page of ours."""
    path = await path_of(web)
    for _ in range(2):
        answer = await anyone.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not await wanted(web)
    assert "You get no more reminders" in answer.text


async def test_opening_the_link_alone_ends_nothing(web: Company, anyone: httpx.AsyncClient) -> None:
    path = await path_of(web)
    page = await anyone.get(path)
    assert page.status_code == 200
    assert "End these letters" in page.text
    assert await wanted(web)


async def test_what_was_ended_can_begin_again(web: Company, anyone: httpx.AsyncClient) -> None:
    path = await path_of(web)
    await anyone.post(path)
    page = await anyone.post(f"{path}/again")
    assert await wanted(web)
    assert "You get reminders" in page.text
    assert await path_of(web) == path


@pytest.mark.parametrize("secret", ["x", "a" * 32, "a" * 500, "%00", "../../desk"])
async def test_a_made_up_link_shows_nothing(
    web: Company, anyone: httpx.AsyncClient, secret: str
) -> None:
    assert web.rooms
    for answer in (
        await anyone.get(f"/unsubscribe/{secret}"),
        await anyone.post(f"/unsubscribe/{secret}"),
    ):
        assert answer.status_code in {400, 401, 404, 405}, answer.text
