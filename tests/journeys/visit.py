"""What a customer does on our pages, and on the secure pages of the outside."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from playwright.async_api import FrameLocator, Locator, Page, expect
from tests.browsing import PATIENCE_MS, check_accessible, follow, take_picture
from tests.journeys.subscriber import Subscriber

GREEN = "Everything is in order"
GOOD = "4242424242424242"
SECURE = re.compile(r"/c/pay/|/i/|/invoice")


async def come_in(page: Page, customer: Subscriber, **claims: str) -> None:
    """From the company's own product, by a token that is gone from the address at once."""
    running = customer.running
    await page.goto(f"{running.url}/billing?token={running.token(customer.id, **claims)}")
    assert page.url == f"{running.url}/billing"


async def sees(page: Page, words: str) -> None:
    await expect(page.locator("main")).to_contain_text(words)


async def sees_green(page: Page) -> None:
    """By itself: nobody reloads."""
    await expect(page.get_by_role("heading", name=GREEN, level=1)).to_be_visible()


async def press_main(page: Page) -> None:
    """It leads to another page, which stands there afterwards."""
    await follow(page.locator(".btn.main"))


async def twice(target: Locator) -> None:
    """Press it as people in a hurry do: the second press is under way while the first arrives."""
    await target.dblclick()


async def reach_secure_page(page: Page) -> None:
    async def is_there() -> bool:
        return bool(SECURE.search(page.url))

    await go_on(page, page, until=is_there)
    await page.wait_for_load_state()


async def go_on(
    page: Page, part: Page | FrameLocator, *, until: Callable[[], Awaitable[bool]]
) -> None:
    """On a slow machine a page waits with whoever pressed, and offers the way once it can."""
    way_on = part.get_by_role("button", name="Go back to the secure page")
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while not await until():
            if await way_on.count():
                async with page.expect_event("framenavigated"):
                    await way_on.click()
            await page.wait_for_timeout(100)


async def enter_card(page: Page, number: str = GOOD) -> None:
    """On the secure page that the main button leads to."""
    await reach_secure_page(page)
    await page.get_by_label("Card number").fill(number)
    await page.get_by_label("Valid until").fill("12/30")
    await page.get_by_label("Security code").fill("123")
    await press_main(page)


async def tab_to(page: Page, target: Locator) -> None:
    """By keyboard alone; a page never needs more than so many steps."""
    for _ in range(60):
        if await target.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    message = f"{target} cannot be reached by keyboard"
    raise AssertionError(message)


async def keep(page: Page, name: str) -> None:
    """Look at the page: with axe, and as a picture."""
    await take_picture(page, name)
    await check_accessible(page)
