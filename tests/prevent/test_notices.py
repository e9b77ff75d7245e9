"""Letters ahead of time: each once, in their language, and those one can end can be ended."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.diagnostics import stripe_json
from tests.prevent.world import Town

from prunella import cases
from prunella.kit.actor import SYSTEM

NAME = "cus_northbeck"
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


async def begin(town: Town) -> None:
    async with town.house.transaction(SYSTEM) as tx:
        await town.prevent.begin(tx)


async def card_until(town: Town, month: int, year: int = 2026) -> None:
    await town.put(NAME, stripe_json.card(f"pm_{NAME}", exp_month=month, exp_year=year))


async def test_a_card_is_announced_thirty_fifteen_and_seven_days_ahead(town: Town) -> None:
    await town.settle()
    await card_until(town, 4)
    await begin(town)
    await town.live(until=datetime(2026, 5, 5, tzinfo=UTC), step=6 * HOUR)
    letters = await town.letters()
    assert [one["subject"] for one in letters] == ["Your card runs out in April 2026"] * 3
    # The last good day is 30 April; 1, 16 and 24 April are the days ahead in Chicago.
    assert [one["created_at"].date().day for one in letters] == [1, 16, 24]
    outcomes = await town.rows("select tier, confirmed from outcomes")
    assert outcomes == [{"tier": "prevent", "confirmed": False}] * 3


@pytest.mark.parametrize("shape", ["payment_method", "card", "source"])
async def test_a_card_of_an_older_shape_is_announced_as_any_other(town: Town, shape: str) -> None:
    await town.settle()
    printed = {"brand": "Visa", "last4": "0341", "exp_month": 4, "exp_year": 2026}
    shapes: dict[str, dict[str, Any]] = {
        "card": printed,
        "source": {"type": "card", "card": printed},
    }
    older = shapes.get(shape)
    name = "src_1" if shape == "source" else "card_1"
    inside = {"object": "list", "data": [older | {"id": name, "object": shape}] if older else []}
    customer = stripe_json.customer(default_source=name, metadata={"time_zone": "America/Chicago"})
    customer |= {"id": NAME, "invoice_settings": {"default_payment_method": None}}
    await town.put(NAME, customer | ({"sources": inside} if older else {}))
    if not older:
        await town.put(NAME, stripe_json.card("card_1", exp_month=4, exp_year=2026))
    await begin(town)
    await town.live(until=datetime(2026, 5, 5, tzinfo=UTC), step=12 * HOUR)
    letters = await town.letters()
    assert [one["subject"] for one in letters] == ["Your card runs out in April 2026"] * 3
    assert "0341" in letters[0]["text"]


async def test_who_comes_late_hears_it_once(town: Town) -> None:
    await town.settle()
    await card_until(town, 3)
    town.clock.time = datetime(2026, 3, 26, 16, tzinfo=UTC)
    await begin(town)
    await town.live(until=datetime(2026, 4, 5, tzinfo=UTC), step=12 * HOUR)
    assert len(await town.letters()) == 1


async def test_a_card_that_is_replaced_in_time_is_not_mentioned_again(town: Town) -> None:
    await town.settle()
    await card_until(town, 4)
    await begin(town)
    await town.live(until=datetime(2026, 4, 3, tzinfo=UTC), step=6 * HOUR)
    await card_until(town, 4, year=2030)
    await town.live(until=datetime(2026, 5, 5, tzinfo=UTC), step=6 * HOUR)
    assert len(await town.letters()) == 1


async def test_a_card_that_pays_for_nothing_is_left_alone(town: Town) -> None:
    await town.settle()
    await town.put(NAME, stripe_json.card("pm_spare", exp_month=4, exp_year=2026))
    await begin(town)
    await town.live(until=datetime(2026, 5, 5, tzinfo=UTC), step=12 * HOUR)
    assert await town.letters() == []


async def test_these_letters_can_be_ended_with_one_click(town: Town) -> None:
    await town.settle()
    await card_until(town, 4)
    await begin(town)
    await town.live(until=datetime(2026, 4, 3, tzinfo=UTC), step=6 * HOUR)
    [letter] = await town.letters()
    address = letter["headers"]["List-Unsubscribe"].strip("<>")
    assert letter["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address.startswith("https://pay.tai.example/unsubscribe/")
    assert address in letter["text"]
    async with town.house.transaction(SYSTEM) as tx:
        await cases.choose(tx, address.rsplit("/", 1)[1], wanted=False)
    await town.live(until=datetime(2026, 5, 5, tzinfo=UTC), step=6 * HOUR)
    assert len(await town.letters()) == 1
    reasons = await town.rows("select reason from notices where state = 'skipped'")
    assert {row["reason"] for row in reasons} == {"unsubscribed"}


async def test_who_ended_reminders_still_hears_of_a_failed_payment(town: Town) -> None:
    customer = await town.settle()
    async with town.house.transaction(SYSTEM) as tx:
        address = await cases.unsubscribe_address(tx, customer.id, "card_expiring", public_url="")
        await cases.choose(tx, address.rsplit("/", 1)[1], wanted=False)
    await town.fail()
    [letter] = await town.letters()
    assert "List-Unsubscribe" not in letter["headers"]


async def trial(town: Town, **changed: Any) -> None:
    ends = stripe_json.seconds(town.clock.now() + 3 * DAY)
    plan = stripe_json.subscription("trialing", id=f"sub_{NAME}", trial_end=ends, **changed)
    await town.put(NAME, plan)
    await town.tell("customer.subscription.trial_will_end", f"sub_{NAME}", NAME)


async def test_a_trial_that_ends_is_announced_once(town: Town) -> None:
    await town.settle()
    await trial(town)
    await town.tell("customer.subscription.trial_will_end", f"sub_{NAME}", NAME)
    await town.live(until=town.clock.now() + 5 * DAY, step=HOUR)
    [letter] = await town.letters()
    assert letter["subject"] == "Your trial ends on Friday 6 March"
    assert "$2,500.00" in letter["text"]
    assert "List-Unsubscribe" not in letter["headers"]


async def test_a_trial_that_was_ended_by_the_customer_is_not_announced(town: Town) -> None:
    await town.settle()
    await trial(town, cancel_at_period_end=True)
    await town.live(until=town.clock.now() + 5 * DAY, step=HOUR)
    assert await town.letters() == []


async def upcoming(town: Town, amount: int) -> None:
    """Stripe's preview of the next bill, as the inbox keeps it."""
    at = stripe_json.seconds(town.clock.now() + 6 * DAY)
    parent = {"subscription_details": {"subscription": f"sub_{NAME}"}}
    preview = {"object": "invoice", "amount_due": amount, "currency": "usd", "parent": parent}
    body = json.dumps({"data": {"object": preview | {"next_payment_attempt": at}}}).encode()
    sql = (
        "insert into stripe_inbox (event_id, type, payload, received_at, not_before, state)"
        " values (%s, 'invoice.upcoming', %s, %s, %s, 'done') returning event_id"
    )
    event = f"evt_{amount}_{at}"
    await town.rows(sql, event, body, town.clock.now(), town.clock.now())
    await town.tell("invoice.upcoming", event, NAME, event=event)


async def past_bills(town: Town, *totals: int) -> None:
    for number, total in enumerate(totals):
        parent = {"type": "subscription_details"}
        details = {"subscription_details": {"subscription": f"sub_{NAME}"}}
        bill = stripe_json.paid_invoice(f"in_old_{number}", total=total)
        await town.put(NAME, bill | {"parent": parent | details, "created": 1000 + number})


async def test_a_bill_much_higher_than_usual_is_announced(town: Town) -> None:
    await town.settle()
    await past_bills(town, 100_000, 200_000, 300_000)
    await upcoming(town, 299_999)
    assert await town.rows("select 1 from notices") == []
    await upcoming(town, 300_000)
    await town.live(until=town.clock.now() + 2 * DAY, step=HOUR)
    [letter] = await town.letters()
    assert letter["subject"] == "Your next bill is higher than usual: $3,000.00"
    assert "about $2,000.00 each" in letter["text"]


async def test_without_a_history_nothing_is_unusual(town: Town) -> None:
    await town.settle()
    await past_bills(town, 1, 1)
    await upcoming(town, 300_000)
    assert await town.rows("select 1 from notices") == []


async def test_letters_speak_the_customers_language(town: Town) -> None:
    await town.settle(preferred_locales=["de-AT"], time_zone="Europe/Vienna")
    await town.fail()
    await town.live(until=town.clock.now() + 20 * DAY, step=HOUR)
    letters = await town.letters()
    assert letters[0]["subject"] == "Ihre Zahlung im März hat nicht geklappt"
    assert letters[-1]["subject"].startswith("Ihr Tarif kann nach dem")
    for letter in letters:
        assert "bank" not in letter["text"]
        assert " the " not in letter["text"]
        assert "3.665,04" in letter["text"]


async def test_a_language_that_we_do_not_have_is_english(town: Town) -> None:
    await town.settle(preferred_locales=["fi"])
    await town.fail()
    [letter] = await town.letters()
    assert letter["subject"] == "Your March payment did not go through"
