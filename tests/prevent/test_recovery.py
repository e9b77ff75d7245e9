"""A failed invoice gets one plan, and the plan gets on: in order, once, and never at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.diagnostics import stripe_json
from tests.prevent.world import Town

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def test_the_first_letter_goes_out_at_once_with_a_plan_behind_it(town: Town) -> None:
    await town.settle()
    await town.fail(next_try=town.clock.now() + 3 * DAY)
    plan = await town.plan()
    assert plan.running
    assert plan.decline_class == "soft"
    assert [(step.kind, step.name, step.state) for step in plan.steps] == [
        ("letter", "first", "done"),
        ("letter", "reminder", "next"),
        ("stripe_try", "try", "next"),
        ("letter", "reminder", "next"),
        ("letter", "last", "next"),
        ("letter", "cut_off_notice", "next"),
        ("cutoff", "cut_off", "next"),
    ]
    [letter] = await town.letters()
    assert "there was not enough money" in letter["text"]


async def test_letters_come_in_order_and_the_cut_off_at_the_end(town: Town) -> None:
    await town.settle()
    await town.fail()
    await town.live(until=town.clock.now() + 40 * DAY, step=HOUR)
    subjects = [one["subject"].split(":")[0] for one in await town.letters()]
    assert subjects == [
        "Your March payment did not go through",
        "Still open",
        "Still open",
        "A last reminder",
        "Your plan can stop after Thursday 19 March",
    ]
    plan = await town.plan()
    last = (await town.letters())[3]["text"]
    assert "If nothing is paid by Thursday 19 March, your plan can stop" in last
    assert (plan.state, plan.ended_because) == ("ended", "person")
    assert all(step.state != "next" for step in plan.steps)
    cut_off = await town.rows("select at from events where name = 'recovery.cut_off'")
    assert [row["at"].date().isoformat() for row in cut_off] == ["2026-03-19"]


async def test_nothing_goes_out_at_night_or_on_a_weekend(town: Town) -> None:
    zones = ["America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"]
    for number, zone in enumerate(zones):
        await town.settle(f"cus_{number}", time_zone=zone)
        await town.fail(f"cus_{number}", f"in_{number}")
    await town.live(until=town.clock.now() + 30 * DAY, step=HOUR)
    for number in range(len(zones)):
        later = (await town.letters(f"cus_{number}"))[1:]
        assert len(later) == 4
        plan = await town.plan(f"in_{number}")
        zone = zones[number]
        for step in plan.steps:
            if step.kind == "letter" and step.name != "first":
                assert step.at is not None
                local = step.at.astimezone(_zone(zone))
                assert 8 <= local.hour < 20, (zone, local)
                assert local.weekday() < 5, (zone, local)


async def test_while_stripe_tries_we_do_not(town: Town) -> None:
    customer = await town.settle()
    for day in range(4):
        await town.fail(next_try=town.clock.now() + 3 * DAY if day < 3 else None)
        assert await town.tries(customer) == []
        if day < 3:
            await town.pass_time(days=3)
    plan = await town.plan()
    tries = [step for step in plan.steps if step.kind == "stripe_try"]
    assert [step.state for step in tries] == ["done"] * 3
    ours = [step for step in plan.steps if step.kind == "our_try"]
    assert len(ours) == 4
    assert plan.stripe_stopped_at == town.clock.now()


async def test_once_stripe_has_stopped_we_try_in_the_customers_morning(town: Town) -> None:
    customer = await town.settle()
    await town.fail()
    await town.live(until=town.clock.now() + 2 * DAY, step=HOUR)
    [tried] = await town.tries(customer)
    assert (tried.kind, tried.target, tried.state) == ("retry_payment", "in_1", "approved")
    assert str(tried.requested_by) == "system:worker"
    done = [step for step in (await town.plan()).steps if step.kind == "our_try" and step.at]
    assert [step.due_at for step in done] == [at(3, 4, 15)]  # nine in Chicago


async def test_what_did_not_get_through_is_tried_soon_and_told_tomorrow(town: Town) -> None:
    customer = await town.settle()
    await town.fail(code="processing_error")
    assert await town.letters() == []
    await town.pass_time(hours=4)
    assert len(await town.tries(customer)) == 1
    await town.pass_time(hours=24)
    assert len(await town.letters()) == 1


async def test_a_final_no_is_never_tried_again(town: Town) -> None:
    for code in ("stolen_card", "expired_card", "authentication_required", "do_not_honor"):
        name = f"cus_{code}"
        customer = await town.settle(name)
        advice = "do_not_try_again" if code == "do_not_honor" else None
        await town.fail(name, f"in_{code}", code=code, advice_code=advice)
        plan = await town.plan(f"in_{code}")
        assert not [step for step in plan.steps if step.kind == "our_try"]
        await town.live(until=town.clock.now() + 5 * DAY, step=6 * HOUR)
        assert await town.tries(customer) == []


async def test_a_new_card_is_tried_once_the_next_morning(town: Town) -> None:
    customer = await town.settle()
    await town.fail(code="stolen_card")
    await town.put("cus_northbeck", stripe_json.card("pm_new", last4="4242"))
    stored = stripe_json.customer(invoice_settings={"default_payment_method": "pm_new"})
    zone = {"time_zone": "America/Chicago"}
    await town.put("cus_northbeck", stored | {"metadata": zone})
    await town.tell("customer.updated", "cus_northbeck", "cus_northbeck")
    assert await town.tries(customer) == []
    await town.live(until=town.clock.now() + 3 * DAY, step=HOUR)
    assert len(await town.tries(customer)) == 1


async def test_the_bank_changes_its_mind_and_the_plan_with_it(town: Town) -> None:
    await town.settle()
    await town.fail()
    await town.pass_time(days=1, hours=1)
    await town.fail(code="stolen_card")
    plan = await town.plan()
    assert plan.decline_class == "hard"
    ours = [step for step in plan.steps if step.kind == "our_try" and step.awaited]
    assert ours == []
    letters = [step for step in plan.steps if step.kind == "letter" and step.awaited]
    assert len(letters) == 4
    await town.live(until=town.clock.now() + 40 * DAY, step=6 * HOUR)
    assert len(await town.letters()) == 5


async def test_a_jump_over_everything_writes_one_letter_and_keeps_the_notice(town: Town) -> None:
    await town.settle()
    await town.fail()
    await town.go_to(at(4, 15, 15))
    letters = await town.letters()
    assert len(letters) == 2
    assert letters[1]["subject"] == "Your plan can stop after Saturday 18 April"
    assert (await town.plan()).running
    await town.pass_time(days=3, hours=1)
    assert (await town.plan()).ended_because == "person"


async def test_the_same_event_three_times_changes_nothing(town: Town) -> None:
    await town.settle()
    await town.fail()
    for _ in range(3):
        await town.tell("invoice.payment_failed", "in_1", "cus_northbeck")
        await town.tell("invoice.payment_action_required", "in_1", "cus_northbeck")
    assert len(await town.letters()) == 1
    assert len(await town.rows("select 1 from recovery_plans")) == 1


async def test_what_may_be_paid_already_goes_to_a_person_at_once(town: Town) -> None:
    customer = await town.settle()
    await town.fail(code="duplicate_transaction")
    [case] = await town.rows("select about, because from cases where customer = %s", customer.id)
    assert case == {"about": "in_1", "because": "recovery"}
    plan = await town.plan()
    assert plan.ended_because == "person"
    assert len(await town.letters()) == 1


async def test_the_cap_holds_over_everything_that_is_written(town: Town) -> None:
    await town.settle()
    for number in range(8):
        await town.fail(invoice=f"in_{number}")
    assert len(await town.letters()) == 4
    await town.live(until=town.clock.now() + 30 * DAY, step=HOUR)
    written = [one["created_at"] for one in await town.letters()]
    for moment in written:
        assert len([one for one in written if moment - 7 * DAY < one <= moment]) <= 4


async def test_steps_say_why_they_wait(town: Town) -> None:
    await town.settle()
    for number in range(5):
        await town.fail(invoice=f"in_{number}")
    step = next(one for one in (await town.plan("in_4")).steps if one.name == "first")
    assert (step.name, step.state, step.reason) == ("first", "next", "cap")
    assert step.why == "plan.why.cap"


def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
