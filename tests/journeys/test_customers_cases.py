"""What a customer sees of what they asked: on a phone, with and without JavaScript."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page, expect
from tests.browsing import NewPage, follow, take_picture
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, subscriber
from tests.journeys.visit import come_in, keep, sees

QUESTION = "How do I add a seat? We have three and need four."
TOO_SMALL = """() => [...document.querySelectorAll('a, button, summary, select, input, textarea')]
  .filter(one => !one.closest('.sr, .skip') && one.type !== 'hidden' && one.checkVisibility())
  .filter(one => !one.matches('p > a[href^="mailto:"]'))
  .filter(one => one.getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 120))"""
"""What is under 44 px high. A link in the middle of a sentence is as high as its line."""
ANSWER = "Open the page Seats, and press Add. It costs nothing until the first of April."


def known(running: Company) -> Subscriber:
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    return customer


def at_the_desk(running: Company, method: str, path: str, **body: Any) -> Any:
    """Somebody of ours, through the API."""
    headers = {"Authorization": f"Bearer {running.admin_token}"}
    answer = running.http.request(method, f"{running.url}/v1{path}", json=body, headers=headers)
    return answer.raise_for_status().json()


def case_at(page: Page) -> str:
    return page.url.partition("#")[0].rsplit("/", 1)[1]


async def ask(page: Page, running: Company, **files: Any) -> str:
    """Ask something new; returns the case."""
    await page.goto(f"{running.url}/billing/cases")
    await page.get_by_label("What it is about").fill("A fourth seat")
    await page.get_by_label("Your question").fill(QUESTION)
    if files:
        await page.get_by_label("Attach files").set_input_files(**files)
    await page.get_by_role("button", name="Ask a person").click()
    await page.wait_for_url(f"{running.url}/billing/cases/case_*")
    return case_at(page)


async def test_a_question_from_asking_to_settled_and_back(
    running: Company, new_page: NewPage, tmp_path: Path
) -> None:
    customer, page = known(running), await new_page(phone=True)
    await come_in(page, customer)
    shot = tmp_path / "seats.txt"
    shot.write_text("three seats")
    await page.goto(f"{running.url}/billing/cases")
    await sees(page, "You have not asked us anything so far.")
    await keep(page, "cases-empty-phone")
    case = await ask(page, running, files=shot)
    await sees(page, "You get an answer by")
    await sees(page, "What happens next")
    await sees(page, "seats.txt, 1 kB")
    await keep(page, "cases-asked-phone")

    at_the_desk(running, "POST", f"/cases/{case}/messages", text=ANSWER)
    await sees(page, ANSWER)  # by itself
    await sees(page, "Our clock stands still until you write.")
    await keep(page, "cases-answered-phone")
    await page.goto(f"{running.url}/billing")
    await follow(page.get_by_role("link", name="A fourth seat").first)
    await follow(page.get_by_role("button", name="That settled it"))
    await sees(page, "Your question is settled")
    await keep(page, "cases-settled-phone")

    await page.get_by_label("What is still open").fill("It says no.")
    await follow(page.get_by_role("button", name="Open it again"))
    await sees(page, "A person has your question")
    await sees(page, "It says no.")
    await page.goto(f"{running.url}/billing/cases")
    await sees(page, "Waiting for us. You get an answer by")
    await keep(page, "cases-list-phone")


async def test_without_javascript_in_the_dark_and_on_a_desk(
    running: Company, new_page: NewPage
) -> None:
    customer, page = known(running), await new_page(script=False, dark=True)
    await come_in(page, customer)
    case = await ask(page, running)
    await page.get_by_label("Your message").fill("It is not urgent.")
    await follow(page.get_by_role("button", name="Send"))
    await sees(page, "It is not urgent.")
    await take_picture(page, "cases-asked-desktop-dark")
    at_the_desk(running, "PATCH", f"/cases/{case}", status="solved")
    await page.goto(f"{running.url}/billing/cases")
    await sees(page, "Open it again, until")
    await take_picture(page, "cases-list-desktop-dark")
    await follow(page.get_by_role("link", name="A fourth seat"))
    await follow(page.get_by_role("button", name="Open it again"))
    await sees(page, "A person has your question")


async def test_an_answer_is_the_first_thing_on_the_meter(
    running: Company, new_page: NewPage
) -> None:
    customer, page = known(running), await new_page()
    await come_in(page, customer)
    case = await ask(page, running)
    at_the_desk(running, "POST", f"/cases/{case}/messages", text=ANSWER)
    await page.goto(f"{running.url}/billing")
    await sees(page, "Answered A fourth seat")
    await keep(page, "cases-meter-desktop")
    await follow(page.get_by_role("link", name="A fourth seat").first)
    await sees(page, ANSWER)
    await keep(page, "cases-answered-desktop")


async def test_a_file_that_is_too_large_is_told_and_the_words_stay(
    running: Company, new_page: NewPage
) -> None:
    customer, page = known(running), await new_page(phone=True, script=False)
    await come_in(page, customer)
    large = {"name": "all.bin", "mimeType": "application/zip", "buffer": b"0" * 11_000_000}
    await page.goto(f"{running.url}/billing/cases")
    await page.get_by_label("Your question").fill(QUESTION)
    await page.get_by_label("Attach files").set_input_files(large)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Ask a person").click()
    await sees(page, "One of the files is larger than 10 MB")
    assert await page.get_by_label("Your question").input_value() == QUESTION
    await take_picture(page, "cases-too-large-phone")


async def test_what_cannot_arrive_is_not_sent_and_no_word_is_lost(
    running: Company, new_page: NewPage
) -> None:
    customer, page = known(running), await new_page(phone=True)
    await come_in(page, customer)
    large = {"name": "all.jpg", "mimeType": "image/jpeg", "buffer": b"0" * 11_000_000}
    await page.goto(f"{running.url}/billing/cases")
    words, files = page.get_by_label("Your question"), page.get_by_label("Attach files")
    send = page.get_by_role("button", name="Ask a person")
    await words.fill(QUESTION)
    await files.set_input_files(large)  # type: ignore[arg-type]
    await send.click()
    assert "10 MB" in await files.evaluate("field => field.validationMessage")
    await files.set_input_files([])
    offline = page.locator("#offline")
    await page.context.set_offline(True)
    await expect(offline).to_be_visible()
    await send.click()
    await expect(offline).to_be_visible()
    await page.context.set_offline(False)
    await expect(offline).to_be_hidden()
    assert page.url == f"{running.url}/billing/cases"
    assert await words.input_value() == QUESTION
    await send.click()
    await page.wait_for_url(f"{running.url}/billing/cases/case_*")
    await sees(page, QUESTION)


async def test_a_server_that_is_reached_without_a_network_is_sent_to(
    running: Company, new_page: NewPage
) -> None:
    customer, page = known(running), await new_page(phone=True)
    await page.add_init_script("Object.defineProperty(navigator, 'onLine', { get: () => false })")
    await come_in(page, customer)
    await page.goto(f"{running.url}/billing/cases")
    await page.get_by_label("Your question").fill(QUESTION)
    await page.get_by_role("button", name="Ask a person").click()
    await page.wait_for_url(f"{running.url}/billing/cases/case_*")
    await sees(page, QUESTION)
    await expect(page.locator("#offline")).to_be_hidden()


async def test_on_a_small_phone_all_fits_and_everything_has_a_thumbs_size(
    running: Company, new_page: NewPage
) -> None:
    customer, page = known(running), await new_page(phone=True)
    await page.set_viewport_size({"width": 375, "height": 667})
    await come_in(page, customer)
    case = await ask(page, running)
    for path in ("", "/cases", f"/cases/{case}", "/actions", "/nosuch", "/../contact"):
        await page.goto(f"{running.url}/billing{path}")
        await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert await page.evaluate(TOO_SMALL) == [], page.url
        assert await page.evaluate("document.documentElement.scrollWidth") == 375
