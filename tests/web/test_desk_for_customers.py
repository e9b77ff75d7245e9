"""What a colleague does for a customer: seeing their page, passing on what they said."""

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.browsing import at_the_desk, form_of, send, text_of
from tests.web.company import ADMIN, Company

from prunella import audit
from prunella.kit.actor import SYSTEM


@pytest.fixture
async def desk(web: Company) -> httpx.AsyncClient:
    await web.knows(customer(), card(), *failed(decline_code="insufficient_funds"))
    return await at_the_desk(web, ADMIN)


async def test_their_page_is_seen_as_they_see_it_and_the_look_is_written_down(
    web: Company, desk: httpx.AsyncClient
) -> None:
    page = await desk.get("/desk/customers/cus_northbeck/page")
    assert "Nothing can be pressed here" in text_of(page)
    assert "there was not enough money" in text_of(page)
    assert "<fieldset" in page.text
    assert "disabled" in page.text
    known = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        seen = [entry.verb for entry in await audit.of_subject(tx, known.id)]
    assert "customer.page_viewed" in seen
    assert (await desk.get("/desk/customers/cus_nobody/page")).status_code == 404


async def test_what_was_said_on_the_phone_counts_as_theirs(desk: httpx.AsyncClient) -> None:
    form = form_of(await desk.get("/desk/new?customer=cus_northbeck"), "/desk/new")
    words = {"said": "They say the card is new.", "subject": "A new card", "channel": "phone"}
    page = await send(desk, form, severity="high", **words)
    assert page.url.path.startswith("/desk/cases/case_")
    assert "They say the card is new." in text_of(page)
    assert "phone" in text_of(page)
    assert "Note, only for us They" not in text_of(page)


async def test_a_name_that_is_nobodys_is_told_beside_the_field(desk: httpx.AsyncClient) -> None:
    form = form_of(await desk.get("/desk/new"), "/desk/new")
    page = await send(
        desk, form, customer="zzz", said="Hello", severity="low", channel="mail", subject=""
    )
    assert page.status_code == 422
    assert "Nobody is found by this" in text_of(page)
    assert ">Hello</textarea>" in page.text
