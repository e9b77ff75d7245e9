"""A plan changed at the desk by keyboard alone, for exactly what was said before."""

import re

from playwright.async_api import expect
from tests.browsing import NewPage, arriving
from tests.journeys.company import Company
from tests.journeys.subscriber import AMOUNT, Subscriber
from tests.journeys.test_more_fixes import on_a_known_plan
from tests.journeys.test_the_desk import at_the_desk, enter, press
from tests.journeys.visit import keep, tab_to


def asks(running: Company, customer: Subscriber) -> str:
    """Return the address of the case on which they ask for a bigger plan."""
    body = {"customer": customer.id, "subject": "We have grown", "text": "Professional from today?"}
    bearer = {"authorization": f"Bearer {running.token(customer.id)}"}
    answer = running.http.post(f"{running.url}/v1/cases", json=body, headers=bearer)
    return f"{running.url}/desk/cases/{answer.raise_for_status().json()['id']}"


async def test_a_plan_is_changed_by_keyboard_for_what_was_said_before(
    running: Company, new_page: NewPage
) -> None:
    customer, plan, professional = on_a_known_plan(running)
    case = asks(running, customer)
    page = await new_page()
    await at_the_desk(page, running, "Mina Vogt")
    await page.goto(case)
    await press(page, "p", "Enter")
    await expect(page.locator(".verb[open] a:focus")).to_have_text("Change the plan")
    await enter(page)
    await expect(page.locator("main")).to_contain_text("Now: Starter, $2,500.00 each month")
    look = page.get_by_role("link", name="See what it costs")
    await expect(look).to_contain_text("Professional, $15,000.00 each month")
    await expect(look).to_be_focused()
    await keep(page, "desk-plans-desktop")
    await enter(page)
    await expect(page.locator("h1")).to_have_text("Change to Professional")
    await expect(page.locator("main")).to_contain_text("You decide this by yourself.")
    await keep(page, "desk-plan-preview-desktop")
    told = await page.locator("dd b.num").text_content()
    assert told
    assert re.fullmatch(r"\$1[12],\d{3}\.\d\d", told), told
    button = page.get_by_role("button", name=f"Change it, and charge {told}")
    await tab_to(page, button)
    await enter(page)
    reason = page.get_by_label("Why")
    await expect(reason).to_be_focused()  # nothing is taken for granted, and nothing was charged
    assert len(customer.stripe.charges.list({"customer": customer.id}).data) == 1
    await page.keyboard.type("They asked")
    await tab_to(page, button)
    async with arriving(page):
        await page.keyboard.press("Enter")
    await page.wait_for_url("**/desk/cases/case_*")
    await expect(page.locator("#asked")).to_contain_text(f"Change the plan {told}.")
    await expect(page.locator("#asked")).to_contain_text("Done Change the plan")
    await expect(page.locator("#done")).to_contain_text("Change the plan")
    await keep(page, "desk-plan-changed-desktop")

    def changed() -> bool:
        found = customer.stripe.subscriptions.retrieve(plan)
        return bool(found["items"].data[0].price.id == professional)

    running.until(changed, what="the plan is another one")
    paid = [one.amount for one in customer.stripe.charges.list({"customer": customer.id}).data]
    assert [f"${one / 100:,.2f}" for one in sorted(paid)] == [f"${AMOUNT / 100:,.2f}", told]
