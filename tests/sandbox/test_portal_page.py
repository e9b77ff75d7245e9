"""The billing portal, used as a customer uses it."""

from __future__ import annotations

from typing import Any

from tests.sandbox.shop import GOOD, Shop, a_shop

HOME = "https://tai.example/billing"


async def a_subscriber(shop: Shop) -> str:
    customer = await shop.post("customers", name="Northbeck", email="pay@northbeck.example")
    method = await shop.post("payment_methods/pm_card_visa/attach", customer=customer["id"])
    chosen = {"invoice_settings[default_payment_method]": method["id"]}
    await shop.post(f"customers/{customer['id']}", **chosen)
    product = await shop.post("products", name="Starter plan")
    price = await shop.post(
        "prices",
        product=product["id"],
        currency="usd",
        unit_amount="250000",
        **{"recurring[interval]": "month"},
    )
    item = {"items[0][price]": price["id"]}
    await shop.post("subscriptions", customer=customer["id"], **item)
    return str(customer["id"])


async def a_portal(shop: Shop, customer: str, **flow: str) -> str:
    session = await shop.post("billing_portal/sessions", customer=customer, return_url=HOME, **flow)
    return str(session["url"])


async def card_in_use(shop: Shop, customer: str) -> str:
    found = await shop.get(f"customers/{customer}")
    method = await shop.get(
        f"payment_methods/{found['invoice_settings']['default_payment_method']}"
    )
    return str(method["card"]["last4"])


def only_card(**after: str) -> dict[str, Any]:
    flow = {"flow_data[type]": "payment_method_update"}
    return flow | {f"flow_data[after_completion]{name}": value for name, value in after.items()}


async def test_the_portal_shows_plan_card_and_invoices() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        await shop.visitor.open(await a_portal(shop, customer))
        assert "Starter plan" in shop.visitor.text
        assert "$2,500.00 a month" in shop.visitor.text
        assert "Visa ending 4242" in shop.visitor.text
        assert "Paid $2,500.00" in shop.visitor.text
        assert HOME in shop.visitor.links.values()
        number = next(label for label in shop.visitor.links if label.endswith("-0001"))
        await shop.visitor.follow(number)
        assert f"Invoice {number}" in shop.visitor.text


async def test_a_new_card_is_saved_and_used_from_then_on() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        await shop.visitor.open(await a_portal(shop, customer))
        await shop.visitor.press("Save this card", **(GOOD | {"number": "5555555555554444"}))
        assert "Your card is saved" in shop.visitor.text
        assert await card_in_use(shop, customer) == "4444"
        await shop.visitor.press("Use the card ending 4242")
        assert await card_in_use(shop, customer) == "4242"


async def test_a_refused_card_is_not_saved() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        await shop.visitor.open(await a_portal(shop, customer))
        await shop.visitor.press("Save this card", **(GOOD | {"number": "4000000000000002"}))
        assert "The card was not taken" in shop.visitor.text
        assert await card_in_use(shop, customer) == "4242"


async def test_the_bank_is_asked_before_a_card_is_used() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        asking = GOOD | {"number": "4000002500003155"}
        await shop.visitor.open(await a_portal(shop, customer))
        await shop.visitor.press("Save this card", **asking)
        await shop.visitor.press("No")
        assert "You did not confirm it" in shop.visitor.text
        assert await card_in_use(shop, customer) == "4242"
        await shop.visitor.press("Save this card", **asking)
        await shop.visitor.press("Yes")
        assert "Your card is saved" in shop.visitor.text
        assert await card_in_use(shop, customer) == "3155"


async def test_a_session_for_the_card_alone_goes_back_by_itself() -> None:
    async with a_shop() as shop:
        customer = await a_subscriber(shop)
        back = {"[type]": "redirect", "[redirect][return_url]": f"{HOME}?done"}
        await shop.visitor.open(await a_portal(shop, customer, **only_card(**back)))
        assert "Your new card" in shop.visitor.text
        assert "Invoices" not in shop.visitor.text
        await shop.visitor.press("Save this card", **(GOOD | {"number": "5555555555554444"}))
        assert shop.visitor.elsewhere == f"{HOME}?done"


async def test_nobody_can_choose_somebody_elses_card() -> None:
    async with a_shop() as shop:
        customer, other = await a_subscriber(shop), await a_subscriber(shop)
        theirs = (await shop.get(f"customers/{other}/payment_methods"))["data"][0]["id"]
        url = await a_portal(shop, customer)
        await shop.visitor.open(url)
        await shop.visitor.press("Save this card", **(GOOD | {"number": "5555555555554444"}))
        await shop.visitor.press("Use the card ending 4242", payment_method=theirs)
        assert await card_in_use(shop, customer) == "4444"


async def test_a_portal_address_ends_after_a_while() -> None:
    async with a_shop() as shop:
        url = await a_portal(shop, await a_subscriber(shop))
        await shop.visitor.open(url)
        await shop.wait(days=1)
        await shop.visitor.press("Save this card", **GOOD)
        assert "no longer open" in shop.visitor.text
        await shop.visitor.open("/p/session/nothing")
        assert shop.visitor.page.status_code == 404
