"""Mail in and out as the staff see it: with axe, wide, on a phone and in the dark."""

import pytest
from tests.browsing import Check, NewPage, Picture
from tests.web.company import ADMIN, Company

from prunella import cases
from prunella.kit.actor import SYSTEM


async def a_days_mail(company: Company) -> None:
    customer = await company.free_customer()
    async with company.rooms.house.transaction(SYSTEM) as tx:
        await cases.mail.keep(tx, b"Subject: nobody\r\n\r\nHello", source="lmtp")
        head = b"From: bot@b.example\r\nSubject: Disk full\r\nAuto-Submitted: auto-generated\r\n"
        await cases.mail.keep(tx, head + b"\r\nNinety percent", source="lmtp")
        contact = await cases.open_contact(
            tx, customer.id, channel="mail", direction="outbound", tier="prevent"
        )
        letter = cases.Letter("Your bank said no", "Pay.", "<p>Pay.</p>")
        message = await cases.write_mail(tx, contact, to="a@b.example", letter=letter)
        await cases.bounced(tx, message.id, "550 no such user")
    while await company.rooms.take_mail():
        pass


@pytest.mark.parametrize("way", ["desktop", "phone", "dark"])
async def test_mail_in_and_out(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture, way: str
) -> None:
    await a_days_mail(open_company)
    page = await new_page(phone=way == "phone", dark=way == "dark")
    await page.goto(f"{open_company.url}/sign-in")
    await page.get_by_label("Your token").fill(ADMIN)
    await page.locator("form[action='/sign-in'] button").click()
    await page.wait_for_url("**/desk")
    for place in ("mail", "mail?state=done", "outbox"):
        await page.goto(f"{open_company.url}/desk/{place}")
        await picture(page, f"desk-{place.replace('?state=', '-')}-{way}")
        await axe(page)
