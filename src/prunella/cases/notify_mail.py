"""Mail to colleagues: one about everything that happened since the last, or a letter of its own.

It goes to our own people, counts towards no customer's cap, and of cases says no more than which.
It goes out at least once, under one Message-ID; what a letter said is let go of then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from prunella.cases import store_notify as store
from prunella.cases.letters import Letter
from prunella.cases.notify import MAIL
from prunella.connectors.mail import Mail, MailPermanentError, domain_of
from prunella.diagnostics import Words
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House, Tx
from prunella.kit.jobs import Job
from prunella.kit.timers import Timer
from prunella.people import staff

MAX_LISTED = 50
KEPT = timedelta(days=7)
NEVER_TAKEN = "No mail server took it within 7 days."
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


async def write_to_colleague(tx: Tx, colleague: str, *, to: str, letter: Letter) -> None:
    """Store a letter to a colleague and queue it, in this transaction."""
    words = {"subject": letter.subject, "text": letter.text, "html": letter.html}
    mail = await store.add_letter(tx, colleague, {"to": to, **words})
    await tx.defer(Job(MAIL, {"mail": mail}, lock=f"notices:{colleague}"))


async def forget_letters(tx: Tx) -> int:
    """Let go of letters that no server took: by now their links lead nowhere. Returns how many."""
    return await store.forget_letters(tx, tx.now - KEPT, NEVER_TAKEN)


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
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = row["recipient"]
        message["Subject"] = row["subject"] or self._subject(listed)
        message["Date"] = format_datetime(row["created_at"])
        message["Message-ID"] = f"<{row['id']}@{domain_of(self.sender)}>"
        for name, value in HEADERS.items():
            message[name] = value
        message.set_content(row["text"] or self._list(listed))
        if row["html"]:
            message.add_alternative(row["html"], subtype="html")
        return message

    def _subject(self, listed: list[store.Row]) -> str:
        return self.words.say("page.notices.mail_subject", count=len(listed))

    def _list(self, listed: list[store.Row]) -> str:
        lines, say = [self._line(one) for one in listed], self.words.say
        settings = f"{say('page.notices.mail_settings')}\n{self.public_url}/desk/notifications\n"
        return "\n".join([*lines, settings])

    def _line(self, one: store.Row) -> str:
        what = self.words.say(f"page.notices.{one['kind']}")
        place = f"{self.public_url}/desk/cases/{one['case_id']}"
        return f"{what}: #{one['number']} {one['subject']}\n{place}\n"
