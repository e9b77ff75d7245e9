"""The meter inside the company's own product, as far as it can be told without a browser."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from tests.diagnostics.stripe_json import card, customer, failed
from tests.web.browsing import form_of, send, text_of
from tests.web.company import ADMIN, SECRET, URL, Company, company

from prunella import cases
from prunella.cases import File
from prunella.kit.actor import SYSTEM, Actor
from prunella.web.embed import store

PRODUCT = "https://app.tai.example"
HOME = f"{PRODUCT}/account"


@pytest.fixture
async def web(database_url: str) -> AsyncIterator[Company]:
    async with company(database_url, embed_origins=[PRODUCT]) as opened:
        await opened.knows(customer(), card(), *failed(decline_code="insufficient_funds"))
        yield opened


def keep(client: httpx.AsyncClient, answer: httpx.Response) -> None:
    """Keep the frame's cookie, as a browser does that trusts a loopback address."""
    name, _, rest = answer.headers["set-cookie"].partition("=")
    client.cookies.set(name, rest.partition(";")[0])


async def framed(web: Company, **asked: str) -> tuple[httpx.AsyncClient, httpx.Response]:
    client = web.client()
    token = web.token("cus_northbeck", role="owner")
    answer = await client.get("/embed/billing", params={"token": token, "return": HOME, **asked})
    assert answer.status_code == 303
    keep(client, answer)
    client.follow_redirects = True
    page = await client.get(answer.headers["location"])
    assert page.url.path == "/embed/billing"
    assert "token" not in str(page.url)
    return client, page


async def test_the_cookie_is_the_frames_own(web: Company) -> None:
    async with web.client() as client:
        answer = await client.get("/embed/billing", params={"token": web.token("cus_northbeck")})
    cookie = answer.headers["set-cookie"]
    for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned"):
        assert part in cookie


async def test_listed_origins_may_frame_it_and_nobody_may_frame_the_rest(web: Company) -> None:
    client, page = await framed(web)
    assert f"frame-ancestors {PRODUCT};" in page.headers["content-security-policy"]
    for path in ("/billing", "/desk", "/sign-in", "/scoreboard", "/embed/look.css"):
        answer = await client.get(path)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], path


async def test_without_a_listed_origin_nobody_may_frame_it(database_url: str) -> None:
    async with company(database_url, embed_origins=["*"]) as closed, closed.client() as client:
        page = await client.get("/embed/billing")
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


async def test_the_page_is_the_same_without_its_top_and_foot(web: Company) -> None:
    _, page = await framed(web)
    assert "there was not enough money" in text_of(page)
    assert 'class="top"' not in page.text
    assert 'class="foot"' not in page.text
    assert '="/billing' not in page.text


async def test_a_file_comes_into_the_frame_as_well(web: Company) -> None:
    client, _ = await framed(web)
    customer = await web.customer("cus_northbeck")
    actor = Actor(kind="customer", id=customer.id, role="owner", verified=True)
    async with web.rooms.house.transaction(actor) as tx:
        bill = File("bill.txt", "text/plain", b"120.00")
        case = await cases.open_case(
            tx, customer, subject="A bill", text="See it.", because="asked", attachments=[bill]
        )
    page = await client.get(f"/embed/billing/cases/{case.id}")
    (link,) = re.findall(r'href="(/embed/billing/attachments/[^"]+)"', page.text)
    file = await client.get(link)
    assert (file.status_code, file.content) == (200, b"120.00")
    assert file.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in file.headers["content-security-policy"]
    assert (await client.get(link.removeprefix("/embed"))).status_code == 401


async def test_a_framed_cookie_opens_no_page_of_its_own_and_the_other_way_round(
    web: Company,
) -> None:
    client, _ = await framed(web)
    assert (await client.get("/billing")).status_code == 401
    secret = next(one.value for one in client.cookies.jar if one.name == "prunella_embed")
    assert secret
    async with web.client() as other:
        other.cookies.set("prunella", secret)
        assert (await other.get("/billing")).status_code == 401
    async with web.client() as third:
        await third.get("/billing", params={"token": web.token("cus_northbeck")})
        third.cookies.set("prunella_embed", third.cookies["prunella"])
        assert (await third.get("/embed/billing")).status_code == 401


async def test_forms_work_in_the_frame_and_a_strangers_form_does_not(web: Company) -> None:
    client, page = await framed(web)
    form = form_of(page, "/embed/billing/person")
    answer = await send(client, form, say="We changed banks.")
    assert answer.url.path.startswith("/embed/billing/cases/")
    assert "We changed banks." in answer.text
    stranger = await client.post(form.action, data=form.fields, headers={"origin": PRODUCT})
    assert stranger.status_code == 403
    without = await client.post(form.action, data={"say": "x"}, headers={"origin": URL})
    assert without.status_code == 403


async def test_where_no_cookie_is_kept_it_opens_in_its_own_window(web: Company) -> None:
    token = web.token("cus_northbeck")
    async with web.client() as client:
        answer = await client.get("/embed/billing", params={"token": token})
    async with web.client() as forgetful:
        page = await forgetful.get(answer.headers["location"])
    assert page.status_code == 200
    assert f'href="/billing?token={token}" target="_blank"' in page.text
    assert "mailto:" in page.text


async def test_a_bad_token_opens_nothing(web: Company) -> None:
    async with web.client() as client:
        page = await client.get("/embed/billing", params={"token": "not.a.token"})
    assert page.status_code == 401
    assert "set-cookie" not in page.headers


async def test_who_left_comes_back_to_the_companys_page(web: Company) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await store.note_run(tx, "fix_1", HOME)
    async with web.client() as client:
        back = await client.get("/billing/return", params={"run": "fix_1"})
        other = await client.get("/billing/return", params={"run": "fix_2"})
    assert (back.status_code, back.headers["location"]) == (303, HOME)
    assert other.status_code == 401


async def test_what_cannot_be_used_is_named_for_the_developers(web: Company) -> None:
    _, page = await framed(
        web, accent="#ffe066", mode="light", **{"return": "https://evil.example"}
    )
    assert 'data-refused="accent (light), return"' in page.text
    assert 'data-theme="light"' in page.text


async def test_the_sheet_is_ours_with_their_colours(web: Company) -> None:
    client, page = await framed(web, accent="#0b5cad")
    assert 'href="/embed/look.css?accent=%230b5cad"' in page.text
    sheet = await client.get("/embed/look.css?accent=%230b5cad")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "#0b5cad" in sheet.text


async def test_the_light_tells_one_thing_and_only_to_listed_origins(web: Company) -> None:
    token = web.token("cus_northbeck")
    bearer = {"authorization": f"Bearer {token}"}
    async with web.client() as client:
        told = await client.get("/embed/status", headers={**bearer, "origin": PRODUCT})
        other = await client.get("/embed/status", headers={**bearer, "origin": "https://e.example"})
        asks = await client.options("/embed/status", headers={"origin": PRODUCT})
        nobody = await client.get("/embed/status", headers={"origin": PRODUCT})
        staff = await client.get("/embed/status", headers={"authorization": f"Bearer {ADMIN}"})
    assert set(told.json()) == {"status", "title", "count"}
    assert (told.json()["status"], told.json()["count"]) == ("red", 1)
    assert told.headers["access-control-allow-origin"] == PRODUCT
    assert "access-control-allow-credentials" not in told.headers
    assert "access-control-allow-origin" not in other.headers
    assert asks.headers["access-control-allow-headers"] == "authorization"
    assert (nobody.status_code, staff.status_code) == (401, 404)
    assert nobody.headers["content-type"] == "application/problem+json"
    assert SECRET not in told.text


async def test_the_light_weighs_little_and_may_be_loaded_from_anywhere(web: Company) -> None:
    async with web.client() as client:
        script = await client.get("/embed/light.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"
    assert len(script.content) < 3_000
