"""What a question is called at the desk, where its customer gave it no subject."""

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, paid_invoice, subscription
from tests.web.browsing import form_of, send, signed_in
from tests.web.company import Company
from tests.web.test_begun import LATER, took

from prunella import cases
from prunella.kit.actor import SYSTEM

ASK = "/billing/person"


@pytest.fixture
async def twice(web: Company) -> httpx.AsyncClient:
    """Somebody with whom something is wrong: they paid twice."""
    one, two = took("ch_one"), took("ch_two", at=LATER)
    await web.knows(customer(), card(), subscription(), paid_invoice(), one, two)
    return await signed_in(web, "cus_northbeck")


async def named(web: Company) -> list[tuple[str, str]]:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        return [(one.subject, one.text) for one in (await cases.list_cases(tx)).data]


async def test_what_somebody_asks_is_what_their_question_is_called(
    web: Company, twice: httpx.AsyncClient
) -> None:
    form = form_of(await twice.get("/billing"), ASK)
    await send(twice, form, say="Hello,\nwhere do I find our VAT id?")
    assert (await named(web))[0][0] == "where do I find our VAT id?"


async def test_who_asks_without_a_word_asks_about_what_is_wrong(
    web: Company, twice: httpx.AsyncClient
) -> None:
    await send(twice, form_of(await twice.get("/billing"), ASK), say=" ")
    [(subject, text)] = await named(web)
    assert subject == "You paid the same thing twice"
    assert text.startswith("Asked for a person, and added nothing.")
