"""Flow 1 in a browser: from Stripe's event to a paid invoice, with no human touch."""

from tests.browsing import NewPage, take_picture
from tests.journeys.company import Company
from tests.journeys.subscriber import refused
from tests.journeys.visit import (
    GOOD,
    come_in,
    enter_card,
    keep,
    press_main,
    reach_secure_page,
    sees,
    sees_green,
    tab_to,
)


async def test_a_new_card_pays_what_failed(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running)
    page = await new_page(phone=True)
    await come_in(page, customer, role="owner")
    await sees(page, "there was not enough money on the Visa card ending 4242")
    await keep(page, "flow-red-phone")
    await press_main(page)
    await enter_card(page)
    await page.wait_for_url(f"{running.url}/billing**")
    await sees_green(page)
    await keep(page, "flow-green-phone")
    customer.settled_once(invoice)


async def test_the_letters_button_alone_is_enough(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running)
    page = await new_page(phone=True, dark=True)
    await page.goto(f"{running.stripe_url}/mailbox/{customer.letter()['id']}/html")
    await take_picture(page, "flow-letter-phone-dark")
    await page.get_by_role("link").click()
    await page.wait_for_url(f"{running.url}/billing")
    await keep(page, "flow-red-phone-dark")
    await press_main(page)
    await enter_card(page)
    await sees_green(page)
    await keep(page, "flow-green-phone-dark")
    customer.settled_once(invoice)


async def test_forms_alone_are_enough(running: Company, new_page: NewPage) -> None:
    """Without JavaScript, and with Stripe slow to tell us: the waiting page goes on by itself."""
    customer, invoice = refused(running)
    page = await new_page(script=False)
    await come_in(page, customer)
    await press_main(page)
    running.outside("POST", "/_sandbox/webhooks", json={"mode": "hold"})
    await enter_card(page)
    await sees(page, "We are waiting for the secure page")
    running.outside("POST", "/_sandbox/webhooks", json={"mode": "release"})
    await sees_green(page)
    customer.settled_once(invoice)


async def test_the_waiting_page_goes_on_by_itself(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running)
    page = await new_page(phone=True, dark=True)
    await come_in(page, customer)
    await press_main(page)
    running.outside("POST", "/_sandbox/webhooks", json={"mode": "hold"})
    await enter_card(page)
    await sees(page, "We are waiting for the secure page")
    await keep(page, "flow-waiting-phone-dark")
    running.outside("POST", "/_sandbox/webhooks", json={"mode": "release"})
    await sees_green(page)
    customer.settled_once(invoice)


async def test_the_keyboard_alone_is_enough(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running)
    page = await new_page()
    await come_in(page, customer)
    await keep(page, "flow-red-desktop")
    await tab_to(page, page.locator(".btn.main"))
    await page.keyboard.press("Enter")
    await reach_secure_page(page)
    await keep(page, "flow-secure-page-desktop")
    for field, typed in (("Card number", GOOD), ("Valid until", "12/30"), ("Security code", "123")):
        await tab_to(page, page.get_by_label(field))
        await page.keyboard.type(typed)
    await page.keyboard.press("Enter")
    await sees_green(page)
    await keep(page, "flow-green-desktop")
    customer.settled_once(invoice)
