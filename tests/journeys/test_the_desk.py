"""A day's work at the desk: by keyboard, side by side with others, and without JavaScript."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.async_api import Page, expect
from tests.browsing import NewPage, arriving, follow, reload
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, subscriber
from tests.journeys.visit import keep, tab_to
from tests.ports import free_port


@pytest.fixture
def twin(running: Company) -> Iterator[Company]:
    """A second web process on the same database."""
    other = replace(running, port=free_port(), processes={})
    other.start("web")
    other.until(lambda: other.http.get(f"{other.url}/readyz").is_success, what="the second web")
    yield other
    other.kill("web")


def asked(running: Company, subject: str) -> tuple[Subscriber, str]:
    """A customer asks something; returns them and the number of their case."""
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    body = {"customer": customer.id, "subject": subject, "text": f"{subject}. Please look at it."}
    bearer = {"authorization": f"Bearer {running.token(customer.id)}"}
    answer = running.http.post(f"{running.url}/v1/cases", json=body, headers=bearer)
    return customer, str(answer.raise_for_status().json()["id"])


async def at_the_desk(page: Page, running: Company, name: str) -> None:
    made = running.command("token", "create", "--role", "agent", name)
    secret = next(word for word in made.stdout.split() if word.startswith("prn_"))
    await page.goto(f"{running.url}/sign-in")
    await page.get_by_label("Your token").fill(secret)
    await follow(page.locator("form[action='/sign-in'] button"))
    await page.wait_for_url(f"{running.url}/desk")


async def press(page: Page, *keys: str) -> None:
    """Once the page has told that it hears single keys."""
    await expect(page.locator("#keys")).to_be_visible()
    await type_keys(page, *keys)


async def type_keys(page: Page, *keys: str) -> None:
    """One right after the other, however slow the machine is."""
    await asyncio.gather(*(page.keyboard.press(key) for key in keys))


async def enter(page: Page, key: str = "Enter") -> None:
    """Send what has the focus, and wait for the page it leads to."""
    async with arriving(page):
        await page.keyboard.press(key)


async def focused(page: Page) -> str:
    return str(await page.evaluate("document.activeElement.textContent")).strip()


async def test_two_people_on_one_case_see_each_other(
    running: Company, twin: Company, new_page: NewPage
) -> None:
    """Each on another web process."""
    _, case = asked(running, "The invoice is too high")
    anna, bert = await new_page(), await new_page(dark=True)
    await at_the_desk(anna, running, "Anna Ferro")
    await at_the_desk(bert, twin, "Bert Olsen")
    await anna.goto(f"{running.url}/desk/cases/{case}")
    await bert.goto(f"{twin.url}/desk/cases/{case}")
    await expect(bert.locator("#here")).to_have_text("Anna Ferro is here too.")
    await bert.get_by_label("Reply").fill("It was corrected this morning.")
    await expect(anna.locator("#here")).to_contain_text("Bert Olsen is writing an answer")
    await keep(anna, "desk-collision-desktop")
    await anna.get_by_label("Reply").fill("I look at it.")
    await follow(anna.get_by_role("button", name="Send", exact=True))
    await anna.wait_for_url("**#next")
    await expect(bert.locator("#news-case")).to_be_visible()
    await follow(bert.get_by_role("button", name="Send", exact=True))
    await expect(bert.get_by_role("alert")).to_contain_text("Not sent yet")
    await expect(bert.get_by_label("Reply")).to_have_value("It was corrected this morning.")
    await expect(bert.locator(".thread")).to_contain_text("I look at it.")
    await keep(bert, "desk-not-sent-yet-dark")
    await follow(bert.get_by_role("button", name="Send", exact=True))
    await bert.wait_for_url("**#next")
    await anna.goto(f"{running.url}/desk")
    await expect(bert.locator("#here")).to_be_hidden()


async def test_the_whole_inbox_by_keyboard(running: Company, new_page: NewPage) -> None:
    first, case = asked(running, "Where is my receipt")
    page = await new_page()
    await at_the_desk(page, running, "Cleo Marsh")
    await keep(page, "desk-inbox-desktop")
    for _ in range(60):
        await press(page, "j")
        if first.name in await focused(page):
            break
    await enter(page)
    await page.wait_for_url(f"**/desk/cases/{case}**")
    await keep(page, "desk-case-desktop")
    await press(page, "g", "Enter")
    await tab_to(page, page.get_by_role("button", name="Take it"))
    await enter(page)
    await expect(page.locator(".case .head")).to_contain_text("yours")
    await press(page, "n", "Enter")
    await page.keyboard.type("The receipt went to the old address.")
    await enter(page, "Control+Enter")
    await expect(page.locator(".thread .memo")).to_contain_text("the old address")
    await press(page, "z", "Enter")
    await tab_to(page, page.get_by_role("button", name="Put it aside"))
    await enter(page)
    await expect(page.locator(".thread")).to_contain_text("put it aside")
    await press(page, "s", "Enter")
    await page.keyboard.press("o")
    await tab_to(page, page.get_by_role("button", name="Set").first)
    await enter(page)
    await press(page, "w")
    await page.keyboard.type("You find it under Invoices. We sent it once more.")
    await enter(page, "Control+Enter")
    await page.wait_for_url("**#next")
    await expect(page.locator(".thread")).to_contain_text("You find it under Invoices.")
    await press(page, "Control+k")
    await page.keyboard.type("receipt")
    await expect(page.locator("#palette-hits li").first).to_contain_text("Where is my receipt")
    await keep(page, "desk-palette-desktop")
    await enter(page)
    await page.wait_for_url(f"**/desk/cases/{case}**")


async def test_from_one_case_to_the_next_without_looking_up(
    running: Company, new_page: NewPage
) -> None:
    """Answer with a macro, answer by hand, solve, go on: each sent once, however often pressed."""
    _, case = asked(running, "A credit note for Lisbon")
    asked(running, "Where is my other credit note")
    page = await new_page()
    await at_the_desk(page, running, "Ivo Lark")
    await page.goto(f"{running.url}/desk/cases/{case}")
    await press(page, "m", "Enter", "i", " ", "h")
    assert await focused(page) == "I have it"
    await enter(page)
    await page.wait_for_url("**#use")
    await expect(page.locator("#use")).to_be_focused()
    await keep(page, "desk-macro-desktop")
    await enter(page, "Control+Enter")
    await expect(page.locator(".case .head")).to_contain_text("yours")
    await press(page, "w")
    await page.keyboard.type("It is in your mail by now.")
    async with arriving(page):
        await type_keys(page, "Control+Shift+Enter", "Control+Shift+Enter")
    await page.wait_for_url("**#next")
    await expect(page.locator(".case .head")).to_contain_text("Solved")
    await expect(page.locator(".thread .msg", has_text="in your mail by now")).to_have_count(1)
    await expect(page.locator("#next")).to_be_focused()
    await keep(page, "desk-next-desktop")
    await reload(page)
    await expect(page.get_by_label("Reply")).to_have_value("")
    await press(page, "?")
    await expect(page.locator("#all-keys")).to_contain_text("send and solve")
    await keep(page, "desk-keys-desktop")
    await page.keyboard.press("Escape")
    await page.locator("#next").focus()
    await enter(page)
    await expect(page).not_to_have_url(re.compile(case))
    await press(page, "Control+k")
    await page.keyboard.type("lisbon")
    await page.keyboard.press("Enter")
    await expect(page).to_have_url(re.compile(case))


async def test_single_keys_are_words_where_somebody_writes_and_can_be_turned_off(
    running: Company, new_page: NewPage
) -> None:
    _, case = asked(running, "Keys")
    page = await new_page()
    await at_the_desk(page, running, "Dana Reed")
    await page.goto(f"{running.url}/desk/cases/{case}")
    await press(page, "w")
    await page.keyboard.type("gnz")
    await expect(page.get_by_label("Reply")).to_have_value("gnz")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Turn single keys off").click()
    await page.keyboard.press("n")
    assert "Note" not in await focused(page)


async def test_a_half_written_answer_is_still_there(running: Company, new_page: NewPage) -> None:
    _, case = asked(running, "A long question")
    page = await new_page()
    await at_the_desk(page, running, "Elia Stone")
    await page.goto(f"{running.url}/desk/cases/{case}")
    await page.get_by_label("Reply").fill("I begin with")
    await page.goto(f"{running.url}/desk")
    await page.goto(f"{running.url}/desk/cases/{case}")
    await expect(page.get_by_label("Reply")).to_have_value("I begin with")
    other = await page.context.new_page()
    await other.goto(f"{running.url}/desk/cases/{case}")
    await expect(other.get_by_label("Reply")).to_have_value("I begin with")
    await other.get_by_role("button", name="Send", exact=True).click()
    await other.wait_for_url("**#next")
    await other.goto(f"{running.url}/desk/cases/{case}")
    await expect(other.locator(".thread")).to_contain_text("I begin with")
    await expect(other.get_by_label("Reply")).to_have_value("")


async def test_who_signs_out_leaves_no_half_written_words_behind(
    running: Company, new_page: NewPage
) -> None:
    _, case = asked(running, "At a desk that others use")
    page = await new_page()
    await at_the_desk(page, running, "Ilse Brandt")
    await page.goto(f"{running.url}/desk/cases/{case}")
    await page.get_by_label("Reply").fill("Between us")
    assert "Between us" in await page.evaluate("JSON.stringify(localStorage)")
    await page.locator("header .menu summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/sign-in")
    assert "Between us" not in await page.evaluate("JSON.stringify(localStorage)")
    await at_the_desk(page, running, "Jon Weber")
    await page.goto(f"{running.url}/desk/cases/{case}")
    await expect(page.get_by_label("Reply")).to_have_value("")


async def test_nothing_moves_until_it_is_asked_for(running: Company, new_page: NewPage) -> None:
    asked(running, "The first one")
    page = await new_page()
    await at_the_desk(page, running, "Finn Hale")
    shown = await page.locator("#inbox [data-row]").count()
    customer, _ = asked(running, "The one after")
    news = page.locator("#news-cases")
    await expect(news).to_have_text("1 new, show")
    assert await page.locator("#inbox [data-row]").count() == shown
    await keep(page, "desk-news-desktop")
    await page.keyboard.press("u")
    await page.keyboard.press("Enter")
    await expect(page.locator("#inbox")).to_contain_text(customer.name)
    await expect(page.locator("#news-cases")).to_be_hidden()


async def test_a_case_is_worked_on_a_phone_without_javascript(
    running: Company, new_page: NewPage
) -> None:
    customer, case = asked(running, "On the way")
    page = await new_page(phone=True, script=False)
    await at_the_desk(page, running, "Gwen Ash")
    await follow(page.get_by_role("link", name=customer.name))
    await page.locator("summary", has_text="Assign").click()
    await follow(page.get_by_role("button", name="Take it"))
    await page.wait_for_url(f"**/desk/cases/{case}**")
    await page.get_by_label("Reply").fill("Somebody is on it.")
    await follow(page.get_by_role("button", name="Send and solve"))
    await page.wait_for_url("**#next")
    await expect(page.locator(".case .head")).to_contain_text("Solved")
    await page.goto(f"{running.url}/desk/search?q=way")
    await expect(page.locator("main")).to_contain_text("On the way")


async def test_the_day_on_a_phone_in_the_dark(running: Company, new_page: NewPage) -> None:
    asked(running, "For the overview")
    page = await new_page(phone=True, dark=True)
    await at_the_desk(page, running, "Hugo Lind")
    await keep(page, "desk-inbox-phone-dark")
    await follow(page.get_by_role("link", name="Today"))
    await keep(page, "desk-overview-phone-dark")
    await follow(page.get_by_role("button", name="Take the next case"))
    await page.wait_for_url("**/desk/cases/case_*")
    await keep(page, "desk-case-phone-dark")
