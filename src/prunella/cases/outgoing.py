"""Mail on its way out: stored with the change that causes it, sent at least once, by one id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from prunella.cases import store_outbox as store
from prunella.cases.contact import Contact
from prunella.cases.frequency import count_letter
from prunella.cases.letters import Letter
from prunella.cases.message import Message, say
from prunella.connectors.mail import (
    Mail,
    MailPermanentError,
    MailTransientError,
    domain_of,
    is_address,
)
from prunella.kit.actor import SYSTEM
from prunella.kit.clock import system_now
from prunella.kit.events import Event
from prunella.kit.house import House, Tx
from prunella.kit.jobs import Job

SEND = "mail.send"
State = Literal["waiting", "sent", "failed"]
LOST_AFTER = timedelta(minutes=10)
"""Mail whose job has not come back after this long is queued again."""
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 3600
MAX_ATTEMPTS = 130
MAX_LISTED = 200
AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
_OURS = ("from", "to", "cc", "bcc", "subject", "date", "message-id", "sender", "reply-to")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")

NO_SERVER = "No mail server is set. Set PRUNELLA_MAIL_SMTP_URL, and this goes out by itself."
NO_ADDRESS = "This is no address that mail can go to. Correct it at Stripe or in the profile."


class BadHeaderError(ValueError):
    """This header cannot be added to a mail."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Where a mail is: waiting, sent or failed, after how many tries, and in words why."""

    message: str
    customer: str
    recipient: str
    subject: str
    state: State
    attempts: int
    error: str
    state_changed_at: datetime


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends what was written. Without `mail` everything stays waiting, and says so."""

    house: House
    mail: Mail | None
    sender: str

    async def send(self, *, message: str) -> None:
        """Send one mail. The job `mail.send`."""
        async with self.house.transaction(SYSTEM) as tx:
            mail_id = f"<{message}@{domain_of(self.sender)}>"
            row = await store.begin(tx, message, mail_id)
        if row is None:
            return
        if self.mail is None:
            await self._wait(row, NO_SERVER)
            return
        try:
            await self.mail.send(_composed(row, self.sender))
        except MailPermanentError as error:
            await self._fail(row, str(error))
        except MailTransientError as error:
            await self._wait(row, str(error))
        else:
            await self._settle(row, "sent", error="")

    async def take_due(self) -> int:
        """Queue one mail again whose time has come. A step of the worker's pump."""
        if self.mail is None:
            return 0
        async with self.house.transaction(SYSTEM) as tx:
            now = system_now()
            message = await store.take_due(tx, now=now, again_at=now + LOST_AFTER)
            if message is None:
                return 0
            await tx.defer(_job(message))
        return 1

    async def _wait(self, row: store.Row, words: str) -> None:
        if row["attempts"] >= MAX_ATTEMPTS:
            await self._fail(row, words)
            return
        wait_s = min(FIRST_WAIT_S * 2 ** min(row["attempts"], 10), LONGEST_WAIT_S)
        async with self.house.transaction(SYSTEM) as tx:
            again_at = system_now() + timedelta(seconds=wait_s)
            await store.wait(tx, row["message"], words, again_at)

    async def _fail(self, row: store.Row, words: str) -> None:
        await self._settle(row, "failed", error=words)

    async def _settle(self, row: store.Row, state: State, *, error: str) -> None:
        async with self.house.transaction(SYSTEM) as tx:
            if await store.settle(tx, row["message"], state, error):
                await tx.emit(_event(state, row["message"], row["customer"], row["contact"]))


async def write_mail(
    tx: Tx,
    contact: Contact,
    *,
    to: str,
    letter: Letter,
    case: str | None = None,
    automatic: bool = True,
    headers: Mapping[str, str] | None = None,
) -> Message:
    """Store a mail and queue it, in this transaction.

    What cannot be written to is kept as failed, for people to see, and emits `mail.failed`.
    `automatic` mail tells other machines not to answer it, and counts towards the cap: beyond it
    this raises `TooManyLettersError`.
    """
    extra = {**(AUTOMATIC if automatic else {}), **_checked(headers or {})}
    message = await say(
        tx,
        customer=contact.customer,
        direction="out",
        text=letter.text,
        html=letter.html,
        subject=letter.subject,
        contact=contact.id,
        case_id=case,
    )
    if automatic:
        await count_letter(tx, message.id, contact.customer)
    good = is_address(to)
    state: State = "waiting" if good else "failed"
    await store.add(
        tx,
        message.id,
        recipient=to,
        headers=extra,
        state=state,
        error="" if good else NO_ADDRESS,
        next_at=system_now() + LOST_AFTER,
    )
    if good:
        await tx.defer(_job(message.id))
    else:
        await tx.emit(_event("failed", message.id, contact.customer, contact.id))
    return message


async def unsent(tx: Tx) -> list[Sending]:
    """Return the mails that failed or wait, those that changed last first."""
    return [Sending(**row) for row in await store.unsent(tx, MAX_LISTED)]


def _job(message: str) -> Job:
    return Job(SEND, {"message": message}, lock=f"mail:{message}")


def _event(state: State, message: str, customer: str, contact: str) -> Event:
    return Event(f"mail.{state}", message, customer, {"contact": contact})


def _composed(row: store.Row, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = row["recipient"]
    message["Subject"] = row["subject"]
    message["Date"] = format_datetime(row["created_at"])
    message["Message-ID"] = row["message_id"]
    for name, value in row["headers"].items():
        message[name] = value
    message.set_content(row["text"])
    if row["html"]:
        message.add_alternative(row["html"], subtype="html")
    return message


def _checked(headers: Mapping[str, str]) -> Mapping[str, str]:
    for name, value in headers.items():
        if name.lower() in _OURS or not _HEADER.fullmatch(name) or not value.isprintable():
            raise BadHeaderError(name)
    return headers
