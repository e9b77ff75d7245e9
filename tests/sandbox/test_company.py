"""The sample company is in the states it says it is in."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import uvicorn

from prunella_sandbox import Clock, World
from prunella_sandbox.company import BEGINS, LIVES_AT, Company, Resident, populate
from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.outside import create_outside
from prunella_sandbox.rendering import rendered
from prunella_sandbox.serving import address, bind
from prunella_sandbox.shapes import check_response
from prunella_sandbox.store import Obj


class Town:
    """The company and the world it lives in."""

    def __init__(self, world: World, company: Company, stops: list[datetime]) -> None:
        self.world = world
        self.company = company
        self.stops = stops

    def all_of(self, kind: str, resident: Resident) -> list[Obj]:
        return [o for o in self.world.store.table(kind).values() if o["customer"] == resident.id]

    def subscription(self, resident: Resident) -> Obj:
        return self.world.need("subscription", resident.ids["subscription"])

    def newest_invoice(self, resident: Resident) -> Obj:
        return self.all_of("invoice", resident)[-1]

    def last_charge(self, resident: Resident) -> Obj:
        return self.all_of("charge", resident)[-1]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    clock = Clock()
    clock.offset_seconds = BEGINS.timestamp() - time.time()
    world = World(seed=1, clock=clock)
    listener = bind("127.0.0.1", 0)
    app = create_outside(world, Mailbox(), public_url=address(listener), is_checked=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    stops: list[datetime] = []
    try:
        company = populate(
            address(listener),
            at_each_stop=lambda: stops.append(datetime.fromtimestamp(clock.now(), tz=UTC)),
        )
        yield Town(world, company, stops)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def only(town: Town, state: str) -> Resident:
    (resident,) = town.company.in_state(state)
    return resident


def test_fifty_customers_live_in_early_march(town: Town) -> None:
    assert len(town.company.customers) == 50
    assert datetime.fromtimestamp(town.world.clock.now(), tz=UTC).date() == LIVES_AT.date()
    assert len({resident.name for resident in town.company.customers}) == 50
    assert len({resident.email for resident in town.company.customers}) == 50
    assert all(resident.email.endswith(".example") for resident in town.company.customers)
    currencies = {resident.currency for resident in town.company.customers}
    assert currencies >= {"usd", "eur", "gbp", "jpy", "kwd"}


def test_every_event_of_two_months_has_the_shape_the_sdk_knows(town: Town) -> None:
    events = list(town.world.newest_first("event"))
    assert len(events) > 1000
    faults = {f for event in events for f in check_response(rendered(town.world, event))}
    assert faults == set()


def test_northbeck_could_not_pay_its_march_invoice(town: Town) -> None:
    northbeck = town.company.named("Northbeck Outfitters")
    january, february, march = town.all_of("invoice", northbeck)
    assert [january["total"], february["total"], march["total"]] == [314_892, 365_570, 366_504]
    assert [january["status"], february["status"], march["status"]] == ["paid", "paid", "open"]
    charge = town.last_charge(northbeck)
    assert charge["outcome"]["reason"] == "insufficient_funds"
    assert charge["payment_method_details"]["card"]["last4"] == "0341"
    assert town.subscription(northbeck)["status"] == "past_due"
    failed_at = datetime.fromtimestamp(march["_first_failure_at"], tz=UTC)
    assert failed_at.replace(second=0) == datetime(2026, 3, 1, 16, 2, tzinfo=UTC)
    assert march["next_payment_attempt"] > town.world.clock.now()


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("stolen_card", "stolen_card"),
        ("lost_card", "lost_card"),
        ("generic_decline", "generic_decline"),
        ("processing_error", "processing_error"),
        ("incorrect_cvc", "incorrect_cvc"),
        ("card_expired", "expired_card"),
        ("zero_decimal_failure", "insufficient_funds"),
        ("three_decimal_failure", "card_velocity_exceeded"),
        ("past_due_for_long", "do_not_honor"),
        ("charged_twice", "do_not_honor"),
    ],
)
def test_the_bank_said_no(town: Town, state: str, reason: str) -> None:
    resident = only(town, state)
    assert town.last_charge(resident)["outcome"]["reason"] == reason
    assert town.newest_invoice(resident)["status"] == "open"
    assert town.subscription(resident)["status"] == "past_due"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("card_expiring", "active"),
        ("authentication_required", "past_due"),
        ("payment_method_missing", "past_due"),
        ("subscription_incomplete", "incomplete"),
        ("subscription_unpaid", "unpaid"),
        ("subscription_canceled", "canceled"),
        ("subscription_paused", "paused"),
        ("trial_ending", "trialing"),
    ],
)
def test_subscriptions_stand_where_their_state_says(town: Town, state: str, status: str) -> None:
    assert town.subscription(only(town, state))["status"] == status


def test_a_payment_waits_for_the_customers_bank(town: Town) -> None:
    invoice = town.newest_invoice(only(town, "authentication_required"))
    intent = town.world.need("payment_intent", invoice["_payment_intent"])
    assert intent["status"] == "requires_action"


def test_checkout_links_are_open_and_expired(town: Town) -> None:
    def session(state: str) -> dict[str, Any]:
        return town.world.need("checkout.session", only(town, state).ids["checkout_session"])

    assert session("checkout_open")["status"] == "open"
    assert session("checkout_expired")["status"] == "expired"
    assert session("checkout_expired")["after_expiration"]["recovery"]["url"]


def test_sent_invoices_are_due_or_overdue(town: Town) -> None:
    now = town.world.clock.now()
    assert town.newest_invoice(only(town, "invoice_overdue"))["due_date"] < now
    assert town.newest_invoice(only(town, "invoice_sent"))["due_date"] > now


def test_money_is_on_its_way_back_or_disputed(town: Town) -> None:
    refund = town.world.need("refund", only(town, "refund_pending").ids["refund"])
    charge = town.world.need("charge", only(town, "dispute_open").ids["charge"])
    assert refund["status"] == "pending"
    assert charge["disputed"] is True


def test_bramley_bought_one_thing_twice_within_two_minutes(town: Town) -> None:
    bramley = only(town, "charged_twice")
    first = town.world.need("charge", bramley.ids["charge"])
    second = town.world.need("charge", bramley.ids["duplicate"])
    assert first["amount"] == second["amount"] == 40_000
    assert 0 < second["created"] - first["created"] < 180
    assert first["payment_method_details"]["card"]["last4"] == "5556"


def test_free_and_deleted_customers_have_nothing_running(town: Town) -> None:
    for resident in town.company.in_state("free"):
        assert town.all_of("subscription", resident) == []
    gone = only(town, "deleted")
    assert town.world.store.get("customer", gone.id) == {
        "id": gone.id,
        "object": "customer",
        "deleted": True,
    }


def test_healthy_customers_have_paid_three_times(town: Town) -> None:
    healthy = town.company.in_state("healthy")
    assert len(healthy) > 15
    for resident in healthy:
        assert [i["status"] for i in town.all_of("invoice", resident)] == ["paid"] * 3
        assert town.world.need("customer", resident.id)["delinquent"] is False


def test_time_stops_just_after_march_was_billed(town: Town) -> None:
    """So that who listens can write its letters on the day."""
    billed = datetime(2026, 3, 1, 16, 2, tzinfo=UTC)
    assert any(0 < (stop - billed).total_seconds() < 1800 for stop in town.stops)
    assert len(town.stops) < 20


def test_an_unknown_name_is_nobody(town: Town) -> None:
    with pytest.raises(LookupError):
        town.company.named("Nobody")
