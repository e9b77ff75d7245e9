"""Coming in: from the product, from a mail, from the desk. Nobody else."""

from datetime import timedelta

import jwt
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.browsing import at_the_desk, form_of, send, signed_in, text_of
from tests.web.company import ADMIN, SECRET, Company

from prunella.kit.clock import system_now


@pytest.fixture(autouse=True)
async def _known(web: Company) -> None:
    await web.knows(customer(), card(), *failed())


async def test_the_token_leaves_the_address_and_the_cookie_is_out_of_reach(web: Company) -> None:
    async with web.client() as client:
        answer = await client.get("/billing", params={"token": web.token("cus_northbeck")})
    assert (answer.status_code, answer.headers["location"]) == (303, "/billing")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def bad_tokens(web: Company) -> dict[str, str]:
    soon, past = system_now() + timedelta(hours=1), system_now() - timedelta(seconds=1)
    good = {"sub": "cus_northbeck", "exp": soon}
    return {
        "empty": "",
        "nonsense": "not.a.token",
        "expired": web.token("cus_northbeck", exp=past),
        "of another secret": jwt.encode(good, "x" * 32, algorithm="HS256"),
        "unsigned": jwt.encode(good, "", algorithm="none"),
        "another algorithm": jwt.encode(good, SECRET, algorithm="HS384"),
        "without an end": jwt.encode({"sub": "cus_northbeck"}, SECRET, algorithm="HS256"),
        "of a customer nobody knows": web.token("cus_nobody"),
        "with a role that does not exist": web.token("cus_northbeck", role="admin"),
        "too long": "a" * 9_000,
    }


async def test_a_token_that_is_not_good_opens_nothing(web: Company) -> None:
    for what, token in bad_tokens(web).items():
        async with web.client() as client:
            page = await client.get("/billing", params={"token": token})
            answer = await client.get(
                "/v1/customers/cus_northbeck/diagnosis",
                headers={"authorization": f"Bearer {token}"},
            )
        assert page.status_code == 401, what
        assert "set-cookie" not in page.headers, what
        assert "mailto:" in page.text, what
        assert answer.status_code == 401, what
        assert answer.headers["content-type"] == "application/problem+json", what
        assert answer.headers["www-authenticate"] == "Bearer", what
        assert not token or token not in answer.text, what


async def test_without_a_session_there_is_nothing_but_a_person(web: Company) -> None:
    async with web.client() as client:
        for path in ("/billing", "/billing/return?run=fix_1", "/billing/cases/case_1", "/desk"):
            page = await client.get(path)
            assert page.status_code == 401, path
            assert "You are not signed in" in page.text
            assert "help@tai.example" in page.text


async def test_the_button_of_a_mail_opens_a_session_and_does_nothing_else(web: Company) -> None:
    link = await web.mail_link(await web.customer("cus_northbeck"))
    before = [await web.count(table) for table in ("actions", "fix_runs", "cases", "contacts")]
    async with web.client() as client:
        client.follow_redirects = True
        page = await client.get(f"/l/{link}")
    assert page.url.path == "/billing"
    assert "did not go through" in page.text
    after = [await web.count(table) for table in ("actions", "fix_runs", "cases", "contacts")]
    assert after == before


async def test_a_tampered_link_says_what_to_do(web: Company) -> None:
    link = await web.mail_link(await web.customer("cus_northbeck"))
    async with web.client() as client:
        page = await client.get(f"/l/{link[:-2]}xx")
    assert page.status_code == 401
    assert "newest mail" in text_of(page)


async def test_staff_come_in_with_a_token_and_leave_again(web: Company) -> None:
    client = await at_the_desk(web, ADMIN)
    desk = await client.get("/desk")
    assert desk.status_code == 200
    gone = await send(client, form_of(desk, "/desk/sign-out"))
    assert gone.url.path == "/sign-in"
    assert (await client.get("/desk")).status_code == 401


async def test_a_wrong_token_and_a_program_stay_outside_the_desk(web: Company) -> None:
    service = await web.staff_token("service")
    for token in ("wrong", service, web.token("cus_northbeck")):
        async with web.client() as client:
            form = form_of(await client.get("/sign-in"), "/sign-in")
            page = await send(client, form, token=token)
        assert page.status_code == 401
        assert "set-cookie" not in page.headers


async def test_a_customer_is_not_staff_and_staff_are_not_a_customer(web: Company) -> None:
    customers = await signed_in(web, "cus_northbeck")
    assert (await customers.get("/desk")).status_code == 401
    staff = await at_the_desk(web, ADMIN)
    assert (await staff.get("/billing")).status_code == 401


async def test_signing_out_ends_the_session_everywhere(web: Company) -> None:
    client = await signed_in(web, "cus_northbeck")
    cookies = dict(client.cookies)
    await send(client, form_of(await client.get("/billing"), "/sign-out"))
    async with web.client() as thief:
        thief.cookies.update(cookies)
        assert (await thief.get("/billing")).status_code == 401
