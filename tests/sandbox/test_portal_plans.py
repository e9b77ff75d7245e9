"""Plans in the billing portal: changed, ended, kept."""

from __future__ import annotations

from typing import Any

from tests.sandbox.shop import Shop, a_shop
from tests.sandbox.test_portal_page import HOME, a_portal, a_subscriber


async def test_a_plan_is_changed_for_what_was_promised() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        price = await _another_plan(shop)
        await shop.visitor.open(await a_portal(shop, customer))
        await shop.visitor.follow("Change Starter plan")
        await shop.visitor.follow("Professional plan")
        assert "Your next bill is" in shop.visitor.text
        promised = shop.visitor.text.split("Your next bill is ")[1].split(" on ")[0]
        await shop.visitor.press("Change to Professional plan")
        assert "Your plan is changed" in shop.visitor.text
        assert (await _item(shop, customer))["price"]["id"] == price
        await shop.wait(days=32)
        newest = (await shop.get("invoices"))["data"][0]
        assert f"${newest['amount_paid'] / 100:,.2f}" == promised


async def test_a_plan_ends_with_its_period_and_can_be_kept() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        await shop.visitor.open(await a_portal(shop, customer))
        await shop.visitor.follow("End Starter plan")
        await shop.visitor.press("End Starter plan on")
        assert "Your plan ends with its period" in shop.visitor.text
        assert (await _subscription(shop, customer))["cancel_at_period_end"]
        await shop.visitor.press("Keep Starter plan")
        assert not (await _subscription(shop, customer))["cancel_at_period_end"]


async def test_the_portal_opens_at_what_it_was_opened_for() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        subscription = (await _subscription(shop, customer))["id"]
        flow = {
            "flow_data[type]": "subscription_cancel",
            "flow_data[subscription_cancel][subscription]": subscription,
            "flow_data[after_completion][type]": "redirect",
            "flow_data[after_completion][redirect][return_url]": HOME,
        }
        await shop.visitor.open(await a_portal(shop, customer, **flow))
        assert "End Starter plan?" in shop.visitor.text
        await shop.visitor.press("End Starter plan on")
        assert shop.visitor.elsewhere == HOME


async def test_the_portal_opens_at_the_choice_of_plans() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        await _another_plan(shop)
        subscription = (await _subscription(shop, customer))["id"]
        flow = {
            "flow_data[type]": "subscription_update",
            "flow_data[subscription_update][subscription]": subscription,
        }
        await shop.visitor.open(await a_portal(shop, customer, **flow))
        assert "Professional plan" in shop.visitor.links
        await shop.visitor.follow("Back to your billing")
        assert "Your billing" in shop.visitor.text


async def test_nobody_ends_the_plan_of_another() -> None:
    async with a_shop() as shop:
        customer, other = await a_subscriber(shop), await a_subscriber(shop)
        theirs = (await _subscription(shop, other))["id"]
        address = await a_portal(shop, customer)
        await shop.visitor.open(f"{address}/{theirs}/cancel")
        assert shop.visitor.page.status_code == 404


async def _another_plan(shop: Shop) -> str:
    product = await shop.post("products", name="Professional plan")
    recurring = {"recurring[interval]": "month"}
    terms: dict[str, Any] = {"currency": "usd", "unit_amount": "1500000", **recurring}
    return str((await shop.post("prices", product=product["id"], **terms))["id"])


async def _subscription(shop: Shop, customer: str) -> dict[str, Any]:
    found = await shop.get(f"subscriptions?customer={customer}")
    return dict(found["data"][0])


async def _item(shop: Shop, customer: str) -> dict[str, Any]:
    return dict((await _subscription(shop, customer))["items"]["data"][0])
