"""A recovery that worked is told on the green page for some days, folded, and then no more."""

from datetime import timedelta
from typing import Any

import pytest
from tests.diagnostics.stripe_json import NOW, card, customer, failed, seconds, subscription
from tests.web.browsing import signed_in, text_of
from tests.web.company import Company

from prunella import people
from prunella.kit.actor import SYSTEM
from prunella.tiers.prevent import store

TITLE = "was settled"


def paid_after_all() -> list[dict[str, Any]]:
    """The bill of `failed()`, after its bank said yes; what it said before is kept."""
    _plan, *objects = failed(decline_code="insufficient_funds")
    for one in objects:
        if one["object"] == "invoice":
            one |= {"status": "paid", "amount_remaining": 0, "next_payment_attempt": None}
            one["status_transitions"] = {"paid_at": seconds(NOW), "finalized_at": one["created"]}
    return objects


async def knows_recovery(web: Company, *, days_ago: int) -> str:
    objects = paid_after_all()
    await web.knows(customer(), card(), subscription(), *objects)
    invoice = str(next(one["id"] for one in objects if one["object"] == "invoice"))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        found = await people.of_stripe(tx, "cus_northbeck")
        assert found is not None
        await store.open_plan(
            tx,
            {
                "invoice": invoice,
                "customer": found.id,
                "subscription": None,
                "decline_class": "soft",
                "held_out": False,
                "amount": 366_504,
                "currency": "usd",
                "content": "",
            },
        )
        await store.paid(tx, invoice, tx.now - timedelta(days=days_ago))
        await store.end(tx, invoice, "paid")
    return invoice


async def test_how_it_was_settled_is_told_below_folded(web: Company) -> None:
    await knows_recovery(web, days_ago=2)
    page = await (await signed_in(web, "cus_northbeck")).get("/billing")
    words = text_of(page)
    assert "Everything is in order" in words
    assert TITLE in words
    assert '<details class="fold" id="settled">' in page.text
    told = page.text[page.text.index('id="settled"') :]
    assert told.index("Your bank said no") < told.index("You paid")


@pytest.mark.parametrize("days_ago", [15, 90])
async def test_after_two_weeks_it_is_told_no_more(web: Company, days_ago: int) -> None:
    await knows_recovery(web, days_ago=days_ago)
    page = await (await signed_in(web, "cus_northbeck")).get("/billing")
    assert "Everything is in order" in text_of(page)
    assert TITLE not in text_of(page)


async def test_while_something_is_wrong_only_that_is_told(web: Company) -> None:
    await knows_recovery(web, days_ago=2)
    await web.knows(*failed())
    page = await (await signed_in(web, "cus_northbeck")).get("/billing")
    assert TITLE not in text_of(page)
