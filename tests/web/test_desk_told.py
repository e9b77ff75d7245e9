"""What concerns a colleague, at the desk."""

import httpx
import pytest
from tests.diagnostics.stripe_json import customer
from tests.web.browsing import at_the_desk, form_of, send, text_of
from tests.web.company import ADMIN, Company

from prunella import cases
from prunella.kit.actor import SYSTEM, Actor
from prunella.kit.events import deliver

LEAD = Actor(kind="staff", id="tok_lead", role="lead", verified=True)


@pytest.fixture
async def desk(web: Company) -> httpx.AsyncClient:
    await web.knows(customer())
    return await at_the_desk(web, ADMIN)


async def given(web: Company) -> cases.Case:
    """A case that a lead gave to the admin."""
    owner = await web.customer("cus_northbeck")
    async with web.rooms.house.transaction(LEAD) as tx:
        case = await cases.open_case(tx, owner, subject="VAT", because="asked")
        await case.assign(tx, to="admin")
    while await deliver(web.rooms.house):
        pass
    return case


async def test_what_concerns_one_stands_there_until_it_is_read(
    web: Company, desk: httpx.AsyncClient
) -> None:
    assert "Nothing yet" in text_of(await desk.get("/desk/notifications"))
    case = await given(web)
    news = (await desk.get("/desk/news")).json()
    assert (news["unread"], news["told"]) == ("1", "What concerns you: 1 unread")
    page = await desk.get("/desk/notifications")
    assert f"A case was given to you: #{case.number} VAT" in text_of(page)
    after = await send(desk, form_of(page, "/desk/notifications/read"))
    assert "Mark all as read" not in text_of(after)
    assert "nothing unread" in text_of(after)


async def test_looking_at_a_case_reads_what_one_was_told_of_it(
    web: Company, desk: httpx.AsyncClient
) -> None:
    case = await given(web)
    assert "1 unread" in text_of(await desk.get("/desk/overview"))
    assert "nothing unread" in text_of(await desk.get(f"/desk/cases/{case.id}"))


async def test_one_says_how_to_be_told(web: Company, desk: httpx.AsyncClient) -> None:
    form = form_of(await desk.get("/desk/notifications"), "/desk/notifications/settings")
    form.fields = {name: value for name, value in form.fields.items() if "heard.p" not in name}
    assert "Kept. So it is from now on." in text_of(await send(desk, form))
    async with web.rooms.house.transaction(SYSTEM) as tx:
        wishes = await cases.notify.wishes_of(tx, "admin")
    assert (wishes["heard"].shown, wishes["heard"].mailed) == (False, True)


async def test_where_rows_can_be_walked_the_keys_are_told(desk: httpx.AsyncClient) -> None:
    for place in ("/desk/notifications", "/desk/search?q=a", "/desk/overview"):
        page = await desk.get(place)
        assert 'id="keys"' in page.text, place
