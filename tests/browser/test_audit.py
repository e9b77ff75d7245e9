"""The audit log at the desk, seen by axe and as a picture."""

from tests.audit.world import seal, write
from tests.browser.test_desk_customer import at_the_desk
from tests.browsing import Check, NewPage, Picture
from tests.web.company import Company


async def test_the_log_and_an_entry_on_desktop_and_phone(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    seqs = await write(open_company.rooms.house, 60)
    await seal(open_company.rooms.house)
    for way, asked in (("desktop", {}), ("phone-dark", {"phone": True, "dark": True})):
        page = await new_page(**asked)
        await at_the_desk(open_company, page)
        await page.goto(f"{open_company.url}/desk/audit")
        await picture(page, f"audit-{way}")
        await axe(page)
        await page.fill("#verb", "action.approved")
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk/audit?*verb=action.approved*")
        await page.goto(f"{open_company.url}/desk/audit/{seqs[1]}")
        await picture(page, f"audit-entry-{way}")
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        await axe(page)
