"""A real browser: phone, desktop, without JavaScript, dark; with axe, and pictures on demand.

Import the fixtures into a conftest to use them there. Pictures go to PRUNELLA_SCREENSHOTS.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright
from tests.chromium import FLAGS, WHAT_TO_DO, find

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}

NewPage = Callable[..., Awaitable[Page]]
Check = Callable[[Page], Awaitable[None]]
Picture = Callable[[Page, str], Awaitable[None]]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = find()
    assert path, WHAT_TO_DO
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        await running.close()


@pytest.fixture
async def new_page(browser: Browser) -> AsyncIterator[NewPage]:
    """Open pages that know nothing of each other, as phone, dark, or without script.

    Whatever the page's own code throws or its policy refuses fails the test.
    """
    contexts, complaints = [], []

    async def make(*, phone: bool = False, dark: bool = False, script: bool = True) -> Page:
        context = await browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type] # playwright's own TypedDict
            is_mobile=phone,
            has_touch=phone,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _note(line.type, line.text, complaints))
        return page

    yield make
    for context in contexts:
        await context.close()
    assert not complaints


@pytest.fixture
def axe() -> Check:
    """Fail on any violation of WCAG 2.2 AA."""

    async def check(page: Page) -> None:
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found = await Axe().run(page, options=options)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def picture() -> Picture:
    """Take a picture of the whole page, where PRUNELLA_SCREENSHOTS names a folder."""
    folder = os.environ.get("PRUNELLA_SCREENSHOTS")

    async def take(page: Page, name: str) -> None:
        if folder:
            await page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)

    return take


def _note(kind: str, text: str, complaints: list[str]) -> None:
    refused = "Content Security Policy" in text
    if refused and kind == "error":
        complaints.append(text)
