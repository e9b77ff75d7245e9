"""The scoreboard shows both sides, and says when there is too little to compare."""

from collections.abc import AsyncIterator

import pytest
from tests.diagnostics.stripe_json import CUSTOMER, card, customer, failed
from tests.web.browsing import at_the_desk, text_of
from tests.web.company import ADMIN, Company, company

from prunella.kit import events
from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url) as opened:
        await opened.knows(customer(), card(), *failed())
        yield opened


async def test_recovered_money_is_shown_beside_the_held_out(web: Company) -> None:
    house = web.rooms.house
    async with house.transaction(SYSTEM) as tx:
        told = Event("stripe.invoice.payment_failed", "in_march", data={"customer": CUSTOMER})
        await tx.emit(told)
    while await events.deliver(house):
        pass
    desk = await at_the_desk(web, ADMIN)
    words = text_of(await desk.get("/scoreboard"))
    assert "Failed payments that were paid after all" in words
    assert "Held out" in words
    assert "too few" in words
