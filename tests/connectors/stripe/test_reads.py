"""Reading from Stripe: one rate limit, bounded tries, errors that say whether to try again."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from tests.mirror.world import World, reading

from prunella.connectors.stripe.errors import (
    StripeForbidden,
    StripeKeyRefused,
    StripeNotFound,
    StripeRateLimited,
    StripeRefused,
    StripeUnreachable,
)
from prunella.connectors.stripe.pace import Pace
from prunella.connectors.stripe.paths import EXPAND_PAYMENT, PATHS
from prunella.connectors.stripe.reads import MAX_TRIES
from prunella.kit.clock import OffsetClock, system_now
from prunella.mirror.sync.kinds import SYNCED
from prunella_sandbox.shapes import check_request


class Time:
    """Passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    async def sleep(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)

    def pace(self, per_s: float) -> Pace:
        return Pace(per_s, monotonic=lambda: self.now, sleep=self.sleep)


async def test_an_object_is_a_plain_dict_and_a_missing_or_deleted_one_is_none() -> None:
    world = World()
    world.put({"id": "cus_1", "object": "customer", "created": 1})
    world.put({"id": "cus_2", "object": "customer", "deleted": True})
    async with reading(world) as reads:
        assert type(await reads.get("customer", "cus_1")) is dict
        assert await reads.get("customer", "cus_2") is None
        assert await reads.get("customer", "cus_3") is None


async def test_a_name_that_somebody_made_up_leads_nowhere_else() -> None:
    world = World()
    world.put({"id": "cus_1", "object": "customer", "created": 1})
    world.put({"id": "ch_1", "object": "charge", "created": 1})
    async with reading(world) as reads:
        assert await reads.get("customer", "cus_../../charges/ch_1") is None
        assert await reads.get("customer", "cus_1?a=b") is None


async def test_a_list_is_read_page_by_page_up_to_its_bound() -> None:
    world = World()
    for n in range(250):
        world.put({"id": f"ch_{n}", "object": "charge", "created": n, "customer": "cus_1"})
    async with reading(world) as reads:
        assert len(await reads.newest("charge", most=1_000, customer="cus_1")) == 250
        assert [c["id"] for c in await reads.newest("charge", most=2)] == ["ch_249", "ch_248"]
        assert await reads.newest("charge", most=9, customer="cus_2") == []


@pytest.mark.parametrize(
    ("status", "problem", "tries"),
    [
        (401, StripeKeyRefused, 1),
        (403, StripeForbidden, 1),
        (400, StripeRefused, 1),
        (404, StripeRefused, 1),
        (429, StripeRateLimited, MAX_TRIES),
        (500, StripeUnreachable, MAX_TRIES),
        (503, StripeUnreachable, MAX_TRIES),
    ],
)
async def test_what_cannot_get_better_is_not_tried_again(
    status: int, problem: type[Exception], tries: int
) -> None:
    world = World(refuse=lambda _path: (status, {}))
    async with reading(world, pace=Time().pace(10.0)) as reads:
        with pytest.raises(problem):
            await reads.get("customer", "cus_1")
    assert len(world.requests) == tries


async def test_a_404_that_is_not_about_the_object_does_not_say_that_it_is_gone() -> None:
    world = World(refuse=lambda _path: (404, {}))
    async with reading(world, pace=Time().pace(10.0)) as reads:
        with pytest.raises(StripeRefused):
            await reads.get("customer", "cus_1")


async def test_no_answer_at_all_is_unreachable_and_remembered() -> None:
    async with reading(World(), pace=Time().pace(10.0)) as reads:
        await reads.newest("charge", most=1)
        before = reads.contact.problem
        assert before is None
    with pytest.raises(StripeUnreachable, match=r"^Stripe does not answer \(\w+\)\.$"):
        await reads.get("customer", "cus_1")
    assert reads.contact.problem
    assert reads.contact.answered_at


async def test_one_that_comes_later_does_not_go_first_and_nobody_goes_too_fast() -> None:
    time = Time()
    pace, order, seconds = time.pace(10.0), list[int](), Counter[int]()

    async def ask(n: int) -> None:
        await pace.turn()
        order.append(n)
        seconds[int(time.now)] += 1

    await asyncio.gather(*(ask(n) for n in range(100)))
    assert order == sorted(order)
    assert max(seconds.values()) <= 10 + 2
    assert 9.0 <= time.now <= 10.0


async def test_a_429_closes_the_door_for_everyone_for_as_long_as_stripe_asks() -> None:
    time = Time()
    pace = time.pace(100.0)
    pace.slow_down(attempt=0, retry_after_s=7)
    await pace.turn()
    assert time.now == pytest.approx(7, abs=0.1)
    assert pace.per_s == 50.0
    for _ in range(200):
        pace.speed_up()
    assert pace.per_s == 100.0


async def test_an_answer_is_true_between_two_moments_of_stripes_own_time() -> None:
    world = World(time=1_800_000_000.0)
    async with reading(world) as reads:
        reply = await reads.page("charge")
    assert reply.since.timestamp() < 1_800_000_000 < reply.until.timestamp()
    assert reply.until - reply.since < timedelta(seconds=10)


async def test_in_a_world_whose_time_was_moved_answers_are_as_late() -> None:
    async with reading(World(), clock=OffsetClock(timedelta(days=30))) as reads:
        reply = await reads.page("charge")
    assert timedelta(days=29.9) < reply.since - system_now() < timedelta(days=30.1)


def test_every_request_has_only_parameters_that_the_sdk_knows() -> None:
    for kind, listing in SYNCED.items():
        page = {**listing.filters, "limit": "100", "created": {"lt": "1"}, "starting_after": "x"}
        expand = {"expand": list(listing.expand)} if listing.expand else {}
        assert check_request("get", PATHS[kind], {**page, **expand}) == []
    payments = {"invoice": "in_1", "limit": "100", "expand": list(EXPAND_PAYMENT)}
    assert check_request("get", "/v1/invoice_payments", payments) == []
    paid_by = {"payment": {"type": "payment_intent", "payment_intent": "pi_1"}, "limit": "100"}
    assert check_request("get", "/v1/invoice_payments", paid_by) == []
    for kind in ("subscription", "invoice", "charge", "payment_intent", "checkout.session"):
        assert check_request("get", PATHS[kind], {"customer": "cus_1", "limit": "9"}) == []
    assert check_request("get", "/v1/customers/cus_1/payment_methods", {"limit": "9"}) == []


async def test_an_invoice_read_again_gives_a_fresh_link() -> None:
    world = World()
    link = {"hosted_invoice_url": "http://127.0.0.1/i/1", "invoice_pdf": None}
    world.put({"id": "in_1", "object": "invoice", "created": 1, **link})
    async with reading(world) as reads:
        fresh = await reads.fresh_invoice_link("in_1")
        assert fresh
        assert fresh.url == "http://127.0.0.1/i/1"
        assert await reads.fresh_invoice_link("in_2") is None
        with pytest.raises(StripeNotFound):
            await reads.line_items("cs_missing")
