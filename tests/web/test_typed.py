"""Whatever goes wrong with a form, what somebody typed into it is not lost."""

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, paid_invoice, subscription
from tests.web.browsing import Form, form_of, send, signed_in, text_of
from tests.web.company import URL, Company

from prunella.web.forms import MAX_TEXT
from prunella.web.typed import MOST_BYTES

LIST = "/billing/cases"
PERSON = "/billing/person"
WORDS = "Ten minutes of typing with two thumbs. <b>Really.</b>"
SHOWN = "Ten minutes of typing with two thumbs. &lt;b&gt;Really.&lt;/b&gt;</textarea>"


@pytest.fixture
async def client(web: Company) -> httpx.AsyncClient:
    await web.knows(customer(), card(), subscription(), paid_invoice())
    return await signed_in(web, "cus_northbeck")


async def with_files(client: httpx.AsyncClient, form: Form, **more: str) -> httpx.Response:
    files = [("file", ("one.txt", b"1", "text/plain"))]
    fields = form.fields | more
    return await client.post(form.action, data=fields, files=files, headers={"origin": URL})


@pytest.mark.parametrize("address", [PERSON, LIST])
async def test_a_session_that_ended_meanwhile_shows_the_words(
    client: httpx.AsyncClient, address: str
) -> None:
    form = form_of(await client.get("/billing" if address == PERSON else LIST), address)
    client.cookies.clear()
    page = await send(client, form, say=WORDS)
    assert page.status_code == 401
    assert SHOWN in page.text
    assert 'href="/contact"' in page.text


async def test_words_beside_a_small_file_are_shown_too(client: httpx.AsyncClient) -> None:
    form = form_of(await client.get(LIST), LIST)
    client.cookies.clear()
    assert SHOWN in (await with_files(client, form, say=WORDS)).text
    large = await with_files(client, form, say=WORDS + MOST_BYTES * "x")
    assert "Ten minutes" not in large.text


async def test_a_form_of_another_session_says_so_and_shows_the_words(
    web: Company, client: httpx.AsyncClient
) -> None:
    form = form_of(await client.get("/billing"), PERSON)
    other = await signed_in(web, (await web.free_customer()).id)
    page = await send(other, form, say=WORDS)
    assert page.status_code == 403
    assert "This page was too old" in text_of(page)
    assert SHOWN in page.text


async def test_words_from_another_site_are_never_shown(client: httpx.AsyncClient) -> None:
    form = form_of(await client.get("/billing"), PERSON)
    headers = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    page = await client.post(PERSON, data=form.fields | {"say": WORDS}, headers=headers)
    assert page.status_code == 403
    assert "Ten minutes" not in page.text


async def test_a_new_line_counts_once_as_the_page_counted_it(client: httpx.AsyncClient) -> None:
    form = form_of(await client.get(LIST), LIST)
    lines = (MAX_TEXT // 2) * "a\r\n"
    assert (await send(client, form, say=lines)).status_code == 200
    page = await send(client, form, say=lines + "one more")
    assert page.status_code == 400
    assert "one more</textarea>" in page.text


async def test_a_page_that_came_back_to_be_mended_does_not_look_again(
    client: httpx.AsyncClient,
) -> None:
    page = await send(client, form_of(await client.get(LIST), LIST), subject="Seats", say=" ")
    assert "data-live" not in page.text
    assert "data-live" in (await client.get(LIST)).text


async def test_an_address_that_only_takes_forms_leads_back_to_its_page(
    client: httpx.AsyncClient,
) -> None:
    page = await send(client, form_of(await client.get(LIST), LIST), say="How?")
    case = page.url.path
    for form in ("messages", "settlement", "reopening"):
        page = await client.get(f"{case}/{form}")
        assert (page.status_code, page.url.path) == (200, case)
