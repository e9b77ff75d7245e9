"""Two hundred customers: every state that Stripe alone can tell, and what happens to them next."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import httpx
import pytest
import uvicorn

from prunella_sandbox import Clock, World
from prunella_sandbox.company import BEGINS, Company, Resident, populate
from prunella_sandbox.company.stories import STORIES
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside
from prunella_sandbox.serving import address, bind
from prunella_sandbox.store import Obj


class Town:
    """The company, its world, and a way to let time pass."""

    def __init__(self, world: World, company: Company, url: str) -> None:
        self.world = world
        self.company = company
        self._url = url

    def wait(self, *, days: int) -> None:
        clock = {"advance_seconds": days * 86_400}
        httpx.post(f"{self._url}/_sandbox/clock", json=clock, timeout=60).raise_for_status()

    def one(self, state: str) -> Resident:
        return self.company.in_state(state)[0]

    def all_of(self, kind: str, state: str) -> list[Obj]:
        resident = self.one(state)
        return [o for o in self.world.store.table(kind).values() if o["customer"] == resident.id]

    def subscription(self, state: str) -> Obj:
        return self.world.need("subscription", self.one(state).ids["subscription"])


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    clock = Clock()
    clock.offset_seconds = BEGINS.timestamp() - time.time()
    world = World(seed=1, clock=clock)
    listener = bind("127.0.0.1", 0)
    url = address(listener)
    app = create_outside(world, Mailbox(), public_url=url)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Town(world, populate(url, customers=200), url)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def test_every_state_has_somebody(town: Town) -> None:
    lived = {resident.state for resident in town.company.customers}
    assert lived >= STORIES.keys() - {"northbeck"}
    assert len(town.company.customers) == 200


def test_a_consent_was_withdrawn(town: Town) -> None:
    last = town.all_of("charge", "consent_withdrawn")[-1]
    assert last["outcome"]["reason"] == "revocation_of_authorization"


def test_a_refund_came_back(town: Town) -> None:
    refund = town.world.need("refund", town.one("refund_failed").ids["refund"])
    assert (refund["status"], refund["failure_reason"]) == ("failed", "lost_or_stolen_card")


def test_nothing_was_tried_for_a_plan_that_is_past_due(town: Town) -> None:
    assert town.subscription("subscription_past_due")["status"] == "past_due"
    statuses = [charge["status"] for charge in town.all_of("charge", "subscription_past_due")]
    assert statuses == ["succeeded", "succeeded"]


def test_an_upgrade_makes_marchs_bill_unusual(town: Town) -> None:
    february, march = town.all_of("invoice", "upgraded")[-2:]
    assert len(march["lines"]["data"]) == 3
    assert march["total"] > 5 * february["total"]


def test_a_credit_paid_a_part_of_march(town: Town) -> None:
    march = town.all_of("invoice", "credited")[-1]
    assert (march["starting_balance"], march["ending_balance"]) == (-5_000, 0)
    assert march["amount_paid"] == march["total"] - 5_000


def test_a_plan_ends_with_march(town: Town) -> None:
    assert town.subscription("leaving")["cancel_at_period_end"] is True


def test_two_days_later_what_was_on_its_way_or_recovering_is_paid(town: Town) -> None:
    def march(state: str) -> Obj:
        return town.all_of("invoice", state)[-1]

    (intent,) = [
        i for i in town.all_of("payment_intent", "payment_processing") if i["status"] != "succeeded"
    ]
    assert (intent["status"], march("payment_processing")["status"]) == ("processing", "open")
    assert town.subscription("payment_processing")["status"] == "active"
    assert march("recovering")["status"] == "open"
    town.wait(days=2)
    assert march("payment_processing")["status"] == "paid"
    assert march("recovering")["status"] == "paid"
    assert town.subscription("recovering")["status"] == "active"
    assert march("subscription_past_due")["status"] == "paid"
