"""The hosted invoice, read and paid as a customer does it."""

from __future__ import annotations

import pytest
from tests.sandbox.shop import GOOD, a_shop


async def test_an_invoice_is_paid_with_a_card() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        visitor = shop.visitor
        await visitor.open(invoice["hosted_invoice_url"])
        assert "Not paid yet" in visitor.text
        assert "Starter plan $3,665.04" in visitor.text
        await visitor.press("Pay $3,665.04", **GOOD)
        assert "Paid on" in visitor.text
        assert await shop.state_of(invoice) == "paid"


async def test_sending_the_form_twice_pays_once() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        tab, other_tab = shop.visitor, shop.another_visitor()
        await tab.open(invoice["hosted_invoice_url"])
        await other_tab.open(invoice["hosted_invoice_url"])
        await tab.press("Pay", **GOOD)
        await other_tab.press("Pay", **GOOD)
        assert "Paid on" in other_tab.text
        assert len(await shop.charges()) == 1


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("4000000000009995", "insufficient funds"),
        ("4000000000000002", "was declined"),
        ("4000000000000127", "security code is incorrect"),
        ("1234123412341234", "card number is incorrect"),
    ],
)
async def test_a_refused_card_says_why_and_nothing_is_paid(number: str, says: str) -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        await shop.visitor.open(invoice["hosted_invoice_url"])
        await shop.visitor.press("Pay", **(GOOD | {"number": number}))
        assert says in shop.visitor.text
        assert shop.visitor.page.status_code == 402
        assert shop.visitor.values["number"] == number
        assert await shop.state_of(invoice) == "open"
        await shop.visitor.press("Pay", **GOOD)
        assert await shop.state_of(invoice) == "paid"


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("number", "", "The card number is missing"),
        ("expiry", "soon", "The date cannot be read"),
        ("expiry", "13/30", "The date cannot be read"),
        ("expiry", "01/20", "expiration year"),
        ("cvc", "12", "The security code is missing"),
    ],
)
async def test_a_slip_of_the_pen_is_shown_at_its_field(field: str, typed: str, says: str) -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        await shop.visitor.open(invoice["hosted_invoice_url"])
        await shop.visitor.press("Pay", **(GOOD | {field: typed}))
        assert says in shop.visitor.text
        page = shop.visitor.page.text
        assert page.count('aria-invalid="true"') == 1
        assert f'id="{field}"' in page[: page.index('aria-invalid="true"')].rsplit("<input", 1)[1]
        assert "<title>Error:" in page


@pytest.mark.parametrize(("answer", "state"), [("Yes", "paid"), ("No", "open")])
async def test_the_bank_asks_and_the_answer_counts(answer: str, state: str) -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        visitor = shop.visitor
        await visitor.open(invoice["hosted_invoice_url"])
        await visitor.press("Pay", **(GOOD | {"number": "4000002760003184"}))
        assert "Your bank asks: was that you?" in visitor.text
        assert "$3,665.04 from your card ending 3184" in visitor.text
        await visitor.press(answer)
        assert "Invoice" in visitor.text
        assert ("You did not confirm it" in visitor.text) == (answer == "No")
        assert await shop.state_of(invoice) == state


async def test_a_payment_that_waits_for_the_bank_can_be_taken_up_again() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        visitor = shop.visitor
        await visitor.open(invoice["hosted_invoice_url"])
        await visitor.press("Pay", **(GOOD | {"number": "4000002760003184"}))
        await visitor.open(invoice["hosted_invoice_url"])
        await visitor.follow("Confirm with your bank")
        asked = str(visitor.page.url)
        await visitor.press("Yes")
        assert await shop.state_of(invoice) == "paid"
        await visitor.open(asked)
        assert "Paid on" in visitor.text


async def test_only_who_knows_the_secret_may_answer_the_bank() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        visitor = shop.visitor
        await visitor.open(invoice["hosted_invoice_url"])
        await visitor.press("Pay", **(GOOD | {"number": "4000002760003184"}))
        await visitor.open(str(visitor.page.url).split("?")[0])
        assert visitor.page.status_code == 404


async def test_an_old_link_has_expired_and_a_fresh_one_works() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        await shop.wait(days=45)
        await shop.visitor.open(invoice["hosted_invoice_url"])
        assert shop.visitor.page.status_code == 410
        assert "This link has expired" in shop.visitor.text
        fresh = await shop.get(f"invoices/{invoice['id']}")
        await shop.visitor.open(fresh["hosted_invoice_url"])
        assert "Overdue" in shop.visitor.text


async def test_a_made_up_link_finds_nothing() -> None:
    async with a_shop() as shop:
        for address in ("/i/nothing", "/i/nothing/pdf"):
            await shop.visitor.open(address)
            assert shop.visitor.page.status_code == 404
            assert "There is no such invoice" in shop.visitor.text


async def test_a_void_invoice_cannot_be_paid() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        await shop.visitor.open(invoice["hosted_invoice_url"])
        await shop.post(f"invoices/{invoice['id']}/void")
        await shop.visitor.press("Pay", **GOOD)
        assert "No longer valid" in shop.visitor.text
        assert "Pay with a card" not in shop.visitor.text
        assert await shop.charges() == []


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [("366504", "jpy", "¥366,504"), ("366504", "eur", "€3,665.04"), ("366500", "kwd", "KWD")],
)
async def test_amounts_have_the_decimals_of_their_currency(
    amount: str, currency: str, shown: str
) -> None:
    async with a_shop() as shop:
        invoice = await shop.bill(amount=amount, currency=currency)
        await shop.visitor.open(invoice["hosted_invoice_url"])
        assert shown in shop.visitor.text
        assert currency != "kwd" or "366.500" in shop.visitor.text


async def test_a_test_card_can_be_filled_in_by_a_link() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        await shop.visitor.open(invoice["hosted_invoice_url"])
        await shop.visitor.follow("9995")
        assert shop.visitor.values["number"] == "4000000000009995"
        await shop.visitor.press("Pay")
        assert "insufficient funds" in shop.visitor.text


async def test_the_invoice_can_be_kept_as_a_pdf() -> None:
    async with a_shop() as shop:
        invoice = await shop.bill()
        await shop.visitor.open(invoice["invoice_pdf"])
        page = shop.visitor.page
        assert page.headers["content-type"] == "application/pdf"
        assert page.content.startswith(b"%PDF-1.4")
        assert invoice["number"].encode() in page.content


async def test_the_first_page_tells_what_is_here() -> None:
    async with a_shop() as shop:
        await shop.bill()
        await shop.visitor.open("/")
        assert "Customers 1" in shop.visitor.text
        assert "4000 0000 0000 0341" in shop.visitor.text
        await shop.visitor.follow("Open the mailbox")
        assert "0 letters" in shop.visitor.text
