"""The checkout page, gone through as a customer does it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.sandbox.shop import GOOD, Shop, a_shop

BACK = "https://tai.example/bought?session={CHECKOUT_SESSION_ID}"


async def a_price(shop: Shop, **recurring: str) -> str:
    product = await shop.post("products", name="History pack")
    price = await shop.post(
        "prices", product=product["id"], currency="usd", unit_amount="40000", **recurring
    )
    return str(price["id"])


async def a_session(shop: Shop, mode: str = "payment", **details: str) -> dict[str, Any]:
    if mode != "setup":
        recurring = {"recurring[interval]": "month"} if mode == "subscription" else {}
        details["line_items[0][price]"] = await a_price(shop, **recurring)
        details["line_items[0][quantity]"] = "1"
    return await shop.post("checkout/sessions", mode=mode, success_url=BACK, **details)


async def now_at(shop: Shop, session: dict[str, Any]) -> dict[str, Any]:
    return await shop.get(f"checkout/sessions/{session['id']}")


async def test_an_add_on_is_paid_and_the_customer_comes_back() -> None:
    async with a_shop() as shop:
        session = await a_session(shop)
        await shop.visitor.open(session["url"])
        assert "History pack $400.00" in shop.visitor.text
        await shop.visitor.press("Pay $400.00", email="pay@northbeck.example", **GOOD)
        assert shop.visitor.elsewhere == f"https://tai.example/bought?session={session['id']}"
        assert (await now_at(shop, session))["payment_status"] == "paid"
        assert len(await shop.charges()) == 1


async def test_a_subscription_is_started() -> None:
    async with a_shop() as shop:
        session = await a_session(shop, "subscription", cancel_url="https://tai.example/plans")
        await shop.visitor.open(session["url"])
        assert "again each time the plan renews" in shop.visitor.text
        assert shop.visitor.links["Go back"] == "https://tai.example/plans"
        await shop.visitor.press("Pay", email="pay@northbeck.example", **GOOD)
        assert shop.visitor.elsewhere.startswith("https://tai.example/bought")
        done = await now_at(shop, session)
        subscription = await shop.get(f"subscriptions/{done['subscription']}")
        assert subscription["status"] == "active"


async def test_a_card_is_stored_and_nothing_charged() -> None:
    async with a_shop() as shop:
        customer = await shop.post("customers", email="pay@northbeck.example")
        session = await a_session(shop, "setup", customer=customer["id"], currency="usd")
        await shop.visitor.open(session["url"])
        assert "Nothing is charged now" in shop.visitor.text
        assert "for pay@northbeck.example" in shop.visitor.text
        await shop.visitor.press("Store this card", **GOOD)
        assert shop.visitor.elsewhere
        stored = await shop.get(f"customers/{customer['id']}/payment_methods")
        assert [method["card"]["last4"] for method in stored["data"]] == ["4242"]
        assert await shop.charges() == []


async def test_a_refused_card_leaves_the_page_open_for_another() -> None:
    async with a_shop() as shop:
        session = await a_session(shop)
        await shop.visitor.open(session["url"])
        await shop.visitor.press(
            "Pay", email="a@b.example", **(GOOD | {"number": "4000000000009995"})
        )
        assert "insufficient funds" in shop.visitor.text
        assert shop.visitor.values["email"] == "a@b.example"
        await shop.visitor.press("Pay", **GOOD)
        assert shop.visitor.elsewhere
        assert [charge["status"] for charge in await shop.charges()] == ["succeeded", "failed"]


@pytest.mark.parametrize("mode", ["payment", "subscription", "setup"])
async def test_the_bank_is_asked_and_says_yes(mode: str) -> None:
    async with a_shop() as shop:
        customer = await shop.post("customers", email="pay@northbeck.example")
        session = await a_session(shop, mode, customer=customer["id"])
        await shop.visitor.open(session["url"])
        button = "Store" if mode == "setup" else "Pay"
        await shop.visitor.press(button, **(GOOD | {"number": "4000002500003155"}))
        assert "was that you?" in shop.visitor.text
        await shop.visitor.press("Yes")
        assert shop.visitor.elsewhere == f"https://tai.example/bought?session={session['id']}"
        assert (await now_at(shop, session))["status"] == "complete"


@pytest.mark.parametrize("mode", ["payment", "subscription", "setup"])
async def test_the_bank_is_told_no_and_another_card_does_it(mode: str) -> None:
    async with a_shop() as shop:
        customer = await shop.post("customers", email="pay@northbeck.example")
        session = await a_session(shop, mode, customer=customer["id"])
        await shop.visitor.open(session["url"])
        button = "Store" if mode == "setup" else "Pay"
        await shop.visitor.press(button, **(GOOD | {"number": "4000002760003184"}))
        await shop.visitor.press("No")
        assert "You did not confirm it with your bank" in shop.visitor.text
        assert (await now_at(shop, session))["status"] == "open"
        await shop.visitor.press(button, **GOOD)
        assert shop.visitor.elsewhere
        assert (await now_at(shop, session))["status"] == "complete"


async def test_paying_in_two_tabs_pays_once() -> None:
    async with a_shop() as shop:
        session = await a_session(shop)
        tab, other_tab = shop.visitor, shop.another_visitor()
        await tab.open(session["url"])
        await other_tab.open(session["url"])
        await tab.press("Pay", email="a@b.example", **GOOD)
        await other_tab.press("Pay", email="a@b.example", **GOOD)
        assert "This is settled" in other_tab.text
        assert len(await shop.charges()) == 1


async def test_an_expired_page_leads_to_a_new_one() -> None:
    async with a_shop() as shop:
        recovery = {"after_expiration[recovery][enabled]": "true"}
        session = await a_session(shop, **recovery)
        await shop.wait(days=2)
        await shop.visitor.open(session["url"])
        assert shop.visitor.page.status_code == 410
        assert "This page has expired" in shop.visitor.text
        await shop.visitor.follow("Open a new one")
        await shop.visitor.press("Pay", email="a@b.example", **GOOD)
        assert shop.visitor.elsewhere
        (copy, _) = (await shop.get("checkout/sessions"))["data"]
        assert copy["recovered_from"] == session["id"]
        assert copy["payment_status"] == "paid"


async def test_an_expired_page_without_recovery_says_so() -> None:
    async with a_shop() as shop:
        session = await a_session(shop)
        await shop.visitor.open(session["url"])
        await shop.wait(days=2)
        await shop.visitor.press("Pay", email="a@b.example", **GOOD)
        assert "This page has expired" in shop.visitor.text
        assert "Open a new one" not in shop.visitor.text
        assert await shop.charges() == []


async def test_made_up_addresses_find_nothing() -> None:
    async with a_shop() as shop:
        for address in ("/c/pay/cs_test_nothing", "/c/recover/nothing", "/receipts/ch_nothing"):
            await shop.visitor.open(address)
            assert shop.visitor.page.status_code == 404


async def test_a_receipt_tells_what_was_paid_and_sent_back() -> None:
    async with a_shop() as shop:
        session = await a_session(shop)
        await shop.visitor.open(session["url"])
        await shop.visitor.press("Pay", email="a@b.example", **GOOD)
        (charge,) = await shop.charges()
        await shop.post("refunds", charge=charge["id"], amount="12000")
        await shop.visitor.open(charge["receipt_url"])
        assert "Amount $400.00" in shop.visitor.text
        assert "Sent back $120.00" in shop.visitor.text
