"""Changes at Stripe from the desk: found by a key, said beforehand, on a phone, without script."""

from playwright.async_api import expect
from tests.browser.test_approvals import at_the_desk
from tests.browser.test_desk_giving import case_of
from tests.browsing import Check, NewPage, Picture, arriving, follow
from tests.diagnostics.stripe_json import card, failed, paid_invoice, subscription
from tests.web.company import Company
from tests.web.test_desk_doing_plans import sells_plans


async def of_many_things(company: Company) -> str:
    """A case of somebody with a plan, a bill that is owed, and two cards."""
    case = await case_of(company)
    other = card("pm_4242", last4="4242")
    await company.knows(*failed(), subscription(), paid_invoice(), other)
    await sells_plans(company)
    return case


async def test_a_bill_is_withdrawn_by_keyboard_and_the_decision_is_said_before(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    case = await of_many_things(open_company)
    page = await new_page()
    await at_the_desk(open_company, page, role="lead")
    await page.goto(case)
    await expect(page.locator("#keys [data-for=p]")).to_be_visible()
    await page.keyboard.press("p")
    await expect(page.locator("summary[data-key=p]")).to_be_focused()
    await page.keyboard.press("Enter")
    menu = page.locator(".verb[open] li > a")
    await expect(menu.first).to_be_focused()
    await picture(page, "doing-menu-desktop")
    await axe(page)
    await page.keyboard.type("withd")
    await expect(page.locator(".verb[open] a:focus")).to_have_text("Withdraw an invoice")
    async with arriving(page):
        await page.keyboard.press("Enter")
    chosen = page.get_by_role("radio")
    await expect(chosen).to_be_focused()
    await expect(chosen).to_be_checked()
    await expect(page.locator("main")).to_contain_text("You decide this by yourself.")
    await picture(page, "doing-void-desktop")
    await axe(page)
    await page.keyboard.press("Tab")
    await page.keyboard.type("The bill")
    await page.keyboard.press("Tab")
    await page.keyboard.type("It names two seats too many")
    async with arriving(page):
        await page.keyboard.press("Enter")
    await expect(page.locator("#asked")).to_contain_text("Allowed Withdraw an invoice $3,665.04.")


async def test_every_change_is_in_the_palette(open_company: Company, new_page: NewPage) -> None:
    case = await of_many_things(open_company)
    page = await new_page()
    await at_the_desk(open_company, page, role="agent")
    await page.goto(case)
    await page.keyboard.press("Control+k")
    await page.keyboard.type("Change bill")
    await expect(page.locator("#hit-0")).to_have_text("Change billing details")
    await page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Change billing details")
    await expect(link).to_be_focused()
    async with arriving(page):
        await page.keyboard.press("Enter")
    await expect(page.get_by_label("Name of the company")).to_have_value("Northbeck Outfitters")


async def test_details_on_a_phone_in_the_dark_say_what_is_wrong_beside_it(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    case = await of_many_things(open_company)
    page = await new_page(phone=True, dark=True)
    await at_the_desk(open_company, page, role="agent")
    await page.goto(case)
    await page.locator("summary", has_text="Plan, bills").click()
    await picture(page, "doing-menu-phone-dark")
    await axe(page)
    await follow(page.get_by_role("link", name="Change billing details"))
    await page.get_by_label("City").fill("Bremen")
    await page.get_by_label("Country, as two letters").fill("Germany")
    await follow(page.get_by_role("button", name="Save these details"))
    country = page.get_by_label("Country, as two letters")
    await expect(country).to_be_focused()
    await expect(page.locator("#country-wrong")).to_contain_text("as two letters")
    await expect(page.locator("#do-why-wrong")).to_contain_text("Choose a reason")
    await expect(page.get_by_label("City")).to_have_value("Bremen")
    await picture(page, "doing-details-wrong-phone-dark")
    await axe(page)
    await country.fill("de")
    await page.get_by_label("Why").select_option("asked_for")
    await follow(page.get_by_role("button", name="Save these details"))
    await expect(page.locator("#asked")).to_contain_text("Change billing details")
    await axe(page)


async def test_without_script_a_credit_on_a_bill_is_asked_for(
    open_company: Company, new_page: NewPage, picture: Picture
) -> None:
    case = await of_many_things(open_company)
    page = await new_page(script=False)
    await at_the_desk(open_company, page, role="agent")
    await page.goto(case)
    await page.locator("summary", has_text="Plan, bills").click()
    await follow(page.get_by_role("link", name="Take something off an invoice"))
    await page.get_by_role("radio").first.check()
    await page.get_by_label("How much").fill("nine hundred")
    await follow(page.locator("main form button"))
    await expect(page.locator("#amount-wrong")).to_contain_text("Write an amount above zero")
    await expect(page.get_by_role("radio").first).to_be_checked()
    await picture(page, "doing-credit-wrong-desktop")
    await page.get_by_label("How much").fill("900")
    await page.get_by_label("Why").select_option("outage")
    await follow(page.locator("main form button"))
    await expect(page.locator("#asked")).to_contain_text("A person has to decide. From lead")


async def test_plans_cards_and_tries_can_be_read_at_a_glance(
    open_company: Company, new_page: NewPage, axe: Check, picture: Picture
) -> None:
    await of_many_things(open_company)
    page = await new_page()
    await at_the_desk(open_company, page, role="csm")
    for kind in ("change_plan", "set_payment_method", "retry_payment", "cancel_subscription"):
        await page.goto(f"{open_company.url}/desk/customers/cus_northbeck/actions/{kind}")
        await picture(page, f"doing-{kind}-desktop")
        await axe(page)
