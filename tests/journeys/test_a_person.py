"""From every page a person can be reached, who has everything already."""

import re

from playwright.async_api import Page
from tests.browsing import NewPage, follow
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, refused, subscriber
from tests.journeys.visit import come_in, keep, sees

QUESTION = "We changed banks. Which account do you need?"
ANSWER = "The one ending 4711. It stands on every invoice."


async def ask(page: Page, customer: Subscriber) -> str:
    """Ask a person; returns the address of the case's page."""
    await come_in(page, customer)
    await page.get_by_label("Anything you want to add").fill(QUESTION)
    await page.get_by_role("button", name="Ask a person").click()
    await page.wait_for_url(f"{customer.running.url}/billing/cases/*")
    return page.url


async def at_the_desk(page: Page, running: Company) -> None:
    await page.goto(f"{running.url}/sign-in")
    await keep(page, "desk-sign-in")
    await page.get_by_label("Your token").fill(running.admin_token)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"{running.url}/desk")


async def test_a_person_knows_everything_and_answers(running: Company, new_page: NewPage) -> None:
    customer, _ = refused(running)
    theirs, ours = await new_page(phone=True), await new_page()
    await come_in(theirs, customer)
    await follow(theirs.get_by_role("button", name="again now"))
    await sees(theirs, "no money was taken")
    await ask(theirs, customer)
    await sees(theirs, "You get an answer by")
    await keep(theirs, "person-case-phone")
    await at_the_desk(ours, running)
    await keep(ours, "person-desk-desktop")
    await follow(ours.get_by_role("link", name=customer.name))
    await sees(ours, QUESTION)
    await sees(ours, "there was not enough money on the Visa card ending 4242")
    await sees(ours, "act_")
    await keep(ours, "person-desk-case-desktop")
    await ours.get_by_label("Reply").fill(ANSWER)
    await follow(ours.get_by_role("button", name="Send", exact=True))
    await sees(theirs, ANSWER)
    await keep(theirs, "person-answered-phone")


async def test_asking_again_adds_to_the_same_case(running: Company, new_page: NewPage) -> None:
    """Without JavaScript."""
    customer, _ = refused(running)
    page = await new_page(script=False)
    first = await ask(page, customer)
    assert await ask(page, customer) == first
    await page.get_by_label("Your message").fill("It is urgent.")
    await follow(page.get_by_role("button", name="Send"))
    await sees(page, "It is urgent.")


async def test_a_foreign_case_does_not_exist(running: Company, new_page: NewPage) -> None:
    customer, foreign = subscriber(running), subscriber(running)
    page, stranger = await new_page(), await new_page()
    running.until(lambda: customer.status() == "green", what="they are known")
    running.until(lambda: foreign.status() == "green", what="they are known")
    address = await ask(page, customer)
    await come_in(stranger, foreign)
    answer = await stranger.goto(address)
    assert answer
    assert answer.status == 404
    assert QUESTION not in await stranger.content()
    await keep(stranger, "person-foreign-404")


async def test_the_scoreboard_opens_what_it_counts(running: Company, new_page: NewPage) -> None:
    page = await new_page(dark=True)
    await at_the_desk(page, running)
    await keep(page, "desk-dark")
    await page.get_by_role("link", name="Scoreboard").click()
    await page.wait_for_url(re.compile(r"/scoreboard"))
    await keep(page, "scoreboard-dark")
    await page.locator("main a.fig").first.click()
    await page.wait_for_url(re.compile(r"/scoreboard/contacts"))
    await keep(page, "scoreboard-contacts-dark")
