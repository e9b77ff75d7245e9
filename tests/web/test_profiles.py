"""Accounts without Stripe: made, seen and changed over the API; and those that are new to us."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer
from tests.web.browsing import form_of, send, signed_in, text_of
from tests.web.company import Company

from prunella import audit, people
from prunella.kit import events
from prunella.kit.actor import SYSTEM
from prunella.web.pages import contact

NEW = {
    "name": "Hollow Oak Toys",
    "email": "hello@hollowoak.example",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "locale": "de-DE",
}
PATH = "/v1/customers"


async def made(client: httpx.AsyncClient, key: str = "one", **more: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json=NEW | more, headers={"idempotency-key": key})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_an_account_that_was_made_works_everywhere(web: Company) -> None:
    async with web.api() as staff:
        account = await made(staff)
        assert account | NEW == account
        assert (account["plan"], account["stripe_customer"]) == ("free", None)
        assert (await made(staff))["id"] == account["id"]
        body = {"customer": account["id"], "subject": "Hello", "text": "How do I begin?"}
        assert (await staff.post("/v1/cases", json=body)).status_code == 201
    async with web.api(web.token(account["id"])) as own:
        assert (await own.get(f"{PATH}/{account['id']}")).json() == account
        found = (await own.get(f"{PATH}/{account['id']}/diagnosis")).json()
        assert found["status"] == "green"
        assert len((await own.get("/v1/cases")).json()["data"]) == 1
    client = await signed_in(web, account["id"])
    assert (await client.get("/billing/cases")).status_code == 200
    assert await web.count("customers") == 1


async def test_a_profile_is_changed_and_its_cases_are_found_by_the_new_name(web: Company) -> None:
    async with web.api() as staff:
        account = await made(staff)
        body = {"customer": account["id"], "subject": "Hello", "text": "How do I begin?"}
        await staff.post("/v1/cases", json=body)
        news = {"name": "Bramblewick", "email": None, "plan": "starter", "csm": None}
        told = (await staff.patch(f"{PATH}/{account['id']}", json=news)).json()
        assert told | news == told
        assert told["time_zone"] == "Europe/Berlin"
        while await events.deliver(web.rooms.house):
            pass
        found = (await staff.get("/v1/cases", params={"q": "Bramblewick"})).json()["data"]
        assert len(found) == 1
    async with web.rooms.house.transaction(SYSTEM) as tx:
        entries = await audit.of_subject(tx, account["id"])
    known = {one.verb: one for one in entries}
    assert {"customer.created", "customer.changed"} <= set(known)
    assert "Bramblewick" not in str(entries)
    assert (known["customer.changed"].after or {})["plan"] == "starter"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": " "}, "name is empty."),
        ({"email": "nobody"}, "email is no address"),
        ({"country": "de"}, "country is the two capital letters of a country"),
        ({"country": "ZZ"}, "country is the two capital letters of a country"),
        ({"locale": "German!"}, "locale is a language"),
        ({"time_zone": "Mars/Base"}, "zone"),
        ({"csm": "stf_nobody"}, ""),
        ({"plan": "golden"}, "plan"),
        ({"surprise": 1}, "surprise"),
    ],
)
async def test_what_does_not_fit_is_named(web: Company, change: dict[str, Any], named: str) -> None:
    async with web.api() as staff:
        account = await made(staff)
        for answer in (
            await staff.post(PATH, json=NEW | change),
            await staff.patch(f"{PATH}/{account['id']}", json=change),
        ):
            assert answer.status_code == 422, answer.text
            assert named in answer.json()["detail"]
    assert await web.count("customers") == 1


async def test_what_stripe_knows_is_changed_at_stripe(web: Company) -> None:
    await web.knows(customer(), card())
    async with web.api() as staff:
        path = f"{PATH}/cus_northbeck"
        refused = await staff.patch(path, json={"name": "Else"})
        assert (refused.status_code, refused.json()["title"]) == (409, "Stripe knows this account")
        told = (await staff.patch(path, json={"time_zone": "Asia/Tokyo", "plan": None})).json()
        assert told["time_zone"] == "Asia/Tokyo"


async def test_a_guest_has_no_profile(web: Company) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        guest = await people.guest(tx, email="ida@elsewhere.example")
    async with web.api() as staff:
        answer = await staff.patch(f"{PATH}/{guest.id}", json={"name": "Else"})
    assert answer.status_code == 409


async def test_who_may_make_accounts(web: Company) -> None:
    theirs = await web.free_customer()
    for token, status in (
        (web.token(theirs.id, role="owner"), 404),
        (await web.staff_token("viewer"), 403),
        (await web.staff_token("service"), 201),
        (await web.staff_token("agent"), 201),
    ):
        async with web.api(token) as client:
            assert (await client.post(PATH, json=NEW)).status_code == status
            changed = await client.patch(f"{PATH}/{theirs.id}", json={"name": "Else"})
            assert changed.status_code == (200 if status == 201 else status)


async def test_an_account_that_is_new_to_us_reaches_a_person_by_name(
    web: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact, "TOO_QUICK", timedelta(0))
    async with web.client() as visitor:
        visitor.follow_redirects = True
        page = await visitor.get("/billing", params={"token": web.token("acme-42")})
        assert page.status_code == 401
        assert "your account is new to us" in text_of(page)
        form = form_of(page, "/contact")
        page = await send(visitor, form, say="Where are my bills?", email="ida@acme.example")
        assert page.url.path == "/contact/sent", text_of(page)
    async with web.rooms.house.transaction(SYSTEM) as tx:
        said = await tx.all("select text from messages where starts_with(text, 'Where')")
    assert "(Signed in by the product as acme-42.)" in said[0]["text"]
    assert await web.count("customers") == 1, "the guest who wrote, and no account of that name"


async def test_a_name_that_stripe_does_not_have_either_stays_unknown(web: Company) -> None:
    for name in ("cus_mistyped", "acme-42"):
        async with web.api(web.token(name)) as own:
            answer = await own.get(f"{PATH}/{name}/diagnosis")
        assert answer.status_code == 401
        assert "new to us" in answer.json()["detail"]
    assert await web.count("customers") == 0
