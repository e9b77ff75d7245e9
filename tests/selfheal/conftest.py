"""One sandbox a test, and a house whose fixes listen to what happens."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in, shipped_door
from tests.conftest import MakeHouse

from prunella.actions import LOOK_TIMER, on_look_due
from prunella.cases import Letters
from prunella.diagnostics import Diagnostics, Words
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.people import plans
from prunella.settings import load_content, shipped
from prunella.tiers.selfheal import Forward, SelfHeal, later, listen


@pytest.fixture
async def at_stripe() -> AsyncIterator[Outside]:
    async with outside() as found:
        yield found


@pytest.fixture
async def our_house(make_house: MakeHouse, at_stripe: Outside) -> House:
    door = shipped_door()
    house = await make_house(
        use_clock=WorldClock(at_stripe.world),
        handlers={LOOK_TIMER: on_look_due, later.TIMER: later.Due(door)},
        listeners={
            "action.succeeded": [("selfheal.go_on", listen.GoOn(door))],
            "action.failed": [("selfheal.stop", listen.on_action_stopped)],
            "action.denied": [("selfheal.stop", listen.on_action_stopped)],
            "action.awaiting_approval": [("selfheal.wait", listen.on_action_stopped)],
            "stripe.invoice.paid": [("selfheal.finish", listen.on_invoice_paid)],
            "stripe.checkout.session.completed": [
                ("selfheal.come_back", listen.on_checkout_completed)
            ],
        },
    )
    content = load_content(shipped("content"))
    async with house.transaction(SYSTEM) as tx:
        await plans.set_plans(tx, content)
    return house


@pytest.fixture
def selfheal() -> SelfHeal:
    content = load_content(shipped("content"))
    words = Words.from_catalogue(content.toml("messages/en.toml"), locale="en_US")
    letters = Letters(content, company="TAI")
    return SelfHeal(
        Diagnostics(words), Forward(letters, words, "http://prunella.example"), shipped_door()
    )


NewCustomer = Callable[..., Awaitable[Ours]]


@pytest.fixture
async def new_customer(our_house: House, at_stripe: Outside) -> NewCustomer:
    async def make(*, card: str | None = "pm_card_visa") -> Ours:
        return await settle_in(our_house, at_stripe, await at_stripe.customer(card=card))

    return make
