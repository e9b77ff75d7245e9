"""Payment links: whoever follows one gets a checkout of their own."""

from __future__ import annotations

from tests.sandbox.shop import GOOD, Shop, a_shop
from tests.sandbox.test_checkout_page import a_price


async def test_a_link_is_paid_by_whoever_comes() -> None:
    async with a_shop() as shop:
        link = await _link(shop)
        for visitor in (shop.visitor, shop.another_visitor()):
            await visitor.open(link["url"])
            await visitor.press("Pay $400.00", email="pay@northbeck.example", **GOOD)
            assert "This is settled" in visitor.text
        sessions = (await shop.get("checkout/sessions"))["data"]
        assert [s["payment_link"] for s in sessions] == [link["id"]] * 2
        assert len(await shop.charges()) == 2


async def test_a_link_can_lead_back_and_start_a_plan() -> None:
    async with a_shop() as shop:
        back = {
            "after_completion[type]": "redirect",
            "after_completion[redirect][url]": "https://tai.example/thanks",
        }
        link = await _link(shop, recurring={"recurring[interval]": "month"}, **back)
        await shop.visitor.open(link["url"])
        await shop.visitor.press("Pay", email="pay@northbeck.example", **GOOD)
        assert shop.visitor.elsewhere == "https://tai.example/thanks"
        assert len((await shop.get("subscriptions"))["data"]) == 1


async def test_a_link_that_is_switched_off_says_so() -> None:
    async with a_shop() as shop:
        link = await _link(shop)
        words = "The sale is over."
        await shop.post(f"payment_links/{link['id']}", active="false", inactive_message=words)
        await shop.visitor.open(link["url"])
        assert shop.visitor.page.status_code == 410
        assert words in shop.visitor.text


async def test_a_link_can_be_good_for_one() -> None:
    async with a_shop() as shop:
        once = {"restrictions[completed_sessions][limit]": "1"}
        link = await _link(shop, recurring=None, **once)
        await shop.visitor.open(link["url"])
        await shop.visitor.press("Pay $400.00", email="pay@northbeck.example", **GOOD)
        other = shop.another_visitor()
        await other.open(link["url"])
        assert other.page.status_code == 410


async def test_a_link_is_read_with_what_it_sells() -> None:
    async with a_shop() as shop:
        link = await _link(shop)
        listed = (await shop.get("payment_links?active=true"))["data"]
        assert [each["id"] for each in listed] == [link["id"]]
        read = await shop.get(f"payment_links/{link['id']}?expand[]=line_items")
        assert read["line_items"]["data"][0]["amount_total"] == 40_000
        items = await shop.get(f"payment_links/{link['id']}/line_items")
        assert items["data"][0]["description"] == "History pack"


async def _link(
    shop: Shop, *, recurring: dict[str, str] | None = None, **details: str
) -> dict[str, str]:
    price = await a_price(shop, **(recurring or {}))
    line = {"line_items[0][price]": price, "line_items[0][quantity]": "1"}
    return await shop.post("payment_links", **line, **details)
