"""The chapter about a day at the desk, walked on the demo itself, by one of its colleagues."""

import asyncio

from playwright.async_api import Page, expect
from tests.browsing import PATIENCE_MS, NewPage, follow
from tests.cli.showing import Showing, chapter
from tests.journeys.visit import keep, sees

TOO_QUICK_MS = 2_500
"""Nobody reads and fills in a form in less."""


async def press(page: Page, demo: Showing, name: str) -> None:
    """It leads to a case; where the letter they answer is still on its way, it is pressed again."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while "/desk/cases/case_" not in page.url:
            await page.goto(demo.url)
            await follow(page.get_by_role("button", name=name))


async def answer(page: Page, text: str, *, button: str) -> None:
    await page.get_by_label("Reply").fill(text)
    await follow(page.get_by_role("button", name=button, exact=True))
    await page.wait_for_url("**#next")


async def test_the_day_begins_with_what_is_due_and_who_has_what(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page()
    await page.goto(demo.url)
    await keep(page, "demo-desk-chapter")
    await chapter(page, demo, "day", link="Be Marigold")
    await expect(page.locator("#inbox [data-row]").first).to_contain_text("Our auditors are here")
    await chapter(page, demo, "day", link="The day on one page")
    await sees(page, "Barnaby Quillfeather")
    await sees(page, "Marigold Thimble")


async def test_a_mail_is_answered_solved_and_opened_again(demo: Showing, new_page: NewPage) -> None:
    page = await new_page()
    await press(page, demo, "Let them write")
    thread = page.locator(".thread")
    await expect(thread).to_contain_text("When does it come?")
    await expect(thread).to_contain_text("surely from")
    await expect(page.locator("#diag")).to_contain_text("on its way back")
    await answer(page, "By Wednesday next week.", button="Send")
    await page.goto(demo.url)
    await press(page, demo, "Let them answer")
    await expect(thread).to_contain_text("Does it come in one sum?")
    await answer(page, "Yes, in one.", button="Send and solve")
    await expect(page.locator(".case .head")).to_contain_text("Solved")
    await page.goto(demo.url)
    await follow(page.locator("button[name=jump][value='1d']"))
    await press(page, demo, "Let them answer")
    await expect(thread).to_contain_text("it is still not there")
    await expect(page.locator(".case .head")).to_contain_text("Open")
    await keep(page, "demo-desk-reopened")


async def test_what_is_nearly_late_is_taken_with_a_macro_beside_a_colleague(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page()
    await chapter(page, demo, "nearly", link="Open it as Marigold")
    await page.wait_for_url("**/desk/cases/case_*")
    await expect(page.locator(".thread")).to_contain_text("@marigold-thimble")
    await page.goto(demo.url)
    async with page.context.expect_page() as opened:
        await page.locator("#two").get_by_role("link", name="Open it as Barnaby, too").click()
    theirs = await opened.value
    await expect(theirs.locator(".thread")).to_contain_text("You")
    await chapter(page, demo, "nearly", link="Open it as Marigold")
    await expect(page.locator("#here")).to_contain_text("Barnaby Quillfeather")
    await page.keyboard.press("m")
    await page.keyboard.press("Enter")
    await follow(page.get_by_role("link", name="I have it"))
    await expect(page.locator("main")).to_contain_text("I have your question")
    await chapter(page, demo, "nearly", link="What Barnaby asked her")
    await sees(page, "Our auditors are here")


async def test_anybody_may_write_without_an_account(demo: Showing, new_page: NewPage) -> None:
    page = await new_page(phone=True)
    await chapter(page, demo, "form", link="Open the form")
    await keep(page, "demo-desk-contact-phone")
    await page.locator("#say").fill("Do you count pallets, too?")
    await page.locator("#email").fill("ada@pallets.example")
    await page.wait_for_timeout(TOO_QUICK_MS)
    await follow(page.locator("form.ask button.main"))
    await page.wait_for_url("**/contact/sent")
    await page.goto(f"{demo.url}/sit/marigold/inbox")
    await expect(page.locator("#inbox")).to_contain_text("Do you count pallets, too?")
