"""Billed twice: found on a phone, chosen with a thumb, approved by finance with the keyboard."""

from playwright.async_api import Page
from tests.browsing import NewPage, follow
from tests.journeys.approving import approved
from tests.journeys.company import Company
from tests.journeys.subscriber import AMOUNT, Subscriber, subscriber
from tests.journeys.test_money_back import given_back
from tests.journeys.visit import come_in, keep, sees, sees_green

PROOF = "2500.00 - 0.00 = 2500.00"
MONEY = "Get $2,500.00 back"
CREDIT = "Take $2,500.00 off my next invoice"


async def billed_twice(running: Company, new_page: NewPage) -> tuple[Subscriber, Page]:
    """Somebody whose month was billed once more, an hour later, with their meter on a phone."""
    customer = subscriber(running)
    customer.becomes_known()
    running.advance(hours=1)
    (plan,) = customer.stripe.subscriptions.list({"customer": customer.id}).data
    running.outside("POST", "/_sandbox/misbill", json={"subscription": plan.id})
    running.until(lambda: customer.cause() == "invoice_miscalculated", what="it is proven")
    page = await new_page(phone=True)
    await come_in(page, customer)
    return customer, page


async def test_money_back_is_chosen_on_a_phone_and_approved_by_finance(
    running: Company, new_page: NewPage
) -> None:
    customer, page = await billed_twice(running, new_page)
    await sees(page, "We billed you too much")
    await sees(page, "The mistake was ours, and $2,500.00 is yours to have back.")
    await keep(page, "billed-too-much-choose-phone")
    assert await in_reach_of_a_thumb(page) == [MONEY, CREDIT]
    await follow(page.get_by_role("button", name=MONEY))
    await sees(page, "You asked for $2,500.00 back")
    await sees(page, "Our finance team looks at this on the same working day")
    await keep(page, "billed-too-much-waits-phone")
    assert await page.get_by_role("button", name=CREDIT).count() == 0
    assert given_back(customer) == []
    await approved(
        new_page,
        customer,
        role="finance",
        reads=(PROOF, "Their own bills prove that too much was billed"),
        picture="billed-too-much-decide-desktop",
    )
    running.until(lambda: given_back(customer) == [AMOUNT], what="the money goes back")
    running.until(lambda: customer.status() == "green", what="they are green again")
    running.until(lambda: told(customer), what="they have the receipt")
    await page.goto(f"{running.url}/billing")
    await sees_green(page)
    await keep(page, "billed-too-much-done-phone")
    verified = running.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


async def in_reach_of_a_thumb(page: Page) -> list[str]:
    """The buttons in the lower half of the screen, from the top down."""
    size = page.viewport_size
    assert size
    found = []
    for button in await page.locator(".dock button").all():
        box = await button.bounding_box()
        assert box
        assert box["height"] >= 44, "as large as a thumb"
        if box["y"] > size["height"] / 2:
            found.append((await button.inner_text()).strip())
    return found


def told(customer: Subscriber) -> bool:
    return any("billed you $2,500.00 too much" in text for text in customer.told())
