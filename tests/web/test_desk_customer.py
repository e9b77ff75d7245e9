"""A customer at the desk: facts, what was asked of them, what followed, and who looked."""

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.browsing import at_the_desk, signed_in, text_of
from tests.web.company import ADMIN, Company

from prunella import audit
from prunella.kit.actor import SYSTEM


@pytest.fixture
async def desk(web: Company) -> httpx.AsyncClient:
    await web.knows(customer(), card(), *failed(decline_code="insufficient_funds"))
    return await at_the_desk(web, ADMIN)


async def test_facts_rules_and_findings_stand_on_one_page(desk: httpx.AsyncClient) -> None:
    page = await desk.get("/desk/customers/cus_northbeck")
    words = text_of(page)
    for known in (
        "insufficient_funds",
        "in_march",
        "Is this invoice open, and why is it not paid?",
        "more found nothing",
        "attempt",
        "decline_code",
    ):
        assert known in words, known
    assert len(page.content) < 100_000


async def test_each_look_is_written_down_once(web: Company, desk: httpx.AsyncClient) -> None:
    for _ in range(3):
        await desk.get("/desk/customers/cus_northbeck")
    known = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(SYSTEM) as tx:
        seen = await audit.of_subject(tx, known.id)
    assert [entry.verb for entry in seen] == ["customer.viewed"]
    assert (seen[0].actor_kind, seen[0].customer) == ("staff", known.id)


async def test_a_customer_is_found_by_name_mail_and_id(desk: httpx.AsyncClient) -> None:
    for asked in ("northb", "NORTHBECK OUT", "cus_northbeck"):
        found = await desk.get("/desk/search", params={"q": asked})
        assert 'href="/desk/customers/cus_northbeck"' in found.text, asked
    for asked in ("%", "_", "zzz", ""):
        found = await desk.get("/desk/search", params={"q": asked})
        assert "/desk/customers/cus_northbeck" not in found.text, asked


async def test_a_free_customer_is_found_by_our_id(web: Company, desk: httpx.AsyncClient) -> None:
    free = await web.free_customer()
    found = await desk.get("/desk/search", params={"q": "hollow"})
    assert f"/desk/customers/{free.id}" in found.text
    assert free.name in text_of(await desk.get(f"/desk/customers/{free.id}"))


async def test_nobody_is_a_page_that_says_so(desk: httpx.AsyncClient) -> None:
    assert (await desk.get("/desk/customers/cus_nobody")).status_code == 404


async def test_a_customer_cannot_look_at_it(web: Company, desk: httpx.AsyncClient) -> None:
    assert desk
    client = await signed_in(web, "cus_northbeck")
    assert (await client.get("/desk/customers/cus_northbeck")).status_code == 401
