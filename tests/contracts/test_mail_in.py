"""What holds for every way by which mail comes in: over LMTP, and from a folder over IMAP."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from tests.conftest import MakeHouse
from tests.mail.mailserver import Mailserver
from tests.mail.post import a_mail, hand_over
from tests.ports import free_port

from prunella import cases
from prunella.cases.mail import Arrivals, Follower
from prunella.connectors.mail import ImapFolder, LmtpServer
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House


@dataclass
class Way:
    """One way in: `give` hands a mail over there, `fetch` brings it to us."""

    house: House
    give: Callable[[bytes], None]
    follower: Follower | None = None

    async def bring(self, *mails: bytes) -> None:
        for mail in mails:
            await asyncio.to_thread(self.give, mail)
        if self.follower:
            await self.follower.take_new(await self.follower.folder.open())
            await self.follower.folder.close()

    async def found(self) -> list[bytes]:
        async with self.house.transaction(SYSTEM) as tx:
            kept = [await cases.mail.raw_mail(tx, one.id) for one in await cases.mail.came_in(tx)]
        return sorted(raw for raw in kept if raw is not None)


@pytest.fixture(params=["lmtp", "imap"])
async def way(request: pytest.FixtureRequest, make_house: MakeHouse) -> AsyncIterator[Way]:
    house = await make_house()
    if request.param == "lmtp":
        receive = Arrivals(house=house, imap_url=None, lmtp_listen=None).receive
        async with LmtpServer(receive, "127.0.0.1:0") as server:
            yield Way(house, lambda raw: hand_over(server.port, raw, "ada@northbeck.example"))
        return
    mailserver = Mailserver(free_port())
    mailserver.start()
    yield Way(house, mailserver.put, Follower(house, ImapFolder(mailserver.url)))
    mailserver.stop()


def crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


async def test_a_mail_is_kept_byte_for_byte(way: Way) -> None:
    odd = crlf(b"From: a@b.example\nSubject: x\n\n.\n..a line after dots\n\xff\xfe8 bit\n")
    plain = crlf(a_mail("Für dich").as_bytes())
    await way.bring(odd, plain)
    assert await way.found() == sorted([odd, plain])


async def test_the_same_mail_again_is_kept_once(way: Way) -> None:
    mail = crlf(a_mail().as_bytes())
    await way.bring(mail)
    await way.bring(mail)
    assert await way.found() == [mail]


async def test_a_large_mail_comes_whole(way: Way) -> None:
    mail = a_mail()
    mail.add_attachment(bytes(3_000_000), maintype="application", subtype="zip", filename="a.zip")
    raw = crlf(mail.as_bytes())
    await way.bring(raw)
    assert await way.found() == [raw]


async def test_a_mail_that_could_not_be_stored_stays_with_the_mail_server() -> None:
    async def cannot(*_: object) -> None:
        raise ConnectionError

    async with LmtpServer(cannot, "127.0.0.1:0") as server:
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await asyncio.to_thread(hand_over, server.port, a_mail(), "ada@northbeck.example")
    assert refused.value.smtp_code == 451


async def test_each_recipient_is_answered_for_as_lmtp_wants() -> None:
    taken: list[tuple[str, list[str]]] = []

    async def receive(_raw: bytes, sender: str, recipients: object) -> None:
        taken.append((sender, list(recipients)))  # type: ignore[call-overload] # a list of texts

    async with LmtpServer(receive, "127.0.0.1:0") as server:
        answers = await asyncio.to_thread(_two_recipients, server.port)
    assert answers == [250, 250, 221]
    assert taken == [("", ["a@tai.example", "b@tai.example"])]


def _two_recipients(port: int) -> list[int]:
    with smtplib.LMTP("127.0.0.1", port, timeout=120) as client:
        client.ehlo()
        client.mail("")
        client.rcpt("a@tai.example")
        client.rcpt("b@tai.example")
        first, _ = client.data(a_mail().as_bytes())
        second, _ = client.getreply()
        last, _ = client.quit()
        return [first, second, last]
