"""Pages that change by themselves, and pages without JavaScript."""

from typing import Any

from playwright.async_api import Page, expect
from tests.browsing import NewPage, arriving
from tests.diagnostics.stripe_json import card, customer, failed, invoice, subscription
from tests.web.company import Company

from prunella.kit.actor import SYSTEM
from prunella.kit.events import Event

ASK = "Anything you want to add"


async def paid(company: Company) -> None:
    """Stripe says that the March invoice is paid."""
    known = await company.customer("cus_northbeck")
    done = company.clock.time
    at = int(done.timestamp())
    settled: dict[str, Any] = {
        "status": "paid",
        "amount_remaining": 0,
        "next_payment_attempt": None,
    }
    settled["status_transitions"] = {"finalized_at": at, "paid_at": at}
    company.clock.advance(minutes=1)
    await company.knows(invoice(**settled), subscription(), at=company.clock.time)
    async with company.rooms.house.transaction(SYSTEM) as tx:
        await tx.emit(Event("invoice.changed", "in_march", known.id))


async def opened(company: Company, page: Page) -> None:
    await company.knows(customer(), card(), *failed())
    await page.goto(f"{company.url}/billing?token={company.token('cus_northbeck')}")


async def test_a_page_turns_green_by_itself(open_company: Company, new_page: NewPage) -> None:
    page = await new_page()
    await opened(open_company, page)
    check_again = page.get_by_role("button", name="Check again")
    await check_again.focus()
    await paid(open_company)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Everything is in order")
    await expect(page.locator("#news")).to_have_text("This page has changed.")
    await expect(check_again).to_be_focused()


async def test_what_is_being_written_is_not_taken_away(
    open_company: Company, new_page: NewPage
) -> None:
    page = await new_page()
    await opened(open_company, page)
    await page.get_by_label(ASK).fill("I think that")
    await paid(open_company)
    await page.wait_for_timeout(1500)
    await expect(page.get_by_label(ASK)).to_have_value("I think that")
    await page.get_by_label(ASK).fill("")
    await page.get_by_label(ASK).blur()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Everything is in order")


async def test_what_is_being_pressed_stays_until_it_was_pressed(
    open_company: Company, new_page: NewPage
) -> None:
    page = await new_page()
    await opened(open_company, page)
    await page.get_by_role("button", name="Ask a person").hover()
    await page.mouse.down()
    await paid(open_company)
    for _ in range(2):  # the second time it has seen what changed
        async with page.expect_response(f"{open_company.url}/billing"):
            pass
    async with arriving(page):
        await page.mouse.up()
    await expect(page.get_by_role("heading", level=1)).to_have_text("A person has your question")


async def test_a_page_without_a_connection_says_so(
    open_company: Company, new_page: NewPage
) -> None:
    page = await new_page()
    await opened(open_company, page)
    await expect(page.locator("#offline")).to_be_hidden()
    await page.context.set_offline(offline=True)
    await expect(page.locator("#offline")).to_be_visible()
    await page.context.set_offline(offline=False)
    await expect(page.locator("#offline")).to_be_hidden()


async def test_the_main_button_is_under_the_thumb(open_company: Company, new_page: NewPage) -> None:
    page = await new_page(phone=True)
    await opened(open_company, page)
    box = await page.locator(".btn.main").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 844
    assert box["y"] > 844 * 2 / 3
    assert box["height"] >= 44
    overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


async def test_all_of_it_works_without_javascript(open_company: Company, new_page: NewPage) -> None:
    page = await new_page(script=False, phone=True)
    await opened(open_company, page)
    await page.get_by_label(ASK).fill("Hello")
    await page.get_by_role("button", name="Ask a person").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("A person has your question")
    await page.get_by_label("Your message").fill("One more thing.")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("One more thing.")).to_be_visible()
