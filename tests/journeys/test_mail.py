"""A customer who only writes mail, and a person who only uses the desk."""

import asyncio
import contextlib
import smtplib
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from typing import Any

from playwright.async_api import Page, expect
from tests.browsing import PATIENCE_MS, NewPage, follow, reload
from tests.journeys.company import Company
from tests.journeys.subscriber import Subscriber, subscriber
from tests.journeys.visit import keep
from tests.mail.post import a_mail, hand_over

SUBJECT = "Two charges in March"


async def at_the_desk(page: Page, running: Company) -> None:
    await page.goto(f"{running.url}/sign-in")
    await page.get_by_label("Your token").fill(running.admin_token)
    await page.locator("form[action='/sign-in'] button").click()
    await page.wait_for_url(f"{running.url}/desk")


def writes(customer: Subscriber, text: str, *, answers: EmailMessage | None = None) -> None:
    """As their own mail program and our mail server do; the worker may still be starting."""
    subject = f"Re: {SUBJECT}" if answers else SUBJECT
    sender = f"{customer.name} <{customer.email}>"
    mail = a_mail(text, subject=subject, sender=sender, answers=answers)
    running = customer.running

    def given() -> bool:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            hand_over(running.lmtp_port, mail, customer.email)
            return True
        return False

    running.until(given, what="the mail is taken")


def got(customer: Subscriber, words: str) -> EmailMessage:
    """The mail with these words, once it is in their mailbox, as their mail program reads it."""
    running = customer.running

    def found() -> EmailMessage | None:
        for letter in customer.letters():
            raw = running.http.get(f"{running.stripe_url}/_sandbox/mail/{letter['id']}/raw").text
            mail: Any = message_from_string(raw, policy=default)
            body = mail.get_body(("plain",))
            if body is not None and words in body.get_content():
                return mail  # type: ignore[no-any-return] # the policy makes it one
        return None

    mail: EmailMessage = running.until(found, what=f"a mail that says {words}")
    return mail


async def test_a_mail_a_case_a_reply_an_answer_solved_and_reopened(
    running: Company, new_page: NewPage
) -> None:
    customer = subscriber(running)
    running.until(lambda: customer.status() == "green", what="they are known")
    writes(customer, "I was charged twice in March. Which one is right?")
    received = got(customer, "A person reads it")
    assert received["Auto-Submitted"] == "auto-replied"

    page = await new_page()
    await at_the_desk(page, running)
    await follow(page.get_by_role("link", name=SUBJECT).first)
    thread = page.locator(".thread")
    await expect(thread).to_contain_text("Which one is right?")
    await expect(thread).to_contain_text("surely from")
    await expect(page.locator("main")).to_contain_text("First response")
    await keep(page, "mail-case-desktop")
    await page.get_by_label("Reply").fill("The one of 4 March. The other one comes back today.")
    await follow(page.get_by_role("button", name="Send", exact=True))
    answer = got(customer, "The one of 4 March.")
    assert answer["Subject"] == f"Re: {SUBJECT}"

    writes(customer, "It came back, thank you.", answers=answer)
    await expect_after_reload(page, "It came back, thank you.")
    await page.get_by_label("Reply").fill("Glad to hear it.")
    await follow(page.get_by_role("button", name="Send and solve"))
    solved = got(customer, "Glad to hear it.")

    running.advance(days=3)
    writes(customer, "It was charged again.", answers=solved)
    await expect_after_reload(page, "It was charged again.")
    rows = running.rows(
        "select k.status, k.channel from cases k join customers c on c.id = k.customer"
        " where c.stripe_customer = %s",
        customer.id,
    )
    assert rows == [("open", "mail")]
    await keep(page, "mail-reopened-desktop")


async def expect_after_reload(page: Page, words: str) -> None:
    """The page tells of what is new and never moves by itself, so one looks again."""
    async with asyncio.timeout(PATIENCE_MS / 1000):
        while words not in await page.locator(".thread").inner_text():
            await page.wait_for_timeout(500)
            await reload(page)
