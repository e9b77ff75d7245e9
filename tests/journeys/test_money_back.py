"""Flow 2 in a browser: money back within policy, or by a person; the customer signs in once."""

from playwright.async_api import Page
from tests.browsing import NewPage
from tests.journeys.company import Company
from tests.journeys.subscriber import AMOUNT, Subscriber, subscriber
from tests.journeys.visit import come_in, keep, press_main, sees, sees_green

LABEL = "Ask for this money back"


async def ask(page: Page, amount: str, *, words: str = "") -> None:
    """From the bill, over the form, to the answer."""
    await sees_green(page)
    await page.locator("details.fold > summary").first.click()
    await page.get_by_role("link", name=LABEL).first.click()
    await page.get_by_label("How much").fill(amount)
    await page.get_by_label("Why").select_option("not_as_promised")
    await page.get_by_label("What happened").fill(words)


def given_back(customer: Subscriber) -> list[int]:
    found = customer.stripe.charges.list({"customer": customer.id}).data
    return [
        refund.amount
        for charge in found
        for refund in customer.stripe.refunds.list({"charge": charge.id}).data
    ]


async def test_a_small_amount_comes_back_at_once_and_once(
    running: Company, new_page: NewPage
) -> None:
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    page = await new_page(phone=True)
    await come_in(page, customer)
    await ask(page, "40.00")
    await keep(page, "money-back-ask-phone")
    await page.locator(".btn.main").dblclick()
    await sees(page, "Your money is on its way back")
    await keep(page, "money-back-done-phone")
    await page.reload()
    assert given_back(customer) == [4_000]
    decided = running.rows(
        "select a.decision->>'verdict', a.requested_by->>'kind' from actions a"
        " join customers c on c.id = a.customer where c.stripe_customer = %s",
        customer.id,
    )
    assert decided == [("allow", "customer")]


async def test_what_cannot_be_right_is_said_beside_what_was_typed(
    running: Company, new_page: NewPage
) -> None:
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    page = await new_page(phone=True)
    await come_in(page, customer)
    await ask(page, str(AMOUNT), words="It never worked.")
    await press_main(page)
    await sees(page, "Enter an amount above zero, and $2,500.00 at most.")
    await keep(page, "money-back-wrong-phone")
    assert await page.get_by_label("What happened").input_value() == "It never worked."
    assert given_back(customer) == []


async def test_a_large_amount_waits_for_a_person(running: Company, new_page: NewPage) -> None:
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    page = await new_page(phone=True)
    await come_in(page, customer)
    await ask(page, "400.00", words="The history pack stayed empty.")
    await press_main(page)
    await sees(page, "A person looks at this first")
    await keep(page, "money-back-waits-phone")
    assert given_back(customer) == []
