"""Billing details: the page says itself what is missing, beside the field, without JavaScript."""

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer
from tests.web.browsing import Form, form_of, send, signed_in, text_of
from tests.web.company import Company

DETAILS = "/billing/fixes/update_billing_details"
COUNTRY = "Write the country as two letters, such as US or DE."
RIGHT = {
    "name": "Northbeck GmbH",
    "email": "pay@northbeck.example",
    "country": "DE",
    "tax_remove": "",
}


@pytest.fixture
async def client(web: Company) -> httpx.AsyncClient:
    await web.knows(customer(), card())
    return await signed_in(web, "cus_northbeck")


@pytest.fixture
async def form(client: httpx.AsyncClient) -> Form:
    return form_of(await client.get(DETAILS), DETAILS)


@pytest.mark.parametrize("typed", ["", "  ", "Germany", "D"])
async def test_a_country_that_cannot_be_right_is_named_beside_its_field(
    web: Company, client: httpx.AsyncClient, form: Form, typed: str
) -> None:
    page = await send(client, form, **RIGHT | {"country": typed})
    assert page.status_code == 422
    assert COUNTRY in text_of(page)
    assert 'aria-invalid="true" aria-describedby="country-wrong"' in page.text
    assert page.text.count('-wrong"><span') == 1
    assert "Northbeck GmbH" in page.text
    assert await web.count("fix_runs") == 0


async def test_everything_that_is_missing_is_said_at_once(
    client: httpx.AsyncClient, form: Form
) -> None:
    page = await send(client, form, name="", email="nobody", country="", tax_id="1", tax_remove="")
    said = text_of(page)
    assert "Write the name of the company." in said
    assert "Write one mail address." in said
    assert COUNTRY in said
    assert "This does not fit the kind of tax id above." in said


async def test_the_browser_leaves_it_to_the_page(client: httpx.AsyncClient) -> None:
    page = await client.get(DETAILS)
    assert "novalidate" in page.text
    assert COUNTRY not in text_of(page)


async def test_what_was_put_right_is_saved(
    web: Company, client: httpx.AsyncClient, form: Form
) -> None:
    page = await send(client, form, **RIGHT | {"country": ""})
    await send(client, form_of(page, DETAILS), **RIGHT)
    assert await web.count("fix_runs") == 1
