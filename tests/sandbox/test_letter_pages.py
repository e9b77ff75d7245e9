"""The mailbox read by a person."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from prunella_sandbox.mailbox import Mailbox
from prunella_sandbox.pages.letters import LetterPages
from prunella_sandbox.pages.render import Pages
from prunella_sandbox.world import World

RAW = (
    b"From: billing@tai.example\r\nTo: pay@northbeck.example\r\nSubject: Your <b>card</b>\r\n"
    b"Message-ID: <1@tai.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    b'<p>Pay <a href="https://tai.example/pay">here</a></p><script>alert(1)</script>'
)


@asynccontextmanager
async def a_reader(mailbox: Mailbox) -> AsyncIterator[httpx.AsyncClient]:
    pages = LetterPages(mailbox, Pages(World()))
    routes: list[BaseRoute] = [*pages.routes()]
    transport = httpx.ASGITransport(Starlette(routes=routes))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        yield http


def a_mailbox(*, letters: int = 1) -> Mailbox:
    mailbox = Mailbox()
    for _ in range(letters):
        mailbox.receive(sender="billing@tai.example", recipients=["pay@northbeck.example"], raw=RAW)
    return mailbox


async def test_an_empty_mailbox_says_so() -> None:
    async with a_reader(Mailbox()) as reader:
        page = await reader.get("/mailbox")
        assert "No letter has arrived yet" in page.text
        assert "Stand-in for Stripe" in page.text


async def test_letters_are_listed_and_duplicates_marked() -> None:
    async with a_reader(a_mailbox(letters=2)) as reader:
        page = (await reader.get("/mailbox")).text
        assert "2 letters" in page
        assert "2 times" in page
        assert "Your &lt;b&gt;card&lt;/b&gt;" in page


async def test_only_one_readers_letters() -> None:
    async with a_reader(a_mailbox()) as reader:
        page = await reader.get("/mailbox", params={"to": "someone@else.example"})
        assert "0 letters" in page.text


async def test_a_letter_shows_its_links_without_opening_the_frame() -> None:
    async with a_reader(a_mailbox()) as reader:
        page = (await reader.get("/mailbox/mail_000001")).text
        assert 'href="https://tai.example/pay"' in page
        assert "<script>" not in page
        assert 'sandbox="allow-top-navigation-by-user-activation' in page


async def test_a_letters_html_runs_and_fetches_nothing() -> None:
    async with a_reader(a_mailbox()) as reader:
        frame = await reader.get("/mailbox/mail_000001/html")
        policy = frame.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert policy.startswith("sandbox ")
        assert "allow-scripts" not in policy
        assert "allow-same-origin" not in policy


async def test_an_unknown_letter_leads_back() -> None:
    async with a_reader(Mailbox()) as reader:
        for address in ("/mailbox/mail_9", "/mailbox/mail_9/html"):
            page = await reader.get(address)
            assert page.status_code == 404
            assert 'href="/mailbox"' in page.text
