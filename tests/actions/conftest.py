"""One sandbox a test, a house that lives in its time."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in
from tests.conftest import MakeHouse

from prunella.actions import LOOK_TIMER, on_look_due
from prunella.connectors.subscriptions import Source
from prunella.kit.house import House


@pytest.fixture
async def at_stripe() -> AsyncIterator[Outside]:
    async with outside() as found:
        yield found


@pytest.fixture
async def our_house(make_house: MakeHouse, at_stripe: Outside) -> House:
    handlers = {LOOK_TIMER: on_look_due}
    return await make_house(use_clock=WorldClock(at_stripe.world), handlers=handlers)


NewCustomer = Callable[..., Awaitable[Ours]]


@pytest.fixture
async def new_customer(our_house: House, at_stripe: Outside) -> NewCustomer:
    async def make(*, card: str | None = "pm_card_visa", source: Source | None = None) -> Ours:
        return await settle_in(our_house, at_stripe, await at_stripe.customer(card=card), source)

    return make
