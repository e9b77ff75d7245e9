"""Money back, asked for on the case: by keyboard, in the palette, on a phone, without script."""

from playwright.async_api import expect
from tests.browser.test_approvals import at_the_desk
from tests.browsing import Check, NewPage, Picture, arriving, follow
from tests.diagnostics.stripe_json import card, customer
from tests.web.company import Company
from tests.web.test_approvals_api import large

from prunella import cases
from prunella.kit.actor import SYSTEM


async def case_of(company: Company) -> str:
    """Somebody with two payments asks."""
    small = large(id="ch_small", amount=5_000, amount_captured=5_000, created=1_770_000_000)
    big = large(amount=90_000, amount_captured=90_000)
    await company.knows(customer(), card(), big, small)
    theirs = await company.customer("cus_northbeck")
    async with company.rooms.house.transaction(SYSTEM) as tx:
        case = await cases.open_case(tx, theirs, subject="Twice?", because="asked", text="Hello?")
    return f"{company.url}/desk/cases/{case.id}"


async def test_money_goes_back_by_keyboard_alone(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    case = await case_of(open_company)
    page = await new_page()
    await at_the_desk(open_company, page, role="agent")
    await page.goto(case)
    await expect(page.locator("#keys")).to_be_visible()
    await page.keyboard.press("b")
    await expect(page.locator("summary[data-key=b]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#charge")).to_be_focused()
    await expect(page.locator("#back")).to_have_value("900.00")
    await picture(page, "give-desktop")
    await axe(page)
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#back")).to_have_value("50.00")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("12.50")
    await page.keyboard.press("Enter")
    await expect(page.locator("#back-why")).to_be_focused()  # no reason is taken for granted
    await page.keyboard.type("A courtesy")
    await page.keyboard.press("Tab")
    async with arriving(page):
        await page.keyboard.press("Enter")
    said = page.locator("#asked")
    await expect(said).to_contain_text("Allowed Give money back $12.50.")
    await picture(page, "given-desktop")
    await axe(page)
    await follow(said.get_by_role("link"))
    await expect(page.locator("main")).to_contain_text("$12.50")


async def test_a_credit_is_found_in_the_palette_and_what_waits_is_said(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    case = await case_of(open_company)
    page = await new_page(phone=True, dark=True)
    await at_the_desk(open_company, page, role="agent")
    await page.goto(case)
    await page.keyboard.press("Control+k")
    await page.keyboard.type("Credit")
    await expect(page.locator("#hit-0")).to_have_text("CreditC")
    await page.keyboard.press("Enter")
    await expect(page.locator("summary[data-key=c]")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#credit")).to_be_focused()
    await page.keyboard.type("600")
    await picture(page, "credit-phone-dark")
    await axe(page)
    async with arriving(page):
        await page.keyboard.press("Enter")
    await expect(page.locator("#asked")).to_contain_text("A person has to decide. From lead")
    await picture(page, "credit-waits-phone-dark")
    await axe(page)


async def test_without_script_what_was_typed_stays(
    open_company: Company, new_page: NewPage, picture: Picture
) -> None:
    case = await case_of(open_company)
    page = await new_page(script=False)
    await at_the_desk(open_company, page, role="lead")
    await page.goto(case)
    await page.click("summary[data-key=b]")
    form = page.locator("form[action$='/refund']")
    assert await form.locator("#back").input_value() == ""
    await form.locator("#charge").select_option("ch_small")
    await form.locator("#back").fill("60")
    await form.locator("#back-why").select_option("outage")
    await form.locator("#back-words").fill("Two days")
    await follow(form.locator("button"))
    await expect(form.get_by_role("alert")).to_contain_text("Write an amount above zero")
    assert await form.locator("#back").input_value() == "60"
    assert await form.locator("#charge").input_value() == "ch_small"
    assert await form.locator("#back-words").input_value() == "Two days"
    await picture(page, "give-wrong-desktop")
    await form.locator("#back").fill("")
    await follow(form.locator("button"))
    await expect(page.locator("#asked")).to_contain_text("Give money back $50.00.")
