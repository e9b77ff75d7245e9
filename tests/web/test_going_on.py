"""Who has to sign in first goes on to what they wanted, and never out of our house."""

import httpx
import pytest
from tests.people.team import joined
from tests.web.browsing import answer_form, at_the_desk, form_of, send, text_of
from tests.web.company import ADMIN, URL, Company

from prunella import cases, people
from prunella.kit.actor import SYSTEM
from prunella.web.going_on import page_of_staff

WORDS = "Half a sentence, <b>typed</b> with two thumbs."
AWAY = [
    "https://evil.example/desk",
    "//evil.example/desk",
    "/\\evil.example",
    "/desk\\@evil.example",
    "/desk/..//evil.example",
    "/desk/../billing",
    "/desk/%2e%2e/billing",
    "/desk/.%2E/billing",
    "/desk//evil.example",
    "/deskevil",
    "/billing",
    "javascript:alert(1)",
    "desk/cases",
    "/desk/\r\nset-cookie: a=b",
    "/desk/ä",
    "/desk/" + "a" * 2_000,
    "",
]


@pytest.mark.parametrize("address", AWAY)
def test_no_address_leads_out(address: str) -> None:
    assert page_of_staff(address) == "/desk"


@pytest.mark.parametrize("address", ["/desk", "/desk/cases/case_1?view=mine&a=%2F", "/scoreboard"])
def test_a_page_of_ours_is_gone_on_to(address: str) -> None:
    assert page_of_staff(address) == address


async def ended(web: Company) -> None:
    async with web.rooms.house.transaction(SYSTEM) as tx:
        await people.sessions.end_all_of(tx, person="admin")


def led_to_sign_in(page: httpx.Response) -> str:
    assert page.status_code == 401
    return page.text.split('class="btn main" href="')[1].split('"')[0].replace("&amp;", "&")


async def test_after_signing_in_one_stands_where_one_wanted_to_be(
    web: Company, desk: httpx.AsyncClient
) -> None:
    await ended(web)
    door = led_to_sign_in(await desk.get("/desk/find?q=a%26b&view=mine"))
    wrong = await send(desk, form_of(await desk.get(door), "/sign-in"), token="wrong")
    assert wrong.status_code == 401
    page = await send(desk, form_of(wrong, "/sign-in"), token=ADMIN)
    assert page.status_code == 200
    assert page.url == f"{URL}/desk/find?q=a%26b&view=mine"


async def test_a_link_that_somebody_made_leads_to_the_desk(web: Company) -> None:
    for address in AWAY[:6]:
        async with web.client() as client:
            asked = await client.get("/sign-in", params={"next": address})
            form = form_of(asked, "/sign-in")
            for told in (form.fields["next"], address):
                come = await send(client, form, token=ADMIN, next=told)
                assert (come.status_code, come.headers["location"]) == (303, "/desk"), address


async def test_password_and_code_go_on_as_well(web: Company) -> None:
    ana = await joined(web.rooms.house, role="agent")
    wanted = "/desk/notifications"
    async with web.client() as client:
        client.follow_redirects = True
        door = led_to_sign_in(await client.get(wanted))
        form = form_of(await client.get(door), "/sign-in/password")
        page = await send(client, form, email=ana.member.email, password="guess")
        form = form_of(page, "/sign-in/password")
        page = await send(client, form, email=ana.member.email, password=ana.password)
        page = await send(client, form_of(page, "/sign-in/code"), code="000000")
        page = await send(client, form_of(page, "/sign-in/code"), code=ana.code())
    assert (page.status_code, page.url.path) == (200, wanted)


async def test_a_form_goes_on_to_its_page_and_shows_what_was_typed(web: Company) -> None:
    theirs = await web.free_customer()
    async with web.rooms.house.transaction(SYSTEM) as tx:
        case = await cases.open_case(tx, theirs, subject="Twice?", because="asked", text="Hello?")
    desk = await at_the_desk(web, ADMIN)
    address = f"/desk/cases/{case.id}?view=all"
    form = answer_form(await desk.get(address))
    await ended(web)
    told = form.fields | {"reply": WORDS, "as": "answer"}
    for files in ([], [("file", ("one.txt", b"1", "text/plain"))]):
        headers = {"origin": URL, "referer": f"{URL}{address}"}
        page = await desk.post(form.action, data=told, files=files or None, headers=headers)
        assert "Half a sentence, &lt;b&gt;typed&lt;/b&gt; with two thumbs.</textarea>" in page.text
        assert "what you wrote on a case is still in its box" in text_of(page)
    macro = {"ask.cause": WORDS, "ask.since": "Since Monday."}
    page = await desk.post(f"/desk/cases/{case.id}/macros/solution", data=macro, headers=headers)
    assert "with two thumbs.\n\nSince Monday.</textarea>" in page.text
    door = led_to_sign_in(page)
    again = await send(desk, form_of(await desk.get(door), "/sign-in"), token=ADMIN)
    assert again.url == f"{URL}{address}"


async def test_a_page_elsewhere_says_nothing_of_where_to_go(web: Company) -> None:
    async with web.client() as client:
        for referer in ("https://evil.example/desk/cases", ""):
            page = await client.post("/desk/sign-out", headers={"referer": referer})
            assert led_to_sign_in(page) == "/sign-in"
