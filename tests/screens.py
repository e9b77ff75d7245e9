"""The pictures in docs/screens: `python -m tests.screens` starts a demo and takes them anew.

Give it the address of a demo that has just been started, and it takes them there.

They are stored with 255 colours at most, which a page of ours hardly exceeds: half the bytes.
"""

import asyncio
import base64
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)
from tests.browsing import DESKTOP, PATIENCE_MS, PHONE
from tests.chromium import FLAGS, WHAT_TO_DO, find
from tests.cli.showing import showing

FOLDER = Path(__file__).parents[1] / "docs" / "screens"
COLOURS = 255
SIGNATURE = b"\x89PNG\r\n\x1a\n"
FEW_COLOURS = """async ([png, most]) => {
  const bytes = Uint8Array.from(atob(png), one => one.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], {type: 'image/png'}))
  const {width, height} = image
  const canvas = new OffscreenCanvas(width, height).getContext('2d')
  canvas.drawImage(image, 0, 0)
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer)
  const counted = new Map()
  for (const one of pixels) counted.set(one, (counted.get(one) || 0) + 1)
  const split = one => [one & 255, one >> 8 & 255, one >> 16 & 255]
  const often = [...counted].sort((a, b) => b[1] - a[1])
  const palette = often.slice(0, most).map(([one]) => split(one))
  const nearest = one => {
    const from = split(one)
    const apart = palette.map(other => from.reduce((sum, v, i) => sum + (v - other[i]) ** 2, 0))
    return apart.indexOf(Math.min(...apart))
  }
  const place = new Map(often.map(([one]) => [one, nearest(one)]))
  let places = ''
  for (const one of pixels) places += String.fromCharCode(place.get(one))
  return {width, height, palette: palette.flat(), places: btoa(places)}
}"""


async def take_all(url: str, folder: Path) -> None:
    path = find()
    assert path, WHAT_TO_DO
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        await _at_the_desk(await _page(browser, DESKTOP), url, folder)
        await _by_night(await _page(browser, DESKTOP, dark=True), url, folder)
        await _on_a_phone(await _page(browser, PHONE), url, folder)
        await browser.close()


async def _at_the_desk(page: Page, url: str, folder: Path) -> None:
    await page.goto(url)
    await page.get_by_role("button", name="Let them write").click()
    await page.wait_for_url("**/desk/cases/case_*")
    await page.wait_for_timeout(2_000)
    await page.reload()
    await _take(page, folder, "case")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("invoice")
    await page.locator("#palette-hits [role=option]").first.wait_for()
    await expect(page.locator("#palette-said")).to_be_empty()
    await _take(page, folder, "palette")
    await page.goto(f"{url}/sit/marigold/overview")
    await _take(page, folder, "overview")
    await _ask_for(page, url, "400.00")
    await page.goto(f"{url}/desk/approvals")
    await page.get_by_role("link", name="Alder Lane Grocers").first.click()
    await _take(page, folder, "approval")


async def _by_night(page: Page, url: str, folder: Path) -> None:
    await page.goto(f"{url}/sit/marigold/nearly")
    await _take(page, folder, "inbox-dark")


async def _on_a_phone(page: Page, url: str, folder: Path) -> None:
    await page.goto(f"{url}/sit/marigold/nearly")
    await _take(page, folder, "case-phone")
    named = page.locator(".case .head a[href^='/desk/customers/']").first
    customer = await named.get_attribute("href")
    customer = (customer or "").rpartition("/")[2]
    await page.goto(url)
    await page.locator("#nearly").scroll_into_view_if_needed()
    await _take(page, folder, "demo-phone")
    await page.goto(f"{url}/as/{customer}")
    await page.goto(f"{url.removesuffix('/demo')}/billing/cases")
    await _take(page, folder, "customers-cases-phone")
    await page.goto(f"{url.removesuffix('/demo')}/contact")
    await _take(page, folder, "contact-phone")


async def _ask_for(page: Page, url: str, amount: str) -> None:
    """As Alder Lane Grocers, on the bill that is paid."""
    await page.goto(url)
    await page.get_by_role("link", name="Be Alder Lane Grocers").click()
    await page.locator("details.fold > summary").first.click()
    await page.get_by_role("link", name="Ask for this money back").first.click()
    await page.get_by_label("How much").fill(amount)
    await page.get_by_label("Why").select_option("not_as_promised")
    await page.locator(".btn.main").click()
    await page.wait_for_load_state()


async def _page(browser: Browser, viewport: ViewportSize, *, dark: bool = False) -> Page:
    is_phone = viewport is PHONE
    context = await browser.new_context(
        viewport=viewport,
        is_mobile=is_phone,
        has_touch=is_phone,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    return await context.new_page()


async def _take(page: Page, folder: Path, name: str) -> None:
    picture = await page.screenshot()
    smaller = await with_few_colours(page.context, picture)
    await asyncio.to_thread((folder / f"{name}.png").write_bytes, min(picture, smaller, key=len))


async def with_few_colours(context: BrowserContext, png: bytes) -> bytes:
    """Return the picture with a palette of its commonest colours; others become the nearest."""
    page = await context.new_page()
    found = await page.evaluate(FEW_COLOURS, [base64.b64encode(png).decode(), COLOURS])
    await page.close()
    width, height, places = found["width"], found["height"], base64.b64decode(found["places"])
    rows = (places[at : at + width] for at in range(0, len(places), width))
    body = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = {
        b"IHDR": head,
        b"PLTE": bytes(found["palette"]),
        b"IDAT": zlib.compress(body, 9),
        b"IEND": b"",
    }
    return SIGNATURE + b"".join(_chunk(kind, data) for kind, data in chunks.items())


def _chunk(kind: bytes, data: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + crc


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 1:
        asyncio.run(take_all(sys.argv[1], FOLDER))
        return
    with tempfile.TemporaryDirectory() as folder, showing(Path(folder)) as demo:
        asyncio.run(take_all(demo.url, FOLDER))


if __name__ == "__main__":
    main()
