"""One sandbox a test, and a house whose fixes listen to what happens."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tests.actions.world import Ours, Outside, WorldClock, outside, settle_in, shipped_door
from tests.conftest import MakeHouse
from tests.shipped import shipped_book

from prunella.actions import LOOK_TIMER, on_look_due
from prunella.cases import Letters
from prunella.diagnostics import Diagnostics
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.people import plans
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
    async with house.transaction(SYSTEM) as tx:
        await plans.set_plans(tx, shipped_book().content)
    return house


@pytest.fixture
def selfheal() -> SelfHeal:
    words, letters = shipped_book().words, Letters(shipped_book().content, company="TAI")
    return SelfHeal(
        Diagnostics(words), Forward(letters, words, "http://prunella.example"), shipped_door()
    )


NewCustomer = Callable[..., Awaitable[Ours]]


@pytest.fixture
async def new_customer(our_house: House, at_stripe: Outside) -> NewCustomer:
    async def make(*, card: str | None = "pm_card_visa") -> Ours:
        return await settle_in(our_house, at_stripe, await at_stripe.customer(card=card))

    return make
