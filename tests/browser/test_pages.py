"""Every page on desktop in light and phone in dark: seen by axe, and as a picture."""

import pytest
from playwright.async_api import Page
from tests.browsing import Check, NewPage, Picture, follow
from tests.diagnostics.stripe_json import (
    ASKED,
    card,
    customer,
    failed,
    paid_invoice,
    subscription,
)
from tests.web.company import ADMIN, Company

WAYS = {"desktop": {}, "phone-dark": {"phone": True, "dark": True}}
BEGAN = int(ASKED.timestamp())
LINES = {
    "object": "list",
    "data": [
        {
            "id": "il_1",
            "object": "line_item",
            "description": "Starter plan",
            "amount": 250_000,
            "currency": "usd",
            "period": {"start": BEGAN, "end": BEGAN + 31 * 86_400},
        },
        {
            "id": "il_2",
            "object": "line_item",
            "description": "412,600 API calls (at $0.40 / 1,000)",
            "amount": 16_504,
            "currency": "usd",
        },
    ],
}
Opened = tuple[Page, str]


@pytest.fixture(params=WAYS)
async def page(request: pytest.FixtureRequest, new_page: NewPage) -> Opened:
    return await new_page(**WAYS[request.param]), request.param


async def red(company: Company) -> None:
    subscribed, invoice, *rest = failed(decline_code="insufficient_funds")
    paid = paid_invoice(lines=LINES)
    await company.knows(customer(), card(), subscribed, invoice | {"lines": LINES}, *rest, paid)


async def come_in(company: Company, page: Page, ref: str = "cus_northbeck") -> None:
    await page.goto(f"{company.url}/billing?token={company.token(ref)}")
    assert page.url == f"{company.url}/billing"


async def test_red(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    await red(open_company)
    await come_in(open_company, here)
    main = here.locator(".btn.main")
    assert await main.count() == 1
    await picture(here, f"meter-red-{way}")
    await axe(here)


async def test_green(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    await open_company.knows(customer(), card(), subscription(), paid_invoice(lines=LINES))
    await come_in(open_company, here)
    await picture(here, f"meter-green-{way}")
    await axe(here)


async def test_amber(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    await open_company.knows(customer(), card(exp_year=2025), subscription(), paid_invoice())
    await come_in(open_company, here)
    await picture(here, f"meter-amber-{way}")
    await axe(here)


async def test_empty(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    free = await open_company.free_customer()
    await come_in(open_company, here, free.id)
    await picture(here, f"meter-empty-{way}")
    await axe(here)


async def test_a_person(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    await red(open_company)
    await come_in(open_company, here)
    await here.get_by_role("textbox").fill("We changed banks. Which account do you need?")
    await here.get_by_role("button", name="Ask a person").click()
    await here.wait_for_url("**/billing/cases/*")
    await picture(here, f"case-{way}")
    await axe(here)


async def test_the_desk(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    await red(open_company)
    await come_in(open_company, here)
    await here.get_by_role("textbox").fill("We changed banks. Which account do you need?")
    await follow(here.get_by_role("button", name="Ask a person"))
    await here.goto(f"{open_company.url}/sign-in")
    await picture(here, f"sign-in-{way}")
    await axe(here)
    await here.get_by_label("Your token").fill(ADMIN)
    await here.get_by_role("button", name="Sign in").click()
    await here.wait_for_url("**/desk")
    await picture(here, f"desk-{way}")
    await axe(here)
    await follow(here.get_by_role("link", name="Northbeck Outfitters"))
    await here.get_by_label("Reply").fill("The account ends in 4711. You find it on the invoice.")
    await here.get_by_role("button", name="Send", exact=True).click()
    await here.wait_for_url("**#next")
    await picture(here, f"desk-case-{way}")
    await axe(here)
    for place in ("scoreboard", "scoreboard/contacts?figure=open", "desk/stuck"):
        await here.goto(f"{open_company.url}/{place}")
        await picture(here, f"{place.replace('/', '-').partition('?')[0]}-{way}")
        await axe(here)


async def test_problems(open_company: Company, page: Opened, axe: Check, picture: Picture) -> None:
    here, way = page
    for name, path in (("404", "nowhere"), ("401", "billing"), ("link", "l/not-a-link")):
        await here.goto(f"{open_company.url}/{path}")
        await picture(here, f"problem-{name}-{way}")
        await axe(here)


async def test_waiting(
    open_company: Company,
    page: Opened,
    axe: Check,
    picture: Picture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("prunella.web.fixing.PATIENCE_S", 0.0)
    here, way = page
    await red(open_company)
    await come_in(open_company, here)
    await here.get_by_role("button", name="Try the card ending 0341 again now").click()
    await here.wait_for_url("**/billing/return?run=*")
    await picture(here, f"waiting-{way}")
    await axe(here)
