"""The stem and the account tell the next payment as it will be, and none that will not be."""

from datetime import timedelta
from typing import Any

import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    card,
    customer,
    facts,
    paid_invoice,
    seconds,
    subscription,
)

from prunella.diagnostics import Words
from prunella.settings import load_content, shipped
from prunella.web.views.coming import next_payment
from prunella.web.views.saying import Saying
from prunella.web.views.story import story

WORDS = Words.from_catalogue(load_content(shipped("content")).toml("messages/en.toml"))
SAYING = Saying(words=WORDS, now=NOW)
SOON = NOW + timedelta(days=2)
NO_CARD: dict[str, Any] = {"invoice_settings": {"default_payment_method": None}}


def told(*objects: Json) -> list[tuple[str, str]]:
    steps = story(facts(*objects, bare=True), None, [], SAYING, fine=False)
    return [(step.title, step.text) for step in steps]


def trial(without_card: str = "create_invoice", **changed: Any) -> Json:
    settings = {"end_behavior": {"missing_payment_method": without_card}}
    return subscription("trialing", trial_end=seconds(SOON), trial_settings=settings, **changed)


def test_a_card_that_lasts_is_charged_by_itself() -> None:
    assert told(customer(), card(), subscription())[-1] == (
        "Your next payment",
        "$2,500.00, taken by itself.",
    )


@pytest.mark.parametrize(
    ("objects", "text"),
    [
        ((customer(**NO_CARD), trial()), "$2,500.00. No card is saved for it yet."),
        (
            (customer(), card(exp_month=2, exp_year=2026), subscription()),
            "$2,500.00. The card for it has expired by then.",
        ),
        (
            (customer(), card(), subscription(collection_method="send_invoice")),
            "$2,500.00. We send an invoice for it.",
        ),
    ],
)
def test_what_stands_in_the_way_is_told_with_it(objects: tuple[Json, ...], text: str) -> None:
    assert told(*objects)[-1] == ("Your next payment", text)


@pytest.mark.parametrize(
    "objects",
    [
        (customer(), card(), subscription(cancel_at_period_end=True)),
        (customer(), card(), subscription(cancel_at=seconds(SOON))),
        (customer(), card(), subscription("canceled")),
        (customer(), card(), subscription(pause_collection={"behavior": "void"})),
        (customer(**NO_CARD), trial("pause")),
        (customer(**NO_CARD), trial("cancel")),
    ],
)
def test_no_payment_is_announced_where_none_will_be(objects: tuple[Json, ...]) -> None:
    known = facts(*objects, bare=True)
    assert [next_payment(known, plan) for plan in known.subscriptions] == [None]
    assert "Your next payment" not in dict(told(*objects))


def test_a_trials_bill_of_nothing_is_no_payment() -> None:
    free = paid_invoice(total=0, amount_due=0, amount_paid=0)
    assert not [title for title, _ in told(customer(), card(), free) if "paid" in title]
    assert [title for title, _ in told(customer(), card(), paid_invoice()) if "paid" in title]
