"""What a customer began and is not through stands on their page, and is not offered again."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import (
    NOW,
    Json,
    card,
    customer,
    failed,
    invoice_payment,
    paid_invoice,
    subscription,
    taken,
)
from tests.web.browsing import Form, form_of, forms_of, send, signed_in, text_of
from tests.web.company import Company

from prunella import actions
from prunella.kit.actor import Actor
from prunella.kit.events import deliver
from prunella.tiers.selfheal import FixRun, store

DUPLICATE = "/billing/fixes/refund_duplicate"
REFUND = "/billing/fixes/refund"
LATER = NOW - timedelta(days=9, minutes=-1)


def took(charge: str, **changed: Any) -> Json:
    return taken(charge, amount=40_000, amount_captured=40_000, **changed)


def actions_of(page: httpx.Response) -> list[str]:
    return [form.action for form in forms_of(page)]


@pytest.fixture
async def twice(web: Company) -> httpx.AsyncClient:
    """Somebody who paid $400.00 twice within a minute."""
    one, two = took("ch_one"), took("ch_two", at=LATER)
    await web.knows(customer(), card(), subscription(), paid_invoice(), one, two)
    return await signed_in(web, "cus_northbeck")


@pytest.fixture
async def paid(web: Company) -> httpx.AsyncClient:
    """Somebody whose bill is paid, and can be asked back from it."""
    bill = paid_invoice("in_february")
    await web.knows(
        customer(),
        card(),
        subscription(),
        bill,
        invoice_payment("in_february", intent="pi_ch_bill", status="paid"),
        taken("ch_bill", amount=365_570, amount_captured=365_570, description=None),
    )
    return await signed_in(web, "cus_northbeck")


async def test_what_a_person_decides_is_told_with_its_time_and_not_offered_twice(
    twice: httpx.AsyncClient,
) -> None:
    page = await send(twice, form_of(await twice.get("/billing"), DUPLICATE))
    for shown in (page, await twice.get("/billing")):
        words = text_of(shown)
        assert "You asked for $400.00 back" in words
        assert words.count("A person looks at this first") == 1
        assert "we write to you. You get an answer by" in words
        assert "Ask for it back." not in words
        assert DUPLICATE not in actions_of(shown)


async def test_who_was_refused_is_not_told_that_a_person_has_it(
    web: Company, twice: httpx.AsyncClient
) -> None:
    form = form_of(await twice.get("/billing"), DUPLICATE)
    asked = await send(twice, form)
    lead = Actor(kind="staff", id="tok_lead", role="lead", verified=True)
    async with web.rooms.house.transaction(lead) as tx:
        [action] = await actions.of_customer(tx, (await web.customer("cus_northbeck")).id)
        await actions.Approvals(web.rooms.door).decide(tx, action.id, approve=False)
    while await deliver(web.rooms.house):
        pass
    for page in (await twice.get(str(asked.url)), await send(twice, form)):
        assert "A person looked at this and decided against it" in text_of(page)
        assert "they have it now" not in text_of(page)


async def test_money_that_was_asked_for_is_what_its_question_is_called(
    twice: httpx.AsyncClient,
) -> None:
    await send(twice, form_of(await twice.get("/billing"), DUPLICATE))
    listed = await twice.get("/billing/cases")
    assert "Money back: $400.00" in text_of(listed)
    assert "You paid the same thing twice" not in text_of(listed)


async def test_money_of_a_bill_that_was_asked_for_is_not_asked_for_again(
    paid: httpx.AsyncClient,
) -> None:
    link = f"{REFUND}?target=ch_bill"
    assert link in (await paid.get("/billing")).text
    form = form_of(await paid.get(link), REFUND)
    await send(paid, form, amount="400.00", why="unwanted")
    page = await paid.get("/billing")
    assert "You asked for $400.00 back" in text_of(page)
    assert link not in page.text
    again = await paid.get(link)
    assert again.url.path == "/billing"
    assert "You asked for $400.00 back" in text_of(again)


async def test_a_day_that_was_chosen_is_not_asked_for_again(web: Company) -> None:
    await web.knows(customer(), card(), *failed(decline_code="insufficient_funds"))
    client = await signed_in(web, "cus_northbeck")
    form = form_of(await client.get("/billing"), "/billing/fixes/retry_later")
    days = await send(client, form)
    assert "On which day shall we try again?" in text_of(days)
    day = re.findall(r'name="day" value="([\d-]+)"', days.text)[0]
    page = await send(client, form_of(days, "/billing/fixes/retry_later"), day=day)
    assert "That is planned." in text_of(page)
    assert "/billing/fixes/retry_later" not in actions_of(page)
    again = await client.get(str(days.url))
    assert again.url.path == "/billing"


async def test_a_page_that_was_opened_anew_can_be_found_again(
    web: Company, paid: httpx.AsyncClient
) -> None:
    known = await web.customer("cus_northbeck")
    run = FixRun(
        id="fix_away",
        customer=known.id,
        fix="regenerate_link",
        target="cs_old",
        state="away",
        actor=Actor(kind="customer", id=known.id),
        contact="con_any",
        opened_at=NOW,
        session="cs_new",
    )
    async with web.rooms.house.transaction(run.actor) as tx:
        await store.insert(tx, run)
        await tx.execute("update fix_runs set session = %s", ("cs_new",))
    page = await paid.get("/billing")
    assert "We are waiting for the secure page" in text_of(page)
    form: Form = form_of(page, "/billing/fixes/regenerate_link")
    assert form.fields["target"] == "cs_old"
