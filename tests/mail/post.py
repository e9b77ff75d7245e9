"""A company that gets mail: real rooms, our own LMTP server, and what goes out kept in memory."""

import asyncio
import smtplib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from itertools import count

from tests.conftest import TestClock
from tests.shipped import book_for

from prunella import cases, people
from prunella.bootstrap import Outside, Rooms, open_rooms
from prunella.cases import Case, Message, Outbox
from prunella.cases.mail import Letterbox, MailFacts
from prunella.connectors.mail import LmtpServer, MemoryMail
from prunella.kit import events
from prunella.kit.actor import SYSTEM, Actor
from prunella.people import Customer
from prunella.settings import Settings

SERVER = "mx.tai.example"
"""Our own mail server, whose word about senders counts."""
US = "billing@tai.example"
ADA = "ada@northbeck.example"
AGENT = Actor(kind="staff", id="tok_agent", role="agent", verified=True)
_numbers = count(1)


@dataclass
class Post:
    """What a test of mail needs at hand."""

    rooms: Rooms
    clock: TestClock
    port: int
    out: MemoryMail = field(default_factory=MemoryMail)

    async def deliver(self, mail: EmailMessage | bytes, *, sender: str = ADA) -> None:
        """Hand a mail to our LMTP server, as the mail server in front of us does."""
        await asyncio.to_thread(hand_over, self.port, mail, sender)

    async def take(self) -> None:
        """What the worker does with what came in, and with what goes out."""
        while await self.rooms.take_mail():
            pass
        await self.listen()
        await self.send()

    async def listen(self) -> None:
        while await events.deliver(self.rooms.house):
            pass

    async def send(self) -> None:
        """Send what waits, the oldest first, whatever it waits for."""
        outbox = Outbox(self.rooms.house, self.out, self.rooms.outbox.sender)
        async with self.rooms.house.transaction(SYSTEM) as tx:
            await tx.execute("update outbox set next_at = 'epoch' where state = 'waiting'")
        while await outbox.step():
            pass
        await self.listen()

    async def came(self, mail: EmailMessage | bytes, *, sender: str = ADA) -> None:
        await self.deliver(mail, sender=sender)
        await self.take()

    async def ada(self, **more: str) -> Customer:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await people.add_customer(tx, name="Northbeck", email=ADA, **more)  # type: ignore[arg-type] # only texts are given

    async def cases(self) -> list[Case]:
        """Every case, the oldest first."""
        async with self.rooms.house.transaction(SYSTEM) as tx:
            found = await cases.list_cases(tx, statuses=(*cases.OPEN, *cases.SETTLED))
            return list(reversed(found.data))

    async def said(self, case: Case) -> list[Message]:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await cases.messages_of(tx, case)

    async def answer(self, case: Case, text: str, **more: object) -> EmailMessage:
        """Let a person answer, and return the mail that went out."""
        async with self.rooms.house.transaction(AGENT) as tx:
            known = await cases.get_case(tx, case.id)
            assert known
            await known.reply(tx, text, **more)  # type: ignore[arg-type] # what reply takes
        before = len(self.out.taken)
        await self.listen()
        await self.send()
        assert len(self.out.taken) == before + 1
        return self.out.taken[-1]

    async def letterbox(self, state: str | None = None) -> list[Letterbox]:
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return await cases.mail.came_in(tx, state=state)

    async def facts(self, case: Case) -> list[MailFacts]:
        said = await self.said(case)
        async with self.rooms.house.transaction(SYSTEM) as tx:
            return list((await cases.mail.facts_of(tx, [one.id for one in said])).values())


@asynccontextmanager
async def post_office(database_url: str, *, clock: TestClock | None = None) -> AsyncIterator[Post]:
    clock = clock or TestClock()
    settings, outside = Settings(mail_authserv_id=SERVER), Outside(clock=clock)
    book = book_for(settings)
    async with open_rooms(settings, database_url, outside=outside, book=book) as rooms:
        receive = replace(rooms.arrivals).receive
        async with LmtpServer(receive, "127.0.0.1:0") as server:
            yield Post(rooms, clock, server.port)


def a_mail(
    text: str = "I was charged twice in March.",
    *,
    subject: str = "Charged twice",
    sender: str = f"Ada Beck <{ADA}>",
    to: str = US,
    cc: str = "",
    aligned: bool = True,
    answers: EmailMessage | None = None,
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:
    """A mail of a customer; `aligned`: our mail server vouches for the sender's domain."""
    mail = EmailMessage()
    if aligned:
        domain = sender.rpartition("@")[2].strip(">")
        mail["Authentication-Results"] = f"{SERVER}; dkim=pass; dmarc=pass header.from={domain}"
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Message-ID"] = f"<{next(_numbers)}.a@northbeck.example>"
    if cc:
        mail["Cc"] = cc
    if answers is not None:
        mail["In-Reply-To"] = str(answers["Message-ID"])
        mail["References"] = f"{answers.get('References', '')} {answers['Message-ID']}".strip()
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    return mail


def hand_over(port: int, mail: EmailMessage | bytes, sender: str, to: str = US) -> None:
    """Speak LMTP. Raises what smtplib does when the mail is not taken."""
    with smtplib.LMTP("127.0.0.1", port, timeout=120) as server:
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        server.sendmail(sender, [to], raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
