"""The mailbox takes real SMTP and tells what arrived."""

from __future__ import annotations

import smtplib
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.message import EmailMessage

import httpx
import pytest
from starlette.applications import Starlette

from prunella_sandbox import World
from prunella_sandbox.mailbox import Mailbox, MailServer, mail_routes
from prunella_sandbox.outside import create_outside


@dataclass
class Post:
    """A mailbox with both its doors."""

    mailbox: Mailbox
    port: int
    http: httpx.AsyncClient

    async def send(self, letter: EmailMessage) -> None:
        await to_thread(self._deliver, letter)

    def _deliver(self, letter: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.port) as smtp:
            smtp.send_message(letter)


@asynccontextmanager
async def an_open_post_office() -> AsyncIterator[Post]:
    mailbox = Mailbox()
    transport = httpx.ASGITransport(Starlette(routes=list(mail_routes(mailbox))))
    async with (
        MailServer(mailbox) as server,
        httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http,
    ):
        yield Post(mailbox, server.port, http)


def a_letter(message_id: str = "<1@tai.example>") -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = "billing@tai.example"
    letter["To"] = "pay@northbeck.example"
    letter["Subject"] = "Your March payment did not go through — €"
    letter["Date"] = "Sun, 01 Mar 2026 16:06:00 +0000"
    letter["Message-ID"] = message_id
    letter.set_content("Pay here: https://tai.example/pay?token=a.b&x=1.\nYours, TAI")
    letter.add_alternative(
        '<p>Pay <a href="https://tai.example/pay?token=a.b&amp;x=1">here</a>'
        ' or <a href="mailto:help@tai.example">write</a></p>',
        subtype="html",
    )
    return letter


async def test_a_letter_can_be_read_with_its_links() -> None:
    async with an_open_post_office() as post:
        await post.send(a_letter())
        (summary,) = (await post.http.get("/_sandbox/mail")).json()["data"]
        assert summary["message_id"] == "<1@tai.example>"
        assert summary["from"] == "billing@tai.example"
        assert summary["to"] == ["pay@northbeck.example"]
        assert summary["subject"] == "Your March payment did not go through — €"
        assert summary["date"] == "Sun, 01 Mar 2026 16:06:00 +0000"
        assert summary["text"].startswith("Pay here: ")
        assert summary["links"] == ["https://tai.example/pay?token=a.b&x=1"]


async def test_one_letter_is_there_whole_and_raw() -> None:
    async with an_open_post_office() as post:
        await post.send(a_letter())
        whole = (await post.http.get("/_sandbox/mail/mail_000001")).json()
        assert "<a href=" in whole["html"]
        assert ["To", "pay@northbeck.example"] in whole["headers"]
        raw = await post.http.get("/_sandbox/mail/mail_000001/raw")
        assert b"Message-ID: <1@tai.example>" in raw.content
        assert (await post.http.get("/_sandbox/mail/mail_000002")).status_code == 404
        assert (await post.http.get("/_sandbox/mail/mail_000002/raw")).status_code == 404


async def test_the_same_message_id_twice_is_seen_as_a_duplicate() -> None:
    async with an_open_post_office() as post:
        for message_id in ("<1@tai.example>", "<2@tai.example>", "<1@tai.example>"):
            await post.send(a_letter(message_id))
        counts = (await post.http.get("/_sandbox/mail/counts")).json()
        assert counts == {"<1@tai.example>": 2, "<2@tai.example>": 1}


async def test_only_the_letters_to_one_reader() -> None:
    async with an_open_post_office() as post:
        await post.send(a_letter())
        mine = await post.http.get("/_sandbox/mail", params={"to": "pay@northbeck.example"})
        other = await post.http.get("/_sandbox/mail", params={"to": "someone@else.example"})
        assert (len(mine.json()["data"]), other.json()["data"]) == (1, [])


async def test_emptying_forgets_letters_counts_and_faults() -> None:
    async with an_open_post_office() as post:
        await post.send(a_letter())
        await post.http.post("/_sandbox/mail/faults", json={"code": 451, "count": 5})
        assert (await post.http.delete("/_sandbox/mail")).status_code == 204
        assert (await post.http.get("/_sandbox/mail")).json() == {"data": []}
        assert (await post.http.get("/_sandbox/mail/counts")).json() == {}
        await post.send(a_letter())


@pytest.mark.parametrize("code", [451, 552])
async def test_the_next_letters_are_refused_on_demand(code: int) -> None:
    async with an_open_post_office() as post:
        await post.http.post("/_sandbox/mail/faults", json={"code": code, "count": 2})
        for _ in range(2):
            with pytest.raises(smtplib.SMTPDataError) as refusal:
                await post.send(a_letter())
            assert refusal.value.smtp_code == code
        await post.send(a_letter())
        assert post.mailbox.counts() == {"<1@tai.example>": 1}


async def test_a_letter_can_arrive_without_its_sender_hearing_so() -> None:
    async with an_open_post_office() as post:
        await post.http.post("/_sandbox/mail/faults", json={"kind": "lost_answer", "count": 1})
        with pytest.raises(smtplib.SMTPServerDisconnected):
            await post.send(a_letter())
        await post.send(a_letter())
        assert post.mailbox.counts() == {"<1@tai.example>": 2}


@pytest.mark.parametrize(
    "fault", [{"code": 250}, {"kind": "explode"}, {"count": -1}, {"count": "many"}, []]
)
async def test_a_fault_that_makes_no_sense_is_refused(fault: object) -> None:
    async with an_open_post_office() as post:
        answer = await post.http.post("/_sandbox/mail/faults", json=fault)
        assert answer.status_code == 400
        assert "count" in answer.json()["error"]["message"]


async def test_a_letter_that_cannot_be_decoded_is_kept_all_the_same() -> None:
    async with an_open_post_office() as post:
        post.mailbox.receive(
            sender="a@tai.example",
            recipients=["b@northbeck.example"],
            raw=b"Subject: =?x-none?Q?h?=\r\nContent-Type: text/plain; charset=x-none\r\n\r\n\xff!",
        )
        (summary,) = (await post.http.get("/_sandbox/mail")).json()["data"]
        assert summary["text"].endswith("!")
        assert summary["from"] == "a@tai.example"


async def test_an_attachment_is_not_taken_for_the_letter() -> None:
    letter = a_letter()
    letter.add_attachment("https://elsewhere.example", filename="note.txt")
    async with an_open_post_office() as post:
        await post.send(letter)
        (summary,) = (await post.http.get("/_sandbox/mail")).json()["data"]
        assert "elsewhere" not in summary["text"]


async def test_a_sender_that_stays_connected_does_not_hold_up_the_end() -> None:
    async with an_open_post_office() as post:
        sender = await to_thread(smtplib.SMTP, "127.0.0.1", post.port)
    sender.close()


async def test_a_reset_of_the_world_empties_the_mailbox() -> None:
    mailbox = Mailbox()
    app = create_outside(World(seed=1), mailbox, public_url="http://sandbox")
    mailbox.receive(sender="a@tai.example", recipients=["b@tai.example"], raw=b"Subject: x\n\nx")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        assert (await http.post("/_sandbox/reset")).is_success
    assert mailbox.letters() == []
