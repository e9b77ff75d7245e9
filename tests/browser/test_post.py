"""Mail in and out as the staff see it: with axe, wide, on a phone and in the dark."""

import pytest
from playwright.async_api import expect
from tests.browsing import Check, NewPage, Picture, follow
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
    await page.goto(f"{open_company.url}/desk/mail")
    await follow(page.get_by_role("link", name="Open it"))
    await expect(page.get_by_role("heading", level=1)).to_have_text("nobody")
    await picture(page, f"desk-mail-opened-{way}")
    await axe(page)
    await follow(page.get_by_role("link", name="Make it a case"))
    await expect(page.get_by_label("What they said")).to_have_value("Hello")
    await picture(page, f"desk-mail-case-{way}")
    await axe(page)


async def test_a_webhook_that_is_sent_a_test(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    page = await new_page(phone=True, dark=True)
    await page.goto(f"{open_company.url}/sign-in")
    await page.get_by_label("Your token").fill(ADMIN)
    await page.locator("form[action='/sign-in'] button").click()
    await page.wait_for_url("**/desk")
    await page.goto(f"{open_company.url}/desk/hooks")
    await page.get_by_label("Its address").fill("https://tools.example/prunella")
    await follow(page.get_by_role("button", name="Tell another program"))
    await expect(page.locator("main")).to_contain_text("whsec_")
    await follow(page.get_by_role("button", name="Send it a test"))
    await expect(page.locator("main")).to_contain_text("hook.test")
    await page.get_by_text("Remove it").first.click()
    await picture(page, "desk-hook-phone-dark")
    await axe(page)
    await follow(page.get_by_role("button", name="Remove it"))
    await expect(page.locator("main")).to_contain_text("Nobody is told yet")
