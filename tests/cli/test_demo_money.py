"""The chapters about money, walked on the demo itself: in a browser, with a terminal beside it."""

import re

from playwright.async_api import Page
from tests.browsing import NewPage, arriving, follow
from tests.cli.showing import Showing, chapter
from tests.journeys.visit import keep, press_main, sees


async def ask(page: Page, amount: str) -> None:
    """From the bill that is paid, over the form, to the answer."""
    await page.locator("details.fold > summary").first.click()
    await follow(page.get_by_role("link", name="Ask for this money back").first)
    await page.get_by_label("How much").fill(amount)
    await page.get_by_label("Why").select_option("not_as_promised")
    await press_main(page)


async def test_forty_dollars_come_back_with_a_receipt_and_the_rules_that_decided(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page(phone=True)
    await page.goto(demo.url)
    await keep(page, "demo-phone")
    await chapter(page, demo, "small", link="Be Alder Lane Grocers")
    await ask(page, "40.00")
    await sees(page, "Your money is on its way back")
    await chapter(page, demo, "small", link="Which rules decided")
    await sees(page, "Every rule was kept")
    await sees(page, "$40.00")
    await chapter(page, demo, "small", link="Read the receipt")
    await follow(page.get_by_role("link", name="$40.00").first)
    await sees(page, "$40.00")


async def test_four_hundred_are_approved_by_keyboard_and_the_customer_is_still_signed_in(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page()
    await chapter(page, demo, "small", link="Be Alder Lane Grocers")
    await ask(page, "400.00")
    await sees(page, "A person looks at this first")
    await chapter(page, demo, "large", link="Decide at the desk")
    async with arriving(page):
        await page.get_by_role("link", name="Alder Lane Grocers").first.press("Enter")
    await sees(page, "It did not work as promised")
    await page.keyboard.press("a")
    await page.keyboard.press("Enter")
    await sees(page, "Approved.")
    await chapter(page, demo, "large", link="Back to the customer")
    await sees(page, "$400.00")


async def test_the_stop_switch_makes_a_small_refund_wait(demo: Showing, new_page: NewPage) -> None:
    page = await new_page(script=False)
    await chapter(page, demo, "switch", link="Find the switch")
    await follow(page.locator("button[value=stop]"))
    try:
        await chapter(page, demo, "switch", link="Ask as")
        await ask(page, "5.00")
        await sees(page, "A person looks at this first")
        await page.goto(demo.url)
        await follow(page.get_by_role("button", name="Pull the plug"))
        await sees(page, "Nothing was sent, so nothing was cut off")
        await chapter(page, demo, "switch", link="What waits")
        await sees(page, "$5.00")
    finally:
        resumed = demo.typed("prunella resume")
    assert resumed.returncode == 0, resumed.stderr


async def test_what_the_companys_own_system_forgot_is_switched_on_again(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page(phone=True)
    await page.goto(demo.url)
    await follow(page.get_by_role("button", name="Let it forget them"))
    await sees(page, "Your plan is not switched on")
    await press_main(page)
    await sees(page, "Everything that belongs to your plan is switched on.")


async def test_the_same_action_sent_twice_is_done_once(demo: Showing, new_page: NewPage) -> None:
    page = await new_page(phone=True)
    await page.goto(demo.url)
    await follow(page.get_by_role("button", name="Send it twice"))
    await sees(page, "$11.00 went back once")
    await sees(page, "1 refund of this payment")
    await sees(page, "This Idempotency-Key came with other parameters before.")
    first, second = (await page.locator("dd code").all_inner_texts())[1:3]
    assert first == second
    await keep(page, "demo-twice-phone")
    await follow(page.get_by_role("link", name="The same at the desk"))
    await sees(page, "Every rule was kept")


async def test_a_worker_killed_in_mid_refund_finds_the_one_refund(
    demo: Showing, new_page: NewPage
) -> None:
    before = demo.worker()
    page = await new_page(phone=True, dark=True)
    await page.goto(demo.url)
    await follow(page.get_by_role("button", name="Pull the plug"))
    await sees(page, "$20.00 went back once")
    assert await page.locator(".stem h3").all_inner_texts() == [
        "Asked for",
        "Allowed",
        "Sent to Stripe",
        "Unknown",
        "Found at Stripe",
    ]
    await sees(page, "1 refund of this payment")
    await keep(page, "demo-plug-phone-dark")
    assert demo.worker() != before
    await follow(page.get_by_role("link", name="The same at the desk"))
    await sees(page, "Every rule was kept")


async def test_a_forged_entry_is_named_and_put_right_again(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page(phone=True)
    await chapter(page, demo, "audit", link="Open the log")
    await sees(page, "The log says what was sealed")
    await keep(page, "demo-log-phone")
    await follow(page.get_by_role("button", name="Change the amount"))
    await sees(page, "Somebody changed an entry, and it shows")
    await keep(page, "demo-log-forged-phone")
    (named,) = re.findall(
        r"Entry \d+ was changed after it was sealed", await page.inner_text("pre")
    )
    verified = demo.typed("prunella audit verify")
    assert (verified.returncode, named in verified.stdout) == (1, True), verified.stdout
    await follow(page.get_by_role("button", name="Put it right again"))
    await sees(page, "The log says what was sealed")
    verified = demo.typed("prunella audit verify")
    assert verified.returncode == 0, verified.stdout


async def test_a_lower_limit_shows_which_decisions_would_change(
    demo: Showing, new_page: NewPage
) -> None:
    page = await new_page(phone=True)
    await chapter(page, demo, "limit", link="Replay")
    await sees(page, "would change")
    await sees(page, "a person decides")
    await keep(page, "demo-limit-phone")
    said = await page.locator("#ways").inner_text()
    replayed = demo.typed(f"prunella policy replay --content {demo.folder}/content-20")
    assert said in replayed.stdout, replayed.stdout + replayed.stderr
    await follow(page.get_by_role("link", name="Back to the chapters"))
    assert page.url == f"{demo.url}#limit"
