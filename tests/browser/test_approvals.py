"""The queue, the decision, the switch: by keyboard, seen by axe and as pictures."""

from playwright.async_api import Page, expect
from tests.browsing import Check, NewPage, Picture, follow
from tests.web.company import Company
from tests.web.test_approvals_api import ask_for, large

from prunella.actions import brake
from prunella.kit.actor import Actor


async def at_the_desk(company: Company, page: Page, *, role: str = "lead") -> None:
    await page.goto(f"{company.url}/sign-in")
    await page.fill("#token", await company.staff_token(role))
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/desk")


async def focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.textContent")).strip()


async def test_a_refund_is_approved_by_keyboard_alone(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    await ask_for(open_company, large())
    page = await new_page()
    await at_the_desk(open_company, page)
    assert "Approvals 1" in await page.inner_text(".top nav")
    await page.goto(f"{open_company.url}/desk/approvals")
    await picture(page, "approvals-desktop")
    await axe(page)
    await page.keyboard.press("j")
    assert "$400.00" in await focused(page)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/actions/act_*")
    await picture(page, "action-waiting-desktop")
    await axe(page)
    await page.keyboard.press("n")
    await page.keyboard.type("Agreed on the phone")
    await page.keyboard.press("Escape")
    await page.keyboard.press("a")
    assert (await focused(page)).startswith("Approve $400.00")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/approvals?said=approved")
    await expect(page.locator("[role=status].note", has_text="Approved.")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("Nothing waits")
    await picture(page, "approvals-empty-desktop")
    await axe(page)


async def test_keys_can_be_turned_off_and_words_stay_words(
    open_company: Company, new_page: NewPage
) -> None:
    await ask_for(open_company, large())
    page = await new_page()
    await at_the_desk(open_company, page)
    await page.goto(f"{open_company.url}/desk/approvals")
    await page.get_by_role("button", name="Turn single keys off").click()
    await page.keyboard.press("j")
    assert "$400.00" not in await focused(page)
    await page.get_by_role("button", name="Turn single keys on").click()
    await follow(page.locator(".list a"))
    await page.fill("#note", "a")
    await page.keyboard.type("r")
    assert await page.input_value("#note") == "ar"


async def test_refusing_on_a_phone_in_the_dark(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    await ask_for(open_company, large())
    page = await new_page(phone=True, dark=True)
    await at_the_desk(open_company, page)
    await page.goto(f"{open_company.url}/desk/approvals")
    await picture(page, "approvals-phone-dark")
    await axe(page)
    await follow(page.locator(".list a"))
    await picture(page, "action-waiting-phone-dark")
    await axe(page)
    await page.click("button[value=refuse]")
    await page.wait_for_url("**/desk/approvals?said=refused")


async def test_a_settled_action_tells_its_whole_story(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    action = await ask_for(open_company, large())
    for way, asked in (("desktop", {}), ("phone-dark", {"phone": True, "dark": True})):
        page = await new_page(**asked)
        await at_the_desk(open_company, page)
        await page.goto(f"{open_company.url}/desk/actions/{action}")
        if await page.locator("button[value=refuse]").count():
            await page.fill("#note", "Not theirs to have.")
            await follow(page.locator("button[value=refuse]"))
            await page.goto(f"{open_company.url}/desk/actions/{action}")
        assert "refused it" in await page.inner_text("main")
        await picture(page, f"action-refused-{way}")
        await axe(page)


async def test_the_switch_is_loud_on_every_page(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    page = await new_page()
    await at_the_desk(open_company, page)
    await page.goto(f"{open_company.url}/desk/limits")
    await picture(page, "limits-desktop")
    await axe(page)
    await page.fill("#because", "Two refunds look odd.")
    await follow(page.locator("button[value=stop]"))
    await page.wait_for_selector(".alarm")
    await picture(page, "stopped-desktop")
    await axe(page)
    for place in ("/desk", "/desk/stuck", "/scoreboard", "/desk/approvals"):
        await page.goto(open_company.url + place)
        assert "stopped" in await page.inner_text(".alarm")
    phone = await new_page(phone=True, dark=True)
    await at_the_desk(open_company, phone)
    await phone.goto(f"{open_company.url}/desk/limits")
    await picture(phone, "stopped-phone-dark")
    await axe(phone)
    await follow(phone.locator("button[value=resume]"))
    await phone.wait_for_selector("button[value=stop]")


async def test_who_may_not_resume_is_told_who_may(open_company: Company, new_page: NewPage) -> None:
    lead = Actor("staff", "tok_lead", "lead", verified=True)
    async with open_company.rooms.house.transaction(lead) as tx:
        await brake.stop(tx)
    page = await new_page(script=False)
    await at_the_desk(open_company, page, role="agent")
    await page.goto(f"{open_company.url}/desk/limits")
    await follow(page.locator("button[value=resume]"))
    await expect(page.locator("[role=alert]")).to_contain_text("A lead or an admin")


async def test_customers_read_what_was_done_for_them(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    await ask_for(open_company, large())
    for way, asked in (("desktop", {}), ("phone-dark", {"phone": True, "dark": True})):
        page = await new_page(**asked)
        token = open_company.token("cus_northbeck")
        await page.goto(f"{open_company.url}/billing?token={token}")
        await follow(page.locator("a[href='/billing/actions']"))
        words = await page.inner_text("main")
        assert "Money back: $400.00" in words
        assert "A person decides it." in words
        await picture(page, f"deeds-{way}")
        await axe(page)
