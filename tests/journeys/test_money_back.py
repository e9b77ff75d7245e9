"""Flow 2 in a browser: money back within policy, or by a person; the customer signs in once."""

from playwright.async_api import Page
from tests.browsing import NewPage, follow, reload
from tests.journeys.approving import approved
from tests.journeys.company import Company
from tests.journeys.subscriber import AMOUNT, Subscriber, subscriber
from tests.journeys.visit import come_in, keep, press_main, sees, sees_green, twice

LABEL = "Ask for this money back"


async def at_home(running: Company, new_page: NewPage) -> tuple[Subscriber, Page]:
    customer = subscriber(running)
    customer.becomes_known()
    page = await new_page(phone=True)
    await come_in(page, customer)
    return customer, page


async def ask(page: Page, amount: str, *, words: str = "") -> None:
    """From the bill, over the form, to the answer."""
    await sees_green(page)
    await page.locator("details.fold > summary").first.click()
    await follow(page.get_by_role("link", name=LABEL).first)
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
    customer, page = await at_home(running, new_page)
    await ask(page, "40.00")
    await keep(page, "money-back-ask-phone")
    await twice(page.locator(".btn.main"))
    await sees(page, "Your money is on its way back")
    await keep(page, "money-back-done-phone")
    await reload(page)
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
    customer, page = await at_home(running, new_page)
    await ask(page, str(AMOUNT), words="It never worked.")
    await press_main(page)
    await sees(page, "Enter an amount above zero, and $2,500.00 at most.")
    await keep(page, "money-back-wrong-phone")
    assert await page.get_by_label("What happened").input_value() == "It never worked."
    assert given_back(customer) == []


async def test_a_large_amount_comes_back_by_a_person_who_knows_everything(
    running: Company, new_page: NewPage
) -> None:
    customer, page = await at_home(running, new_page)
    await ask(page, "400.00", words="The history pack stayed empty.")
    await press_main(page)
    await sees(page, "A person looks at this first")
    await keep(page, "money-back-waits-phone")
    assert given_back(customer) == []
    await approved(
        new_page,
        customer,
        role="lead",
        reads=("It did not work as promised. The history pack stayed empty.", "$400.00"),
        picture="money-back-decide-desktop",
    )
    running.until(lambda: given_back(customer) == [40_000], what="the money goes back")
    running.until(lambda: told(customer), what="they are told")
    await page.goto(f"{running.url}/billing/actions")
    await sees(page, "$400.00")
    await keep(page, "money-back-told-phone")
    assert steps(running, customer) == [
        "action.requested",
        "action.awaiting_approval",
        "action.approved",
        "action.submitting",
        "action.succeeded",
    ]
    verified = running.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def told(customer: Subscriber) -> bool:
    return any("$400.00" in text for text in customer.told())


def steps(running: Company, customer: Subscriber) -> list[str]:
    rows = running.rows(
        "select e.verb from audit_entries e join actions a on a.id = e.subject"
        " join customers c on c.id = a.customer"
        " where c.stripe_customer = %s and e.verb like 'action.%%' order by e.seq",
        customer.id,
    )
    return [verb for (verb,) in rows]
