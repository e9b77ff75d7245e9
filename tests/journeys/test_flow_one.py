"""Flow 1 in a browser: from Stripe's event to a paid invoice, with no human touch."""

from tests.browsing import NewPage
from tests.journeys.company import Company
from tests.journeys.subscriber import refused
from tests.journeys.visit import come_in, enter_card, keep, press_main, sees, sees_green


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
    page = await new_page(phone=True)
    await page.goto(f"{running.stripe_url}/mailbox/{customer.letter()['id']}/html")
    await page.get_by_role("link").click()
    await page.wait_for_url(f"{running.url}/billing")
    await press_main(page)
    await enter_card(page)
    await sees_green(page)
    customer.settled_once(invoice)
