"""Plans that stand still, and invoices that Stripe sends: each remedy once, however often pressed.

The other remedies stand in `test_more_fixes.py`.
"""

from datetime import timedelta

from tests.browsing import NewPage, follow, go
from tests.journeys.company import Company
from tests.journeys.subscriber import AMOUNT, Subscriber, subscriber
from tests.journeys.visit import come_in, keep, press_main, sees, sees_green, twice


def now_of(running: Company) -> int:
    return int(running.outside("GET", "/_sandbox/clock")["now"])


def plan_of(customer: Subscriber) -> str:
    return str(customer.stripe.subscriptions.list({"customer": customer.id}).data[0].id)


def paused(running: Company) -> tuple[Subscriber, str]:
    """A trial that ended without a card; by now there is one."""
    known = subscriber(running)
    client = known.stripe
    price = client.subscriptions.retrieve(plan_of(known))["items"].data[0].price.id
    fresh = client.customers.create({"name": known.name, "email": known.email})
    plan = client.subscriptions.create(
        {
            "customer": fresh.id,
            "items": [{"price": price}],
            "trial_end": now_of(running) + int(timedelta(days=1).total_seconds()),
            "trial_settings": {"end_behavior": {"missing_payment_method": "pause"}},
        }
    )
    running.advance(days=1, hours=2)
    card = client.payment_methods.attach("pm_card_visa", {"customer": fresh.id})
    client.customers.update(fresh.id, {"invoice_settings": {"default_payment_method": card.id}})
    customer = Subscriber(running, str(fresh.id), known.name, known.email, str(card.id))
    running.until(
        lambda: "resume_subscription" in str(running.diagnosis(customer.id)), what="the remedy"
    )
    return customer, str(plan.id)


async def test_a_paused_plan_starts_again_and_is_paid_once(
    running: Company, new_page: NewPage
) -> None:
    customer, plan = paused(running)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await sees(page, "Your plan is paused")
    await keep(page, "paused-amber-phone")
    await press_main(page)
    await sees(page, "$2,500.00 is charged to the card ending 4242 now")
    await keep(page, "paused-resume-phone")
    await twice(page.get_by_role("button", name="Start it again"))
    await sees(page, "Your plan goes on.")
    await sees_green(page)
    assert customer.stripe.subscriptions.retrieve(plan).status == "active"
    charges = customer.stripe.charges.list({"customer": customer.id}).data
    assert [one.amount for one in charges] == [AMOUNT]


async def test_payments_that_were_on_hold_are_collected_again(
    running: Company, new_page: NewPage
) -> None:
    customer = subscriber(running)
    plan = plan_of(customer)
    hold = {"pause_collection": {"behavior": "keep_as_draft"}}
    customer.stripe.subscriptions.update(plan, hold)
    running.until(lambda: customer.cause() == "subscription_paused", what="the hold is known")
    page = await new_page()
    await come_in(page, customer)
    await sees(page, "Your payments are on hold")
    await keep(page, "hold-amber-desktop")
    await follow(page.get_by_role("link", name="Start payments again").first)
    await sees(page, "Nothing is charged today.")
    await keep(page, "hold-collect-desktop")
    await twice(page.get_by_role("button", name="Start payments again"))
    await sees(page, "Your plan goes on.")
    await sees_green(page)
    assert customer.stripe.subscriptions.retrieve(plan).pause_collection is None
    assert len(customer.stripe.invoices.list({"customer": customer.id}).data) == 1


def invoiced(running: Company) -> tuple[Subscriber, str]:
    """A bill by mail, to be paid within a week."""
    customer = subscriber(running)
    client = customer.stripe
    client.invoice_items.create({"customer": customer.id, "amount": 40_000, "currency": "usd"})
    draft = client.invoices.create(
        {
            "customer": customer.id,
            "collection_method": "send_invoice",
            "days_until_due": 7,
            "pending_invoice_items_behavior": "include",
        }
    )
    client.invoices.send_invoice(draft.id)
    return customer, str(draft.id)


def times_sent(customer: Subscriber, invoice: str) -> int:
    told = customer.stripe.events.list({"type": "invoice.sent", "limit": 100}).data
    return sum(one.data.object.id == invoice for one in told)


async def test_stripe_sends_an_overdue_invoice_again_and_once(
    running: Company, new_page: NewPage
) -> None:
    customer, invoice = invoiced(running)
    running.advance(days=8)
    running.until(lambda: customer.cause() == "invoice_overdue", what="it is overdue")
    page = await new_page(phone=True)
    await come_in(page, customer)
    await sees(page, "An invoice is waiting to be paid")
    await keep(page, "overdue-red-phone")
    await follow(page.get_by_role("link", name="Send it again").first)
    await sees(page, customer.email)
    await keep(page, "send-again-phone")
    await twice(page.get_by_role("button", name="Send it again"))
    await sees(page, "The invoice is on its way by mail.")
    assert times_sent(customer, invoice) == 2
    await go(page, f"{running.url}/billing/fixes/resend_invoice?target={invoice}")
    await press_main(page)
    await page.wait_for_url("**/billing?*")
    assert times_sent(customer, invoice) == 2


async def test_details_that_are_saved_twice_stand_there_once(
    running: Company, new_page: NewPage
) -> None:
    customer = subscriber(running)
    customer.becomes_known()
    page = await new_page(phone=True)
    await come_in(page, customer)
    await follow(page.get_by_role("link", name="Change billing details"))
    await page.get_by_label("Country").fill("gb")
    await page.get_by_label("Kind of tax id").select_option("gb_vat")
    await page.locator("#tax_id").fill("GB123456789")
    await keep(page, "details-phone")
    await twice(page.get_by_role("button", name="Save these details"))
    await sees(page, "Your billing details are saved.")
    found = customer.stripe.customers.tax_ids.list(customer.id).data
    assert [one.value for one in found] == ["GB123456789"]
