"""The billing page, as a customer meets it."""

from tests.diagnostics.stripe_json import card, customer, failed, paid_invoice, subscription
from tests.web.browsing import Form, form_of, send, signed_in, text_of
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


async def test_without_stripe_the_page_says_as_of_when(web: Company) -> None:
    await web.knows(customer(), card(), *failed())
    client = await signed_in(web, "cus_northbeck")
    page = await send(client, form_of(await client.get("/billing"), "/billing/fresh"))
    assert "Stripe does not answer right now" in text_of(page)
    assert "did not go through" in text_of(page)
    assert "our payment partner" not in text_of(page)


async def test_without_stripe_a_page_that_was_green_says_so_once(web: Company) -> None:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    client = await signed_in(web, "cus_northbeck")
    page = await send(client, form_of(await client.get("/billing"), "/billing/fresh"))
    words = text_of(page)
    assert words.count("We cannot ask Stripe, our payment partner, right now.") == 1
    assert "Stripe does not answer right now" not in words
    assert "Everything is in order" not in words
    assert "Nothing is lost." in words


async def test_what_is_no_longer_needed_is_not_done(web: Company) -> None:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    client = await signed_in(web, "cus_northbeck")
    csrf = form_of(await client.get("/billing"), "/billing/person").fields["csrf"]
    fields = {"csrf": csrf, "key": "one", "target": "in_february"}
    page = await send(client, Form("/billing/fixes/retry_payment", fields, []))
    assert "no longer needed" in text_of(page)
    assert await web.count("actions") == 0


async def test_a_customer_without_stripe_has_a_page(web: Company) -> None:
    client = await signed_in(web, (await web.free_customer()).id)
    assert "Nothing to pay, and nothing to do" in text_of(await client.get("/billing"))


async def test_all_is_well(web: Company) -> None:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    page = await (await signed_in(web, "cus_northbeck")).get("/billing")
    assert "Everything is in order" in text_of(page)


async def test_asking_on_the_page_and_in_the_api_is_one_case(web: Company) -> None:
    await web.knows(customer(), card(), *failed())
    client = await signed_in(web, "cus_northbeck")
    await send(client, form_of(await client.get("/billing"), "/billing/person"), say="Hello?")
    async with web.api(web.token("cus_northbeck")) as api:
        path = "/v1/customers/cus_northbeck/fixes/talk_to_human"
        await api.post(path, json={}, headers={"idempotency-key": "one"})
    assert await web.count("cases") == 1


async def test_a_page_with_all_its_files_is_light(web: Company) -> None:
    await web.knows(customer(), card(), *failed(), *(paid_invoice(f"in_{n}") for n in range(24)))
    client = await signed_in(web, "cus_northbeck")
    page = await client.get("/billing")
    files = [await client.get(f"/static/{name}") for name in ("prunella.css", "prunella.js")]
    assert sum(len(one.content) for one in (page, *files)) < 100_000
