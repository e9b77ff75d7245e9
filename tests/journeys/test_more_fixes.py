"""The other remedies in a browser, each once, and never twice however often it is pressed."""

import re
from contextlib import suppress

import stripe
from playwright.async_api import Page, expect
from tests.browsing import NewPage, follow, go, reload
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, refused, subscriber
from tests.journeys.visit import come_in, keep, press_main, sees, sees_green, twice

PACK = 12_000


async def button(page: Page, name: str) -> None:
    await follow(page.get_by_role("button", name=re.compile(name)).first)


async def link(page: Page, name: str) -> None:
    await follow(page.get_by_role("link", name=re.compile(name)).first)


async def test_a_day_is_chosen_and_called_off_and_chosen_again(
    running: Company, new_page: NewPage
) -> None:
    customer, invoice = unpaid_bill(running)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await button(page, "on another day")
    await sees(page, "On which day shall we try again?")
    await keep(page, "later-choose-phone")
    await button(page, "9:00")
    await sees(page, "We try once on")
    await keep(page, "later-planned-phone")
    await button(page, "Call it off")
    await sees(page, "That is called off.")
    await page.goto(f"{running.url}/billing/fixes/retry_later?target={invoice}")
    await twice(page.get_by_role("button", name=re.compile("9:00")).first)
    await sees(page, "We try once on")
    await reload(page)
    customer.bank_says("")
    running.advance(days=6)
    await sees_green(page)
    assert [one.amount for one in customer.payments_of(invoice)] == [250_000]


def unpaid_bill(running: Company) -> tuple[Subscriber, str]:
    """A bill that failed, and that Stripe does not try again by itself."""
    customer = subscriber(running)
    customer.bank_says("insufficient_funds")
    client = customer.stripe
    item = {"customer": customer.id, "amount": 250_000, "currency": "usd"}
    client.invoice_items.create(item)
    draft = client.invoices.create(
        {
            "customer": customer.id,
            "pending_invoice_items_behavior": "include",
            "auto_advance": False,
            "default_payment_method": customer.card,
        }
    )
    client.invoices.finalize_invoice(draft.id)
    with suppress(stripe.CardError):
        client.invoices.pay(draft.id)
    running.until(lambda: customer.status() == "red", what=f"{customer.name} is red")
    return customer, str(draft.id)


async def test_the_colleague_who_pays_gets_one_letter(running: Company, new_page: NewPage) -> None:
    customer, invoice = refused(running)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await link(page, "Send it to a colleague")
    await page.get_by_label("Their mail address").fill("not an address@x")
    await page.locator("form.ask").evaluate("form => form.noValidate = true")
    await press_main(page)
    await sees(page, "Look at this again")
    colleague = f"ledger-{customer.id[-6:].lower()}@northbeck.example"
    await page.get_by_label("Their mail address").fill(colleague)
    await keep(page, "colleague-phone")
    await twice(page.get_by_role("button", name="Send the invoice"))
    await sees(page, "The invoice is on its way by mail.")
    letter = running.until(lambda: letters_to(running, colleague), what="the letter")
    assert len(letter) == 1
    await go(page, f"{running.url}/billing/fixes/resend_invoice?target={invoice}")
    await page.get_by_label("Their mail address").fill(colleague)
    await press_main(page)
    await sees(page, "within the last day")
    whole = running.outside("GET", f"/_sandbox/mail/{letter[0]['id']}")
    assert customer.name not in whole["text"]
    stranger = await new_page()
    address = next(one for one in whole["links"] if "/l/i/" in one)
    await stranger.goto(address)
    assert stranger.url.startswith(running.stripe_url)
    await stranger.goto(address.replace("/l/i/", "/l/"))
    await sees(stranger, "This link does not work")
    assert len(letters_to(running, colleague)) == 1


def letters_to(running: Company, address: str) -> list[dict[str, str]]:
    return list(running.outside("GET", "/_sandbox/mail", params={"to": address})["data"])


async def test_billing_details_are_corrected(running: Company, new_page: NewPage) -> None:
    customer = subscriber(running)
    customer.becomes_known()
    page = await new_page()
    await come_in(page, customer, role="owner")
    await sees_green(page)
    await keep(page, "account-green-desktop")
    await link(page, "Change billing details")
    await page.get_by_label("Street").fill("Lindenallee 4")
    await page.get_by_label("Country").fill("xx1")
    await page.get_by_label("Kind of tax id").select_option("eu_vat")
    await page.locator("#tax_id").fill("1")
    await press_main(page)
    await sees(page, "Write the country as two letters")
    await keep(page, "details-wrong-desktop")
    await page.get_by_label("Country").fill("de")
    await page.locator("#tax_id").fill("DE123456789")
    await press_main(page)
    await sees(page, "Your billing details are saved.")
    known = customer.stripe.customers.retrieve(customer.id)
    assert (known.address.line1, known.address.country) == ("Lindenallee 4", "DE")
    found = customer.stripe.customers.tax_ids.list(customer.id).data
    assert [one.value for one in found] == ["DE123456789"]


async def test_a_plan_that_was_to_end_is_kept(running: Company, new_page: NewPage) -> None:
    customer = subscriber(running)
    customer.becomes_known()
    plan = customer.stripe.subscriptions.list({"customer": customer.id}).data[0].id
    customer.stripe.subscriptions.update(plan, {"cancel_at_period_end": True})
    page = await new_page(phone=True)
    await come_in(page, customer)
    await link(page, "Keep your plan")
    await keep(page, "resume-keep-phone")
    await press_main(page)
    await sees(page, "Your plan goes on.")
    assert not customer.stripe.subscriptions.retrieve(plan).cancel_at_period_end


def paid_twice(running: Company, amount: int = PACK) -> tuple[Subscriber, list[str]]:
    customer = subscriber(running)
    charges = []
    for _ in range(2):
        made = customer.stripe.payment_intents.create(
            {
                "amount": amount,
                "currency": "usd",
                "customer": customer.id,
                "payment_method": customer.card,
                "confirm": True,
                "off_session": True,
                "description": "Barcode pack",
                "metadata": {"order": "1041"},
            }
        )
        charges.append(str(made.latest_charge))
        running.advance(minutes=2)
    running.until(lambda: customer.cause() == "duplicate_charge", what="the duplicate is known")
    return customer, charges


async def test_what_was_paid_twice_comes_back_once(running: Company, new_page: NewPage) -> None:
    customer, charges = paid_twice(running)
    page, other = await new_page(phone=True), await new_page(script=False)
    await come_in(page, customer)
    await come_in(other, customer, person="ben", role="owner")
    await keep(page, "duplicate-red-phone")
    await twice(page.locator(".btn.main"))
    await sees(page, "The payment that was taken twice goes back to your card.")
    await keep(page, "duplicate-refunded-phone")
    await press_main(other)
    await reload(other)
    refunds = customer.stripe.refunds.list({}).data
    mine = [one for one in refunds if one.charge in charges]
    assert [(one.charge, one.amount) for one in mine] == [(charges[1], PACK)]


async def test_too_much_for_a_click_goes_to_a_person(running: Company, new_page: NewPage) -> None:
    customer, charges = paid_twice(running, 20_001)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await press_main(page)
    await sees(page, "A person looks at this first")
    await keep(page, "duplicate-person-phone")
    assert not [one for one in customer.stripe.refunds.list({}).data if one.charge in charges]
    sql = (
        "select because from cases k join customers c on c.id = k.customer"
        " where c.stripe_customer = %s"
    )
    assert running.until(lambda: running.rows(sql, customer.id), what="the case")


async def test_a_letters_button_gives_no_money_back(running: Company, new_page: NewPage) -> None:
    customer, _invoice = refused(running)
    address = customer.link()
    page = await new_page(phone=True)
    await page.goto(address)
    await sees(page, "Other ways to settle it")
    assert not await page.get_by_role("link", name="Change billing details").count()
    await page.goto(f"{running.url}/billing/fixes/update_billing_details")
    await sees(page, "Sign in from the product for the rest.")


async def test_a_bill_opens_as_pdf(running: Company, new_page: NewPage) -> None:
    customer = subscriber(running)
    customer.becomes_known()
    invoice = customer.newest_invoice()
    page, stranger = await new_page(), await new_page()
    await come_in(page, customer)
    await expect(page.locator(f"#{invoice}")).to_be_visible()
    answer = await page.request.get(f"{running.url}/billing/invoices/{invoice}/pdf")
    assert answer.headers["content-type"] == "application/pdf"
    else_ = subscriber(running)
    running.until(lambda: else_.status() == "green", what="the other customer is known")
    await come_in(stranger, else_)
    answer = await stranger.request.get(f"{running.url}/billing/invoices/{invoice}/pdf")
    assert answer.status == 404


async def test_another_plan_is_previewed_to_the_cent(running: Company, new_page: NewPage) -> None:
    customer, plan, bigger = on_a_known_plan(running)
    running.advance(days=10)
    page = await new_page(phone=True)
    await come_in(page, customer)
    await link(page, "Change your plan")
    await keep(page, "plan-choose-phone")
    await link(page, "See what it costs")
    await sees(page, "Charged today")
    await keep(page, "plan-preview-phone")
    told = await page.locator("dl.facts b.num").inner_text()
    await twice(page.locator(".btn.main"))
    await sees(page, "Your plan is changed.")
    now = customer.stripe.subscriptions.retrieve(plan)
    assert now["items"].data[0].price.id == bigger
    newest = customer.stripe.invoices.list({"customer": customer.id}).data[0]
    assert f"${newest.amount_paid / 100:,.2f}" == told
    assert len(customer.stripe.invoices.list({"customer": customer.id}).data) == 2
    await expect(page.locator("aside")).to_contain_text("$15,000.00")


def on_a_known_plan(running: Company) -> tuple[Subscriber, str, str]:
    """On prices that content/plans.toml knows by their lookup keys."""
    customer = subscriber(running)
    client = customer.stripe
    prices = {}
    for name, amount in (("starter", 250_000), ("professional", 1_500_000)):
        product = client.products.create({"name": name})
        made = client.prices.create(
            {
                "product": product.id,
                "currency": "usd",
                "unit_amount": amount,
                "recurring": {"interval": "month"},
                "lookup_key": f"{name}_usd",
            }
        )
        prices[name] = made.id
    old = client.subscriptions.list({"customer": customer.id}).data[0]
    client.subscriptions.cancel(old.id)
    fresh = client.customers.create({"name": customer.name, "email": customer.email})
    card = client.payment_methods.attach("pm_card_visa", {"customer": fresh.id})
    made = client.subscriptions.create(
        {
            "customer": fresh.id,
            "items": [{"price": prices["starter"]}],
            "default_payment_method": card.id,
        }
    )
    moved = Subscriber(running, str(fresh.id), customer.name, customer.email, str(card.id))
    moved.becomes_known()
    return moved, str(made.id), prices["professional"]
