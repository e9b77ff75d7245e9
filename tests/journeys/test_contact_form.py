"""Somebody without an account reaches a person, and sees their one message by its link."""

from typing import Any

from playwright.async_api import Page
from tests.browsing import NewPage, follow, take_picture
from tests.journeys.company import Company
from tests.journeys.visit import keep, sees

QUESTION = "Do you sell to schools? We are three teachers."
ANSWER = "We do, at half the price."
READING_MS = 2_200
"""What a person needs to read the form, and a little more than the form asks for."""


def letters_to(running: Company, email: str) -> list[dict[str, Any]]:
    """Their letters, whole, the first one first."""
    found = running.outside("GET", "/_sandbox/mail", params={"to": email})["data"]
    whole = [running.outside("GET", f"/_sandbox/mail/{one['id']}") for one in found]
    return sorted(whole, key=lambda letter: ANSWER in str(letter))


def link_in(running: Company, letter: dict[str, Any]) -> str:
    return next(str(link) for link in letter["links"] if link.startswith(f"{running.url}/l/"))


async def write(page: Page, running: Company, email: str) -> None:
    await page.goto(f"{running.url}/contact")
    await page.get_by_label("Your message").fill(QUESTION)
    await page.get_by_label("Your mail address").fill(email)
    await page.wait_for_timeout(READING_MS)
    await follow(page.get_by_role("button", name="Send it"))


async def test_a_stranger_asks_is_answered_and_answers_back(
    running: Company, new_page: NewPage
) -> None:
    email, page = "ana@hollow.example", await new_page(phone=True)
    await page.goto(f"{running.url}/contact")
    await keep(page, "contact-phone")
    await write(page, running, email)
    await sees(page, "A person has your message")
    await keep(page, "contact-sent-phone")
    [first] = running.until(lambda: letters_to(running, email), what="the first answer")
    assert "teachers" not in str(first)

    await page.goto(link_in(running, first))
    await sees(page, QUESTION)
    await sees(page, "You get an answer by")
    await keep(page, "contact-case-phone")
    case = page.url.rsplit("/", 1)[1]
    headers = {"Authorization": f"Bearer {running.admin_token}"}
    said = f"{running.url}/v1/cases/{case}/messages"
    running.http.post(said, json={"text": ANSWER}, headers=headers).raise_for_status()
    running.until(lambda: len(letters_to(running, email)) == 2, what="the answer")
    answer = letters_to(running, email)[-1]
    assert ANSWER in str(answer)

    await page.goto(link_in(running, answer))
    await sees(page, ANSWER)
    await page.get_by_label("Your message").fill("Thank you. We take it.")
    await follow(page.get_by_role("button", name="Send"))
    await sees(page, "Thank you. We take it.")
    await keep(page, "contact-answered-phone")
    gone = await page.goto(f"{running.url}/billing")
    assert gone
    assert gone.status == 401
    await keep(page, "contact-not-signed-in-phone")


async def test_who_is_too_quick_presses_again(running: Company, new_page: NewPage) -> None:
    """Without JavaScript: nothing that was written is gone."""
    page = await new_page(script=False)
    await page.goto(f"{running.url}/contact")
    await page.get_by_label("Your mail address").fill("ben@hollow.example")
    await page.get_by_label("Your message").fill(QUESTION)
    await follow(page.get_by_role("button", name="Send it"))
    if not page.url.endswith("/sent"):
        await sees(page, "Press the button once more")
        await take_picture(page, "contact-again-desktop")
        assert await page.get_by_label("Your message").input_value() == QUESTION
        await page.wait_for_timeout(READING_MS)
        await follow(page.get_by_role("button", name="Send it"))
    await sees(page, "A person has your message")


async def test_in_german_and_in_the_dark(running: Company, new_page: NewPage) -> None:
    page = await new_page(phone=True, dark=True)
    await page.set_extra_http_headers({"Accept-Language": "de-DE,de;q=0.9"})
    await page.goto(f"{running.url}/contact")
    await sees(page, "Einem Menschen schreiben")
    await keep(page, "contact-german-phone-dark")
