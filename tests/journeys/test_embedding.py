"""The meter inside the company's own product: two sites, one of them in the other's frame."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from playwright.async_api import Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from tests.browsing import PATIENCE_MS, NewPage, check_accessible, reload, take_picture
from tests.journeys.company import Company
from tests.journeys.subscriber import refused
from tests.journeys.visit import GREEN, enter_card, go_on
from tests.ports import HOST, free_port

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>TAI</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<body><main><h1>Your account at TAI</h1>{inside}</main></html>"""


@asynccontextmanager
async def product(running: Company, port: int) -> AsyncIterator[str]:
    """The company's own pages; `customer` is who is signed in there."""

    async def frame(request: Request) -> HTMLResponse:
        token = running.token(request.query_params["customer"], role="owner")
        home = str(request.url).replace("&", "%26")
        look = "accent=%230b5cad&radius=12"
        src = f"{running.url}/embed/billing?token={token}&return={home}&{look}"
        size = 'style="width:100%;height:720px;border:0"'
        return HTMLResponse(PAGE.format(inside=f'<iframe title="Billing" src="{src}" {size}>'))

    async def light(request: Request) -> HTMLResponse:
        token = running.token(request.query_params["customer"], role="owner")
        inside = f'<script src="{running.url}/embed/light.js" data-token="{token}"></script>'
        return HTMLResponse(PAGE.format(inside=f"<p>{inside}</p>"))

    app = Starlette(routes=[Route("/account", frame), Route("/light", light)])
    config = uvicorn.Config(app, host=HOST, port=port, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield f"http://localhost:{port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def at(running: Company) -> AsyncIterator[str]:
    async with product(running, running.product_port) as url:
        yield url


@pytest.mark.parametrize("script", [True, False], ids=["script", "forms-alone"])
async def test_a_bill_is_paid_from_within_the_product(
    running: Company, new_page: NewPage, at: str, *, script: bool
) -> None:
    customer, invoice = refused(running)
    page: Page = await new_page(phone=script, script=script)
    await page.goto(f"{at}/account?customer={customer.id}")
    inside = page.frame_locator("iframe")
    await expect(inside.locator("main")).to_contain_text("there was not enough money")
    await expect(inside.locator("header.top, footer.foot")).to_have_count(0)
    await take_picture(page, f"embed-red-{script}")
    if script:
        await check_accessible(page)
    await inside.locator(".btn.main").click()
    leave = inside.get_by_role("heading", name="This goes on at a secure page")
    await go_on(page, inside, until=leave.is_visible)
    await take_picture(page, f"embed-leave-{script}")
    await inside.locator(".btn.main").click()
    await enter_card(page)
    await page.wait_for_url(f"{at}/account**")
    running.until(lambda: customer.status() == "green", what="green")
    if not script:
        await reload(page)
    await expect(inside.get_by_role("heading", name=GREEN, level=1)).to_be_visible()
    await take_picture(page, f"embed-green-{script}")
    customer.settled_once(invoice)


async def test_a_site_that_is_not_listed_sees_nothing(running: Company, new_page: NewPage) -> None:
    customer, _ = refused(running)
    refusals: list[str] = []
    async with product(running, free_port()) as elsewhere:
        page = await new_page(refusals=refusals)
        await page.goto(f"{elsewhere}/account?customer={customer.id}")
        await expect(page.locator("iframe")).to_be_visible()
        await expect(page.frame_locator("iframe").locator("#main")).to_have_count(0)
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while not any("frame-ancestors" in one for one in refusals):
                await page.wait_for_timeout(50)


async def test_the_light_shows_and_opens_the_meter(
    running: Company, new_page: NewPage, at: str
) -> None:
    customer, _ = refused(running)
    page = await new_page()
    await page.goto(f"{at}/light?customer={customer.id}")
    light = page.locator("#prunella")
    await expect(light).to_contain_text("◆")
    await take_picture(page, "embed-light")
    await check_accessible(page)
    await light.focus()
    await page.keyboard.press("Enter")
    inside = page.frame_locator("dialog iframe")
    await expect(inside.locator("main")).to_contain_text("there was not enough money")
    await take_picture(page, "embed-light-open")
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("dialog")).to_have_count(0)
