"""A customer's mail program, and the mail server in front of us that vouches for its domain."""

import asyncio
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any

from prunella import cases
from prunella.cli.demo.plug import comes
from prunella.cli.demo.residents import Resident
from prunella.cli.demo.standin import StandIn
from prunella.kit.actor import SYSTEM
from prunella.kit.house import House
from prunella.settings import Settings

US = "billing@tai.example"
AUTHSERV_ID = "mx.tai.example"
TAKEN_WITHIN_S = 90.0
WAITS_S = 60.0


@dataclass(frozen=True, slots=True)
class Writer:
    settings: Settings
    standin: StandIn
    house: House

    async def write(
        self, who: Resident, *, subject: str, text: str, answers: Mapping[str, str] | None = None
    ) -> str | None:
        """Send a mail by LMTP; returns the case it became or joined, None where none did."""
        async with self.house.transaction(SYSTEM) as tx:
            mail = _mail(who, subject=subject, text=text, at=tx.now)
        for name, value in (answers or {}).items():
            mail[name] = value
        name = str(mail["Message-ID"])
        if not await comes(lambda: self._is_handed_over(who, mail), within_s=WAITS_S):
            return None
        await comes(lambda: self._is_taken(name), within_s=TAKEN_WITHIN_S)
        return await self._case_of(name)

    async def last_from_us(self, who: Resident, *, about: str) -> dict[str, str] | None:
        """Return the headers of an answer to the newest letter they got about this."""
        got = [one for one in await self.standin.letters(who["email"]) if about in one["subject"]]
        if not got:
            return None
        mail: Any = message_from_string(await self.standin.letter(got[-1]["id"]), policy=default)
        name = str(mail["Message-ID"])
        return {"In-Reply-To": name, "References": f"{mail.get('References', '')} {name}".strip()}

    async def _is_handed_over(self, who: Resident, mail: EmailMessage) -> bool:
        """A worker that is just starting does not listen yet."""
        try:
            await asyncio.to_thread(self._hand_over, who["email"], mail)
        except (OSError, smtplib.SMTPException):
            return False
        return True

    def _hand_over(self, sender: str, mail: EmailMessage) -> None:
        host, _, port = (self.settings.mail_lmtp_listen or "").rpartition(":")
        with smtplib.LMTP(host, int(port), timeout=WAITS_S) as server:
            server.sendmail(sender, [US], mail.as_bytes(policy=SMTP))

    async def _is_taken(self, name: str) -> bool:
        return await self._case_of(name) is not None

    async def _case_of(self, name: str) -> str | None:
        async with self.house.transaction(SYSTEM) as tx:
            came = await cases.mail.came_in(tx)
        return next((one.case_id for one in came if one.message_id == name), None)


def _mail(who: Resident, *, subject: str, text: str, at: datetime) -> EmailMessage:
    domain = who["email"].rpartition("@")[2]
    mail = EmailMessage()
    vouched = f"{AUTHSERV_ID}; dkim=pass; dmarc=pass header.from={domain}"
    mail["Authentication-Results"] = vouched
    mail["From"], mail["To"] = formataddr((who["name"], who["email"])), US
    mail["Subject"] = subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=domain)
    mail.set_content(text)
    return mail
