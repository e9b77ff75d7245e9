"""A customer at the desk, seen by axe and as a picture."""

from playwright.async_api import Page
from tests.browser.test_pages import red
from tests.browsing import Check, NewPage, Picture
from tests.web.company import ADMIN, Company


async def at_the_desk(company: Company, page: Page) -> None:
    await red(company)
    await page.goto(f"{company.url}/sign-in")
    await page.fill("#token", ADMIN)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/desk")


async def test_facts_to_findings_on_desktop_and_phone(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    for way, asked in (("desktop", {}), ("phone-dark", {"phone": True, "dark": True})):
        page = await new_page(**asked)
        await at_the_desk(open_company, page)
        await page.goto(f"{open_company.url}/desk/search")
        await page.fill("#q", "northb")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk/search?q=northb")
        await picture(page, f"desk-search-{way}")
        await axe(page)
        await page.click(".list a")
        await page.wait_for_url("**/desk/customers/cus_northbeck")
        await picture(page, f"desk-customer-{way}")
        await axe(page)
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        await axe(page)
