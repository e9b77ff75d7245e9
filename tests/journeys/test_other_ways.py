"""The same flow where another remedy is needed: the bank's yes, a new link, the same card again."""

from playwright.async_api import Page
from tests.browsing import NewPage, follow
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, refused, subscriber
from tests.journeys.visit import (
    come_in,
    enter_card,
    keep,
    press_main,
    reach_secure_page,
    sees,
    sees_green,
)

CONCEALED = "Your bank declined the payment. Use another payment method."
PACK = 50_000


def must_confirm(running: Company) -> tuple[Subscriber, str]:
    """A customer whose bank wants to be asked each time."""
    customer = subscriber(running)
    customer.uses("pm_card_authenticationRequired")
    invoice = customer.a_month_passes()
    running.until(lambda: customer.cause() == "authentication_required", what="the cause")
    return customer, invoice


async def to_the_bank(page: Page, customer: Subscriber) -> None:
    await come_in(page, customer)
    await sees(page, "The bank wants you to confirm it yourself")
    await press_main(page)
    await reach_secure_page(page)
    await follow(page.get_by_role("link", name="Confirm with your bank"))


async def test_the_bank_is_told_yes(running: Company, new_page: NewPage) -> None:
    customer, invoice = must_confirm(running)
    page = await new_page(phone=True)
    await to_the_bank(page, customer)
    await keep(page, "confirm-bank-phone")
    await follow(page.get_by_role("button", name="Yes, that was me"))
    await page.goto(f"{running.url}/billing")
    await sees_green(page)
    customer.settled_once(invoice)


async def test_the_bank_is_told_no(running: Company, new_page: NewPage) -> None:
    customer, invoice = must_confirm(running)
    page = await new_page(phone=True)
    await to_the_bank(page, customer)
    await follow(page.get_by_role("button", name="No, refuse it"))
    await page.goto(f"{running.url}/billing")
    await sees(page, "No money has left your account.")
    await keep(page, "confirm-refused-phone")
    assert customer.status() == "red"
    assert not customer.payments_of(invoice)


async def test_a_link_that_expired_is_made_again(running: Company, new_page: NewPage) -> None:
    customer = subscriber(running)
    session = a_payment_page(customer)
    running.advance(hours=2)
    page = await new_page(phone=True)
    await page.goto(customer.link())
    await page.wait_for_url(f"{running.url}/billing")
    await sees(page, "before anything was paid")
    await keep(page, "link-red-phone")
    await press_main(page)
    await reach_secure_page(page)
    assert session not in page.url
    await enter_card(page)
    await sees_green(page)
    charges = customer.stripe.charges.list({"customer": customer.id}).data
    assert [one.amount for one in charges if one.status == "succeeded"].count(PACK) == 1
    running.until(customer.outcomes, what="the outcome")
    assert customer.outcomes() == [("selfheal", True)]


async def test_the_same_card_works_once_there_is_money(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running)
    page = await new_page(phone=True)
    await come_in(page, customer)
    customer.bank_says("")
    await follow(page.get_by_role("button", name="again now"))
    await sees_green(page)
    customer.settled_once(invoice)


async def test_the_same_card_fails_again(running: Company, new_page: NewPage) -> None:
    """Without JavaScript: the page says that no money was taken, and offers the rest again."""
    customer, invoice = refused(running)
    page = await new_page(script=False)
    await come_in(page, customer)
    await follow(page.get_by_role("button", name="again now"))
    await sees(page, "That did not work, and no money was taken by it.")
    assert not customer.payments_of(invoice)
    await press_main(page)
    await enter_card(page)
    await sees_green(page)
    customer.settled_once(invoice)


async def test_a_reason_to_conceal_stays_concealed(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running, "stolen_card")
    page = await new_page(phone=True)
    await come_in(page, customer)
    await sees(page, CONCEALED)
    await keep(page, "concealed-red-phone")
    told = (await page.content()).lower() + customer.letter()["text"].lower()
    for word in ("stolen", "lost", "fraud", "pick up", "hard decline", "do not honor"):
        assert word not in told
    assert await page.get_by_role("button", name="again now").count() == 0
    await press_main(page)
    await enter_card(page)
    await sees_green(page)
    customer.settled_once(invoice)


def a_payment_page(customer: Subscriber) -> str:
    """A page to buy something, open for an hour."""
    now = customer.running.outside("GET", "/_sandbox/clock")["now"]
    line = {"name": "Barcode pack"}
    price = {"currency": "usd", "unit_amount": PACK, "product_data": line}
    made = customer.stripe.checkout.sessions.create(
        {
            "mode": "payment",
            "customer": customer.id,
            "line_items": [{"price_data": price, "quantity": 1}],
            "success_url": f"{customer.running.url}/billing",
            "expires_at": int(now) + 3600,
        }
    )
    return str(made.id)
