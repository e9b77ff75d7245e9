"""One's own desk, seen by axe and as pictures: what concerns one, the lists one keeps, the bell."""

from playwright.async_api import Page, expect
from tests.browser.test_desk_customer import at_the_desk
from tests.browsing import Check, NewPage, Picture
from tests.web.company import Company

from prunella import cases
from prunella.cases import Filter
from prunella.kit.actor import Actor
from prunella.kit.events import deliver

LEAD = Actor(kind="staff", id="tok_lead", role="lead", verified=True)
ADMIN = Actor(kind="staff", id="admin", role="admin", verified=True)


async def give(company: Company, subject: str) -> str:
    """A lead gives a case to whoever sits there."""
    owner = await company.customer("cus_northbeck")
    async with company.rooms.house.transaction(LEAD) as tx:
        case = await cases.open_case(tx, owner, subject=subject, because="asked", text=subject)
        await case.assign(tx, to="admin")
    while await deliver(company.rooms.house):
        pass
    return case.id


async def keep_views(company: Company) -> None:
    async with company.rooms.house.transaction(ADMIN) as tx:
        await cases.save_view(tx, name="Grave and late", wanted=Filter(severity="critical"))
        everybody = Filter(team="finance")
        await cases.save_view(tx, name="Finance, all of it", wanted=everybody, shared=True)


async def bell_says(page: Page, words: str) -> None:
    await expect(page.locator("#told")).to_have_accessible_name(words)


async def test_what_concerns_one_and_the_lists_one_keeps(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    for way, asked in (
        ("desktop", {}),
        ("desktop-dark", {"dark": True}),
        ("phone", {"phone": True}),
        ("phone-dark", {"phone": True, "dark": True}),
    ):
        page = await new_page(**asked)
        await at_the_desk(open_company, page)
        if way == "desktop":
            await page.goto(f"{open_company.url}/desk/notifications")
            await picture(page, "desk-told-empty")
            await axe(page)
            await keep_views(open_company)
        await give(open_company, f"An invoice with a wrong VAT number, seen on {way}")
        for place in ("notifications", "views"):
            await page.goto(f"{open_company.url}/desk/{place}")
            await picture(page, f"desk-{place}-{way}")
            await axe(page)


async def test_the_bell_rings_on_open_pages_and_falls_silent_once_it_is_read(
    open_company: Company, new_page: NewPage
) -> None:
    inbox, plain = await new_page(), await new_page()
    await at_the_desk(open_company, inbox)
    await at_the_desk(open_company, plain)
    await plain.goto(f"{open_company.url}/desk/overview")
    await bell_says(inbox, "What concerns you: nothing unread")
    case = await give(open_company, "VAT")
    for page in (inbox, plain):
        await bell_says(page, "What concerns you: 1 unread")
    await inbox.goto(f"{open_company.url}/desk/cases/{case}")
    await bell_says(inbox, "What concerns you: nothing unread")
