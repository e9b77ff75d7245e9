"""What is chosen behind a verb is done by keyboard alone; the line of keys stays at the foot."""

from playwright.async_api import expect
from tests.browser.test_approvals import at_the_desk
from tests.browser.test_desk_giving import case_of
from tests.browsing import NewPage, arriving
from tests.web.company import Company


async def test_a_case_is_put_aside_without_a_mouse(
    open_company: Company, new_page: NewPage
) -> None:
    case = await case_of(open_company)
    page = await new_page()
    await at_the_desk(open_company, page, role="agent")
    await page.goto(case)
    await expect(page.locator("#keys [data-for=z]")).to_be_visible()
    await expect(page.locator("#keys [data-for=x]")).to_be_hidden()
    await page.keyboard.press("z")
    await page.keyboard.press("Enter")
    await expect(page.locator("#until")).to_be_focused()
    async with arriving(page):
        await page.keyboard.press("Control+Enter")
    await expect(page.locator(".thread")).to_contain_text("put it aside")


async def test_on_a_short_page_the_keys_stand_at_the_foot(
    open_company: Company, new_page: NewPage
) -> None:
    page = await new_page()
    await at_the_desk(open_company, page, role="agent")
    for place in ("overview", "stuck", "notifications"):
        await page.goto(f"{open_company.url}/desk/{place}")
        line = page.locator("#keys")
        await expect(line).to_be_visible()
        box = await line.bounding_box()
        assert box
        below = await page.evaluate("innerHeight") - box["y"] - box["height"]
        assert abs(below) < 2 or box["y"] + box["height"] > 900, place
