"""A real browser for every test that asks: phone, desktop, dark, without JavaScript.

With axe, and with pictures where PRUNELLA_SCREENSHOTS names a folder. The browser is driven from
the tests' own event loop: Playwright's blocking interface keeps a loop running in its thread, in
which no other test could start one.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from axe_playwright_python.base import AxeResults
from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)
from tests.chromium import FLAGS, WHAT_TO_DO, find

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1440, height=900)
PATIENCE_MS = 240_000
expect.set_options(timeout=PATIENCE_MS)

# A page that is on its way elsewhere can neither be loaded anew nor looked at: it is again, then.
ON_ITS_WAY = (
    "Not attached to an active page",
    "net::ERR_ABORTED",
    "interrupted by another navigation",
    "Execution context was destroyed",
    "frame was detached",
)
LOOK_WHILE_IT_STANDS = """async options => {
  let moved = false
  const watch = new MutationObserver(() => { moved = true })
  const all = {subtree: true, childList: true, attributes: true, characterData: true}
  watch.observe(document, all)
  const found = await axe.run(options)
  watch.disconnect()
  return {found, moved}
}"""

NewPage = Callable[..., Awaitable[Page]]
Check = Callable[[Page], Awaitable[None]]
Picture = Callable[[Page, str], Awaitable[None]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find()
    assert path, WHAT_TO_DO
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=path, args=FLAGS, timeout=PATIENCE_MS
        )
        yield running
        await running.close()


@pytest.fixture
async def new_page(browser: Browser) -> AsyncIterator[NewPage]:
    """Pages that share nothing; asked for with `phone`, `dark`, and `script` (JavaScript).

    Whatever a page's own code throws, or its policy refuses, fails the test; a test that wants a
    refusal passes a list for them.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def make(
        *,
        phone: bool = False,
        dark: bool = False,
        script: bool = True,
        refusals: list[str] | None = None,
    ) -> Page:
        context = await browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        noted = complaints if refusals is None else refusals
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda line: _note(line.type, line.text, noted))
        return await context.new_page()

    yield make
    for context in contexts:
        await context.close()
    assert not complaints


@pytest.fixture
def axe() -> Check:
    """Fail on any violation of WCAG 2.2 AA."""
    return check_accessible


@pytest.fixture
def picture() -> Picture:
    """Take a picture of the whole page, where PRUNELLA_SCREENSHOTS names a folder."""
    return take_picture


@asynccontextmanager
async def arriving(page: Page) -> AsyncIterator[None]:
    """What is done here leads to another page; it goes on once that one stands there."""
    async with page.expect_navigation():
        yield


async def follow(target: Locator) -> None:
    """Click what leads to another page, and wait until it stands there."""
    async with arriving(target.page):
        await target.click()


async def reload(page: Page) -> None:
    """Load it anew; a page that goes on by itself meanwhile is loaded where it arrives."""
    await _once_it_stands(page, page.reload)


async def go(page: Page, url: str) -> None:
    """Type an address; where what was pressed before still arrives, once it has."""
    await _once_it_stands(page, lambda: page.goto(url))


async def check_accessible(page: Page) -> None:
    """Fail on what axe finds on the page as it stands; where it changed meanwhile, look again."""
    found = AxeResults(await _once_it_stands(page, lambda: _what_axe_finds(page)))
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


async def _what_axe_finds(page: Page) -> Any:
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    while True:
        await page.evaluate(Axe().axe_script)
        looked = await page.evaluate(LOOK_WHILE_IT_STANDS, options)
        if not (looked["moved"] and looked["found"]["violations"]):
            return looked["found"]


async def _once_it_stands(page: Page, look: Callable[[], Awaitable[Any]]) -> Any:
    """Look at a page that has arrived, again where it went elsewhere under one's eyes."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while True:
            await page.wait_for_load_state()
            try:
                return await look()
            except Error as error:
                if not any(words in error.message for words in ON_ITS_WAY):
                    raise


async def take_picture(page: Page, name: str) -> None:
    folder = os.environ.get("PRUNELLA_SCREENSHOTS")
    if folder:
        await page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


def _note(kind: str, text: str, complaints: list[str]) -> None:
    if kind == "error" and "Content Security Policy" in text:
        complaints.append(text)
