"""The billing page, as a customer meets it."""

from tests.diagnostics.stripe_json import card, customer, failed, paid_invoice, subscription
from tests.web.browsing import signed_in, text_of
from tests.web.company import Company


async def test_a_failed_payment_is_told_with_one_thing_to_do(web: Company) -> None:
    await web.knows(customer(), card(), *failed(decline_code="insufficient_funds"))
    client = await signed_in(web, "cus_northbeck")
    page = await client.get("/billing")
    words = text_of(page)
    assert "did not go through" in words
    assert "there was not enough money on the Visa card ending 0341" in words
    assert page.text.count('class="btn main"') == 1
    assert len(page.content) < 100_000


async def test_all_is_well(web: Company) -> None:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    page = await (await signed_in(web, "cus_northbeck")).get("/billing")
    assert "Everything is in order" in text_of(page)
