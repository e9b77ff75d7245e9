"""The last day: letters promise no more than is certain, and what happens then is written down."""

from dataclasses import replace
from datetime import timedelta

from psycopg import AsyncConnection
from psycopg.conninfo import make_conninfo
from tests.conftest import MakeHouse, TestClock
from tests.diagnostics import stripe_json
from tests.prevent.world import Town, build_town

from prunella import cases
from prunella.kit.actor import SYSTEM
from prunella.settings import load_content, shipped
from prunella.tiers import prevent
from prunella.tiers.prevent import EndsAtStripe, disagreements

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DUNNING = prevent.read(load_content(shipped("content")))
PERSON, STRIPE = (replace(DUNNING, at_cut_off=then) for then in ("person", "stripe"))


async def all_of_it(town: Town) -> None:
    await town.live(until=town.clock.now() + 40 * DAY, step=3 * HOUR)


async def test_on_the_last_day_a_person_is_asked_with_the_whole_story(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    await all_of_it(town)
    async with town.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx, customer=customer.id)).data
    assert (case.because, case.about) == ("recovery", "in_1")
    assert case.subject == "The last day is over, and a payment is missing"
    assert [one["kind"] for one in case.context["tried"]].count("letter") == 5
    cut = next(one for one in (await town.plan()).steps if one.kind == "cutoff")
    assert (cut.state, cut.ref) == ("done", case.id)


async def test_a_plan_whose_last_day_is_over_does_not_begin_anew(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    await all_of_it(town)
    async with town.house.transaction(SYSTEM) as tx:
        [case] = (await cases.list_cases(tx, customer=customer.id)).data
        await case.set(tx, status="solved")
    await town.listen()
    assert not (await town.plan()).running


async def test_left_to_stripe_nobody_is_asked(make_house: MakeHouse, clock: TestClock) -> None:
    town = await build_town(make_house, clock, at_cut_off="stripe")
    await town.settle()
    await town.fail()
    await all_of_it(town)
    assert await town.rows("select 1 from cases") == []
    assert (await town.plan()).ended_because == "exhausted"


async def test_no_letter_says_that_a_plan_stops(town: Town) -> None:
    for name, locales in (("cus_en", ["en"]), ("cus_de", ["de"])):
        await town.settle(name, preferred_locales=locales)
        await town.fail(name, f"in_{name}")
    await all_of_it(town)
    english, german = await town.letters("cus_en"), await town.letters("cus_de")
    for letter in [*english, *german]:
        words = letter["subject"] + letter["text"]
        assert "plan stops" not in words
        assert "Tarif endet" not in words
    assert "your plan can stop after that day. Your data stays." in english[-1]["text"]
    assert "kann Ihr Tarif danach enden." in german[-1]["text"]


async def test_a_bill_of_no_plan_threatens_no_plan(town: Town) -> None:
    customer = await town.settle()
    await town.fail(parent=None)
    await all_of_it(town)
    letters = await town.letters()
    assert [one["subject"].split(":")[0] for one in letters[1:]] == [
        "Still open",
        "Still open",
        "A last reminder",
    ]
    assert all("your plan can stop" not in one["text"] for one in letters)
    async with town.house.transaction(SYSTEM) as tx:
        assert len((await cases.list_cases(tx, customer=customer.id)).data) == 1


def test_where_stripe_keeps_to_our_days_nothing_is_warned_of() -> None:
    late = EndsAtStripe(ended=3, soonest_days=21)
    assert list(disagreements(PERSON, EndsAtStripe())) == []
    assert list(disagreements(PERSON, EndsAtStripe(left=5))) == []
    assert list(disagreements(STRIPE, late)) == []


def test_where_stripe_is_faster_or_slower_than_we_say_it_is_warned_of() -> None:
    [fast] = disagreements(STRIPE, EndsAtStripe(ended=3, soonest_days=7))
    assert "the soonest after 7 days" in fast
    assert "day 14" in fast
    [alone] = disagreements(PERSON, EndsAtStripe(ended=3, soonest_days=21))
    assert "asks a person" in alone
    [left] = disagreements(STRIPE, EndsAtStripe(left=2))
    assert "2 unpaid plans run" in left


async def test_what_stripe_did_is_read_from_the_mirror(town: Town, database_url: str) -> None:
    await town.settle()
    now = town.clock.now()
    for number, days in enumerate((9, 20)):
        name = f"sub_{number}"
        bill = stripe_json.invoice(
            f"in_{number}", created=stripe_json.seconds(now - timedelta(days=days + 1))
        )
        ended = stripe_json.seconds(now - DAY)
        plan = stripe_json.subscription(
            "canceled",
            id=name,
            latest_invoice=f"in_{number}",
            ended_at=ended,
            cancellation_details={"reason": "payment_failed"},
        )
        await town.put("cus_northbeck", bill)
        await town.put("cus_northbeck", plan)
    old = stripe_json.seconds(now - 30 * DAY)
    await town.put(
        "cus_northbeck", stripe_json.invoice("in_l", created=old, next_payment_attempt=None)
    )
    left = stripe_json.subscription("past_due", id="sub_l", latest_invoice="in_l")
    await town.put("cus_northbeck", left)
    async with await AsyncConnection.connect(make_conninfo(database_url)) as conn:
        known = await prevent.ends_at_stripe(conn, DUNNING, now)
    assert known == EndsAtStripe(ended=2, soonest_days=9, left=1)
