"""However often it is pressed, and from wherever: it is paid once."""

import asyncio

from playwright.async_api import Locator, Page
from tests.browsing import NewPage, follow, reload
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, refused
from tests.journeys.visit import (
    come_in,
    enter_card,
    press_main,
    reach_secure_page,
    sees,
    sees_green,
    twice,
)


def with_money(running: Company, *, slow_s: float = 0) -> tuple[Subscriber, str]:
    """A customer whose card would work by now; Stripe takes its time to say so."""
    customer, invoice = refused(running)
    customer.bank_says("")
    if slow_s:
        fault = {"kind": "slow", "path": f"/v1/invoices/{invoice}/pay", "seconds": slow_s}
        running.outside("POST", "/_sandbox/faults", json=fault)
    return customer, invoice


def again(page: Page) -> Locator:
    return page.get_by_role("button", name="again now")


async def test_a_double_click_pays_once(running: Company, new_page: NewPage) -> None:
    customer, invoice = with_money(running, slow_s=2)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await twice(again(page))
    await sees_green(page)
    customer.settled_once(invoice)


async def test_a_double_click_on_the_main_button_leads_to_one_page(
    running: Company, new_page: NewPage
) -> None:
    customer, invoice = refused(running)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await twice(page.locator(".btn.main"))
    await enter_card(page)
    await sees_green(page)
    sessions = customer.stripe.checkout.sessions.list({"customer": customer.id}).data
    assert len(sessions) == 1
    customer.settled_once(invoice)


async def test_a_reload_of_the_result_pays_nothing(running: Company, new_page: NewPage) -> None:
    customer, invoice = with_money(running, slow_s=1)
    page = await new_page()
    await come_in(page, customer)
    await follow(again(page))
    await reload(page)
    await reload(page)
    await sees_green(page)
    await reload(page)
    await sees_green(page)
    customer.settled_once(invoice)


async def test_back_and_once_more_pays_nothing(running: Company, new_page: NewPage) -> None:
    """Without JavaScript the old page stands there with its button, as it was."""
    customer, invoice = with_money(running)
    page = await new_page(script=False)
    await come_in(page, customer)
    await follow(again(page))
    await sees_green(page)
    await page.go_back()
    if await again(page).count():
        await follow(again(page))
    await sees_green(page)
    customer.settled_once(invoice)


async def test_two_tabs_at_once_pay_once(running: Company, new_page: NewPage) -> None:
    customer, invoice = with_money(running, slow_s=1)
    one = await new_page()
    await come_in(one, customer)
    other = await one.context.new_page()
    await other.goto(f"{running.url}/billing")
    await asyncio.gather(again(one).click(), again(other).click())
    await asyncio.gather(sees_green(one), sees_green(other))
    customer.settled_once(invoice)


async def test_two_people_with_two_cards_pay_once(running: Company, new_page: NewPage) -> None:
    """One enters a new card while the other tries the old one again."""
    customer, invoice = with_money(running, slow_s=1)
    one, other = await new_page(phone=True), await new_page()
    await come_in(one, customer, person="ann")
    await come_in(other, customer, person="ben", role="owner")
    await press_main(one)
    await reach_secure_page(one)
    await asyncio.gather(enter_card(one), again(other).click())
    await asyncio.gather(sees_green(one), sees_green(other))
    customer.settled_once(invoice)


async def test_who_comes_late_finds_it_paid(running: Company, new_page: NewPage) -> None:
    customer, invoice = with_money(running)
    one, late = await new_page(), await new_page(script=False)
    await come_in(one, customer)
    await come_in(late, customer)
    await follow(again(one))
    await sees_green(one)
    await follow(again(late))
    await sees(late, "Everything is in order")
    customer.settled_once(invoice)
