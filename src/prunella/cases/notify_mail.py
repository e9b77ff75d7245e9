"""One mail to a colleague about everything that happened since the last one.

It is no letter: it goes to our own people, counts towards no customer's cap, and says no more than
which cases. It goes out at least once, under one Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from prunella.cases import store_notify as store
from prunella.cases.notify import MAIL
from prunella.connectors.mail import Mail, MailPermanentError, domain_of
from prunella.diagnostics import Words
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.kit.jobs import Job
from prunella.kit.timers import Timer
from prunella.people import staff

MAX_LISTED = 50
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


async def gather(tx: Tx, timer: Timer) -> None:
    """Gather what waits for a mail. Handler of the timer `notices.mail`."""
    member = await staff.find(tx, timer.subject)
    if member is None or member.disabled_at:
        await store.let_go(tx, timer.subject)
        return
    mail = await store.gather(tx, member.id, member.email)
    if mail:
        await tx.defer(Job(MAIL, {"mail": mail}, lock=f"notices:{member.id}"))


@dataclass(frozen=True, slots=True)
class NoticeMails:
    """Sends what was gathered. Without `mail`, the page alone tells."""

    house: House
    mail: Mail | None
    words: Words
    sender: str
    public_url: str

    async def send(self, *, mail: str) -> None:
        """Send one. The job `notices.mail`; a server that is away is tried again by the queue."""
        async with self.house.transaction(SYSTEM) as tx:
            row = await store.mail(tx, mail)
            listed = await store.in_mail(tx, mail, MAX_LISTED) if row else []
        if row is None or self.mail is None:
            return
        error = ""
        try:
            await self.mail.send(self._composed(row, listed))
        except MailPermanentError as problem:
            error = str(problem)
        async with self.house.transaction(SYSTEM) as tx:
            await store.settle(tx, mail, sent=not error, error=error)

    def _composed(self, row: store.Row, listed: list[store.Row]) -> EmailMessage:
        say = self.words.say
        lines = [self._line(one) for one in listed]
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = row["recipient"]
        message["Subject"] = say("page.notices.mail_subject", count=len(listed))
        message["Date"] = format_datetime(row["created_at"])
        message["Message-ID"] = f"<{row['id']}@{domain_of(self.sender)}>"
        for name, value in HEADERS.items():
            message[name] = value
        settings = f"{say('page.notices.mail_settings')}\n{self.public_url}/desk/notifications\n"
        message.set_content("\n".join([*lines, settings]))
        return message

    def _line(self, one: store.Row) -> str:
        what = self.words.say(f"page.notices.{one['kind']}")
        place = f"{self.public_url}/desk/cases/{one['case_id']}"
        return f"{what}: #{one['number']} {one['subject']}\n{place}\n"
